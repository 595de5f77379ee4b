// @ts-check
/** Recovery from a lost WebGL context: a new canvas with a new context, tried until the device gives one. */

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/** Whether this browser can draw at all. */
export function webglAvailable() {
  const probe = document.createElement('canvas').getContext('webgl2');
  probe?.getExtension('WEBGL_lose_context')?.loseContext();
  return probe !== null;
}

/**
 * Watch a canvas, and rebuild once its context is lost.
 * @param {HTMLCanvasElement} canvas
 * @param {{onLost: () => void, rebuild: () => void}} handlers `rebuild` throws if the device gives no context yet
 */
export function watchContext(canvas, {onLost, rebuild}) {
  canvas.addEventListener(
    'webglcontextlost',
    (event) => {
      event.preventDefault();
      onLost();
      tryAgain(rebuild, FIRST_RETRY_MS);
    },
    {once: true},
  );
}

/**
 * @param {() => void} rebuild
 * @param {number} delay milliseconds; doubled after each failure
 */
function tryAgain(rebuild, delay) {
  window.setTimeout(() => {
    if (webglAvailable()) rebuild();
    else tryAgain(rebuild, Math.min(2 * delay, LAST_RETRY_MS));
  }, delay);
}
