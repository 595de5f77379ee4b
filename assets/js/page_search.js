// @ts-check
/** The search field of the head: asks while one types, lists what is found, and goes there. Keys: / ↑ ↓ Enter Esc. */

(() => {
  const FIELD = 'search-text';
  const LIST = 'search-results';
  const ASK_AFTER_MS = 120;

  /** @typedef {{kind: string, code: string, title: string, detail: string, path: string | null}} Found */

  /** @type {Found[]} */
  let found = [];
  let active = -1;
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;

  const field = () => /** @type {HTMLInputElement | null} */ (document.getElementById(FIELD));
  const list = () => document.getElementById(LIST);
  const told = () => /** @type {HTMLElement | null} */ (field()?.closest('.search'))?.dataset ?? {};

  /** Say to assistive technology what the field is: a combobox with a list of its own. */
  function introduce() {
    const input = field();
    if (!input) return;
    const {label = ''} = told();
    const said = {role: 'combobox', 'aria-label': label, 'aria-autocomplete': 'list', 'aria-controls': LIST, 'aria-haspopup': 'listbox'};
    for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);
    list()?.setAttribute('role', 'listbox');
    list()?.setAttribute('aria-label', label);
    if (!input.hasAttribute('aria-expanded')) input.setAttribute('aria-expanded', 'false');
  }

  function close() {
    window.clearTimeout(timer);
    asking?.abort();
    forget();
    list()?.replaceChildren();
    field()?.setAttribute('aria-expanded', 'false');
  }

  /** What was found is of an earlier text: Enter must not lead there. */
  function forget() {
    found = [];
    active = -1;
    field()?.removeAttribute('aria-activedescendant');
  }

  /** @param {string} text */
  function say(text) {
    forget();
    const line = document.createElement('p');
    line.className = 'search-said';
    line.setAttribute('role', 'status');
    line.textContent = text;
    list()?.replaceChildren(line);
    field()?.setAttribute('aria-expanded', 'false');
  }

  /** @param {number} index */
  function activate(index) {
    active = index;
    const options = [...(list()?.children ?? [])];
    options.forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === index));
      if (i === index) option.scrollIntoView({block: 'nearest'});
    });
    if (index >= 0) field()?.setAttribute('aria-activedescendant', `${LIST}-${index}`);
    else field()?.removeAttribute('aria-activedescendant');
  }

  function show() {
    if (!found.length) {
      say(told().none ?? '');
      return;
    }
    const options = found.map(({kind, title, detail}, i) => {
      const option = document.createElement('div');
      option.className = `search-found ${kind}`;
      option.id = `${LIST}-${i}`;
      option.setAttribute('role', 'option');
      const name = document.createElement('strong');
      name.textContent = title;
      const more = document.createElement('span');
      more.textContent = detail;
      option.append(name, more);
      return option;
    });
    list()?.replaceChildren(...options);
    field()?.setAttribute('aria-expanded', 'true');
    activate(0);
  }

  /** @param {string} text */
  async function ask(text) {
    asking?.abort();
    const own = asking = new AbortController();
    try {
      const answer = await fetch(`/api/search?q=${encodeURIComponent(text)}`, {signal: own.signal});
      if (!answer.ok) throw new Error(String(answer.status));
      const things = await answer.json();
      if (own !== asking) return;
      found = things;
      show();
    } catch (error) {
      if (/** @type {Error} */ (error).name !== 'AbortError' && own === asking) say(told().failed ?? '');
    }
  }

  /** @param {Found} thing */
  function go(thing) {
    const home = told().home ?? '';
    const kept = new URLSearchParams(window.location.search);
    for (const name of ['view', 'sel', 'lod', 'place', 'near', 'panel']) kept.delete(name);
    if (thing.kind === 'area') kept.set('area', thing.code);
    else kept.set('sel', `building:${thing.code}`);
    // @ts-ignore
    window.dash_clientside.set_props(FIELD, {value: ''});
    close();
    field()?.blur();
    if (home) {
      window.location.assign(`${home}?${kept}`); // another page
      return;
    }
    window.history.pushState({}, '', `${window.location.pathname}?${kept}`);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
  }

  document.addEventListener('focusin', (event) => {
    if (event.target === field()) introduce();
  });

  document.addEventListener('focusout', (event) => {
    if (event.target === field()) window.setTimeout(() => document.activeElement !== field() && close(), 150);
  });

  document.addEventListener('input', (event) => {
    const input = field();
    if (!input || event.target !== input) return;
    window.clearTimeout(timer);
    asking?.abort();
    forget();
    const text = input.value.trim();
    if (text) timer = window.setTimeout(() => ask(text), ASK_AFTER_MS);
    else close();
  });

  document.addEventListener('pointerdown', (event) => {
    const option = event.target instanceof Element && event.target.closest('.search-found');
    if (!option) return;
    event.preventDefault();
    const thing = found[[...(list()?.children ?? [])].indexOf(option)];
    if (thing) go(thing);
  });

  document.addEventListener('keydown', (event) => {
    const input = field();
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
    if (event.target !== input || event.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step && found.length) {
      event.preventDefault();
      activate((active + step + found.length) % found.length);
    } else if (event.key === 'Enter' && found[active]) {
      event.preventDefault();
      go(found[active]);
    } else if (event.key === 'Escape') {
      if (list()?.children.length) close();
      else input?.blur();
    }
  });
})();
