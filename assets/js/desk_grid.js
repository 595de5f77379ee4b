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
})();
