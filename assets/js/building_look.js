// @ts-check
/** How each building looks: its colour and how high it is drawn, by its load, the filter and what is chosen. */

import {joinRows, rowColours} from './style.js';

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {import('./table_store.js').TableStore} TableStore */

/**
 * @typedef {Object} Condition
 * @property {string} column of the buildings or, with a url, of that table
 * @property {string} [url] table of the buildings' load
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {string[]} [values]
 */

/**
 * @typedef {Object} Look
 * @property {Condition[]} where
 * @property {boolean} isolate
 * @property {string} chosen
 * @property {string} without
 * @property {number} exaggeration
 * @property {number} rise metres that a building of the highest class grows
 * @property {number[]} faded
 * @property {number[]} marked
 */

/**
 * @typedef {Object} RowLook
 * @property {Uint8ClampedArray} colours four bytes a row
 * @property {Float32Array} growth times its height that a row is drawn, without the exaggeration; -1 to leave it out
 * @property {Int32Array} joined row of the style table, -1 for none
 */

const LEFT_OUT = -1;
const JOIN = {key: 'building_id', on: 'building_id'};

/**
 * Addresses that a look needs.
 * @param {any} layer
 * @returns {(string | undefined)[]}
 */
export function lookUrls(layer) {
  return [...(layer.look?.where ?? []).map((/** @type {Condition} */ {url}) => url), layer.detail?.tiles];
}

/**
 * @param {WireTable} table of the buildings
 * @param {any} layer spec of a layer with a style and a look
 * @param {TableStore} tables
 * @returns {RowLook}
 */
export function rowLook(table, layer, tables) {
  const {look, style} = layer;
  const values = tables.get(style.url);
  if (!values) throw new Error(`layer ${layer.id}: its style table is not here`);
  const colours = rowColours(table, style, values);
  const joined = joinRows(table, values, style);
  const growth = new Float32Array(table.rows).fill(1);
  if (look.rise) raise(growth, table, layer, values, joined);
  const kept = matching(table, look.where, tables);
  if (kept) {
    for (let row = 0; row < table.rows; row++) {
      if (kept[row]) continue;
      if (look.isolate) growth[row] = LEFT_OUT;
      else colours.set(look.faded, 4 * row);
    }
  }
  const chosen = look.chosen ? rowOf(table, 'code', look.chosen) : -1;
  if (chosen >= 0) {
    colours.set([...look.marked, 255].slice(0, 4), 4 * chosen);
    growth[chosen] = Math.max(growth[chosen], 1);
  }
  const without = look.without ? rowOf(table, 'code', look.without) : -1;
  if (without >= 0) growth[without] = LEFT_OUT;
  return {colours, growth, joined};
}

/**
 * Grow buildings with their load.
 * @param {Float32Array} growth
 * @param {WireTable} table
 * @param {any} layer
 * @param {WireTable} values
 * @param {Int32Array} joined
 */
function raise(growth, table, {look, style}, values, joined) {
  const load = values.columns.get(style.column);
  const heights = table.columns.get('height_m')?.values;
  if (!load?.values || !heights) return;
  const top = style.breaks?.at(-1) ?? 1;
  for (let row = 0; row < table.rows; row++) {
    const value = joined[row] < 0 ? 0 : load.values[joined[row]];
    const share = Math.min(1, Math.max(0, value / top));
    growth[row] += (look.rise * share) / (look.exaggeration * Math.max(heights[row], 0.1));
  }
}

/**
 * Which rows meet all conditions, or null where there is none to meet.
 * @param {WireTable} table
 * @param {Condition[]} where
 * @param {TableStore} tables
 * @returns {Uint8Array | null}
 */
export function matching(table, where, tables) {
  if (!where.length) return null;
  const kept = new Uint8Array(table.rows).fill(1);
  for (const condition of where) {
    const value = valueOf(table, condition, tables);
    const {minimum = -Infinity, maximum = Infinity, values} = condition;
    const wanted = values && new Set(values);
    for (let row = 0; row < table.rows; row++) {
      if (!kept[row]) continue;
      const found = value(row);
      const fits = wanted ? wanted.has(String(found)) : Number(found) >= minimum && Number(found) <= maximum;
      if (!fits) kept[row] = 0;
    }
  }
  return kept;
}

/**
 * Value of a condition's column for a row; a building without load has 0 of it.
 * @param {WireTable} table
 * @param {Condition} condition
 * @param {TableStore} tables
 * @returns {(row: number) => number | string}
 */
function valueOf(table, {column, url}, tables) {
  if (!url) {
    const own = table.columns.get(column);
    if (!own) throw new Error(`buildings have no column ${column} to filter by`);
    return own.get;
  }
  const loads = tables.get(url);
  const load = loads?.columns.get(column);
  if (!loads || !load) throw new Error(`the load of buildings has no column ${column} to filter by`);
  const joined = joinRows(table, loads, {...JOIN, column});
  return (row) => (joined[row] < 0 ? 0 : load.get(joined[row]));
}

/**
 * First row with a value in a column, or -1.
 * @param {WireTable} table
 * @param {string} column
 * @param {string | number} value
 */
export function rowOf(table, column, value) {
  const own = table.columns.get(column);
  if (own) for (let row = 0; row < table.rows; row++) if (own.get(row) === value) return row;
  return -1;
}
