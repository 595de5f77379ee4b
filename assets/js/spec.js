// @ts-check
/**
 * Deck specs (pydeck's JSON) to deck.gl layers. A layer's `data` is the address of a wire table; an accessor string
 * `@@=column` names a column of it. Nothing in a spec is evaluated: classes come from a fixed list, and a string that
 * is no plain column name is refused.
 *
 * Properties of a layer that are ours, not deck.gl's: `style` (see style.js), `kind` (what a click on it picks),
 * `zoomRange` ([from, below]: the zoom levels at which it shows), `pickFrom` (the zoom from which the pointer finds it),
 * `label` (see labels.js), `look` (see building_look.js), `detail` (see mesh_tiles.js), `groundM` (see tileset.js),
 * `only` (see rings.js), `surfaces` and `textures` (see building_model.js), `glow` (see glow.js).
 */

import {geometryData, sameGeometry, spread, takesBinary, withAttributes} from './binary.js';
import {blockShade} from './block_shade.js';
import {modelLayers} from './building_model.js';
import {BuildingDraw} from './building_draw.js';
import {lookUrls} from './building_look.js';
import {glowData, glowLayerClass} from './glow.js';
import {meshLayerClass} from './mesh_layer.js';
import {ringsOf} from './rings.js';
import {softLightingClass} from './soft_shadows.js';
import {rowColours} from './style.js';
import {tilesetLayerClass, tilesetProps} from './tileset.js';
import {unshaded} from './unshaded.js';

/** @typedef {import('./table_store.js').TableStore} TableStore */
/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {import('./binary.js').BinaryData} BinaryData */
/** @typedef {import('./mesh_tiles.js').MeshTile} MeshTile */

const ACCESSOR = '@@=';
const COLUMN_NAME = /^[a-z_][a-z0-9_]*$/;
const BLOCKS = 'SolidPolygonLayer';
const TILESET = 'Tile3DLayer'; // its data is an address, but of no table
const GEOMETRY_ACCESSORS = new Set(['getPolygon', 'getPath', 'getPosition']);
const OWN_PROPERTIES = ['style', 'kind', 'zoomRange', 'pickFrom', 'label', 'look', 'detail', 'groundM', 'only', 'glow', 'data'];
/** Properties of blocks that their meshes take over. */
const SHARED = ['pickable', 'autoHighlight', 'highlightColor', 'material', 'parameters'];
const CLASSES = [
  'SolidPolygonLayer', 'PathLayer', 'ScatterplotLayer', 'ColumnLayer', 'TextLayer',
  'AmbientLight', 'DirectionalLight',
];

/** Makes layers of specs, and remembers what it made of which table. */
export class LayerFactory {
  /** @param {TableStore} tables */
  constructor(tables) {
    this.tables = tables;
    /** @type {Map<string, {key: string, data: any}>} last data by layer id */
    this.made = new Map();
    /** @type {WeakMap<WireTable, Map<string, BinaryData>>} */
    this.geometries = new WeakMap();
    this.buildings = new BuildingDraw(tables);
    /** @type {{key: string, effects: any[]} | null} */
    this.lights = null;
    const {deck} = window;
    this.converter = new deck.JSONConverter({
      configuration: {
        classes: {
          ...Object.fromEntries(CLASSES.map((name) => [name, deck[name]])),
          GlowLayer: glowLayerClass(),
          Tile3DLayer: tilesetLayerClass(),
          LightingEffect: softLightingClass(),
        },
        convertFunction: columnAccessor,
      },
    });
  }

  /**
   * Addresses that a layer needs.
   * @param {any} layer
   * @returns {string[]}
   */
  static urls(layer) {
    if (layer['@@type'] === TILESET) return [];
    return [layer.data, layer.style?.url, ...lookUrls(layer)].filter((url) => typeof url === 'string');
  }

  /**
   * Effects of a spec: lights. Equal ones stay the same objects, so that shadows are not set up anew.
   * @param {any[]} effects
   */
  effects(effects) {
    const key = JSON.stringify(effects);
    if (this.lights?.key !== key) this.lights = {key, effects: [...this.converter.convert({effects}).effects, unshaded]};
    return this.lights.effects;
  }

  /**
   * A deck.gl layer, or null while a table that it needs is not here.
   * @param {any} layer
   * @param {any} [more] properties that the window decides, over those of the spec
   * @param {MeshTile[]} [shown] tiles whose buildings are drawn as meshes
   */
  layer(layer, more = {}, shown = []) {
    if (!LayerFactory.urls(layer).every((url) => this.tables.get(url))) return null;
    const props = {...layer};
    for (const name of OWN_PROPERTIES) delete props[name];
    const data = this.data(layer, shown);
    const type = layer['@@type'];
    if (takesBinary(type)) {
      for (const [name, value] of Object.entries(props)) {
        if (typeof value === 'string' && value.startsWith(ACCESSOR)) delete props[name];
      }
    }
    const {layers} = this.converter.convert({layers: [props]});
    if (!layers[0]) throw new Error(`layer ${layer.id} has an unknown class ${layer['@@type']}`);
    return layers[0].clone({
      data,
      dataComparator: sameGeometry,
      updateTriggers: data.triggers ?? {},
      ...(type === BLOCKS && layer.look && {extensions: [blockShade()]}),
      ...(type === TILESET && tilesetProps(layer)),
      ...more,
    });
  }

