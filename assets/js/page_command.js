// @ts-check
/** The page around the map: language and theme of the document, camera in the address, keyboard. */

(() => {
  const TITLES = {'zh-CN': 'citydeck · 城市管理指挥', en: 'citydeck · City management command'};
  const VIEW_DIGITS = [5, 5, 2, 1, 1];

  /** @param {string | undefined} search */
  function dress(search) {
    const asked = new URLSearchParams(search || '');
    const root = document.documentElement;
    root.dataset.defaultLang ??= asked.has('lang') ? 'zh-CN' : root.lang;
    const lang = asked.get('lang') === 'en' || asked.get('lang') === 'zh-CN' ? asked.get('lang') : root.dataset.defaultLang;
    const theme = asked.get('theme') === 'light' ? 'light' : 'dark';
    root.lang = String(lang);
    root.dataset.theme = theme;
    const building = /^\/building\/(.+)$/.exec(window.location.pathname)?.[1];
    const title = lang === 'en' ? TITLES.en : TITLES['zh-CN'];
    document.title = building ? `${decodeURIComponent(building)} · ${title}` : title;
    return theme;
  }

  /**
   * Go to an address of this page the way Dash's own links do.
   * @param {string | null} search
   */
  function go(search) {
    if (search) {
      window.history.pushState({}, '', window.location.pathname + search);
      window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
    }
    // @ts-ignore
    return window.dash_clientside.no_update;
  }

  /** @param {Record<string, number> | null} view */
  function rememberView(view) {
    if (view) {
      const values = [view.longitude, view.latitude, view.zoom, view.pitch, view.bearing];
      const text = values.map((value, i) => value.toFixed(VIEW_DIGITS[i])).join(',');
      const rest = window.location.search.replace(/^\?/, '').split('&').filter((part) => part && !part.startsWith('view='));
      const search = `?${[...rest, `view=${text}`].join('&')}`;
      window.history.replaceState(window.history.state, '', window.location.pathname + search + window.location.hash);
    }
    // @ts-ignore
    return window.dash_clientside.no_update;
  }

  /** The server frames the map for this window. */
  function tellWindow() {
    document.cookie = `citydeck_window=${window.innerWidth}x${window.innerHeight}; path=/; SameSite=Strict`;
  }
  tellWindow();
  window.addEventListener('resize', tellWindow);

  /** @param {string} selector */
  const click = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();

  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 't' || event.key === 'T') click('[data-shortcut="table"]');
    if (event.key === 'd' || event.key === 'D') click('[data-shortcut="display"]');
    if (event.key === 'Escape' && !document.querySelector('.mantine-Popover-dropdown')) {
      if (document.querySelector('.slot-table .panel')) click('[data-shortcut="table"]');
      else if (document.querySelector('[data-close]')) click('[data-close]');
      else click('.breadcrumb li:nth-last-child(2) a');
    }
  });

  const twoDigits = (/** @type {number} */ number) => String(number).padStart(2, '0');

  /** What sliders say of their values. */
  // @ts-ignore
  window.dashMantineFunctions = {
    /** @param {number} value day of a year that is no leap year, from 0 */
    dayOfYear(value) {
      const date = new Date(Date.UTC(2025, 0, 1 + value));
      return `${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
    },
    /** @param {number} value hours */
    hourOfDay: (value) => `${twoDigits(Math.floor(value))}:${twoDigits(Math.round((value % 1) * 60))}`,
  };

  // @ts-ignore
  window.dash_clientside = Object.assign({}, window.dash_clientside, {page: {dress, go, remember_view: rememberView}});
})();
