// @ts-check
/**
 * Tells the page's panels, seldom, to ask anew: what figures alone cannot show (order, lists, trend) follows from that.
 * The server says how seldom, by how many pages there are; at a gap, when the page may have missed anything, it is now.
 * Where nothing happens time passes all the same, and with it deadlines.
 */

import {live} from './live_stream.js';

const STORE = 'live-tick';
const SCENE_STORE = 'live-scene';
const SCENE_EVERY = 3; // ticks of the panels to one of the map's colours
const LEAST_MS = 10_000;
const MOST_MS = 60_000;
const CHECK_MS = 5000;
const JITTER = 0.2; // of the time between two ticks, so that pages do not ask all at once
const SPREAD = 1 / 8; // of the longer time that many pages have: how long their answers to a gap are spread over

let due = 0;
let tickedAt = Date.now();
let version = 0;
let ticks = 0;

/** @param {number} wait milliseconds */
function tickIn(wait) {
  window.clearTimeout(due);
  due = window.setTimeout(() => {
    due = 0;
    tickedAt = Date.now();
    const data = {version, at: tickedAt};
    window.dash_clientside?.set_props?.(STORE, {data});
    if (++ticks % SCENE_EVERY === 0) window.dash_clientside?.set_props?.(SCENE_STORE, {data});
  }, Math.max(0, wait));
}

live.addEventListener('settled', (event) => {
  version = /** @type {CustomEvent} */ (event).detail.data_version;
  if (due) return;
  const apart = live.askMs * (1 + JITTER * (2 * Math.random() - 1));
  tickIn(tickedAt + Math.max(LEAST_MS, apart) - Date.now());
});

live.addEventListener('gap', () => tickIn(Math.random() * SPREAD * (live.askMs - LEAST_MS)));

window.setInterval(() => {
  if (live.state === 'live' && !due && Date.now() - tickedAt > Math.max(MOST_MS, 2 * live.askMs)) tickIn(Math.random() * CHECK_MS);
}, CHECK_MS);
