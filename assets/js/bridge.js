// @ts-check
/**
 * The bridge between the page and deck.gl: takes specs, keeps tables resident, draws, and tells the page what was
 * picked and where the camera is. It draws a frame only when something changed.
 */

import {Camera} from './camera.js';
import {watchContext, webglAvailable} from './context_loss.js';
import {drawsInSoftware} from './device.js';
import {boxesOver, candidatesOf, labelSize, placed} from './labels.js';
import {MeshTiles} from './mesh_tiles.js';
import {pacedDeckClass} from './paced_deck.js';
import {Tooltip, pickedValues} from './picking.js';
import {pixelRatio} from './pixel_ratio.js';
import {LayerFactory} from './spec.js';
import {StatusPanel} from './status.js';
import {TableStore} from './table_store.js';
import {bandOf, foundAt, showsAt} from './zoom_range.js';

const CLICK_RADIUS_PX = 4;
const CLICK_MS = 2000;
const GATHER_MS = 250;
const PLACE_MS = 90; // between two decisions on labels while the camera moves
const CHOOSE_MS = 120; // between two decisions on meshes while the camera moves
const PANELS = '.slot'; // what may lie over the map

/** @typedef {{pick: (data: any) => void, view: (data: any) => void, status: (data: any) => void}} Outlets */

export class DeckBridge {
  /**
   * @param {HTMLElement} root
   * @param {Outlets} outlets where reports to the page go
   */
  constructor(root, outlets) {
    this.root = root;
    this.outlets = outlets;
    this.tables = new TableStore();
    this.factory = new LayerFactory(this.tables);
    this.meshes = new MeshTiles((pending) => this.chooseSoon(pending ? GATHER_MS : 0));
    this.camera = new Camera((view) => outlets.view(view), () => this.follow());
    this.status = new StatusPanel(root, () => this.draw());
    this.tooltip = new Tooltip(root);
    /** @type {any} */
    this.spec = null;
    /** @type {any} */
    this.deck = null;
    /** @type {any[]} layers of the spec that are drawn */
    this.layers = [];
    /** Layers over those of the spec. @type {() => any[]} */
    this.overlay = () => [];
    this.frames = 0;
    this.contextsLost = 0;
    this.picks = 0;
    this.labelPx = 0;
    this.slow = false;
    /** @type {Map<string, string>} addresses that failed, with why */
    this.failed = new Map();
    /** @type {Map<string, any>} what is drawn, by layer id: the layer's spec when its tables last were here */
    this.shown = new Map();
    this.zoomBand = '';
    this.pending = 0;
    this.drawing = 0;
    this.placing = 0;
    this.choosing = 0;
    /** @type {Map<string, number>} labels that show, and how far they are */
    this.labels = new Map();
    /** @type {Map<string, {key: string, rows: any[]}>} rows of the labels that show, by layer id */
    this.labelRows = new Map();
    this.listen();
  }

  listen() {
    this.root.addEventListener('keydown', (event) => {
      if (this.camera.key(event)) event.preventDefault();
    });
    this.root.addEventListener('pointerleave', () => this.tooltip.leave());
    this.resizing = new ResizeObserver(() => {
      this.deck?.setProps({useDevicePixels: pixelRatio(this.root)});
      this.placeSoon();
    });
    this.resizing.observe(this.root);
    for (const element of document.querySelectorAll(PANELS)) this.resizing.observe(element);
  }

  /** Let go of everything; the root left the page. */
  destroy() {
    this.resizing?.disconnect();
    window.clearTimeout(this.drawing);
    window.clearTimeout(this.placing);
    window.clearTimeout(this.choosing);
    this.meshes.clear();
    this.tables.want(new Set());
    this.deck?.finalize();
    this.deck = null;
  }

  /**
   * Show a spec. What its layers share with the last one (tables, geometry, camera) stays.
   * @param {any} spec
   */
  apply(spec) {
    this.spec = spec;
    this.camera.take(spec.initialViewState, spec.flyKey);
    this.draw();
  }

  /** Fetch what is missing, and draw what is here. */
  draw() {
    if (!this.spec) return;
    this.setReady(false);
    this.failed.clear();
    this.status.clear();
    if (!this.deck && !this.start()) return;
    this.deck.setProps({effects: this.factory.effects(this.spec.effects ?? [])});
    this.tables.want(new Set(this.spec.layers.flatMap(LayerFactory.urls)));
    this.meshes.take(this.detailed()?.detail ?? null);
    this.show();
  }

