// @ts-check
/** Entry: `window.citydeck`, which the page's callbacks call. */

import {DeckBridge} from './bridge.js';
import {pulses} from './live_map.js';

const ROOT_ID = 'deck-root';
const OUTLETS = {pick: 'deck-pick', view: 'deck-view', status: 'deck-status'};

/** @type {DeckBridge | null} */
let bridge = null;

/**
 * Write a store of the page.
 * @param {string} id
 */
const outlet = (id) => (/** @type {any} */ data) => window.dash_clientside?.set_props?.(id, {data});

/** The bridge of the root that is on the page now; a page change brings a new root. */
function currentBridge() {
  const root = document.getElementById(ROOT_ID);
  if (bridge && bridge.root === root) return bridge;
  bridge?.destroy();
  bridge = root && new DeckBridge(root, {
    pick: outlet(OUTLETS.pick),
    view: outlet(OUTLETS.view),
    status: outlet(OUTLETS.status),
  });
  if (bridge) pulses.attach(bridge);
  return bridge;
}

window.citydeck = {
  /** @param {any} spec */
  applySpec(spec) {
    if (spec) currentBridge()?.apply(spec);
  },
  state() {
    return bridge?.state() ?? null;
  },
  /** The bridge itself, for tests and the console. */
  bridge() {
    return bridge;
  },
};

// A spec that the page's callback had before this module ran.
if (window.citydeckPending) window.citydeck.applySpec(window.citydeckPending);
