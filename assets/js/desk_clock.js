// @ts-check
/**
 * Countdowns, each second: an element with `data-due` (milliseconds) says how long is left, or how long it is late; one
 * with `data-since` says how long it has waited, where no deadline has been set yet.
 */

(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  /** From here on only days are told, up to here seconds too. */
  const DAYS_FROM = 2 * DAY;
  const SOON = 4 * HOUR;
  const TIMED = '[data-due], [data-since]';

  const TEXTS = {
    zh: {
      left: '剩', late: '超期', waited: '已等', days: (/** @type {number} */ d) => `${d} 天`,
      hours: (/** @type {number} */ h, /** @type {string} */ m) => `${h} 小时 ${m} 分`,
      minutes: (/** @type {number} */ m, /** @type {string} */ s) => `${m} 分 ${s} 秒`,
    },
    en: {
      left: 'due in', late: 'late', waited: 'waits', days: (/** @type {number} */ d) => `${d} d`,
      hours: (/** @type {number} */ h, /** @type {string} */ m) => `${h} h ${m} min`,
      minutes: (/** @type {number} */ m, /** @type {string} */ s) => `${m} min ${s} s`,
    },
  };

  const twoDigits = (/** @type {number} */ number) => String(number).padStart(2, '0');

  /**
   * @param {number} moment milliseconds since 1970
   * @param {number} now
   * @param {boolean} since
   */
  function words(moment, now, since) {
    const texts = document.documentElement.lang.startsWith('en') ? TEXTS.en : TEXTS.zh;
    const apart = Math.abs(moment - now);
    const span = apart >= DAYS_FROM ? texts.days(Math.round(apart / DAY))
      : apart >= HOUR ? texts.hours(Math.floor(apart / HOUR), twoDigits(Math.floor((apart % HOUR) / MINUTE)))
        : texts.minutes(Math.floor(apart / MINUTE), twoDigits(Math.floor((apart % MINUTE) / SECOND)));
    return `${since ? texts.waited : moment >= now ? texts.left : texts.late} ${span}`;
  }

  /** @param {Element} element */
  function tick(element) {
    const told = /** @type {HTMLElement} */ (element).dataset;
    const due = Number(told.due);
    const now = Date.now();
    const text = due ? words(due, now, false) : words(Number(told.since), now, true);
    if (element.textContent !== text) element.textContent = text;
    if (!due) return;
    const state = due < now ? 'overdue' : due - now < SOON ? 'due_soon' : 'open';
    if (told.state !== state) told.state = state;
  }

  const tickAll = () => document.querySelectorAll(TIMED).forEach(tick);
  window.setInterval(() => document.hidden || tickAll(), SECOND);
  document.addEventListener('visibilitychange', tickAll);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(TIMED)) tick(node);
        node.querySelectorAll(TIMED).forEach(tick);
      }
    }
  }).observe(document.documentElement, {childList: true, subtree: true});

  // @ts-ignore
  window.deskClock = {tick, words};
})();
