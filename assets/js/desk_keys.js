// @ts-check
/** Keys of the workbench: J K ↓ ↑ through the queue, Enter opens, A does what comes next, / looks for, Esc closes. */

(() => {
  const SHOW_AFTER_MS = 110;

  /** @type {any} */
  const desk = /** @type {any} */ (window).desk;
  const isQueue = () => window.location.pathname.startsWith('/cases');
  const isCase = () => window.location.pathname.startsWith('/case/');
  let showing = 0;

  /** Show the case of the row that has the focus; the way back leads to the queue, not through every row. */
  function show(/** @type {string} */ no) {
    window.clearTimeout(showing);
    showing = window.setTimeout(() => desk.go((/** @type {URLSearchParams} */ asked) => {
      if (asked.get('sel') !== no) asked.set('sel', no);
    }, new URLSearchParams(window.location.search).has('sel')), SHOW_AFTER_MS);
  }

  /** Mark the row of the case in front: the one of the address, else the first. */
  function markChosen() {
    const chosen = new URLSearchParams(window.location.search).get('sel') ?? desk.rows()[0]?.no;
    for (const row of document.querySelectorAll('.work-grid .ag-row')) row.classList.toggle('chosen', row.getAttribute('row-id') === chosen);
  }
  window.addEventListener('_dashprivate_pushstate', markChosen);
  window.addEventListener('popstate', markChosen);

  let listening = /** @type {any} */ (null);

  /** The table is there once its first rows are. */
  function listen() {
    const api = isQueue() ? desk.grid() : null;
    if (!api || api === listening) return;
    listening = api;
    for (const event of ['modelUpdated', 'bodyScrollEnd', 'rowDataUpdated', 'viewportChanged']) api.addEventListener(event, () => window.requestAnimationFrame(markChosen));
    markChosen();
    api.addEventListener('cellFocused', (/** @type {any} */ event) => {
      const row = event.rowIndex === null || event.rowPinned ? null : api.getDisplayedRowAtIndex(event.rowIndex);
      if (row?.data && event.column?.getColId?.() !== 'ag-Grid-SelectionColumn') show(row.data.no);
    });
  }
  new MutationObserver(listen).observe(document.documentElement, {childList: true, subtree: true});

  /** @param {number} step */
  function move(step) {
    const api = desk.grid();
    if (!api) return;
    const last = api.getDisplayedRowCount() - 1;
    if (last < 0) return;
    const at = api.getFocusedCell();
    const chosen = new URLSearchParams(window.location.search).get('sel');
    const from = at ? at.rowIndex : chosen ? api.getRowNode(chosen)?.rowIndex ?? -1 : -1;
    const to = Math.max(0, Math.min(last, from + step));
    api.ensureIndexVisible(to);
    api.setFocusedCell(to, at?.column?.getColId?.() ?? 'class');
  }

  function focusedRow() {
    const api = desk.grid();
    const at = api?.getFocusedCell();
    const chosen = new URLSearchParams(window.location.search).get('sel');
    return at ? api.getDisplayedRowAtIndex(at.rowIndex)?.data : desk.rows().find((/** @type {any} */ row) => row.no === chosen);
  }

  /** Press the button of what comes next: the row's, else the one of the case in front. */
  function act() {
    const row = isQueue() ? focusedRow() : null;
    const own = row && [...document.querySelectorAll('.work-grid [data-act]')].find((button) => JSON.parse(/** @type {HTMLElement} */ (button).dataset.act ?? '{}').cases[0].no === row.no);
    const button = own ?? document.querySelector('[data-key="act"]');
    if (button instanceof HTMLElement) button.click();
  }

  const click = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();

  /** @type {Record<string, () => void>} */
  const QUEUE = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      const row = focusedRow();
      if (row) window.location.assign(row.href);
    },
    a: act,
    '/': () => {
      const field = document.getElementById('work-search');
      field?.focus();
      /** @type {HTMLInputElement | null} */ (field)?.select();
    },
  };
  /** @type {Record<string, () => void>} */
  const CASE = {a: act, b: () => click('[data-key="back"]')};

  document.addEventListener('keydown', (event) => {
    if (!isQueue() && !isCase()) return;
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === 'Escape') {
      if (desk.closeForm()) event.stopPropagation();
      else if (target?.matches('input')) /** @type {HTMLElement} */ (target).blur();
      return;
    }
    const typing = target?.closest('input:not([type="checkbox"]), textarea, select, [contenteditable], .mantine-Select-dropdown');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('.form')) return;
    if (event.key === '?') {
      click('[data-key="help"]');
      return;
    }
    const inGrid = target?.closest('.work-grid');
    const plain = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // In the table the arrows are its own; a link or button elsewhere takes its own Enter.
    if (plain.startsWith('Arrow') && (inGrid || target !== document.body)) return;
    if (plain === 'Enter' && target?.closest('a, button') && !inGrid) return;
    const done = (isQueue() ? QUEUE : CASE)[plain];
    if (done) {
      event.preventDefault();
      event.stopPropagation();
      done();
    }
  }, true);

  /** Tab stays within an open form. */
  document.addEventListener('keydown', (event) => {
    const form = document.querySelector('.form');
    if (event.key !== 'Tab' || !form || !form.contains(document.activeElement)) return;
    const stops = /** @type {HTMLElement[]} */ ([...form.querySelectorAll('button, input, textarea, [tabindex="0"]')].filter((each) => !(/** @type {any} */ (each).disabled) && each.getClientRects().length));
    const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = at + (event.shiftKey ? -1 : 1);
    if (to < 0 || to >= stops.length) {
      event.preventDefault();
      stops[(to + stops.length) % stops.length].focus();
    }
  });
})();
