// @ts-check
/** Cells of the workbench's table: the mark of a state, the countdown, the next action as one button. */

(() => {
  /** @typedef {{no: string, state: string, shape: string, state_name: string, due: number | null, since: number, next: any, waits: string}} Row */

  const element = (/** @type {string} */ tag, /** @type {any} */ props, /** @type {any[]} */ ...children) =>
    // @ts-ignore
    window.React.createElement(tag, props, ...children);

  // @ts-ignore
  const shared = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};

  shared.DeskMark = (/** @type {{data: Row}} */ {data}) =>
    element('span', {className: `mark ${data.state}`, role: 'img', title: data.state_name, 'aria-label': data.state_name}, data.shape);

  shared.DeskClock = (/** @type {{data: Row}} */ {data}) => {
    if (data.state === 'held') return element('span', {className: 'due-words muted'}, data.state_name);
    // The clock's own script writes the words.
    return element('span', {
      className: `due-words ${data.state}`,
      ...(data.due ? {'data-due': data.due} : {'data-since': data.since}),
      // @ts-ignore
      ref: (/** @type {Element | null} */ node) => node && window.deskClock?.tick(node),
    });
  };

  shared.DeskNext = (/** @type {{data: any}} */ {data}) => {
    const next = data.next;
    if (!next) return element('span', {className: 'waits', title: data.waits}, data.waits);
    const ask = {action: next.action, cases: [{no: data.no, stage: data.stage, hold: data.hold}], data: next.data, form: next.form};
    return element('button', {
      type: 'button',
      className: next.suggested ? 'act main suggested' : 'act main',
      title: next.title,
      tabIndex: -1,
      'data-act': JSON.stringify(ask),
    }, next.form ? `${next.label}…` : next.label);
  };

  /** Width that a column wants, of those that are always shown and of those that go first where there is no room. */
  const FIXED_PX = 42 + 40 + 114;
  const WANTED_PX = {class: 124, place: 150};
  /** @type {[string, number][]} */
  const SPARED_PX = [['unit', 100], ['stage_name', 74], ['source', 80], ['reported', 100]];
  const NEXT_PX = {least: 92, most: 176, around: 48};
  const WAITS_PX = {most: 144, around: 24};
  const pen = document.createElement('canvas').getContext('2d');

  /** Give the last column what its words need, and hide those columns that no room is left for: nothing is covered. */
  // @ts-ignore
  window.deskFit = (/** @type {any} */ api) => {
    const place = document.querySelector('.work-grid');
    if (!place || !pen || !place.clientWidth) return;
    const look = window.getComputedStyle(place);
    pen.font = `600 ${parseFloat(window.getComputedStyle(document.documentElement).fontSize) * 0.75}px ${look.fontFamily}`;
    let wanted = NEXT_PX.least;
    api.forEachNode((/** @type {any} */ node) => {
      const {next, waits} = node.data;
      const text = next ? `${next.suggested ? '✦ ' : ''}${next.label}${next.form ? '…' : ''}` : waits;
      const wide = pen.measureText(text).width;
      wanted = Math.max(wanted, next ? wide + NEXT_PX.around : Math.min(wide + WAITS_PX.around, WAITS_PX.most));
    });
    const next = Math.round(Math.min(wanted, NEXT_PX.most));
    if (api.getColumn('next')?.getActualWidth() !== next) api.setColumnWidths([{key: 'next', newWidth: next}]);
    let room = place.clientWidth - FIXED_PX - next - WANTED_PX.class - WANTED_PX.place;
    let full = false;
    for (const [name, px] of SPARED_PX) {
      const column = api.getColumn(name);
      if (!column) continue;
      full = full || room < px;
      room -= px;
      if (column.isVisible() === full) api.setColumnsVisible([name], !full);
    }
  };
})();
