// @ts-check
/**
 * Buildings as blocks and as meshes: both take their looks from the same rows, and a building is drawn as one or the
 * other, never as both.
 */

import {spread, withAttributes} from './binary.js';
import {rowLook} from './building_look.js';

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {import('./binary.js').BinaryData} BinaryData */
/** @typedef {import('./building_look.js').RowLook} RowLook */
/** @typedef {import('./mesh_tiles.js').MeshTile} MeshTile */
/** @typedef {import('./table_store.js').TableStore} TableStore */

const LEFT_OUT = -1;
const KEPT_LOOKS = 3;

export class BuildingDraw {
  /** @param {TableStore} tables */
  constructor(tables) {
    this.tables = tables;
    /** @type {Map<string, {table: WireTable, look: RowLook}>} by key, least recently used first */
    this.looks = new Map();
    /** @type {WeakMap<WireTable, {buildings: WireTable, rows: Int32Array}>} rows of the buildings table, by mesh table */
    this.places = new WeakMap();
    /** @type {WeakMap<WireTable, {look: RowLook, exaggeration: number, colors: Uint8Array, scales: Float32Array}>} */
    this.dressed = new WeakMap();
    /** @type {WeakMap<RowLook, {geometry: BinaryData, attribute: any}>} */
    this.coloured = new WeakMap();
  }

  /**
   * Looks of all rows; the same object as last time if nothing that they depend on changed.
   * @param {any} layer
   * @param {WireTable} table
   * @returns {RowLook}
   */
  look(layer, table) {
    const key = lookKey(layer);
    const last = this.looks.get(key);
    const found = last?.table === table ? last : {table, look: rowLook(table, layer, this.tables)};
    this.looks.delete(key);
    this.looks.set(key, found);
    for (const old of this.looks.keys()) if (this.looks.size > KEPT_LOOKS) this.looks.delete(old);
    return found.look;
  }

  /**
   * Data of the blocks.
   * @param {any} layer
   * @param {WireTable} table
   * @param {BinaryData} geometry
   * @param {MeshTile[]} shown tiles whose buildings are drawn as meshes
   */
  blocks(layer, table, geometry, shown) {
    const look = this.look(layer, table);
    const heights = table.columns.get('height_m')?.values;
    if (!heights) throw new Error(`layer ${layer.id}: its table has no heights`);
    const elevations = Float32Array.from(heights, (height, row) => (look.growth[row] < 0 ? LEFT_OUT : height * look.growth[row]));
    for (const {table: meshes} of shown) {
      for (const row of this.rowsOf(meshes, table)) if (row >= 0) elevations[row] = LEFT_OUT;
    }
    const triggers = {
      getFillColor: lookKey(layer),
      getElevation: `${lookKey(layer)} ${shown.map(({tile}) => tile).join()}`,
    };
    const attributes = {
      getFillColor: this.colours(look, geometry),
      getElevation: {value: spread(geometry, elevations, 1), size: 1},
    };
    return {...withAttributes(geometry, attributes), triggers};
  }

  /**
   * Colours of the blocks; the same array as last time if their looks are the same, whichever blocks are left out.
   * @param {RowLook} look
   * @param {BinaryData} geometry
   */
  colours(look, geometry) {
    let found = this.coloured.get(look);
    if (found?.geometry !== geometry) {
      const {buffer} = spread(geometry, look.colours, 4);
      found = {geometry, attribute: {value: new Uint8Array(buffer), size: 4, normalized: true}};
      this.coloured.set(look, found);
    }
    return found.attribute;
  }

  /**
   * Row of the buildings table for each mesh of a tile, -1 where it has none.
   * @param {WireTable} meshes
   * @param {WireTable} buildings
   */
  rowsOf(meshes, buildings) {
    const last = this.places.get(meshes);
    if (last?.buildings === buildings) return last.rows;
    const rowById = rowsById(buildings);
    const ids = meshes.columns.get('building_id');
    const rows = Int32Array.from({length: meshes.rows}, (_, row) => rowById.get(Number(ids?.get(row))) ?? -1);
    this.places.set(meshes, {buildings, rows});
    return rows;
  }

  /**
   * Colours and scales of a tile's vertices; the same arrays as last time if its looks are the same.
   * @param {any} layer
   * @param {WireTable} buildings
   * @param {WireTable} table of the tile
   */
  dress(layer, buildings, table) {
    const look = this.look(layer, buildings);
    const {exaggeration} = layer.look;
    const last = this.dressed.get(table);
    if (last?.look === look && last.exaggeration === exaggeration) return last;
    const rows = this.rowsOf(table, buildings);
    const starts = /** @type {Uint32Array} */ (table.meshes?.vertexStarts);
    const vertices = starts[table.rows];
    const colors = new Uint8Array(4 * vertices);
    const scales = new Float32Array(vertices);
    for (let mesh = 0; mesh < table.rows; mesh++) {
      const row = rows[mesh];
      scales.fill(row < 0 ? LEFT_OUT : look.growth[row] * exaggeration, starts[mesh], starts[mesh + 1]);
      if (row < 0) continue;
      const colour = look.colours.subarray(4 * row, 4 * row + 4);
      for (let vertex = starts[mesh]; vertex < starts[mesh + 1]; vertex++) colors.set(colour, 4 * vertex);
    }
    const dressed = {look, exaggeration, colors, scales};
    this.dressed.set(table, dressed);
    return dressed;
  }
}

/** @param {any} layer */
export function lookKey({data, style, look}) {
  return JSON.stringify([data, style, look]);
}

/** @type {WeakMap<WireTable, Map<number, number>>} */
const byId = new WeakMap();

/** @param {WireTable} buildings */
function rowsById(buildings) {
  let found = byId.get(buildings);
  if (!found) {
    const ids = buildings.columns.get('building_id')?.values;
    if (!ids) throw new Error('the buildings have no ids to join meshes to');
    found = new Map();
    for (let row = 0; row < buildings.rows; row++) found.set(ids[row], row);
    byId.set(buildings, found);
  }
  return found;
}
