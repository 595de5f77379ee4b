// @ts-check
/** The workbench: its address, what its buttons ask for, what it is told, marked rows, and its cards on a phone. */

(() => {
  const GRID = 'work-grid';
  const STORES = {ask: 'work-ask', form: 'work-form'};
  const SAID_FOR_MS = 7000;
  const SETTLE_MS = 120;
  const ANSWER_MS = 25_000;
  const FIELDS = /** @type {Record<string, string>} */ ({actor: 'as', case_class: 'class'});
  const OTHER_QUEUE = ['queue', 'class', 'street', 'source', 'unit', 'q', 'page', 'sel'];

  const dash = () => /** @type {any} */ (window).dash_clientside;
  const unchanged = () => dash().no_update;
  const byId = (/** @type {string} */ id) => document.getElementById(id);
  const write = (/** @type {string} */ id, /** @type {any} */ data) => dash().set_props(id, {data});

  // ---- address ----

  /**
   * Change the address as Dash's own links do.
   * @param {(asked: URLSearchParams) => void} change
   * @param {boolean} [inPlace] whether the way back leads past this state
   */
  function go(change, inPlace = false) {
    const asked = new URLSearchParams(window.location.search);
    const before = asked.toString();
    change(asked);
    if (asked.toString() === before) return;
    const text = asked.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
    const url = window.location.pathname + (text ? `?${text}` : '');
    if (inPlace) window.history.replaceState(window.history.state, '', url);
    else window.history.pushState({}, '', url);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
  }

  /** Whether the rows of another queue, page or filter are on their way, and whether the cursor is still to go to the first. */
  let awaited = false;
  let toTop = false;

  function takeTop() {
    const taken = toTop;
    toTop = false;
    return taken;
  }

  /** What of an address decides the queue. */
  function query(/** @type {string | undefined} */ search, /** @type {string | null} */ before) {
    const asked = new URLSearchParams(search || '');
    asked.delete('sel');
    asked.delete('theme');
    const now = `?${asked}`;
    if (now === before) return unchanged();
    if (before) {
      awaited = toTop = true;
      grid()?.clearFocusedCell();
    }
    return now;
  }

  /** A control was set: it also tells its value when it is drawn, which the address says already. */
  function narrow(/** @type {any[]} */ values, /** @type {{field: string}[]} */ ids) {
    const told = dash().callback_context.triggered;
    if (!told.length) return unchanged();
    ids.forEach(({field}, i) => {
      if (!told.some((/** @type {any} */ each) => each.prop_id.includes(`"field":"${field}"`))) return;
      const value = values[i];
      const name = FIELDS[field] ?? field;
      go((asked) => {
        const standing = asked.get(name) ?? (field === 'sort' ? 'deadline' : null);
        if (standing === value || (!standing && !value) || (field === 'actor' && !standing && value === 'operator')) return;
        if (value) asked.set(name, value);
        else asked.delete(name);
        if (field === 'sort' && value === 'deadline') asked.delete(name);
        asked.delete('page');
        if (window.location.pathname.startsWith('/cases')) asked.delete('sel');
        if (field === 'actor' && window.location.pathname.startsWith('/cases')) OTHER_QUEUE.forEach((each) => asked.delete(each));
      });
    });
    return unchanged();
  }

  function lookFor(/** @type {string | null} */ text) {
    const wanted = (text ?? '').trim();
    go((asked) => {
      if ((asked.get('q') ?? '') === wanted) return;
      if (wanted) asked.set('q', wanted);
      else asked.delete('q');
      asked.delete('page');
      asked.delete('sel');
    }, Boolean(new URLSearchParams(window.location.search).get('q')));
    return unchanged();
  }

  /** The field follows the address when one goes back, unless one types in it. */
  window.addEventListener('popstate', () => {
    const field = byId('work-search');
    if (field && document.activeElement !== field) dash().set_props('work-search', {value: new URLSearchParams(window.location.search).get('q') ?? ''});
  });

  // ---- asking ----

  /** @type {HTMLElement | null} */
  let pressed = null;
  /** @type {DOMRect | null} */
  let pressedAt = null;

  /** @type {Set<string>} */
  let actedOn = new Set();

  /** @param {any} ask */
  function send(ask) {
    actedOn = new Set(ask.cases.map((/** @type {any} */ each) => each.no));
    const told = {...ask, at: Date.now()};
    write(ask.form ? STORES.form : STORES.ask, told);
  }

  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = /** @type {HTMLElement | null} */ (target?.closest('[data-act]'));
    if (button && button.getAttribute('aria-busy') !== 'true') {
      pressed = button;
      pressedAt = button.getBoundingClientRect();
      const ask = JSON.parse(button.dataset.act ?? '{}');
      if (!ask.form) busy(button);
      send(ask);
      event.preventDefault();
      event.stopPropagation();
    }
    if (target?.closest('[data-form="cancel"]') || target?.matches('.form-back')) closeForm();
    const sender = /** @type {HTMLElement | null} */ (target?.closest('[data-form="send"]'));
    if (!sender) return;
    if (sender.dataset.settled) {
      delete sender.dataset.settled;
      return;
    }
    // What was typed last reaches the page's state a moment after the key.
    event.preventDefault();
    event.stopPropagation();
    if (sender.getAttribute('aria-busy') === 'true') return;
    busy(sender);
    window.setTimeout(() => {
      sender.dataset.settled = 'yes';
      sender.click();
    }, SETTLE_MS);
  }, true);

  const notBusy = () => document.querySelectorAll('[aria-busy="true"]').forEach((button) => button.removeAttribute('aria-busy'));

  /** A button is busy until it is answered; where no answer comes, it can be pressed again. */
  function busy(/** @type {HTMLElement} */ button) {
    button.setAttribute('aria-busy', 'true');
    window.setTimeout(() => button.removeAttribute('aria-busy'), ANSWER_MS);
  }

  function closeForm() {
    if (!document.querySelector('.form')) return false;
    write(STORES.form, null);
    pressed?.focus?.();
    return true;
  }

  /** Focus goes into a form that opens, and stays in it. */
  function form(/** @type {any} */ children) {
    const opened = Boolean(children);
    notBusy();
    document.documentElement.classList.toggle('has-form', opened);
    if (opened) window.requestAnimationFrame(() => {
      const first = document.querySelector('.form .form-row :is(textarea, input)') ?? document.querySelector('.form button');
      if (first instanceof HTMLElement && !document.querySelector('.form')?.contains(document.activeElement)) first.focus();
    });
    return unchanged();
  }

  /** The files that were chosen, as small pictures before they are sent. */
  function photos(/** @type {(string[] | null)[]} */ contents, /** @type {(string[] | null)[]} */ names) {
    const shown = /** @type {HTMLElement | null} */ (document.querySelector('.drop-shown'));
    const chosen = contents.flatMap((each) => each ?? []);
    if (shown) {
      const pictures = chosen.map((content, i) => {
        const picture = document.createElement('img');
        picture.src = content;
        picture.alt = names.flatMap((each) => each ?? [])[i] ?? '';
        return picture;
      });
      const said = document.createElement('span');
      said.textContent = chosen.length ? (shown.dataset.photos ?? '').replace('{count}', String(chosen.length)) : '';
      shown.replaceChildren(...pictures, said);
    }
    return unchanged();
  }

  let hiding = 0;

  /** Say what came of it, near the button that was pressed. */
  function told(/** @type {{ok: boolean, sentence: string} | null} */ answer) {
    notBusy();
    const place = byId('work-said');
    if (!answer || !place) return unchanged();
    place.textContent = answer.sentence;
    place.className = answer.ok ? 'work-said shown ok' : 'work-said shown failed';
    const at = pressedAt;
    const near = at && window.innerWidth > 700;
    // Beside the button, so that the one under it can be pressed next.
    const beside = near && at.left - place.offsetWidth - 8 > 0;
    place.style.left = !near ? '' : beside ? `${at.left - place.offsetWidth - 8}px` : `${Math.max(8, Math.min(at.left, window.innerWidth - place.offsetWidth - 8))}px`;
    place.style.top = !near ? '' : beside ? `${at.top + (at.height - place.offsetHeight) / 2}px` : `${Math.min(at.bottom + 6, window.innerHeight - place.offsetHeight - 6)}px`;
    window.clearTimeout(hiding);
    hiding = window.setTimeout(() => place.classList.remove('shown'), SAID_FOR_MS);
    return unchanged();
  }

  // ---- marked rows ----

  function bulk(/** @type {any[] | null} */ marked) {
    const bar = byId('work-bulk');
    if (!bar) return;
    const rows = marked ?? [];
    bar.classList.toggle('shown', rows.length > 0);
    if (!rows.length) {
      bar.replaceChildren();
      return;
    }
    const words = JSON.parse(bar.dataset.words ?? '{}');
    const common = Object.keys(words.actions).filter((action) => rows.every((row) => row.actions.includes(action)));
    const cases = rows.map(({no, stage, hold}) => ({no, stage, hold}));
    const count = document.createElement('strong');
    count.textContent = words.marked.replace('{count}', String(rows.length));
    const made = [count];
    const many = (/** @type {string} */ name) => (rows.length === 1 ? words.one : words.many).replace('{action}', name).replace('{count}', String(rows.length));
    const next = rows.every((row) => row.next && !row.next.form && row.next.action === rows[0].next.action) ? rows[0].next.action : '';
    if (next) {
      const own = rows.map((row) => ({no: row.no, stage: row.stage, hold: row.hold, data: row.next.data}));
      const differ = own.some((each) => Object.keys(each.data).length);
      made.push(button(many(words.actions[next] ?? rows[0].next.label) + (differ ? ` · ${words.each}` : ''), {action: next, cases: own, data: {}, form: false}, 'act main'));
    }
    for (const action of common) {
      const asks = words.forms.includes(action);
      if (action === next && !asks) continue; // the button above does the same
      made.push(button(asks ? `${words.actions[action]}…` : many(words.actions[action]), {action, cases, data: {}, form: asks}, 'act'));
    }
    if (made.length === 1) {
      const none = document.createElement('span');
      none.className = 'muted';
      none.textContent = words.none;
      made.push(none);
    }
    const clear = document.createElement('button');
    clear.type = 'button';
    clear.className = 'act quiet';
    clear.textContent = words.clear;
    clear.addEventListener('click', () => grid()?.deselectAll());
    bar.replaceChildren(...made, clear);
  }

  /**
   * @param {string} text
   * @param {any} ask
   * @param {string} kind
   */
  function button(text, ask, kind) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = kind;
    made.textContent = text;
    made.dataset.act = JSON.stringify(ask);
    return made;
  }

  /** @returns {any} */
  function grid() {
    try {
      return byId(GRID) && /** @type {any} */ (window).dash_ag_grid?.getApi(GRID);
    } catch {
      return null; // not ready yet
    }
  }

  // ---- cards on a phone ----

  const phone = window.matchMedia('(max-width: 700px)');
  /** @type {any[]} */
  let shownRows = [];

  function cards() {
    const place = byId('work-cards');
    if (!place) return;
    place.replaceChildren(...(phone.matches ? shownRows.map(card) : []));
  }

  /** @param {any} row */
  function card(row) {
    const made = document.createElement('article');
    made.className = 'card';
    made.setAttribute('role', 'listitem');
    const link = document.createElement('a');
    link.href = row.href;
    const parts = [['mark ' + row.state, row.shape], ['card-class', row.class], ['due-words ' + row.state, ''], ['card-place', row.place], ['card-more', `${row.stage_name} · ${row.unit}`]];
    for (const [kind, text] of parts) {
      const part = document.createElement('span');
      part.className = kind;
      part.textContent = text;
      if (kind.startsWith('due-words')) {
        if (row.state === 'held') part.textContent = row.state_name;
        else if (row.due) part.dataset.due = row.due;
        else part.dataset.since = row.since;
      }
      link.append(part);
    }
    made.append(link);
    if (row.next) {
      const ask = {action: row.next.action, cases: [{no: row.no, stage: row.stage, hold: row.hold}], data: row.next.data, form: row.next.form};
      made.append(button(row.next.form ? `${row.next.label}…` : row.next.label, ask, 'act main'));
    } else {
      const waits = document.createElement('span');
      waits.className = 'waits';
      waits.textContent = row.waits;
      made.append(waits);
    }
    return made;
  }
  phone.addEventListener('change', cards);

  function rows(/** @type {any[] | null} */ data, /** @type {any[] | null} */ marked) {
    if (data !== shownRows) {
      shownRows = data ?? [];
      awaited = false;
      cards();
    }
    const there = new Map(shownRows.map((row) => [row.no, row]));
    bulk((marked ?? []).map((row) => there.get(row.no)).filter(Boolean));
    return unchanged();
  }

  // @ts-ignore
  window.dash_clientside = Object.assign({}, window.dash_clientside, {desk: {query, narrow, look_for: lookFor, form, photos, told, rows}});
  // @ts-ignore
  window.desk = {go, grid, closeForm, rows: () => shownRows, awaited: () => awaited, takeTop, acted: (/** @type {string} */ no) => actedOn.has(no)};
})();
