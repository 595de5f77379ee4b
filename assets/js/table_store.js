// @ts-check
/** Tables by address: fetched once, kept decoded while a scene uses them, dropped when the memory is wanted. */

import {readTable} from './arrow_table.js';

/** @typedef {import('./arrow_table.js').WireTable} WireTable */

const KEEP_BYTES = 256 * 1024 * 1024;

export class TableStore {
  constructor() {
    /** @type {Map<string, WireTable>} least recently wanted first */
    this.resident = new Map();
    /** @type {Map<string, {promise: Promise<WireTable>, abort: AbortController}>} */
    this.underway = new Map();
    this.requests = 0;
  }

  /**
   * @param {string} url
   * @returns {WireTable | undefined}
   */
  get(url) {
    return this.resident.get(url);
  }

  /**
   * Name the addresses that the scene needs now: stale requests are aborted and old tables dropped.
   * @param {Set<string>} wanted
   */
  want(wanted) {
    for (const [url, request] of this.underway) {
      if (!wanted.has(url)) request.abort.abort();
    }
    for (const url of wanted) {
      const table = this.resident.get(url);
      if (table) {
        this.resident.delete(url);
        this.resident.set(url, table);
      }
    }
    let bytes = 0;
    for (const table of this.resident.values()) bytes += table.bytes;
    for (const [url, table] of this.resident) {
      if (bytes <= KEEP_BYTES) break;
      if (wanted.has(url)) continue;
      this.resident.delete(url);
      bytes -= table.bytes;
    }
  }

  /**
   * @param {string} url
   * @returns {Promise<WireTable>} rejects with an AbortError if the scene no longer wants it
   */
  load(url) {
    const table = this.resident.get(url);
    if (table) return Promise.resolve(table);
    const running = this.underway.get(url);
    if (running && !running.abort.signal.aborted) return running.promise;
    const abort = new AbortController();
    const promise = this.fetch(url, abort.signal).finally(() => {
      if (this.underway.get(url)?.abort === abort) this.underway.delete(url);
    });
    this.underway.set(url, {promise, abort});
    return promise;
  }

  /**
   * @param {string} url
   * @param {AbortSignal} signal
   * @returns {Promise<WireTable>}
   */
  async fetch(url, signal) {
    this.requests++;
    const response = await fetch(url, {signal, headers: {Accept: 'application/vnd.apache.arrow.stream'}});
    if (!response.ok) throw new Error(`${response.status} ${await problemTitle(response)}`);
    const table = readTable(await response.arrayBuffer());
    this.resident.set(url, table);
    return table;
  }
}

/**
 * What an error answer says: the detail of its RFC 9457 document where it has one.
 * @param {Response} response
 */
async function problemTitle(response) {
  if (!response.headers.get('content-type')?.includes('problem+json')) return response.statusText;
  const problem = await response.json();
  return problem.detail ?? problem.title ?? response.statusText;
}
