// @ts-check
/**
 * New cases rise into the list of cases, and listed ones show that something happened to them. What the list says when
 * it is asked for anew takes over from that.
 */

import {filterTest} from './live_filter.js';
import {live} from './live_stream.js';

const LIST = 'live-cases';
const MOST = 8;
const STAY_MS = 8000; // of a new case above a list that it is not part of
const FLASH_MS = 600;
const CLOSED = 70;
const NEWEST = 'newest';

/** @type {Map<string, HTMLElement>} rows of ours by the number of their case, the newest last */
const rows = new Map();
/** @type {Map<string, Promise<any>>} names of codes by language */
const names = new Map();

const list = () => document.getElementById(LIST);

/** @param {string} caseNo */
const listed = (caseNo) => document.querySelectorAll(`.case-list:not(#${LIST}) .case[title="${CSS.escape(caseNo)}"]`);

/** @param {string} lang */
function namesIn(lang) {
  const asked =
    names.get(lang) ??
    fetch(`/api/live/names?lang=${lang}`)
      .then((answer) => (answer.ok ? answer.json() : {}))
      .catch(() => ({}));
  names.set(lang, asked);
  return asked;
}

/** @param {any} event */
async function arrived(event) {
  const here = list();
  if (!here || filterTest(live.scope.filter)(event) !== true || rows.has(event.case)) return;
  const told = await namesIn(here.dataset.lang ?? 'zh-CN');
  if (!here.isConnected || rows.has(event.case) || listed(event.case).length) return;
  const row = rowOf(event, told, here.dataset);
  rows.set(event.case, row);
  here.prepend(row);
  for (const caseNo of [...rows.keys()].slice(0, -MOST)) remove(caseNo);
  if (here.dataset.front !== NEWEST) window.setTimeout(() => remove(event.case), STAY_MS);
}

/** @param {string} caseNo */
function remove(caseNo) {
  rows.get(caseNo)?.remove();
  rows.delete(caseNo);
}

/**
 * @param {any} event
 * @param {any} told names by kind and code
 * @param {DOMStringMap} said what the server says of rows
 */
function rowOf(event, told, said) {
  const row = document.createElement('li');
  row.className = 'live-new';
  const link = document.createElement('a');
  link.className = 'case';
  link.title = event.case;
  link.href = (said.href ?? '').replace('CASE-NO', encodeURIComponent(event.case));
  link.addEventListener('click', follow);
  const where = [event.street, event.community].map((code) => code && (told.area?.[code] ?? code).replace(/居委会$/, ''));
  const at = new Date(event.at);
  const parts = [
    ['mark open', '●'],
    ['case-class', told.class?.[event.class] ?? event.class],
    ['case-clock open', said.new ?? ''],
    ['case-place', where.filter(Boolean).join(' · ') || (said.unplaced ?? '')],
    ['case-time figure', minuteOf(at, said.zone)],
  ];
  for (const [className, text] of parts) {
    const part = document.createElement('span');
    part.className = className;
    part.textContent = text;
    link.append(part);
  }
  row.append(link);
  return row;
}

/**
 * Month, day and minute, as the list writes them.
 * @param {Date} at
 * @param {string} [zone] time zone of the city
 */
function minuteOf(at, zone) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false,
  }).formatToParts(at);
  const [month, day, hour, minute] = ['month', 'day', 'hour', 'minute'].map((type) => parts.find((part) => part.type === type)?.value);
  return `${month}-${day} ${hour}:${minute}`;
}

/**
 * Go to a case as Dash's own links do.
 * @param {MouseEvent} event
 */
function follow(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  window.history.pushState({}, '', /** @type {HTMLAnchorElement} */ (event.currentTarget).href);
  window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
}

/** @param {any} event of a case that was there before */
function changed(event) {
  if (event.stage >= CLOSED) remove(event.case);
  for (const row of listed(event.case)) {
    if (event.stage >= CLOSED) row.classList.add('live-ended');
    row.classList.add('live-flash');
    window.setTimeout(() => row.classList.remove('live-flash'), FLASH_MS);
  }
}

live.addEventListener('case', (told) => {
  const event = /** @type {CustomEvent} */ (told).detail;
  if (!event.case) return;
  if (event.before === null && event.stage < CLOSED) arrived(event);
  else changed(event);
});

live.addEventListener('scope', () => [...rows.keys()].forEach(remove));

/** The list was drawn anew: what it holds now needs no row of ours, and the others go into the one that is here. */
function redrawn() {
  const here = list();
  for (const [caseNo, row] of rows) {
    if (!here || listed(caseNo).length) remove(caseNo);
    else if (row.parentElement !== here) here.prepend(row);
  }
}

new MutationObserver(() => rows.size && redrawn()).observe(document.documentElement, {childList: true, subtree: true});
