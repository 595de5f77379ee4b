// @ts-check
/** Meshes of a wire table (layers/wire_mesh.py) to typed arrays: all meshes of the table end to end. */

/**
 * @typedef {Object} Meshes
 * @property {[number, number, number]} origin longitude, latitude, 0: positions are offsets from it
 * @property {Float32Array} positions (3 × vertices) degrees east and north of the origin, metres above the plain
 * @property {Float32Array} rows (vertices) row of each vertex
 * @property {Uint32Array} vertexStarts (rows + 1) first vertex of each row's mesh
 * @property {Uint32Array} indices (3 × triangles)
 * @property {Uint32Array} faceStarts (rows + 1) first triangle of each row's mesh
 * @property {Int32Array | null} surfaces kind of each triangle, where the table has them
 * @property {Int32Array | null} textures texture of each triangle, -1 for none
 * @property {Float32Array | null} uv (6 × triangles) place of each corner on the texture, v upwards
 */

const HEIGHT_STEP_M = 0.01;

/**
 * @param {any} head of the wire table
 * @param {(name: string) => Int32Array} integers reads a stream of the geometry
 * @param {(name: string) => any} raw reads a column as it is
 * @returns {Meshes}
 */
export function readMeshes(head, integers, raw) {
  const vertexCounts = integers('vertex_counts');
  const faceCounts = integers('face_counts');
  const vertexStarts = starts(vertexCounts);
  const faceStarts = starts(faceCounts);
  const optional = (/** @type {string} */ name) => (head.geometry[name] ? integers(name) : null);
  return {
    origin: [head.quantum.lon, head.quantum.lat, 0],
    positions: placeVertices(head.quantum, vertexCounts, integers),
    rows: rowOfEach(vertexCounts, vertexStarts),
    vertexStarts,
    indices: placeCorners(integers('corners'), vertexStarts, faceStarts),
    faceStarts,
    surfaces: optional('surfaces'),
    textures: optional('textures'),
    uv: head.geometry.uv ? raw('geometry/uv') : null,
  };
}

/** @param {Int32Array} counts */
function starts(counts) {
  const out = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i];
  return out;
}

/**
 * @param {{step_lon: number, step_lat: number}} quantum
 * @param {Int32Array} counts
 * @param {(name: string) => Int32Array} integers
 */
function placeVertices({step_lon: stepLon, step_lat: stepLat}, counts, integers) {
  const z = integers('z');
  const [startX, startY] = [integers('start_x'), integers('start_y')];
  const [stepX, stepY] = [integers('step_x'), integers('step_y')];
  const positions = new Float32Array(3 * z.length);
  let vertex = 0;
  let step = 0;
  let mesh = 0;
  for (const count of counts) {
    if (!count) continue;
    let x = startX[mesh];
    let y = startY[mesh++];
    for (let i = 0; i < count; i++, vertex++) {
      if (i) {
        x += stepX[step];
        y += stepY[step++];
      }
      positions[3 * vertex] = x * stepLon;
      positions[3 * vertex + 1] = y * stepLat;
      positions[3 * vertex + 2] = z[vertex] * HEIGHT_STEP_M;
    }
  }
  return positions;
}

/**
 * @param {Int32Array} counts
 * @param {Uint32Array} vertexStarts
 */
function rowOfEach(counts, vertexStarts) {
  const rows = new Float32Array(vertexStarts[counts.length]);
  for (let row = 0; row < counts.length; row++) rows.fill(row, vertexStarts[row], vertexStarts[row + 1]);
  return rows;
}

/**
 * @param {Int32Array} corners numbers within each mesh
 * @param {Uint32Array} vertexStarts
 * @param {Uint32Array} faceStarts
 */
function placeCorners(corners, vertexStarts, faceStarts) {
  const indices = new Uint32Array(corners.length);
  for (let row = 0; row + 1 < faceStarts.length; row++) {
    const first = vertexStarts[row];
    for (let at = 3 * faceStarts[row]; at < 3 * faceStarts[row + 1]; at++) indices[at] = first + corners[at];
  }
  return indices;
}