  /** Load what shows at this zoom, and draw it. */
  show() {
    this.fetch(this.wanted());
    this.update();
  }

  /** Layers that show at the camera's zoom. */
  visibleLayers() {
    const zoom = this.camera.view?.zoom ?? 0;
    return this.spec.layers.filter((/** @type {any} */ layer) => showsAt(layer, zoom));
  }

  /** The layer whose objects have meshes, if there is one. */
  detailed() {
    return this.spec.layers.find((/** @type {any} */ {detail}) => detail);
  }

  /** @returns {Set<string>} addresses that what shows now needs */
  wanted() {
    return new Set(this.visibleLayers().flatMap(LayerFactory.urls));
  }

  /** @param {Iterable<string>} urls */
  fetch(urls) {
    for (const url of urls) if (!this.tables.get(url)) this.load(url);
  }

  /** @param {string} url */
  async load(url) {
    try {
      await this.tables.load(url);
    } catch (error) {
      if (/** @type {Error} */ (error).name === 'AbortError') return;
      this.failed.set(url, /** @type {Error} */ (error).message);
    }
    if (this.wanted().has(url)) this.arrived();
  }

  /** Draw what arrived: at once if it was the last, else soon, together with what arrives meanwhile. */
  arrived() {
    window.clearTimeout(this.drawing);
    const waiting = [...this.wanted()].some((url) => !this.tables.get(url) && !this.failed.has(url));
    this.drawing = window.setTimeout(() => this.update(), waiting ? GATHER_MS : 0);
  }

  /** @returns {boolean} whether there is a canvas to draw on */
  start() {
    if (!webglAvailable()) {
      this.status.say('noWebgl');
      this.outlets.status({phase: 'no-webgl'});
      return false;
    }
    // Lighting up what is under the pointer draws the whole city again.
    this.slow = drawsInSoftware();
    const canvas = document.createElement('canvas');
    canvas.className = 'deck-canvas';
    this.root.prepend(canvas);
    this.deck = new (pacedDeckClass())({
      canvas,
      views: new window.deck.MapView({id: 'city', controller: {keyboard: false, doubleClickZoom: false, inertia: 250}}),
      initialViewState: this.camera.initialViewState,
      useDevicePixels: pixelRatio(this.root),
      pickingRadius: CLICK_RADIUS_PX,
      // Picking on a slow device holds up the release of the button; it is a click all the same.
      eventRecognizerOptions: {click: {time: CLICK_MS}},
      onViewStateChange: ({viewState}) => this.moved(viewState),
      onHover: (info) => this.hovered(info),
      onClick: (info) => this.clicked(info),
      onAfterRender: () => this.rendered(),
      onError: (error, layer) => this.broke(error, layer),
      getCursor: ({isDragging, isHovering}) => (isDragging ? 'grabbing' : isHovering ? 'pointer' : 'grab'),
    });
    this.camera.attach(this.deck);
    watchContext(canvas, {onLost: () => this.lost(canvas), rebuild: () => this.draw()});
    return true;
  }

  /** @param {HTMLCanvasElement} canvas */
  lost(canvas) {
    this.contextsLost++;
    this.setReady(false);
    this.tooltip.hide();
    const {deck} = this;
    this.deck = null;
    this.camera.attach(null);
    deck.finalize();
    canvas.remove();
    this.status.say('contextLost');
    this.outlets.status({phase: 'context-lost'});
  }

  /** Rebuild the list of layers. A layer whose new tables are not here yet stays as it was. */
  update() {
    if (!this.deck) return;
    this.factory.keep(new Set(this.spec.layers.map((/** @type {any} */ layer) => layer.id)));
    const shown = new Map();
    const layers = [];
    this.labels = this.place();
    this.choose();
    for (const layer of this.visibleLayers()) {
      const here = LayerFactory.urls(layer).every((url) => this.tables.get(url));
      const drawn = here ? layer : this.shown.get(layer.id);
      const made = drawn ? this.make(drawn) : [];
      if (!made.length) continue;
      shown.set(layer.id, drawn);
      layers.push(...made);
    }
    this.shown = shown;
    this.zoomBand = bandOf(this.spec.layers, this.camera.view?.zoom ?? 0);
    this.layers = layers;
    this.deck.setProps({layers: [...layers, ...this.overlay()]});
    this.progress();
  }

  /** What lies over the spec's layers has changed; those stay as they are. */
  overlaid() {
    if (!this.deck) return;
    this.deck.setProps({layers: [...this.layers, ...this.overlay()]});
    this.deck.ask('overlay');
  }

