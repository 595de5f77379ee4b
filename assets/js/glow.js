// @ts-check
/** Soft light at buildings with much load: discs that fade outwards, on the ground or in the air. */

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {import('./building_look.js').RowLook} RowLook */

const FROM_CLASS = 0.5; // share of the classes that stay dark
const REACH = 1.15; // of half the footprint's diagonal
const REACH_M = 16;
const FADE = `
  float glowFar = clamp(1.0 - length(geometry.uv), 0.0, 1.0);
  color.a *= glowFar * glowFar;
`;

/** @type {any} */
let GlowLayerClass = null;

/** The class of the layer; it extends one of deck.gl's, which is not here yet while modules load. */
export function glowLayerClass() {
  GlowLayerClass ??= defineGlowLayer(window.deck);
  return GlowLayerClass;
}

/** @param {any} deck */
function defineGlowLayer(deck) {
  return class GlowLayer extends deck.ScatterplotLayer {
    static layerName = 'GlowLayer';

    getShaders() {
      const shaders = super.getShaders();
      return {...shaders, inject: {...shaders.inject, 'fs:DECKGL_FILTER_COLOR': {order: -1, injection: FADE}}};
    }
  };
}

/**
 * Discs of the buildings in the upper classes.
 * @param {WireTable} table of the buildings
 * @param {any} layer
 * @param {RowLook} look
 * @param {WireTable} values the style table
 */
export function glowData(table, layer, look, values) {
  const load = values.columns.get(layer.style.column)?.values;
  const {geometry} = table;
  if (!load || !geometry) throw new Error(`layer ${layer.id}: its tables have no load or no places`);
  const lit = litRows(layer.style, look, load);
  const discs = lit.map(({row}) => disc(geometry, partOf(geometry, row)));
  const heights = table.columns.get('height_m')?.values;
  const inAir = layer.glow === 'air';
  const positions = new Float64Array(3 * lit.length);
  const radii = new Float32Array(lit.length);
  const colours = new Uint8Array(4 * lit.length);
  lit.forEach(({row, strength}, i) => {
    const {lon, lat, radius} = discs[i];
    const height = (heights?.[row] ?? 0) * layer.look.exaggeration * look.growth[row];
    positions.set([lon, lat, inAir ? height * 0.6 : 0], 3 * i);
    radii[i] = inAir ? Math.max(radius, height * 0.5) + REACH_M : radius + 1.6 * REACH_M;
    colours.set(look.colours.subarray(4 * row, 4 * row + 3), 4 * i);
    colours[4 * i + 3] = 255 * strength;
  });
  return {
    length: lit.length,
    attributes: {
      getPosition: {value: positions, size: 3},
      getRadius: {value: radii, size: 1},
      getFillColor: {value: colours, size: 4, normalized: true},
    },
    table,
    rowOf: null,
  };
}

/**
 * Rows that shine, and how strongly, 0 to 1.
 * @param {any} style
 * @param {RowLook} look
 * @param {ArrayLike<number>} load
 */
function litRows({breaks = []}, look, load) {
  const lit = [];
  for (let row = 0; row < look.growth.length; row++) {
    const value = look.joined[row] < 0 || look.growth[row] < 0 ? 0 : load[look.joined[row]];
    if (!(value > 0)) continue;
    let index = 0;
    while (index < breaks.length && value > breaks[index]) index++;
    const share = breaks.length ? index / breaks.length : 1;
    if (share >= FROM_CLASS) lit.push({row, strength: share * share});
  }
  return lit;
}

/**
 * First part of a row.
 * @param {import('./arrow_table.js').Geometry} geometry
 * @param {number} row
 */
function partOf({partRows}, row) {
  if (!partRows) return row;
  let low = 0;
  let high = partRows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (partRows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Disc over a footprint.
 * @param {import('./arrow_table.js').Geometry} geometry
 * @param {number} part
 */
function disc({positions, startIndices}, part) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let vertex = startIndices[part]; vertex < startIndices[part + 1]; vertex++) {
    west = Math.min(west, positions[3 * vertex]);
    east = Math.max(east, positions[3 * vertex]);
    south = Math.min(south, positions[3 * vertex + 1]);
    north = Math.max(north, positions[3 * vertex + 1]);
  }
  const metres = 111320;
  const lat = (south + north) / 2;
  const wide = (east - west) * metres * Math.cos((lat * Math.PI) / 180);
  return {lon: (west + east) / 2, lat, radius: (REACH * Math.hypot(wide, (north - south) * metres)) / 2};
}
