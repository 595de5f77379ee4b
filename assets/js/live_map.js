// @ts-check
/**
 * What happens shows on the map: where a case came in or moved on, a ring rises and fades. A frame draws the whole city,
 * so a ring is drawn a few times and not moved smoothly; and while nothing happens nothing is drawn.
 */

import {filterTest} from './live_filter.js';
import {live} from './live_stream.js';

const ID = 'live-pulses';
const MOST = 300;
const LIFE_MS = 3000;
const STEP_MS = 750;
const SLOW_STEP_MS = LIFE_MS; // one frame with the ring, one without it
const APART_MS = 250; // between two frames at least
const SLOW_APART_MS = 2500;
const RISE_M = 90;
const RADIUS_PX = [8, 26];
const CHANGED = 0.6; // size of a ring of a case that was there before
const CLOSED = 70;
const DUE_SOON_MS = 4 * 3600_000;

/** @typedef {{case: string, position: [number, number], at: number, state: string, size: number}} Pulse */

/** State of a case after an event, as the marks in the lists name it. */
function stateOf(/** @type {any} */ event) {
  if (event.stage >= CLOSED) return 'closed';
  const left = event.deadline ? Date.parse(event.deadline) - Date.parse(event.committed) : Infinity;
  return left < 0 ? 'overdue' : left < DUE_SOON_MS ? 'due-soon' : 'open';
}

/**
 * Colour of a token, 0 to 255.
 * @param {string} state
 */
function colourOf(state) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(`--${state}`).trim();
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16) || 0);
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

class Pulses {
  constructor() {
    /** @type {Pulse[]} the oldest first */
    this.pulses = [];
    /** @type {import('./bridge.js').DeckBridge | null} */
    this.bridge = null;
    this.timer = 0;
    this.timerAt = Infinity;
    this.drawnAt = 0;
    live.addEventListener('case', (event) => this.take(/** @type {CustomEvent} */ (event).detail));
    live.addEventListener('scope', () => (this.pulses = []));
  }

  /** @param {import('./bridge.js').DeckBridge} bridge */
  attach(bridge) {
    this.bridge = bridge;
    bridge.overlay = () => this.layers();
  }

  /** @param {any} event */
  take(event) {
    if (event.lon === null || event.lat === null || document.hidden) return;
    if (filterTest(live.scope.filter)(event) !== true) return;
    const state = stateOf(event);
    const shown = this.pulses.find((pulse) => pulse.case === event.case);
    // A case that comes in is filed and dispatched in the same moment: that is one ring.
    if (shown && Date.now() - shown.at < STEP_MS) shown.state = state;
    else this.pulses.push({case: event.case, position: [event.lon, event.lat], at: Date.now(), state, size: event.before === null ? 1 : CHANGED});
    this.pulses.splice(0, this.pulses.length - MOST);
    this.soon(0);
  }

  get step() {
    if (still()) return LIFE_MS;
    return this.bridge?.slow ? SLOW_STEP_MS : STEP_MS;
  }

  /**
   * Draw after a while, or sooner where that was asked for already; but not right after the last time.
   * @param {number} wait milliseconds
   */
  soon(wait) {
    const at = Math.max(Date.now() + wait, this.drawnAt + (this.bridge?.slow ? SLOW_APART_MS : APART_MS));
    if (at >= this.timerAt) return;
    window.clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = window.setTimeout(() => this.draw(), at - Date.now());
  }

  draw() {
    this.timerAt = Infinity;
    this.drawnAt = Date.now();
    this.pulses = this.pulses.filter(({at}) => this.drawnAt - at < LIFE_MS);
    this.bridge?.overlaid();
    if (this.pulses.length) this.soon(this.step);
  }

  /** Layers of the pulses as they stand now; none while there is none. */
  layers() {
    if (!this.pulses.length) return [];
    const now = Date.now();
    const fixed = still();
    const shown = this.pulses.map((pulse) => ({...pulse, age: fixed ? 0.5 : Math.min(1, (now - pulse.at) / LIFE_MS)}));
    const colours = Object.fromEntries(['open', 'due-soon', 'overdue', 'closed'].map((state) => [state, colourOf(state)]));
    const [least, most] = RADIUS_PX;
    return [
      new window.deck.ScatterplotLayer({
        id: ID,
        data: shown,
        getPosition: (/** @type {any} */ {position, age}) => [...position, fixed ? 0 : RISE_M * age],
        getRadius: (/** @type {any} */ {age, size}) => size * (least + (most - least) * age),
        getFillColor: (/** @type {any} */ {state, age}) => [...colours[state], 170 * (1 - age) ** 2],
        getLineColor: (/** @type {any} */ {state, age}) => [...colours[state], 255 * (1 - age)],
        getLineWidth: 3,
        radiusUnits: 'pixels',
        lineWidthUnits: 'pixels',
        stroked: true,
        billboard: true,
        pickable: false,
        parameters: {depthCompare: 'always', depthWriteEnabled: false},
      }),
    ];
  }
}

export const pulses = new Pulses();
