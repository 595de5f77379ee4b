// @ts-check
/**
 * Shadows softer than deck.gl's own: a finer map, and edges that are averages of its neighbouring points. (The map packs
 * a depth into four bytes, which must not be blended, as its filter does.)
 */

const FINER = 2;
const MOST_PX = 4096;
const COLOUR = [0.01, 0.02, 0.05, 0.52];
const FUNCTION = /float shadow_getShadowWeight\([\s\S]*?\n}/;
// Each point of the map is compared with the depth that the surface itself would have there: it lies in a plane, whose
// slope follows from how the place on the map changes from pixel to pixel.
const SOFT_FUNCTION = `float shadow_getShadowWeight(vec3 position, sampler2D shadowMap) {
  vec2 size = vec2(textureSize(shadowMap, 0));
  vec3 across = dFdx(position);
  vec3 down = dFdy(position);
  float area = across.x * down.y - across.y * down.x;
  vec2 slope = abs(area) < 1e-14 ? vec2(0.0) : vec2(
    down.y * across.z - across.y * down.z,
    across.x * down.z - down.x * across.z
  ) / area;
  vec2 place = position.xy * size - 0.5;
  ivec2 first = ivec2(floor(place));
  vec2 part = fract(place);
  float weight = 0.0;
  for (int x = -1; x <= 2; x++) {
    for (int y = -1; y <= 2; y++) {
      ivec2 at = clamp(first + ivec2(x, y), ivec2(0), ivec2(size) - 1);
      float depth = dot(texelFetch(shadowMap, at, 0), bitUnpackShift);
      float own = position.z + clamp(dot(slope, (vec2(at) + 0.5) / size - position.xy), -0.01, 0.01);
      float share = (x < 0 ? 1.0 - part.x : x > 1 ? part.x : 1.0) * (y < 0 ? 1.0 - part.y : y > 1 ? part.y : 1.0);
      weight += share * smoothstep(0.003, 0.009, own - depth);
    }
  }
  return weight / 9.0;
}`;

/** @type {any} */
let SoftLightingClass = null;

/** deck.gl's lighting effect with softer shadows; it extends one of deck.gl's classes, which is not here at first. */
export function softLightingClass() {
  SoftLightingClass ??= defineSoftLighting(window.deck);
  return SoftLightingClass;
}

/** @param {any} deck */
function defineSoftLighting(deck) {
  deck.shadow.fs = deck.shadow.fs.replace(FUNCTION, SOFT_FUNCTION);
  return class SoftLighting extends deck.LightingEffect {
    shadowColor = COLOUR;

    /** @param {any} context */
    setup(context) {
      super.setup(context);
      for (const pass of this.shadowPasses) pass.render = (/** @type {any} */ params) => drawMap(deck, pass, params);
    }

    /**
     * Once shadows were shown, shaders have a place for their maps, which wants filling also while there are none.
     * @param {any} layer
     * @param {any} others
     */
    getShaderModuleProps(layer, others) {
      const props = super.getShaderModuleProps(layer, others);
      if (this.shadow || !this.dummyShadowMap) return props;
      return {...props, shadow: {shadowEnabled: false, dummyShadowMap: this.dummyShadowMap}};
    }
  };
}

/**
 * Draw a shadow map of more points than the window has.
 * @param {any} deck
 * @param {any} pass
 * @param {any} params
 */
function drawMap(deck, pass, params) {
  const {width, height} = params.viewports[0];
  const ratio = Math.min(FINER * pass.device.canvasContext.cssToDeviceRatio(), MOST_PX / Math.max(width, height));
  const size = {width: Math.round(width * ratio), height: Math.round(height * ratio)};
  if (size.width !== pass.fbo.width || size.height !== pass.fbo.height) pass.fbo.resize(size);
  const shaderModuleProps = {...params.shaderModuleProps, project: {devicePixelRatio: ratio}};
  const {render} = deck._LayersPass.prototype;
  render.call(pass, {...params, shaderModuleProps, clearColor: [1, 1, 1, 1], target: pass.fbo, pass: 'shadow'});
}
