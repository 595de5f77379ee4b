// @ts-check
/**
 * Labels: how large they are in this window, and which of them there is room for. Decided from the camera alone, so
 * that it is the same on every device; a label that would touch another, or a panel over the map, is left out.
 */

const WALL = {width: 2000, height: 2100};
const WALL_SHARE = 0.0175; // of the height: a wall is read from far away
const SHARE = 0.0138;
const SMALLEST_PX = {phone: 11, desk: 12.5};
const PHONE_PX = 700;
const GAP_EM = 0.35;
const WIDE_FROM = 0x2e80; // CJK and what is as wide
const NARROW_EM = 0.58;
const FAR_STEP = 0.04;

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {{id: string, priority: number, weight: number, code: string, x: number, y: number, text: string,
 * em: number, far: number}} Candidate */

/**
 * Size of a label in a window, CSS pixels.
 * @param {number} width of the canvas
 * @param {number} height
 */
export function labelSize(width, height) {
  if (width >= WALL.width && height >= WALL.height) return WALL_SHARE * height;
  return Math.max(width <= PHONE_PX ? SMALLEST_PX.phone : SMALLEST_PX.desk, SHARE * height);
}

/**
 * Width of a text, in sizes of its font.
 * @param {string} text
 */
export function widthOf(text) {
  let width = 0;
  for (const letter of text) width += /** @type {number} */ (letter.codePointAt(0)) >= WIDE_FROM ? 1 : NARROW_EM;
  return width;
}

/**
 * The labels that there is room for: the more important first, each where none stands yet.
 * @param {Candidate[]} candidates
 * @param {Box[]} taken what labels stay clear of, such as panels
 * @param {{width: number, height: number}} canvas
 * @returns {Map<string, number>} how far those that show are, by `layer id/code`
 */
export function placed(candidates, taken, {width, height}) {
  const order = [...candidates].sort(
    (a, b) => b.priority - a.priority || b.weight - a.weight || (a.code < b.code ? -1 : 1),
  );
  const boxes = [...taken];
  const shown = new Map();
  for (const {id, code, x, y, text, em, far} of order) {
    const wide = em * (widthOf(text) / 2 + GAP_EM);
    const high = em * (0.5 + GAP_EM);
    const box = {left: x - wide, top: y - high, right: x + wide, bottom: y + high};
    if (box.left < 0 || box.top < 0 || box.right > width || box.bottom > height) continue;
    if (boxes.some((other) => overlap(box, other))) continue;
    boxes.push(box);
    shown.set(`${id}/${code}`, far);
  }
  return shown;
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Labels of a layer as candidates for a place on the canvas.
 * @param {any} layer spec of the layer
 * @param {any[]} rows
 * @param {any} viewport
 * @param {number} size CSS pixels
 * @returns {Candidate[]}
 */
export function candidatesOf(layer, rows, viewport, size) {
  const column = String(layer.getText).replace(/^@@=/, '');
  const em = size * layer.getSize;
  return rows
    .filter((row) => row.code !== layer.label.without && row[column])
    .map((row) => {
      const [x, y] = viewport.project(row.position);
      const {priority} = layer.label;
      const text = String(row[column]);
      return {id: layer.id, priority, weight: row.weight, code: row.code, x, y, text, em, far: farness(row.position, viewport)};
    });
}

/**
 * How far a point is, in distances of the point that the camera looks at; in steps, so that it changes seldom. deck.gl
 * draws a text smaller by as much, and a name far off would be too small to read.
 * @param {number[]} position
 * @param {any} viewport
 */
function farness(position, viewport) {
  const [x, y, z] = viewport.projectPosition(position);
  const m = viewport.viewProjectionMatrix;
  const depth = m[3] * x + m[7] * y + m[11] * z + m[15];
  return Math.round(depth / viewport.focalDistance / FAR_STEP) * FAR_STEP;
}

/**
 * Boxes of the elements over the canvas, in the canvas's pixels.
 * @param {HTMLElement} root
 * @param {string} selector
 * @returns {Box[]}
 */
export function boxesOver(root, selector) {
  const origin = root.getBoundingClientRect();
  return [...document.querySelectorAll(selector)].map((element) => {
    const {left, top, right, bottom} = element.getBoundingClientRect();
    return {left: left - origin.left, top: top - origin.top, right: right - origin.left, bottom: bottom - origin.top};
  });
}
