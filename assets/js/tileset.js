// @ts-check
/** 3D Tiles as a background, from this server alone. */

/** Nothing is decoded in workers: loaders.gl would fetch their scripts from elsewhere. */
const LOAD_OPTIONS = {worker: false, core: {worker: false}, tileset: {maximumMemoryUsage: 128, throttleRequests: true}};

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
