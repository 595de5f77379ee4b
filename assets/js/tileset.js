// @ts-check
/** 3D Tiles as a background, from this server alone. */

/** Nothing is decoded in workers: loaders.gl would fetch their scripts from elsewhere. */
const LOAD_OPTIONS = {worker: false, core: {worker: false}, tileset: {maximumMemoryUsage: 128, throttleRequests: true}};

/** @type {any} */
let TilesetLayerClass = null;

/** The class of the layer; it extends one of deck.gl's, which is not here yet while modules load. */
export function tilesetLayerClass() {
  TilesetLayerClass ??= defineTilesetLayer(window.deck);
  return TilesetLayerClass;
}

/** @param {any} deck */
function defineTilesetLayer(deck) {
  return class TilesetLayer extends deck.Tile3DLayer {
    static layerName = 'TilesetLayer';

    /**
     * deck.gl chooses tiles when the camera moves; one that rests since before the tileset came would see none.
     * @param {string} url
     */
    async _loadTileset(url) {
      try {
        await super._loadTileset(url);
        const {activeViewports, lastUpdatedViewports} = this.state;
        this._updateTileset(Object.keys(activeViewports).length ? activeViewports : lastUpdatedViewports);
      } catch (error) {
        this.raiseError(error, `tileset ${url}`);
      }
    }
  };
}

/**
 * Properties of a layer of 3D Tiles.
 * @param {any} layer spec
 */
export function tilesetProps({groundM = 0}) {
  return {
    loadOptions: LOAD_OPTIONS,
    /** @param {any} tile */
    onTileLoad({content}) {
      if (content?.cartographicOrigin) content.cartographicOrigin[2] -= groundM; // the scene is a plain at height 0
    },
    /**
     * @param {any} _tile
     * @param {string} message
     * @param {string} url
     */
    onTileError(_tile, message, url) {
      console.error(`deck: tile ${url}: ${message}`);
    },
  };
}
