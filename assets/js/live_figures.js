// @ts-check
/**
 * Writes pushed figures into the page. An element says with `data-live` what it shows: `totals.open`,
 * `totals.overdue/totals.open` (a share), `sources.VIDEO.0`, `areas.110108011.1`, `stamp`; with `data-format` how
 * (`number`, `percent:2`, `share`, `text`); and with `data-text` the words around it, where `{}` stands for the figure.
 * `data-live-bar` says what the length of a bar is.
 */

import {live} from './live_stream.js';

const NO_VALUE = '–';
const FLASH_MS = 600;
const SMALL_SHARE = 0.01;

/** @type {any} figures that came last, of the scope that the page shows */
let last = null;

/**
 * @param {any} figures
 * @param {string} path
 * @returns {any} value, or undefined where the figures do not tell
 */
function valueOf(figures, path) {
  const [part, whole] = path.split('/').map((each) => each.split('.').reduce((at, key) => at?.[key], figures));
  return path.includes('/') ? (whole ? part / whole : undefined) : part;
}

/**
 * A number as the server writes it: of two that are equally near, the even one.
 * @param {number} value
 * @param {number} digits
 */
function fixed(value, digits) {
  const scaled = value * 10 ** digits;
  return (scaled % 1 === 0.5 ? (2 * Math.round(scaled / 2)) / 10 ** digits : value).toFixed(digits);
}

/** @type {Record<string, (value: number, digits: number) => string>} */
const FORMATS = {
  number: (value) => Math.round(value).toLocaleString('en-US'),
  percent: (value, digits) => `${fixed(100 * value, digits)}%`,
  share: (value) => `${fixed(100 * value, value < SMALL_SHARE ? 3 : 1)}%`,
  text: (value) => String(value),
};

/**
 * @param {any} value
 * @param {string} format
 */
function written(value, format) {
  const [name, digits] = format.split(':');
  return value === null ? NO_VALUE : FORMATS[name](value, Number(digits ?? 0));
}

/** @param {Element} element */
function flash(element) {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  element.classList.add('live-flash');
  window.setTimeout(() => element.classList.remove('live-flash'), FLASH_MS);
}

/** Write the figures that came last wherever the page shows older ones. */
function write() {
  if (!last) return;
  for (const element of /** @type {Iterable<HTMLElement>} */ (document.querySelectorAll('[data-live]'))) {
    const {live: path = '', format = 'number', text = '{}'} = element.dataset;
    const value = valueOf(last, path);
    if (value === undefined || isNewer(element)) continue;
    const told = text.replace('{}', written(value, format));
    if (element.textContent === told) continue;
    element.textContent = told;
    flash(element);
  }
  for (const bar of /** @type {Iterable<HTMLElement>} */ (document.querySelectorAll('[data-live-bar]'))) {
    const share = valueOf(last, bar.dataset.liveBar ?? '');
    if (share !== undefined && share !== null && !isNewer(bar)) bar.style.setProperty('--share', share);
  }
  const stamp = document.querySelector('.as-of time');
  if (stamp && last.stamp > (stamp.textContent ?? '')) stamp.textContent = last.stamp;
}

/**
 * Whether the server drew an element from later data than the figures are of.
 * @param {Element} element
 */
function isNewer(element) {
  const version = /** @type {HTMLElement | null} */ (element.closest('[data-version]'))?.dataset.version;
  return Number(version ?? 0) > last.data_version;
}

live.addEventListener('figures', (event) => {
  last = /** @type {CustomEvent} */ (event).detail;
  write();
});
live.addEventListener('scope', () => (last = null));

// A panel that is drawn anew may show an answer from before the figures that came last.
let writing = 0;
new MutationObserver(() => {
  if (last && !writing) writing = window.requestAnimationFrame(() => ((writing = 0), write()));
}).observe(document.documentElement, {childList: true, subtree: true});
