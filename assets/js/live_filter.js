// @ts-check
/**
 * Whether an event's case is among those that the address filters for, as far as an event tells. The text is that of
 * `twin_model/selection_text.py`.
 */

/** @typedef {true | false | null} Answer null where the event does not tell */
/** @typedef {(event: any) => Answer} Test */

const BIG_CLASS = /^[A-Za-z]\d\d$/;
const STAGES = {
  REPORTED: 10, VERIFYING: 15, FILED: 20, DISPATCHED: 30, ACCEPTED: 35, HANDLING: 40, FEEDBACK: 50, CHECKING: 60,
  CLOSED: 70, VOID: 80, DUPLICATE: 90,
};

/** @type {Record<string, (codes: string[]) => Test>} */
const LEAVES = {
  source: (codes) => (event) => codes.includes(event.source),
  unit: (codes) => (event) => codes.includes(event.unit),
  building: (codes) => (event) => codes.includes(event.building),
  area: (codes) => ({street, community, grid}) => codes.some((code) => [street, community, grid].includes(code)) || null,
  class: (codes) => (event) =>
    codes.some((code) => event.class === code || (BIG_CLASS.test(code) && event.class.startsWith(code))),
  stage: (codes) => (event) =>
    codes.some((code) => event.stage === STAGES[/** @type {keyof typeof STAGES} */ (code)] || (code === 'OPEN' && event.stage < STAGES.CLOSED)),
};

/** @type {Record<string, (parts: Test[]) => Test>} */
const COMPOUNDS = {
  and: (parts) => (event) => {
    const answers = parts.map((part) => part(event));
    return answers.includes(false) ? false : answers.includes(null) ? null : true;
  },
  or: (parts) => (event) => {
    const answers = parts.map((part) => part(event));
    return answers.includes(true) ? true : answers.includes(null) ? null : false;
  },
  not: ([part]) => (event) => {
    const answer = part(event);
    return answer === null ? null : !answer;
  },
};

/**
 * Read a filter.
 * @param {string} text
 * @returns {Test} of events; one that never tells where the text cannot be read
 */
export function filterTest(text) {
  if (!text) return () => true;
  try {
    const [test, rest] = read(text);
    return rest ? () => null : test;
  } catch {
    return () => null;
  }
}

/**
 * @param {string} text
 * @returns {[Test, string]} test, and what stands after it
 */
function read(text) {
  const name = /^[a-z]*/.exec(text)?.[0] ?? '';
  let rest = text.slice(name.length);
  if (name === 'all' || name === 'none') return [() => name === 'all', rest];
  if (!rest.startsWith('(')) throw new Error(`a bracket is missing at ${rest}`);
  if (!(name in COMPOUNDS)) {
    const end = rest.indexOf(')');
    if (end < 0) throw new Error(`a bracket stays open at ${rest}`);
    const leaf = LEAVES[name];
    return [leaf ? leaf(rest.slice(1, end).split(',').map(unescaped)) : () => null, rest.slice(end + 1)];
  }
  const parts = [];
  do {
    const [part, after] = read(rest.slice(1));
    parts.push(part);
    rest = after;
  } while (rest.startsWith(','));
  if (!rest.startsWith(')')) throw new Error(`a bracket stays open at ${rest}`);
  return [COMPOUNDS[name](parts), rest.slice(1)];
}

/** @param {string} word */
function unescaped(word) {
  return decodeURIComponent(word.replaceAll('%', '%25').replaceAll('~', '%'));
}
