// @ts-check
/**
 * Meshes by map tile: those near the camera are fetched, nearest first, and kept within a budget of memory. A tile is
 * shown from one zoom on and given up below a lower one, so that a camera between the two does not switch to and fro.
 */

import {readTable} from './arrow_table.js';
import {sightOf} from './tile_range.js';

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {{tiles: string, models: string, from: number, until: number, budget: number}} Detail */
/** @typedef {{tile: number, table: WireTable, bytes: number}} MeshTile */

const AT_A_TIME = 4;
const BYTES_A_VERTEX = 40; // positions and rows twice, here and on the graphics device; colours and scales once
const BYTES_AN_INDEX = 8;
/** Of the models as they are stored: what they take here, at most. */
const BYTES_A_STORED_BYTE = 3.4;

export class MeshTiles {
  /** @param {(pending: number) => void} changed told when other tiles can be shown, and how many are on their way */
  constructor(changed) {
    this.changed = changed;
    /** @type {Detail | null} */
    this.detail = null;
    /** @type {Map<number, MeshTile>} least recently wanted first */
    this.loaded = new Map();
    /** @type {Map<number, AbortController>} */
    this.underway = new Map();
    /** @type {Map<number, string>} tiles that failed, with why; asked for again with the next spec */
    this.failed = new Map();
    /** @type {number[]} wanted and not here, nearest first */
    this.waiting = [];
    /** @type {Set<number>} */
    this.shown = new Set();
    this.requests = 0;
  }

  /**
   * Take where meshes come from; those of another store or version are let go.
   * @param {Detail | null} detail
   */
  take(detail) {
    if (detail?.models !== this.detail?.models) this.clear();
    this.detail = detail;
    this.failed.clear();
  }

  clear() {
    for (const abort of this.underway.values()) abort.abort();
    this.underway.clear();
    this.loaded.clear();
    this.shown = new Set();
    this.waiting = [];
  }

  get bytes() {
    let bytes = 0;
    for (const tile of this.loaded.values()) bytes += tile.bytes;
    return bytes;
  }

  /** Number of tiles that are wanted and not here yet. */
  get pending() {
    return this.waiting.length + this.underway.size;
  }

  /**
   * Choose the tiles for a camera: fetch what is missing, let go of what has no room.
   * @param {WireTable | undefined} index which tiles there are
   * @param {any} viewport
   * @param {number} zoom
   * @returns {boolean} whether other tiles are shown than before
   */
  choose(index, viewport, zoom) {
    const wanted = this.detail && index && viewport ? this.wanted(index, viewport, zoom) : [];
    this.fetchOnly(wanted.filter(({tile, seen}) => seen && !this.loaded.has(tile)).map(({tile}) => tile));
    for (const {tile} of [...wanted].reverse()) this.touch(tile);
    const near = new Set(wanted.map(({tile}) => tile));
    this.makeRoom(near);
    const shown = new Set([...near].filter((tile) => this.loaded.has(tile)));
    const same = shown.size === this.shown.size && [...shown].every((tile) => this.shown.has(tile));
    this.shown = shown;
    return !same;
  }

  /**
   * Tiles that are near enough and have room, those in sight and nearest first.
   * @param {WireTable} index
   * @param {any} viewport
   * @param {number} zoom
   */
  wanted(index, viewport, zoom) {
    const {from, until, budget} = /** @type {Detail} */ (this.detail);
    const tiles = index.columns.get('tile')?.values ?? [];
    const stored = index.columns.get('bytes')?.values ?? [];
    const near = [];
    for (let row = 0; row < index.rows; row++) {
      const tile = tiles[row];
      const sight = sightOf(tile, viewport, zoom);
      if (sight.zoom < (this.shown.has(tile) ? until : from)) continue;
      near.push({tile, ...sight, bytes: this.loaded.get(tile)?.bytes ?? stored[row] * BYTES_A_STORED_BYTE});
    }
    near.sort((a, b) => Number(b.seen) - Number(a.seen) || b.zoom - a.zoom);
    let room = budget;
    return near.filter(({bytes}) => (room -= bytes) >= 0);
  }

  /** @param {number} tile */
  touch(tile) {
    const found = this.loaded.get(tile);
    if (!found) return;
    this.loaded.delete(tile);
    this.loaded.set(tile, found);
  }

  /**
   * Let go of tiles that were wanted longest ago, until the rest is within the budget.
   * @param {Set<number>} keep
   */
  makeRoom(keep) {
    let {bytes} = this;
    const budget = this.detail?.budget ?? 0;
    for (const [tile, {bytes: own}] of this.loaded) {
      if (bytes <= budget) break;
      if (keep.has(tile)) continue;
      this.loaded.delete(tile);
      bytes -= own;
    }
  }

  /** @param {number[]} tiles nearest first */
  fetchOnly(tiles) {
    const asked = new Set(tiles);
    for (const [tile, abort] of this.underway) if (!asked.has(tile)) abort.abort();
    this.waiting = tiles.filter((tile) => !this.underway.has(tile) && !this.failed.has(tile));
    this.fetchNext();
  }

  fetchNext() {
    while (this.underway.size < AT_A_TIME && this.waiting.length) this.fetch(/** @type {number} */ (this.waiting.shift()));
  }

  /** @param {number} tile */
  async fetch(tile) {
    const abort = new AbortController();
    this.underway.set(tile, abort);
    this.requests++;
    try {
      const response = await fetch(`${this.detail?.models}${tile}`, {signal: abort.signal});
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      const table = readTable(await response.arrayBuffer());
      if (!abort.signal.aborted) this.loaded.set(tile, {tile, table, bytes: bytesOf(table)});
    } catch (error) {
      if (!abort.signal.aborted) this.fail(tile, /** @type {Error} */ (error).message);
    }
    if (this.underway.get(tile) === abort) this.underway.delete(tile);
    this.fetchNext();
    if (!abort.signal.aborted) this.changed(this.pending);
  }

  /**
   * Its buildings stay blocks, until the next spec asks again.
   * @param {number} tile
   * @param {string} why
   */
  fail(tile, why) {
    this.failed.set(tile, why);
    console.error(`deck: meshes of tile ${tile}: ${why}`);
  }

  /** What tests and the operator's console read. */
  state() {
    let buildings = 0;
    for (const tile of this.shown) buildings += this.loaded.get(tile)?.table.rows ?? 0;
    return {
      tiles: this.shown.size,
      kept: this.loaded.size,
      buildings,
      bytes: this.bytes,
      budget: this.detail?.budget ?? 0,
      requests: this.requests,
      failed: this.failed.size,
    };
  }
}

/** @param {WireTable} table */
function bytesOf({meshes}) {
  return meshes ? (meshes.positions.length / 3) * BYTES_A_VERTEX + meshes.indices.length * BYTES_AN_INDEX : 0;
}
