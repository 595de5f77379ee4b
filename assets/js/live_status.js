// @ts-check
/** The badge in the page's head that says whether the figures are live; a page that hears nothing dims its stamp. */

import {live} from './live_stream.js';

const TEXTS = {
  zh: {
    off: '历史数据',
    connecting: '连接中',
    live: '实时',
    reconnecting: '重新连接中',
    stale: '数据停于',
    paused: '已暂停',
    offLong: '此服务器不接收新案件，数据为历史数据，并非实时',
    staleLong: '已超过 25 秒未收到服务器消息，画面可能不是最新',
    long: '新案件与指标由服务器实时推送',
  },
  en: {
    off: 'Historical',
    connecting: 'Connecting',
    live: 'Live',
    reconnecting: 'Reconnecting',
    stale: 'Stale since',
    paused: 'Paused',
    offLong: 'This server takes no new cases: the data are historical, not live',
    staleLong: 'Nothing was heard of the server for more than 25 s: what is shown may be out of date',
    long: 'New cases and figures are pushed by the server as they come',
  },
};
const PLACE = '.header-tools';

const badge = document.createElement('span');
badge.id = 'live-status';
badge.setAttribute('role', 'status');
badge.setAttribute('aria-live', 'polite');
const mark = document.createElement('span');
mark.className = 'live-mark';
mark.setAttribute('aria-hidden', 'true');
const words = document.createElement('span');
badge.append(mark, words);

function say() {
  const texts = document.documentElement.lang.startsWith('en') ? TEXTS.en : TEXTS.zh;
  const {state} = live;
  const since = new Date(live.heardAt).toLocaleTimeString('zh-CN', {hour12: false, timeZone: document.documentElement.dataset.zone});
  const text = state === 'stale' ? `${texts.stale} ${since}` : texts[state];
  if (words.textContent !== text) words.textContent = text; // said again only where it changed
  badge.className = `live-status ${state}`;
  badge.title = state === 'off' ? texts.offLong : state === 'stale' ? texts.staleLong : texts.long;
}

/** The head is drawn anew with each address: the badge goes to its place, and speaks its language. */
function settle() {
  const place = document.querySelector(PLACE);
  if (place && badge.parentElement !== place) place.prepend(badge);
  say();
}

live.addEventListener('state', say);
new MutationObserver(settle).observe(document.documentElement, {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ['lang'],
});
settle();
