// @ts-check
/**
 * Wire tables to typed arrays. The format is written by layers/wire.py: an Arrow IPC stream of one row whose columns
 * are lists, with a JSON head in the schema's metadata that says how to read each stream.
 */

import {readMeshes} from './mesh_table.js';

/** @typedef {import('./mesh_table.js').Meshes} Meshes */

/**
 * @typedef {Object} Geometry
 * @property {number} parts number of parts: polygons, lines or points
 * @property {Uint32Array | null} partRows row of each part, or null where part i is row i
 * @property {Uint32Array} startIndices (parts + 1) first vertex of each part
 * @property {Uint32Array} runStarts (runs + 1) first vertex of each ring or line
 * @property {Float64Array} positions (3 × vertices) longitude, latitude, height in metres
 * @property {Uint16Array | null} vertexValid 0 at the last vertex of each ring: no wall starts there
 * @property {Uint32Array | null} indices triangles of the faces
 */

/**
 * @typedef {Object} Column
 * @property {(row: number) => number | string} get value of a row
 * @property {Float64Array | Float32Array | Int32Array | null} values the numbers, where it holds numbers
 */

/**
 * @typedef {Object} WireTable
 * @property {string} form polygons, lines, points, meshes or rows
 * @property {number} rows number of rows
 * @property {number} bytes bytes that it keeps in memory, about
 * @property {Geometry | null} geometry
 * @property {Meshes | null} meshes
 * @property {Map<string, Column>} columns
 */

const HOLE_TRIANGLES = 2;
const SUPPORTED_FORMAT = 1;

/**
 * Read a wire table.
 * @param {ArrayBuffer} buffer an Arrow IPC stream
 * @returns {WireTable}
 * @throws {Error} if the stream is of another format
 */
export function readTable(buffer) {
  const table = window.Arrow.tableFromIPC(new Uint8Array(buffer));
  const head = JSON.parse(table.schema.metadata.get('citydeck') ?? '{}');
  if (head.format !== SUPPORTED_FORMAT) {
    throw new Error(`wire format ${head.format} is not ${SUPPORTED_FORMAT}: reload the page`);
  }
  /** @param {string} name */
  const raw = (name) => {
    const list = table.getChild(name).data[0];
    const [first, last] = list.valueOffsets;
    const child = list.children[0];
    return child.values && !child.valueOffsets ? child.values.subarray(first, last) : table.getChild(name).get(0);
  };
  const columns = new Map(
    Object.entries(head.columns).map(([name, spec]) => [name, readColumn(spec, `columns/${name}`, raw)]),
  );
  /** @param {string} name */
  const integers = (name) => readIntegers(head.geometry[name], `geometry/${name}`, raw);
  const meshes = head.form === 'meshes' ? readMeshes(head, integers, raw) : null;
  const geometry = head.quantum && !meshes ? readGeometry(head, integers) : null;
  const bytes = buffer.byteLength + (geometry ? geometry.positions.byteLength * 2 : 0);
  return {form: head.form, rows: head.rows, bytes, geometry, meshes, columns};
}

/**
 * @param {any} spec
 * @param {string} name
 * @param {(name: string) => any} raw
 * @returns {Int32Array}
 */
export function readIntegers(spec, name, raw) {
  const out = new Int32Array(spec.count);
  if (spec.planes === 0) {
    out.fill(spec.constant);
  } else {
    for (let plane = 0; plane < spec.planes; plane++) {
      const bytes = raw(`${name}.${plane}`);
      const shift = 8 * plane;
      for (let i = 0; i < out.length; i++) out[i] |= bytes[i] << shift;
    }
    for (let i = 0; i < out.length; i++) out[i] = (out[i] >>> 1) ^ -(out[i] & 1);
  }
  if (spec.codec === 'delta') {
    for (let i = 1; i < out.length; i++) out[i] += out[i - 1];
  }
  return out;
}

/**
 * @param {any} spec
 * @param {string} name
 * @param {(name: string) => any} raw
 * @returns {Column}
 */
function readColumn(spec, name, raw) {
  if (spec.codec === 'text') {
    const texts = raw(name);
    return {values: null, get: (row) => texts.get(row)};
  }
  if (spec.codec === 'float32') {
    const numbers = raw(name);
    return {values: numbers, get: (row) => numbers[row]};
  }
  if (spec.codec === 'shaped') {
    const parts = spec.parts.map((/** @type {any} */ part, /** @type {number} */ at) =>
      typeof part === 'string' ? part : {...part, numbers: readIntegers(part, `${name}/${at}`, raw)},
    );
    return {values: null, get: (row) => parts.map((/** @type {any} */ part) => shapedPart(part, row)).join('')};
  }
  const whole = readIntegers(spec, name, raw);
  if (spec.dictionary) {
    return {values: null, get: (row) => spec.dictionary[whole[row]]};
  }
  if (spec.quantum) {
    const numbers = Float64Array.from(whole, (steps) => steps * spec.quantum);
    return {values: numbers, get: (row) => numbers[row]};
  }
  return {values: whole, get: (row) => whole[row]};
}

/**
 * @param {any} part literal text, or numbers with a base and a width
 * @param {number} row
 */
