// @ts-check
/**
 * The page's one connection to what happens: `live`, and `window.citydeckLive`, an event target that every part of the
 * page shares. It tells the server's messages (`hello`, `case`, `figures`, `settled`, `gap`, `ping`) with their data as
 * `detail`, and `state` when its own state changes. The address decides what it listens to.
 */

const PATH = '/api/live';
const KINDS = ['hello', 'case', 'figures', 'settled', 'gap', 'ping', 'bye'];
const STALE_MS = 25_000;
const CHECK_MS = 1000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 2000; // a page is back soon after its server is
const FULL_RETRY_MS = 15_000;
const OFF_RETRY_MS = 60_000;
const HIDDEN_MS = 30_000; // a browser has six connections to a server; a tab that nobody sees leaves them to others

/** @typedef {'off' | 'connecting' | 'live' | 'reconnecting' | 'stale' | 'paused'} LiveState */

/** What the address says that a page listens to. */
function scopeHere() {
  const asked = new URLSearchParams(window.location.search);
  return {area: asked.get('area') ?? '', filter: asked.get('filter') ?? ''};
}

/** @param {Record<string, string>} parameters */
function addressOf(parameters) {
  const asked = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
  return asked ? `${PATH}?${asked}` : PATH;
}

/**
 * What the server can read of a scope; the page leaves the rest of its address aside too, and says so.
 * @param {{area: string, filter: string}} scope
 */
async function readable({area, filter}) {
  const asked = [{area, filter: ''}, {area: '', filter}];
  const answers = await Promise.all(asked.map((each) => fetch(addressOf(each), {method: 'HEAD'}).catch(() => null)));
  const [hasArea, hasFilter] = answers.map((answer) => answer?.status !== 400);
  return {area: hasArea ? area : '', filter: hasFilter ? filter : ''};
}

class LiveStream extends EventTarget {
  constructor() {
    super();
    /** @type {LiveState} */
    this.state = document.documentElement.dataset.live === 'on' ? 'connecting' : 'off';
    /** What the address asks for. */
    this.asked = scopeHere();
    /** What is listened to: as much of that as the server can read. */
    this.scope = this.asked;
    /** Id of the last event: where to read on from, whichever connection it came by. */
    this.since = '';
    /** When the server was last heard, milliseconds of this machine's clock; 0 for never. */
    this.heardAt = 0;
    this.openedAt = 0;
    this.askMs = 10_000;
    /** @type {EventSource | null} */
    this.source = null;
    this.failures = 0;
    this.retrying = 0;
    this.hiding = 0;
    document.documentElement.dataset.liveState = this.state;
    if (this.state !== 'off') this.begin();
  }

  begin() {
    this.open();
    window.setInterval(() => this.check(), CHECK_MS);
    window.addEventListener('popstate', () => this.follow());
    window.addEventListener('_dashprivate_pushstate', () => this.follow());
    document.addEventListener('visibilitychange', () => this.seen());
    window.addEventListener('pagehide', () => this.close());
    window.addEventListener('pageshow', (event) => event.persisted && this.open());
  }

  open() {
    this.close();
    const source = new EventSource(addressOf({...this.scope, since: this.since}));
    for (const kind of KINDS) source.addEventListener(kind, (event) => this.heard(kind, event));
    source.addEventListener('error', () => this.failed(source));
    this.source = source;
    this.openedAt = Date.now();
  }

  close() {
    window.clearTimeout(this.retrying);
    this.retrying = 0;
    this.source?.close();
    this.source = null;
  }

  /**
   * @param {string} kind
   * @param {MessageEvent} event
   */
  heard(kind, event) {
    this.heardAt = Date.now();
    this.failures = 0;
    if (event.lastEventId) this.since = event.lastEventId;
    const data = JSON.parse(event.data);
    if (data.ask_s) this.askMs = 1000 * data.ask_s;
    if (kind === 'bye') {
      this.retry();
      return;
    }
    this.become('live');
    this.dispatchEvent(new CustomEvent(kind, {detail: data}));
  }

  /** @param {EventSource} source */
  async failed(source) {
    if (source !== this.source) return;
    const answered = source.readyState === EventSource.CLOSED;
    this.retry();
    const refusal = answered ? await this.refusal() : '';
    if (!refusal || this.source) return;
    if (refusal === 'unreadable') {
      this.listenTo(await readable(this.scope));
      return;
    }
    if (refusal === 'off') this.become('off');
    this.retry(refusal === 'off' ? OFF_RETRY_MS : FULL_RETRY_MS);
  }

  /** Why the server refused: it cannot read the scope, it is full, it will never have anything to tell, or neither. */
  async refusal() {
    try {
      const answer = await fetch(addressOf(this.scope), {method: 'HEAD'});
      if (answer.status === 400) return 'unreadable';
      if (answer.status !== 503) return '';
      return answer.headers.has('Retry-After') ? 'full' : 'off';
    } catch {
      return '';
    }
  }

  /**
   * Come back later: the longer, the more often it failed, and not all pages at once.
   * @param {number} [wait] milliseconds
   */
  retry(wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures)) {
    this.close();
    if (this.state === 'live') this.become('reconnecting');
    this.failures++;
    this.retrying = window.setTimeout(() => this.open(), wait * (0.5 + 0.75 * Math.random()));
  }

  /** What a clock tells that no event does: that nothing comes, and that the address changed. */
  check() {
    this.follow();
    const now = Date.now();
    if (this.source && now - Math.max(this.heardAt, this.openedAt) > STALE_MS) this.retry(); // it looks alive and is not
    const known = this.state === 'live' || this.state === 'reconnecting';
    if (known && now - this.heardAt > STALE_MS) this.become('stale');
  }

  /** Listen to what the address says now. */
  follow() {
    const scope = scopeHere();
    if (scope.area === this.asked.area && scope.filter === this.asked.filter) return;
    this.asked = scope;
    this.listenTo(scope);
  }

  /** @param {{area: string, filter: string}} scope */
  listenTo(scope) {
    this.scope = scope;
    this.dispatchEvent(new CustomEvent('scope', {detail: scope}));
    if (this.source || this.retrying) this.open();
  }

  /** The tab came to the front, or left it. */
  seen() {
    window.clearTimeout(this.hiding);
    if (this.state === 'off') return;
    if (document.hidden) {
      this.hiding = window.setTimeout(() => {
        this.close();
        this.become('paused');
      }, HIDDEN_MS);
    } else if (!this.source || Date.now() - this.heardAt > STALE_MS) {
      this.failures = 0;
      if (this.state === 'paused') this.become('reconnecting');
      this.open();
    }
  }

  /** @param {LiveState} state */
  become(state) {
    if (state === this.state) return;
    this.state = state;
    document.documentElement.dataset.liveState = state;
    this.dispatchEvent(new CustomEvent('state', {detail: state}));
  }
}

export const live = new LiveStream();
window.citydeckLive = live;
