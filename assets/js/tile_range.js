// @ts-check
/** Map tiles at the zoom level of mesh tiles: where they are, and how near and how visible they are to a camera. */

const TILE_ZOOM = 15;
const TILES_ACROSS = 2 ** TILE_ZOOM;
const WORLD = 512; // width of deck.gl's common space
const TALLEST_M = 300; // what stands on a tile is no higher, as far as its sight goes

/**
 * @typedef {Object} Sight
 * @property {number} zoom zoom level at which the tile's nearest part would look as large as it does now
 * @property {boolean} seen whether any of it may be inside the window
 */

/**
 * Box of a tile on deck.gl's common plane.
 * @param {number} tile x × 2^15 + y of its web map tile
 */
export function tileBox(tile) {
  const x = Math.floor(tile / TILES_ACROSS);
  const y = tile % TILES_ACROSS;
  const size = WORLD / TILES_ACROSS;
  // The common plane counts northwards, tiles southwards.
  return {west: x * size, east: (x + 1) * size, south: WORLD - (y + 1) * size, north: WORLD - y * size};
}

/**
 * How a camera sees a tile.
 * @param {number} tile
 * @param {any} viewport
 * @param {number} zoom of the camera
 * @returns {Sight}
 */
export function sightOf(tile, viewport, zoom) {
  const box = tileBox(tile);
  const [x, y, z] = viewport.cameraPosition;
  const [cx, cy, cz] = viewport.center;
  const east = Math.max(box.west - x, 0, x - box.east);
  const north = Math.max(box.south - y, 0, y - box.north);
  const focal = Math.hypot(x - cx, y - cy, z - (cz ?? 0));
  const distance = Math.max(Math.hypot(east, north, z), focal / 1e3);
  return {zoom: zoom + Math.log2(focal / distance), seen: inFrustum(box, viewport)};
}

/**
 * @param {ReturnType<typeof tileBox>} box
 * @param {any} viewport
 */
function inFrustum({west, east, south, north}, viewport) {
  const top = TALLEST_M * viewport.distanceScales.unitsPerMeter[2];
  const corners = [west, east].flatMap((x) => [south, north].flatMap((y) => [0, top].map((z) => [x, y, z])));
  return Object.values(viewport.getFrustumPlanes()).every((/** @type {any} */ {normal, distance}) =>
    corners.some((corner) => normal[0] * corner[0] + normal[1] * corner[1] + normal[2] * corner[2] <= distance),
  );
}
