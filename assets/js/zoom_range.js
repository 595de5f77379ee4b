// @ts-check
/**
 * Which layers show at a zoom level, and which of them the pointer finds: a layer's `zoomRange` is [from, below], and
 * `pickFrom` the zoom from which it is found; without them it shows and is found always.
 */

/**
 * @param {any} layer
 * @param {number} zoom
 */
export function showsAt({zoomRange: [from, below] = [-Infinity, Infinity]}, zoom) {
  return zoom >= from && zoom < below;
}

/**
 * @param {any} layer
 * @param {number} zoom
 */
export function foundAt({pickFrom = -Infinity}, zoom) {
  return zoom >= pickFrom;
}

/**
 * Equal for zoom levels at which the same layers show and are found.
 * @param {any[]} layers
 * @param {number} zoom
 */
export function bandOf(layers, zoom) {
  return layers.map((layer) => Number(showsAt(layer, zoom)) + Number(foundAt(layer, zoom))).join('');
}
