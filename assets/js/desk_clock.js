// @ts-check
/** Countdowns: every element with `data-due` (milliseconds) says how long is left, or how long it is late, each second. */

(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  /** From here on only days are told, up to here seconds too. */
  const DAYS_FROM = 2 * DAY;
  const SOON = 4 * HOUR;

  const TEXTS = {
    zh: {
      left: '剩', late: '超期', days: (/** @type {number} */ d) => `${d} 天`,
      hours: (/** @type {number} */ h, /** @type {string} */ m) => `${h} 小时 ${m} 分`,
      minutes: (/** @type {number} */ m, /** @type {string} */ s) => `${m} 分 ${s} 秒`,
    },
    en: {
      left: 'due in', late: 'late', days: (/** @type {number} */ d) => `${d} d`,
      hours: (/** @type {number} */ h, /** @type {string} */ m) => `${h} h ${m} min`,
      minutes: (/** @type {number} */ m, /** @type {string} */ s) => `${m} min ${s} s`,
    },
  };

  const twoDigits = (/** @type {number} */ number) => String(number).padStart(2, '0');

  /**
   * @param {number} due milliseconds since 1970
   * @param {number} now
   */
  function words(due, now) {
    const texts = document.documentElement.lang.startsWith('en') ? TEXTS.en : TEXTS.zh;
    const apart = Math.abs(due - now);
    const span = apart >= DAYS_FROM ? texts.days(Math.floor(apart / DAY))
      : apart >= HOUR ? texts.hours(Math.floor(apart / HOUR), twoDigits(Math.floor((apart % HOUR) / MINUTE)))
        : texts.minutes(Math.floor(apart / MINUTE), twoDigits(Math.floor((apart % MINUTE) / SECOND)));
    return `${due >= now ? texts.left : texts.late} ${span}`;
  }

  /** @param {Element} element */
  function tick(element) {
    const due = Number(/** @type {HTMLElement} */ (element).dataset.due);
    if (!due) return;
    const now = Date.now();
    const text = words(due, now);
    if (element.textContent !== text) element.textContent = text;
    const state = due < now ? 'overdue' : due - now < SOON ? 'due_soon' : 'open';
    if (/** @type {HTMLElement} */ (element).dataset.state !== state) /** @type {HTMLElement} */ (element).dataset.state = state;
  }

  const tickAll = () => document.querySelectorAll('[data-due]').forEach(tick);
  window.setInterval(() => document.hidden || tickAll(), SECOND);
  document.addEventListener('visibilitychange', tickAll);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches('[data-due]')) tick(node);
        node.querySelectorAll('[data-due]').forEach(tick);
      }
    }
  }).observe(document.documentElement, {childList: true, subtree: true});

  // @ts-ignore
  window.deskClock = {tick, words};
})();