  /**
   * Layers of a spec: none where it asks for what its tables lack, which is said, and the others are drawn; and with
   * the blocks the meshes that stand in place of some, so that both change in one frame.
   * @param {any} layer
   * @returns {any[]}
   */
  make(layer) {
    try {
      const more = {...this.pointed(layer), ...(layer.label && this.labelProps(layer))};
      if (layer.surfaces) return this.factory.model(layer);
      const shown = layer.detail ? this.shownTiles() : [];
      const made = this.factory.layer(layer, more, shown);
      return made ? [made, ...(shown.length ? this.factory.meshes(layer, shown, more) : [])] : [];
    } catch (error) {
      this.broke(/** @type {Error} */ (error), layer);
      return [];
    }
  }

  /**
   * What the camera and the device decide of how the pointer finds a layer.
   * @param {any} layer
   */
  pointed(layer) {
    const found = foundAt(layer, this.camera.view?.zoom ?? 0);
    return {...((this.slow || !found) && {autoHighlight: false}), ...(!found && {pickable: false})};
  }

  shownTiles() {
    return [...this.meshes.shown].flatMap((tile) => this.meshes.loaded.get(tile) ?? []);
  }

  /**
   * Choose the meshes for where the camera is.
   * @returns {boolean} whether other ones are to be shown than before
   */
  choose() {
    const layer = this.detailed();
    const index = layer && this.tables.get(layer.detail.tiles);
    return this.meshes.choose(index, this.viewport(), this.camera.view?.zoom ?? 0);
  }

  /**
   * Choose the meshes anew, soon; and draw if other ones show then.
   * @param {number} [delay] milliseconds
   */
  chooseSoon(delay = CHOOSE_MS) {
    if (this.choosing) return;
    this.choosing = window.setTimeout(() => {
      this.choosing = 0;
      if (!this.deck || !this.spec) return;
      if (this.choose()) this.update();
      else if (!this.meshes.pending) this.deck.ask('meshes');
    }, delay);
  }

  /** @returns {any} the camera's viewport, or null while there is no canvas to project on */
  viewport() {
    const {clientWidth: width, clientHeight: height} = this.root;
    return this.camera.view && width && height
      ? new window.deck.WebMercatorViewport({...this.camera.view, width, height})
      : null;
  }

  /** Which labels there is room for now. */
  place() {
    const viewport = this.viewport();
    if (!viewport) return this.labels;
    const {width, height} = viewport;
    const layers = this.visibleLayers().filter(
      (/** @type {any} */ layer) => layer.label && LayerFactory.urls(layer).every((url) => this.tables.get(url)),
    );
    const size = labelSize(width, height);
    const candidates = layers.flatMap((/** @type {any} */ layer) =>
      candidatesOf(layer, this.factory.data(layer), viewport, size),
    );
    return placed(candidates, boxesOver(this.root, PANELS), {width, height});
  }

  /** Decide on the labels anew, soon; and draw if other ones show then. */
  placeSoon() {
    if (this.placing) return;
    this.placing = window.setTimeout(() => {
      this.placing = 0;
      if (!this.deck || !this.spec) return;
      const next = this.place();
      const same = next.size === this.labels.size && [...next].every(([key, far]) => this.labels.get(key) === far);
      if (!same || this.labelPx !== this.currentLabelSize()) this.update();
    }, PLACE_MS);
  }

  currentLabelSize() {
    return labelSize(this.root.clientWidth, this.root.clientHeight);
  }

  /**
   * What the window decides of a layer of labels: their size, and which of them there is room for.
   * @param {any} layer
   */
  labelProps(layer) {
    const rows = this.factory.data(layer).filter((/** @type {any} */ {code}) => this.labels.has(`${layer.id}/${code}`));
    const key = JSON.stringify([layer.data, layer.getText, rows.map((/** @type {any} */ {code}) => code)]);
    // Equal rows stay the same array, so that deck.gl does not set their letters anew.
    if (this.labelRows.get(layer.id)?.key !== key) this.labelRows.set(layer.id, {key, rows});
    this.labelPx = this.currentLabelSize();
    const far = (/** @type {any} */ {code}) => this.labels.get(`${layer.id}/${code}`) ?? 1;
    return {
      data: this.labelRows.get(layer.id)?.rows,
      sizeScale: this.labelPx,
      getSize: (/** @type {any} */ row) => layer.getSize * far(row),
      updateTriggers: {getSize: rows.map(far).join()},
    };
  }

