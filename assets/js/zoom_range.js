// @ts-check
/** Which layers show at a zoom level: a layer's `zoomRange` is [from, below]; without one it shows always. */

/**
 * @param {any} layer
 * @param {number} zoom
 */
export function showsAt({zoomRange: [from, below] = [-Infinity, Infinity]}, zoom) {
  return zoom >= from && zoom < below;
}

/**
 * Equal for zoom levels at which the same layers show.
 * @param {any[]} layers
 * @param {number} zoom
 */
export function bandOf(layers, zoom) {
  return layers.map((layer) => (showsAt(layer, zoom) ? '1' : '0')).join('');
}
