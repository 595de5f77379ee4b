// @ts-check
/** An effect beside deck.gl's lights: layers that are signs (`shaded: false` in their spec) stand in no shadow. */

export const unshaded = {
  id: 'unshaded',
  setup() {},
  preRender() {},
  cleanup() {},
  /** @param {any} layer */
  getShaderModuleProps(layer) {
    return layer.root.props.shaded === false ? {shadow: {shadowEnabled: false}} : {};
  },
};
