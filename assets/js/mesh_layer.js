// @ts-check
/**
 * A deck.gl layer for many meshes in one draw call, each of its own colour and picked by itself. The normals follow
 * from the surface as it is drawn, so that vertices are shared between walls and roofs and memory stays small.
 */

/** Walls darken towards the ground, where little light of the sky comes; blocks do the same (block_shade.js). */
export const GROUND_SHADE = {share: 0.62, heightM: 26};

const VERTEX_SHADER = `#version 300 es
#define SHADER_NAME city-mesh-vertex
in vec3 positions;
in float rows;
in vec4 colors;
in float scales;
out vec4 vColor;
out vec3 vPosition;
out vec3 vCamera;
out float vHeight;

void main(void) {
  vec3 place = vec3(positions.xy, positions.z * scales);
  geometry.worldPosition = place;
  geometry.pickingColor = picking_getPickingColorFromIndex(rows);
  gl_Position = project_position_to_clipspace(place, vec3(0.0), vec3(0.0), geometry.position);
  vPosition = geometry.position.xyz;
  vCamera = project.cameraPosition;
  vHeight = place.z;
  DECKGL_FILTER_GL_POSITION(gl_Position, geometry);
  vColor = colors;
  DECKGL_FILTER_COLOR(vColor, geometry);
  if (scales <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

const FRAGMENT_SHADER = `#version 300 es
#define SHADER_NAME city-mesh-fragment
precision highp float;
in vec4 vColor;
in vec3 vPosition;
in vec3 vCamera;
in float vHeight;
out vec4 fragColor;

void main(void) {
  vec3 normal = normalize(cross(dFdx(vPosition), dFdy(vPosition)));
  float shade = mix(${GROUND_SHADE.share}, 1.0, smoothstep(0.0, ${GROUND_SHADE.heightM}.0, vHeight));
  shade = mix(shade, 1.0, step(0.3, normal.z));
  fragColor = vec4(lighting_getLightColor(vColor.rgb, vCamera, vPosition, normal) * shade, vColor.a);
  DECKGL_FILTER_COLOR(fragColor, geometry);
}
`;

const LAYOUT = [
  {name: 'positions', format: 'float32x3'},
  {name: 'rows', format: 'float32'},
  {name: 'colors', format: 'unorm8x4'},
  {name: 'scales', format: 'float32'},
];

/** @type {any} */
let MeshLayerClass = null;

/** The class of the layer; it extends one of deck.gl's, which is not here yet while modules load. */
export function meshLayerClass() {
  MeshLayerClass ??= defineMeshLayer(window.deck, window.luma);
  return MeshLayerClass;
}

/**
 * @param {any} deck
 * @param {any} luma
 */
function defineMeshLayer(deck, luma) {
  /**
   * Properties: `meshes` (mesh_table.js), `colors` (Uint8Array, 4 a vertex), `scales` (Float32Array, 1 a vertex: times
   * its height that a vertex is drawn, 0 to hide it), `material`.
   */
  return class MeshLayer extends deck.Layer {
    static layerName = 'MeshLayer';
    static defaultProps = {
      meshes: {type: 'object', value: null, compare: false},
      colors: {type: 'object', value: null, compare: false},
      scales: {type: 'object', value: null, compare: false},
      material: true,
    };

    getShaders() {
      return super.getShaders({
        vs: VERTEX_SHADER,
        fs: FRAGMENT_SHADER,
        modules: [deck.project32, deck.phongMaterial, deck.picking],
      });
    }

    initializeState() {
      this.getAttributeManager().remove(['instancePickingColors']);
      this.setState({buffers: {}});
    }

    /** @param {any} params */
    updateState(params) {
      super.updateState(params);
      const {props, oldProps, changeFlags} = params;
      const fresh = props.meshes !== oldProps.meshes;
      if (fresh) {
        this.upload('positions', props.meshes.positions);
        this.upload('rows', props.meshes.rows);
        this.upload('indices', props.meshes.indices, luma.Buffer.INDEX);
      }
      if (fresh || props.colors !== oldProps.colors) this.upload('colors', props.colors);
      if (fresh || props.scales !== oldProps.scales) this.upload('scales', props.scales);
      if (fresh || changeFlags.extensionsChanged || !this.state.model) this.build();
    }

    /**
     * @param {string} name
     * @param {ArrayBufferView} data
     * @param {number} [usage]
     */
    upload(name, data, usage = luma.Buffer.VERTEX) {
      const {buffers, model} = this.state;
      const last = buffers[name];
      if (last && last.byteLength === data.byteLength) {
        last.write(data);
        return;
      }
      last?.destroy();
      buffers[name] = this.context.device.createBuffer({id: `${this.id}-${name}`, usage: usage | luma.Buffer.COPY_DST, data});
      if (model && name !== 'indices') model.setAttributes({[name]: buffers[name]});
    }

    build() {
      const {positions, rows, colors, scales, indices} = this.state.buffers;
      this.state.model?.destroy();
      const model = new luma.Model(this.context.device, {
        ...this.getShaders(),
        id: this.props.id,
        topology: 'triangle-list',
        bufferLayout: LAYOUT,
        attributes: {positions, rows, colors, scales},
        indexBuffer: indices,
        vertexCount: this.props.meshes.indices.length,
        isInstanced: false,
      });
      this.setState({model});
    }

    /** @param {any} context */
    finalizeState(context) {
      super.finalizeState(context);
      for (const buffer of Object.values(this.state.buffers)) buffer.destroy();
    }
  };
}