  /**
   * Layers of the meshes of tiles, one a tile.
   * @param {any} layer spec of the blocks
   * @param {MeshTile[]} shown
   * @param {any} [more]
   */
  meshes(layer, shown, more = {}) {
    const buildings = /** @type {WireTable} */ (this.tables.get(layer.data));
    const shared = this.shared(layer);
    return shown.map(({tile, table}) => {
      const {colors, scales} = this.buildings.dress(layer, buildings, table);
      const {meshes} = table;
      return new (meshLayerClass())({
        ...shared,
        id: `${layer.id}-${tile}`,
        data: {length: table.rows},
        dataComparator: () => true,
        coordinateSystem: window.deck.COORDINATE_SYSTEM.LNGLAT_OFFSETS,
        coordinateOrigin: meshes?.origin,
        meshes,
        colors,
        scales,
        ...more,
      });
    });
  }

  /**
   * The mesh of one building.
   * @param {any} layer
   */
  model(layer) {
    const table = this.tables.get(layer.data);
    return table ? modelLayers(layer, table, this.shared(layer)) : [];
  }

  /**
   * Properties of a spec that its meshes take over.
   * @param {any} layer
   */
  shared(layer) {
    const {layers} = this.converter.convert({layers: [{'@@type': BLOCKS, id: layer.id, ...pick(layer, SHARED)}]});
    return pick(layers[0].props, SHARED);
  }

  /**
   * Data of a layer; the same object as last time if nothing that it depends on changed.
   * @param {any} layer
   * @param {MeshTile[]} [shown] tiles whose buildings are drawn as meshes
   */
  data(layer, shown = []) {
    if (typeof layer.data !== 'string') return layer.data ?? [];
    if (layer['@@type'] === TILESET) return layer.data;
    const accessors = Object.entries(layer).filter(([, value]) => typeof value === 'string' && value.startsWith(ACCESSOR));
    const key = JSON.stringify([layer['@@type'], layer.data, layer.style, layer.look, layer.only, accessors, shown.map(({tile}) => tile)]);
    const last = this.made.get(layer.id);
    if (last?.key === key) return last.data;
    const table = /** @type {WireTable} */ (this.tables.get(layer.data));
    const data = this.make(layer, table, accessors, shown);
    this.made.set(layer.id, {key, data});
    return data;
  }

  /**
   * @param {any} layer
   * @param {WireTable} table
   * @param {[string, any][]} accessors
   * @param {MeshTile[]} shown
   */
  make(layer, table, accessors, shown) {
    const type = layer['@@type'];
    if (layer.only) return ringsOf(table, layer.only);
    if (layer.glow) {
      const values = /** @type {WireTable} */ (this.tables.get(layer.style.url));
      return glowData(table, layer, this.buildings.look(layer, table), values);
    }
    if (layer.look) return this.buildings.blocks(layer, table, this.geometry(type, table), shown);
    return takesBinary(type) ? this.binary(layer, table, accessors) : rowObjects(table);
  }

  /**
   * @param {any} layer
   * @param {WireTable} table
   * @param {[string, any][]} accessors
   */
  binary(layer, table, accessors) {
    const type = layer['@@type'];
    const geometry = this.geometry(type, table);
    /** @type {Record<string, any>} */
    const attributes = {};
    /** @type {Record<string, string>} */
    const triggers = {};
    for (const [name, value] of accessors) {
      if (GEOMETRY_ACCESSORS.has(name)) continue;
      const column = table.columns.get(value.slice(ACCESSOR.length));
      if (!column?.values) throw new Error(`layer ${layer.id}: ${name} needs a number column, not ${value}`);
      attributes[name] = {value: spread(geometry, Float32Array.from(column.values), 1), size: 1};
      triggers[name] = `${layer.data} ${value}`;
    }
    if (layer.style) {
      const target = type === 'PathLayer' ? 'getColor' : 'getFillColor';
      const colours = rowColours(table, layer.style, this.tables.get(layer.style.url));
      attributes[target] = {value: new Uint8Array(spread(geometry, colours, 4).buffer), size: 4, normalized: true};
      triggers[target] = JSON.stringify(layer.style);
    }
    return {...withAttributes(geometry, attributes), triggers};
  }

  /**
   * Geometry of a table, shared by layers of one class and by all their restylings.
   * @param {string} type
   * @param {WireTable} table
   */
  geometry(type, table) {
    const ofTable = this.geometries.get(table) ?? new Map();
    this.geometries.set(table, ofTable);
    if (!ofTable.has(type)) ofTable.set(type, geometryData(type, table));
    return /** @type {BinaryData} */ (ofTable.get(type));
  }

  /**
   * Forget the data of layers that a spec no longer has.
   * @param {Set<string>} ids
   */
  keep(ids) {
    for (const id of this.made.keys()) if (!ids.has(id)) this.made.delete(id);
  }
}

/**
 * @param {any} object
 * @param {string[]} names
 */
function pick(object, names) {
  return Object.fromEntries(names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]));
}

/**
 * @param {string} column
 * @returns {(row: any) => any}
 * @throws {Error} if it is anything but a column name
 */
function columnAccessor(column) {
  if (!COLUMN_NAME.test(column)) throw new Error(`accessor ${column} is no column name`);
  return (row) => row[column];
}

/**
 * Rows as objects, for the few layers (text) that deck.gl does not feed from arrays.
 * @param {WireTable} table
 */
function rowObjects(table) {
  const names = [...table.columns.keys()];
  const rows = [];
  for (let row = 0; row < table.rows; row++) {
    /** @type {Record<string, any>} */
    const object = {};
    for (const name of names) object[name] = table.columns.get(name)?.get(row);
    if (table.geometry) object.position = Array.from(table.geometry.positions.subarray(3 * row, 3 * row + 3));
    rows.push(object);
  }
  return rows;
}
