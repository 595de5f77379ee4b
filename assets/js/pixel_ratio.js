// @ts-check
/** Device pixels per CSS pixel: no more than the eye sees or the device fills in time. */

const MAX_RATIO = 2;
const MAX_PIXELS = 3840 * 2160;

/** @param {HTMLElement} root */
export function pixelRatio({clientWidth, clientHeight}) {
  const affordable = Math.sqrt(MAX_PIXELS / Math.max(1, clientWidth * clientHeight));
  return Math.min(window.devicePixelRatio, MAX_RATIO, affordable);
}
