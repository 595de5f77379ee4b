// @ts-check
/** Keys of the workbench: J K ↓ ↑ through the queue, Enter opens, A does what comes next, / looks for, Esc closes. */

(() => {
  const SHOW_AFTER_MS = 110;
  const SELECTION = 'ag-Grid-SelectionColumn';

  /** @type {any} */
  const desk = /** @type {any} */ (window).desk;
  const isQueue = () => window.location.pathname.startsWith('/cases');
  const isCase = () => window.location.pathname.startsWith('/case/');
  let showing = 0;

  const selected = () => new URLSearchParams(window.location.search).get('sel');
  /** Row of the case in front when it was last seen in the queue. */
  let lastAt = -1;

  /** Show a case; the way back leads to the queue, not through every row. */
  function select(/** @type {string | null} */ no) {
    window.clearTimeout(showing);
    desk.go((/** @type {URLSearchParams} */ asked) => {
      if (no) asked.set('sel', no);
      else asked.delete('sel');
    }, selected() !== null);
  }

  /** Show the case of the row that has the focus, once the cursor rests. */
  function show(/** @type {string} */ no) {
    window.clearTimeout(showing);
    showing = window.setTimeout(select, SHOW_AFTER_MS, no);
  }

  /** Mark the row of the case in front: the one of the address, else the first. */
  function markChosen() {
    const chosen = selected() ?? desk.rows()[0]?.no;
    lastAt = desk.grid()?.getRowNode(chosen ?? '')?.rowIndex ?? lastAt;
    for (const row of document.querySelectorAll('.work-grid .ag-row')) row.classList.toggle('chosen', row.getAttribute('row-id') === chosen);
  }
  window.addEventListener('_dashprivate_pushstate', markChosen);
  window.addEventListener('popstate', () => {
    if (focusedRow()?.no !== selected()) desk.grid()?.clearFocusedCell();
    markChosen();
  });

  /** Rows have changed: the cursor stays with the case in front, and goes on once that was done and has left the queue. */
  function settle(/** @type {any} */ api) {
    if (desk.takeTop()) {
      api.clearFocusedCell();
      if (api.getDisplayedRowCount()) api.ensureIndexVisible(0);
      lastAt = -1;
      return;
    }
    const no = selected();
    const at = api.getFocusedCell();
    if (!no || at?.column?.getColId?.() === SELECTION) return;
    const node = api.getRowNode(no);
    let to = node?.rowIndex ?? -1;
    if (to < 0 && desk.acted(no)) {
      to = Math.min(Math.max(at?.rowIndex ?? lastAt, 0), api.getDisplayedRowCount() - 1);
      select(to < 0 ? null : api.getDisplayedRowAtIndex(to)?.data?.no ?? null);
    }
    if (!at || at.rowIndex === to) return;
    const elsewhere = document.activeElement !== document.body && !document.activeElement?.closest('.work-grid');
    if (to < 0 || elsewhere) api.clearFocusedCell();
    else api.setFocusedCell(to, at.column.getColId());
  }

  let listening = /** @type {any} */ (null);

  /** The table is there once its first rows are. */
  function listen() {
    const api = isQueue() ? desk.grid() : null;
    if (!api || api === listening) return;
    listening = api;
    for (const event of ['modelUpdated', 'bodyScrollEnd', 'rowDataUpdated', 'viewportChanged']) api.addEventListener(event, () => window.requestAnimationFrame(markChosen));
    const fit = () => /** @type {any} */ (window).deskFit(api);
    api.addEventListener('rowDataUpdated', () => {
      settle(api);
      fit();
    });
    api.addEventListener('gridSizeChanged', fit);
    fit();
    markChosen();
    api.addEventListener('cellFocused', (/** @type {any} */ event) => {
      const row = event.rowIndex === null || event.rowPinned ? null : api.getDisplayedRowAtIndex(event.rowIndex);
      if (row?.data && event.column?.getColId?.() !== SELECTION) show(row.data.no);
    });
  }
  new MutationObserver(listen).observe(document.documentElement, {childList: true, subtree: true});

  /** @param {number} step */
  function move(step) {
    const api = desk.grid();
    if (!api || desk.awaited()) return;
    const last = api.getDisplayedRowCount() - 1;
    if (last < 0) return;
    const at = api.getFocusedCell();
    const chosen = selected();
    const gone = step > 0 ? lastAt - 1 : lastAt; // where the case in front stood before it left the queue
    const from = at ? at.rowIndex : chosen ? api.getRowNode(chosen)?.rowIndex ?? gone : -1;
    const to = Math.max(0, Math.min(last, from + step));
    const column = at?.column?.getColId?.();
    api.ensureIndexVisible(to);
    api.setFocusedCell(to, !column || column === SELECTION ? 'class' : column);
  }

  /** Row that the cursor is on: the one with the focus, else that of the case in front. */
  function focusedRow() {
    const api = desk.grid();
    const at = api?.getFocusedCell();
    if (at) return api.getDisplayedRowAtIndex(at.rowIndex)?.data;
    const chosen = selected();
    return chosen ? desk.rows().find((/** @type {any} */ row) => row.no === chosen) : desk.rows()[0];
  }

  /** Press the button of what comes next for the case in front; where the cursor is on another case, show that first. */
  function act() {
    const row = isQueue() ? focusedRow() : null;
    if (isQueue() && desk.awaited()) return;
    const shown = document.querySelector('.brief-no .figure')?.textContent;
    if (row && row.no !== shown) {
      select(row.no);
      return;
    }
    if (isQueue() && !row && selected() !== shown) return;
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
