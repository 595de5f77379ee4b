// @ts-check
/** What lies under the pointer: the row behind a picked object, and the tooltip that describes it. */

import {rowOfIndex} from './binary.js';
import {joinRows} from './style.js';

/** @typedef {import('./arrow_table.js').WireTable} WireTable */

const OFFSET_PX = 14;

/**
 * Values of the picked row, by column; those of the joined style table fill in what the own table lacks.
 * @param {any} info deck.gl's picking info
 * @param {any} layer the layer's spec
 * @param {any} data the layer's data
 * @param {import('./table_store.js').TableStore} tables
 * @param {ArrayLike<number>} [rows] of the table, by what deck.gl counts, where it does not count the data's own objects
 * @returns {Record<string, any> | null}
 */
export function pickedValues(info, layer, data, tables, rows) {
  if (info.index < 0) return null;
  if (Array.isArray(data)) return data[info.index] ?? null;
  const table = /** @type {WireTable} */ (data.table);
  const row = rows ? rows[info.index] : rowOfIndex(data, info.index);
  /** @type {Record<string, any>} */
  const values = {};
  const styled = layer.style?.url ? tables.get(layer.style.url) : undefined;
  if (styled) {
    const at = joinRows(table, styled, layer.style)[row];
    for (const [name, column] of styled.columns) if (at >= 0) values[name] = column.get(at);
  }
  for (const [name, column] of table.columns) values[name] = column.get(row);
  return values;
}

/** A small panel beside the pointer. All text is set as text, never as markup. */
export class Tooltip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.element = document.createElement('div');
    this.element.className = 'deck-tooltip';
    this.element.setAttribute('role', 'tooltip');
    this.element.hidden = true;
    this.pinned = false;
    root.append(this.element);
  }

  hide() {
    this.pinned = false;
    this.element.hidden = true;
  }

  /** The pointer left the canvas. */
  leave() {
    if (!this.pinned) this.hide();
  }

  /**
   * Show, and stay until the next click or movement of the camera.
   * @param {Parameters<Tooltip['show']>} what
   */
  pin(...what) {
    this.show(...what);
    this.pinned = true;
  }

  /**
   * @param {Record<string, any>} values
   * @param {{title: string, rows: [string, string, string?][], words?: Record<string, Record<string, string>>}} template
   * @param {number} x
   * @param {number} y
   */
  show(values, template, x, y) {
    const numbers = new Intl.NumberFormat(document.documentElement.lang || 'zh-CN', {maximumFractionDigits: 1});
    const title = document.createElement('strong');
    title.textContent = String(values[template.title] ?? values.code ?? '');
    const list = document.createElement('dl');
    for (const [label, column, unit] of template.rows) {
      const value = template.words?.[column]?.[values[column]] ?? values[column];
      if (value === undefined || value === '' || Number.isNaN(value)) continue;
      const term = document.createElement('dt');
      term.textContent = label;
      const detail = document.createElement('dd');
      const shown = typeof value === 'number' ? numbers.format(value) : String(value);
      detail.textContent = unit ? `${shown} ${unit}` : shown;
      list.append(term, detail);
    }
    this.element.replaceChildren(title, list);
    this.element.hidden = false;
    const {clientWidth, clientHeight} = this.root;
    const {offsetWidth, offsetHeight} = this.element;
    const left = x + OFFSET_PX + offsetWidth > clientWidth ? x - OFFSET_PX - offsetWidth : x + OFFSET_PX;
    const top = y + OFFSET_PX + offsetHeight > clientHeight ? y - OFFSET_PX - offsetHeight : y + OFFSET_PX;
    this.element.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }
}
