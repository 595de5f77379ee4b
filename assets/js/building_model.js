// @ts-check
/** The mesh of one building: each triangle in the colour of what it is, or in its texture. */

import {meshLayerClass} from './mesh_layer.js';

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {import('./mesh_table.js').Meshes} Meshes */

/** @type {WeakMap<WireTable, {key: string, plain: any, worn: Map<string, any>}>} */
const made = new WeakMap();

/**
 * Layers of a model: one for what has no texture, one for each texture.
 * @param {any} layer spec
 * @param {WireTable} table
 * @param {any} shared properties of deck.gl's
 */
export function modelLayers(layer, table, shared) {
  const {meshes} = table;
  if (!meshes || !meshes.indices.length) return [];
  const {plain, worn} = partsOf(layer, table, meshes);
  const {deck} = window;
  const layers = [];
  if (plain.meshes.indices.length) {
    layers.push(
      new (meshLayerClass())({
        ...shared,
        id: layer.id,
        data: {length: table.rows},
        dataComparator: () => true,
        coordinateSystem: deck.COORDINATE_SYSTEM.LNGLAT_OFFSETS,
        coordinateOrigin: meshes.origin,
        ...plain,
      }),
    );
  }
  for (const [url, mesh] of worn) {
    layers.push(
      new deck.SimpleMeshLayer({
        ...shared,
        id: `${layer.id}-${url}`,
        data: [{position: meshes.origin}],
        dataComparator: () => true,
        mesh,
        texture: url,
        textureParameters: {addressModeU: 'repeat', addressModeV: 'repeat'},
        getColor: [255, 255, 255],
      }),
    );
  }
  return layers;
}

/**
 * Arrays of the parts; the same as last time for equal colours and textures.
 * @param {any} layer
 * @param {WireTable} table
 * @param {Meshes} meshes
 */
function partsOf({surfaces, textures}, table, meshes) {
  const key = JSON.stringify([surfaces, textures]);
  const last = made.get(table);
  if (last?.key === key) return last;
  /** @type {Map<string, number[]>} triangles by what they wear, '' for nothing */
  const byTexture = new Map([['', []]]);
  for (let face = 0; face < meshes.indices.length / 3; face++) {
    const url = textures?.[meshes.textures?.[face] ?? -1] ?? '';
    const faces = byTexture.get(url) ?? [];
    faces.push(face);
    byTexture.set(url, faces);
  }
  const plain = coloured(meshes, byTexture.get('') ?? [], surfaces);
  byTexture.delete('');
  const worn = new Map([...byTexture].map(([url, faces]) => [url, dressed(meshes, faces)]));
  const parts = {key, plain, worn};
  made.set(table, parts);
  return parts;
}

/**
 * Triangles that share no vertices, so that each has its own colour.
 * @param {Meshes} meshes
 * @param {number[]} faces
 * @param {number[][]} palette by kind of surface
 */
function coloured(meshes, faces, palette) {
  const vertices = 3 * faces.length;
  const positions = new Float32Array(3 * vertices);
  const colors = new Uint8Array(4 * vertices);
  faces.forEach((face, i) => {
    const colour = palette[meshes.surfaces?.[face] ?? 0] ?? palette[0];
    for (let corner = 0; corner < 3; corner++) {
      const from = 3 * meshes.indices[3 * face + corner];
      positions.set(meshes.positions.subarray(from, from + 3), 3 * (3 * i + corner));
      colors.set([...colour.slice(0, 3), 255], 4 * (3 * i + corner));
    }
  });
  const indices = Uint32Array.from({length: vertices}, (_, vertex) => vertex);
  const own = {...meshes, positions, rows: new Float32Array(vertices), indices};
  return {meshes: own, colors, scales: new Float32Array(vertices).fill(1)};
}

/**
 * Triangles of one texture, in metres from the origin as deck.gl counts them.
 * @param {Meshes} meshes
 * @param {number[]} faces
 */
function dressed(meshes, faces) {
  const [longitude, latitude] = meshes.origin;
  const {unitsPerDegree, unitsPerMeter} = new window.deck.WebMercatorViewport({longitude, latitude, zoom: 15}).distanceScales;
  const positions = new Float32Array(9 * faces.length);
  const texCoords = new Float32Array(6 * faces.length);
  faces.forEach((face, i) => {
    for (let corner = 0; corner < 3; corner++) {
      const from = 3 * meshes.indices[3 * face + corner];
      const to = 3 * (3 * i + corner);
      positions[to] = (meshes.positions[from] * unitsPerDegree[0]) / unitsPerMeter[0];
      positions[to + 1] = (meshes.positions[from + 1] * unitsPerDegree[1]) / unitsPerMeter[1];
      positions[to + 2] = meshes.positions[from + 2];
      texCoords[2 * (3 * i + corner)] = meshes.uv?.[6 * face + 2 * corner] ?? 0;
      texCoords[2 * (3 * i + corner) + 1] = 1 - (meshes.uv?.[6 * face + 2 * corner + 1] ?? 0);
    }
  });
  return {attributes: {positions: {value: positions, size: 3}, texCoords: {value: texCoords, size: 2}}};
}