  progress() {
    const wanted = [...this.wanted()];
    const done = wanted.filter((url) => this.tables.get(url) || this.failed.has(url)).length;
    this.status.loading(done, wanted.length);
    this.pending = wanted.length - done;
    if (this.failed.size) {
      const detail = [...this.failed.values()][0];
      this.status.say('tableFailed', {detail, retry: true});
      this.outlets.status({phase: 'failed', detail});
    }
    this.deck.ask('spec');
  }

  rendered() {
    this.frames++;
    if (this.slow) this.deck.drew();
    if (this.pending || this.meshes.pending || this.failed.size || this.root.dataset.ready === 'true') return;
    const {layers} = this.deck.props;
    if (!layers.every((/** @type {any} */ layer) => layer.isLoaded)) return;
    this.setReady(true);
    this.outlets.status({phase: 'ready', layers: layers.length});
    this.fetch(this.spec.layers.flatMap(LayerFactory.urls)); // what other zoom levels need, now that nothing waits
  }

  /** @param {boolean} ready */
  setReady(ready) {
    this.root.dataset.ready = String(ready);
  }

  /**
   * deck.gl tells each step of a movement.
   * @param {any} viewState
   */
  moved(viewState) {
    this.camera.moved(viewState);
    this.follow();
  }

  /** Do what a movement of the camera asks for: crossing into another band of zoom levels draws the layers anew. */
  follow() {
    this.tooltip.hide();
    this.placeSoon();
    this.chooseSoon();
    if (!this.deck || bandOf(this.spec.layers, this.camera.view?.zoom ?? 0) === this.zoomBand) return;
    this.setReady(false);
    this.show();
  }

  /** @param {any} info */
  picked(info) {
    const found = info.layer && this.drawnBy(info.layer.id);
    if (!found) return null;
    const {layer, rows} = found;
    const values = pickedValues(info, layer, this.data(layer), this.tables, rows);
    return values && {layer, values};
  }

  /**
   * The layer of the spec that a layer of deck.gl draws, and the rows behind what that counts where it is a tile's.
   * @param {string} id
   * @returns {{layer: any, rows?: ArrayLike<number>} | null}
   */
  drawnBy(id) {
    const layer = this.shown.get(id);
    if (layer) return {layer};
    const blocks = [...this.shown.values()].find(({detail}) => detail);
    const tile = blocks && this.meshes.loaded.get(Number(id.slice(blocks.id.length + 1)));
    const table = tile && this.tables.get(blocks.data);
    return table ? {layer: blocks, rows: this.factory.buildings.rowsOf(tile.table, table)} : null;
  }

  /** @param {any} layer */
  data(layer) {
    return this.factory.data(layer, layer.detail ? this.shownTiles() : []);
  }

  /** @param {any} info */
  hovered(info) {
    if (this.tooltip.pinned) return;
    const found = this.picked(info);
    const template = found && this.spec.tooltip?.[found.layer.kind];
    if (!template) {
      this.tooltip.hide();
      return;
    }
    this.tooltip.show(found.values, template, info.x, info.y);
  }

  /** @param {any} info */
  clicked(info) {
    this.tooltip.hide();
    const found = this.picked(info);
    if (!found?.layer.kind) return;
    const {layer, values} = found;
    const template = this.spec.tooltip?.[layer.kind];
    // An area is gone into; of anything else the click keeps what the pointer showed, also where no pointer hovers.
    if (layer.kind !== 'area' && template) this.tooltip.pin(values, template, info.x, info.y);
    const code = values.code ?? values.case_no ?? null;
    this.outlets.pick({layer: layer.id, kind: layer.kind, code, seq: ++this.picks});
  }

  /**
   * @param {Error} error
   * @param {any} layer
   */
  broke(error, layer) {
    console.error(`deck: ${layer?.id ?? 'canvas'}: ${error.message}`);
    this.status.say('tableFailed', {detail: error.message, retry: true});
    this.outlets.status({phase: 'failed', detail: error.message});
  }

  /** What tests and the operator's console read. */
  state() {
    const layers = this.deck?.props.layers ?? [];
    return {
      ready: this.root.dataset.ready === 'true',
      layers: layers.map((/** @type {any} */ {id, props}) => ({id, count: props.data.length})),
      frames: this.frames,
      requests: this.tables.requests,
      contextsLost: this.contextsLost,
      view: this.camera.view,
      labels: [...this.labels.keys()],
      labelPx: this.labelPx,
      models: this.meshes.state(),
    };
  }
}
