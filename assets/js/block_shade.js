// @ts-check
/** Blocks: a block of negative height is left out, and walls darken towards the ground as those of meshes do. */

import {GROUND_SHADE} from './mesh_layer.js';

const ROOF_M = 1000; // a roof is never darkened, however low it lies

const INJECTIONS = {
  'vs:#decl': 'out float blockHeight;',
  'vs:#main-end': `
  if (elevations < 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
#ifdef IS_SIDE_VERTEX
  blockHeight = elevations * positions.y * solidPolygon.elevationScale;
#else
  blockHeight = ${ROOF_M}.0;
#endif
`,
  'fs:#decl': 'in float blockHeight;',
  // Before all others, so that shadows and picking have the last word.
  'fs:DECKGL_FILTER_COLOR': {
    order: -1,
    injection: `color.rgb *= mix(${GROUND_SHADE.share}, 1.0, smoothstep(0.0, ${GROUND_SHADE.heightM}.0, blockHeight));`,
  },
};

/** @type {any} */
let extension = null;

/** The extension, of which one serves all layers. */
export function blockShade() {
  extension ??= new (defineBlockShade(window.deck))();
  return extension;
}

/** @param {any} deck */
function defineBlockShade(deck) {
  return class BlockShade extends deck.LayerExtension {
    static extensionName = 'BlockShade';

    getShaders() {
      return {inject: INJECTIONS};
    }
  };
}
