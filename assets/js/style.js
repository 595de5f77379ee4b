// @ts-check
/** Colours of features: by a ramp with breaks or by category, from an own column or from a joined style table. */

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {number[]} Rgba red, green, blue and maybe alpha, 0 to 255 */

/**
 * @typedef {Object} Style
 * @property {string} [url] style table; without one the column is the geometry table's own
 * @property {string} [key] column of the geometry table that is joined
 * @property {string} [on] column of the style table that it is joined to; the same name where absent
 * @property {string} column column that is shown
 * @property {Rgba[]} [ramp] one colour per class
 * @property {number[]} [breaks] upper limits of all classes but the last
 * @property {Record<string, Rgba>} [categories] colour per value
 * @property {Rgba} [empty] colour of features without a value
 */

const NO_COLOUR = [0, 0, 0, 0];

/** @type {WeakMap<WireTable, {table: WireTable, join: string, rows: Int32Array}>} the last join, by style table */
const joins = new WeakMap();

/**
 * Row of the style table for each row of the geometry table, -1 where there is none.
 * @param {WireTable} table
 * @param {WireTable} values
 * @param {Style} style
 * @returns {Int32Array}
 */
export function joinRows(table, values, style) {
  const join = `${style.key} ${style.on}`;
  const last = joins.get(values);
  if (last?.table === table && last.join === join) return last.rows;
  const rows = joinAnew(table, values, style);
  joins.set(values, {table, join, rows});
  return rows;
}

/**
 * @param {WireTable} table
 * @param {WireTable} values
 * @param {Style} style
 */
function joinAnew(table, values, style) {
  const key = table.columns.get(style.key ?? '');
  const on = values.columns.get(style.on ?? style.key ?? '');
  if (!key || !on) throw new Error(`style joins ${style.key} to ${style.on ?? style.key}, which a table lacks`);
  const byKey = new Map();
  for (let row = 0; row < values.rows; row++) byKey.set(on.get(row), row);
  const joined = new Int32Array(table.rows);
  for (let row = 0; row < table.rows; row++) joined[row] = byKey.get(key.get(row)) ?? -1;
  return joined;
}

/**
 * Colour of each row, four bytes a row.
 * @param {WireTable} table geometry table
 * @param {Style} style
 * @param {WireTable | undefined} values style table, where the style has a url
 * @returns {Uint8ClampedArray}
 */
export function rowColours(table, style, values) {
  const source = values ?? table;
  const column = source.columns.get(style.column);
  if (!column) throw new Error(`style shows column ${style.column}, which its table lacks`);
  const joined = values ? joinRows(table, values, style) : null;
  const pick = style.categories ? byCategory(style) : byClass(style);
  const colours = new Uint8ClampedArray(4 * table.rows);
  for (let row = 0; row < table.rows; row++) {
    const at = joined ? joined[row] : row;
    const colour = at < 0 ? (style.empty ?? NO_COLOUR) : pick(column.get(at));
    colours[4 * row] = colour[0];
    colours[4 * row + 1] = colour[1];
    colours[4 * row + 2] = colour[2];
    colours[4 * row + 3] = colour[3] ?? 255;
  }
  return colours;
}

/**
 * @param {Style} style
 * @returns {(value: any) => Rgba}
 */
function byCategory(style) {
  const {categories = {}, empty = NO_COLOUR} = style;
  return (value) => categories[value] ?? empty;
}

/**
 * @param {Style} style
 * @returns {(value: any) => Rgba}
 */
function byClass(style) {
  const {ramp = [], breaks = [], empty = NO_COLOUR} = style;
  return (value) => {
    if (!(value > 0)) return empty;
    let index = 0;
    while (index < breaks.length && value > breaks[index]) index++;
    return ramp[Math.min(index, ramp.length - 1)] ?? empty;
  };
}
