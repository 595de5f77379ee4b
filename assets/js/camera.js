// @ts-check
/** The camera: owned by the browser. The page may ask it to fly; it reports where it is once it rests. */

const REPORT_AFTER_MS = 400;
const FLIGHT_MS = 2500;
/** A flight to where the camera is already never starts, and so never tells its end. */
const FLIGHT_LIMIT_MS = 4000;
const STEP_MS = 180;
const PAN_FRACTION = 0.12;
const BEARING_STEP = 15;
const PITCH_STEP = 10;
const LIMITS = {minZoom: 8, maxZoom: 19.5, minPitch: 0, maxPitch: 70};

/** @typedef {{longitude: number, latitude: number, zoom: number, pitch: number, bearing: number}} View */

export class Camera {
  /**
   * @param {(view: View) => void} report told the view after each movement
   * @param {() => void} jumped told of a movement without steps between, of which deck.gl tells nobody
   */
  constructor(report, jumped) {
    this.report = report;
    this.jumped = jumped;
    /** @type {View | null} */
    this.view = null;
    /** @type {string | undefined} */
    this.flyKey = undefined;
    /** @type {any} */
    this.deck = null;
    this.timer = 0;
    /** Number of the flight that is under way, 0 at rest: a view in mid-flight is nobody's to remember. */
    this.flight = 0;
    this.flights = 0;
    /** @type {View | null} */
    this.home = null;
  }

  /**
   * Props for a new Deck: it continues where the last one was.
   * @param {any} deck
   */
  attach(deck) {
    this.deck = deck;
  }

  get initialViewState() {
    return {...LIMITS, ...this.view};
  }

  /**
   * Take the spec's view: at the first spec by appearing there, later only if the fly key changed.
   * @param {any} initial
   * @param {string | undefined} flyKey
   */
  take(initial, flyKey) {
    const view = pickView(initial);
    this.home = view;
    if (!this.view) {
      this.view = view;
    } else if (flyKey !== this.flyKey) {
      this.moveTo(view, true);
    }
    this.flyKey = flyKey;
  }

  /**
   * @param {View} view
   * @param {boolean} fly
   */
  moveTo(view, fly) {
    this.view = view;
    if (!this.deck) return;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const {FlyToInterpolator, LinearInterpolator} = window.deck;
    /** @type {any} */
    let transition = {transitionDuration: 0};
    if (!still && fly) {
      transition = {transitionDuration: 'auto', transitionInterpolator: new FlyToInterpolator({speed: 2.2, maxDuration: FLIGHT_MS})};
    } else if (!still) {
      transition = {
        transitionDuration: STEP_MS,
        transitionInterpolator: new LinearInterpolator(['longitude', 'latitude', 'zoom', 'pitch', 'bearing']),
      };
    }
    const flight = !still && fly ? ++this.flights : 0;
    this.flight = flight;
    if (flight) {
      transition.onTransitionEnd = transition.onTransitionInterrupt = () => this.landed(flight);
      window.setTimeout(() => this.landed(flight), FLIGHT_LIMIT_MS);
    }
    this.deck.setProps({initialViewState: {...LIMITS, ...view, ...transition}});
    this.moved(view);
    if (still) this.jumped();
  }

  /**
   * A flight has ended or was broken off; a later one may be under way already.
   * @param {number} flight
   */
  landed(flight) {
    if (flight !== this.flight) return;
    this.flight = 0;
    if (this.view) this.moved(this.view);
  }

  /**
   * Deck tells each step of each movement.
   * @param {any} viewState
   */
  moved(viewState) {
    this.view = pickView(viewState);
    window.clearTimeout(this.timer);
    if (this.flight) return;
    this.timer = window.setTimeout(() => {
      if (this.view) this.report(this.view);
    }, REPORT_AFTER_MS);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of the camera's
   */
  key(event) {
    if (!this.view || event.ctrlKey || event.metaKey || event.altKey) return false;
    const next = afterKey(this.view, event.key, this.deck);
    const target = event.key === 'Home' ? this.home : next;
    if (!target) return false;
    this.moveTo(target, event.key === 'Home');
    return true;
  }
}

/**
 * View after a key, or null if the key means nothing to the camera.
 * @param {View} view
 * @param {string} key
 * @param {any} deck
 * @returns {View | null}
 */
function afterKey(view, key, deck) {
  const pans = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  if (key in pans) {
    const [right, down] = pans[/** @type {keyof pans} */ (key)];
    const viewport = deck?.getViewports?.()[0];
    if (!viewport) return null;
    const {width, height} = viewport;
    const flat = new window.deck.WebMercatorViewport({...view, pitch: 0, width, height});
    const centre = [width * (0.5 + right * PAN_FRACTION), height * (0.5 + down * PAN_FRACTION)];
    const [longitude, latitude] = flat.unproject(centre);
    return {...view, longitude, latitude};
  }
  const {zoom, pitch, bearing} = view;
  /** @type {Record<string, Partial<View>>} */
  const turns = {
    '+': {zoom: Math.min(zoom + 0.5, LIMITS.maxZoom)},
    '=': {zoom: Math.min(zoom + 0.5, LIMITS.maxZoom)},
    '-': {zoom: Math.max(zoom - 0.5, LIMITS.minZoom)},
    q: {bearing: bearing - BEARING_STEP},
    e: {bearing: bearing + BEARING_STEP},
    PageUp: {pitch: Math.min(pitch + PITCH_STEP, LIMITS.maxPitch)},
    PageDown: {pitch: Math.max(pitch - PITCH_STEP, LIMITS.minPitch)},
  };
  const turn = turns[key.length === 1 ? key.toLowerCase() : key];
  return turn ? {...view, ...turn} : null;
}

/**
 * @param {any} state
 * @returns {View}
 */
function pickView({longitude, latitude, zoom, pitch = 0, bearing = 0}) {
  return {longitude, latitude, zoom, pitch, bearing};
}