function shapedPart(part, row) {
  return typeof part === 'string' ? part : String(part.base + part.numbers[row]).padStart(part.width, '0');
}

/**
 * @param {any} head
 * @param {(name: string) => Int32Array} integers reads a stream of the geometry
 * @returns {Geometry}
 */
function readGeometry(head, integers) {
  const polygons = head.form === 'polygons';
  const runSizes = integers('run_sizes');
  const partRuns = integers('part_runs');
  const rows = integers('part_rows');
  const steps = {x: integers('step_x'), y: integers('step_y')};
  const starts = {x: integers('start_x'), y: integers('start_y')};
  const extra = polygons ? 1 : 0; // rings are closed again here
  const runStarts = new Uint32Array(runSizes.length + 1);
  for (let run = 0; run < runSizes.length; run++) runStarts[run + 1] = runStarts[run] + runSizes[run] + extra;
  const startIndices = new Uint32Array(partRuns.length + 1);
  for (let part = 0, run = 0; part < partRuns.length; part++) {
    run += partRuns[part];
    startIndices[part + 1] = runStarts[run];
  }
  const positions = placeVertices(head.quantum, runSizes, runStarts, starts, steps, extra);
  const identity = partRuns.length === head.rows;
  return {
    parts: partRuns.length,
    partRows: identity ? null : Uint32Array.from(rows),
    startIndices,
    runStarts,
    positions,
    vertexValid: polygons ? ringEnds(runStarts) : null,
    indices: polygons ? readTriangles(integers, runSizes, partRuns, startIndices) : null,
  };
}

/**
 * @param {{lon: number, lat: number, step_lon: number, step_lat: number}} quantum
 * @param {Int32Array} runSizes
 * @param {Uint32Array} runStarts
 * @param {{x: Int32Array, y: Int32Array}} starts
 * @param {{x: Int32Array, y: Int32Array}} steps
 * @param {number} extra closing vertices per run
 */
function placeVertices(quantum, runSizes, runStarts, starts, steps, extra) {
  const positions = new Float64Array(3 * runStarts[runSizes.length]);
  const {lon, lat, step_lon: stepLon, step_lat: stepLat} = quantum;
  let step = 0;
  for (let run = 0; run < runSizes.length; run++) {
    let at = 3 * runStarts[run];
    let x = starts.x[run];
    let y = starts.y[run];
    const quad = runSizes[run] === 4;
    positions[at] = lon + x * stepLon;
    positions[at + 1] = lat + y * stepLat;
    for (let vertex = 1; vertex < runSizes[run]; vertex++, step++) {
      let dx = steps.x[step];
      let dy = steps.y[step];
      if (quad && vertex === 3) {
        dx -= steps.x[step - 2]; // the fourth side undoes the second
        dy -= steps.y[step - 2];
      }
      x += dx;
      y += dy;
      at += 3;
      positions[at] = lon + x * stepLon;
      positions[at + 1] = lat + y * stepLat;
    }
    if (extra) positions.copyWithin(at + 3, 3 * runStarts[run], 3 * runStarts[run] + 3);
  }
  return positions;
}

/** @param {Uint32Array} runStarts */
function ringEnds(runStarts) {
  const valid = new Uint16Array(runStarts[runStarts.length - 1]).fill(1);
  for (let run = 1; run < runStarts.length; run++) valid[runStarts[run] - 1] = 0;
  return valid;
}

/**
 * @param {(name: string) => Int32Array} integers
 * @param {Int32Array} runSizes
 * @param {Int32Array} partRuns
 * @param {Uint32Array} startIndices
 */
function readTriangles(integers, runSizes, partRuns, startIndices) {
  const convex = integers('convex');
  const lack = integers('triangle_lack');
  const local = integers('triangles');
  const counts = new Int32Array(partRuns.length);
  let total = 0;
  for (let part = 0, run = 0; part < partRuns.length; run += partRuns[part++]) {
    let vertices = 0;
    for (let ring = run; ring < run + partRuns[part]; ring++) vertices += runSizes[ring];
    counts[part] = vertices - 2 + HOLE_TRIANGLES * (partRuns[part] - 1) - lack[part];
    total += counts[part];
  }
  const indices = new Uint32Array(3 * total);
  let at = 0;
  let read = 0;
  for (let part = 0, run = 0; part < partRuns.length; run += partRuns[part++]) {
    const start = startIndices[part];
    for (let triangle = 0; triangle < counts[part]; triangle++) {
      if (convex[part]) {
        indices[at++] = start;
        indices[at++] = start + triangle + 1;
        indices[at++] = start + triangle + 2;
      } else {
        for (let corner = 0; corner < 3; corner++) {
          const vertex = local[read++];
          indices[at++] = start + vertex + ringOf(vertex, run, partRuns[part], runSizes);
        }
      }
    }
  }
  return indices;
}

/**
 * Which ring of a part an open vertex number lies in; each ring before it has a closing vertex more.
 * @param {number} vertex
 * @param {number} run
 * @param {number} runs
 * @param {Int32Array} runSizes
 */
function ringOf(vertex, run, runs, runSizes) {
  let ring = 0;
  for (let end = runSizes[run]; ring < runs - 1 && vertex >= end; end += runSizes[run + ring]) ring++;
  return ring;
}
