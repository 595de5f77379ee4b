// @ts-check
/**
 * Wire tables to deck.gl's binary data: attributes per vertex for polygons and lines, per row for points.
 * Geometry is made once a table; a new colour makes a new data object that shares it.
 */

/** @typedef {import('./arrow_table.js').WireTable} WireTable */
/** @typedef {import('./arrow_table.js').Geometry} Geometry */

/**
 * @typedef {Object} BinaryData
 * @property {number} length
 * @property {Uint32Array} [startIndices]
 * @property {Record<string, any>} attributes
 * @property {WireTable} table
 * @property {Uint32Array | null} rowOf row of each object that deck.gl counts, or null where they are equal
 */

/** How each kind of layer takes its geometry. */
const GEOMETRY_OF_LAYER = new Map([
  ['SolidPolygonLayer', faces],
  ['PathLayer', strokes],
  ['ScatterplotLayer', points],
  ['ColumnLayer', points],
]);

/**
 * Geometry of a table as a kind of layer takes it.
 * @param {string} type class of the layer
 * @param {WireTable} table
 * @returns {BinaryData}
 */
export function geometryData(type, table) {
  const make = GEOMETRY_OF_LAYER.get(type);
  if (!make || !table.geometry) throw new Error(`${type} cannot draw a table of ${table.form}`);
  return make(table, table.geometry);
}

/** @param {string} type */
export function takesBinary(type) {
  return GEOMETRY_OF_LAYER.has(type);
}

/**
 * @param {WireTable} table
 * @param {Geometry} geometry
 * @returns {BinaryData}
 */
function faces(table, geometry) {
  return {
    length: geometry.parts,
    startIndices: geometry.startIndices,
    attributes: {
      getPolygon: {value: geometry.positions, size: 3},
      indices: {value: geometry.indices, size: 1},
      instanceVertexValid: {value: geometry.vertexValid, size: 1},
    },
    table,
    rowOf: geometry.partRows,
  };
}

/**
 * Lines, or the outlines of polygons: every ring is a path of its own.
 * @param {WireTable} table
 * @param {Geometry} geometry
 * @returns {BinaryData}
 */
function strokes(table, geometry) {
  const runs = geometry.runStarts.length - 1;
  const rowOf = new Uint32Array(runs);
  for (let run = 0, part = 0; run < runs; run++) {
    while (geometry.startIndices[part + 1] <= geometry.runStarts[run]) part++;
    rowOf[run] = geometry.partRows ? geometry.partRows[part] : part;
  }
  return {
    length: runs,
    startIndices: geometry.runStarts,
    attributes: {getPath: {value: geometry.positions, size: 3}},
    table,
    rowOf,
  };
}

/**
 * @param {WireTable} table
 * @param {Geometry} geometry
 * @returns {BinaryData}
 */
function points(table, geometry) {
  return {
    length: geometry.parts,
    attributes: {getPosition: {value: geometry.positions, size: 3}},
    table,
    rowOf: geometry.partRows,
  };
}

/**
 * Row of the table behind an object that deck.gl counts.
 * @param {BinaryData} data
 * @param {number} index
 */
export function rowOfIndex(data, index) {
  return data.rowOf ? data.rowOf[index] : index;
}

/**
 * Repeat values of rows for every vertex of their parts.
 * @template {Float32Array | Uint8ClampedArray} T
 * @param {BinaryData} data
 * @param {T} perRow
 * @param {number} size values a row
 * @returns {T}
 */
export function spread(data, perRow, size) {
  const {startIndices, rowOf, length} = data;
  if (!startIndices && !rowOf) return perRow;
  const vertices = startIndices ? startIndices[length] : length;
  const Values = /** @type {any} */ (perRow.constructor);
  const out = new Values(vertices * size);
  for (let index = 0; index < length; index++) {
    const from = size * (rowOf ? rowOf[index] : index);
    const first = startIndices ? startIndices[index] : index;
    const last = startIndices ? startIndices[index + 1] : index + 1;
    for (let vertex = first; vertex < last; vertex++) {
      for (let k = 0; k < size; k++) out[vertex * size + k] = perRow[from + k];
    }
  }
  return out;
}

/**
 * A data object that shares the geometry and has more attributes.
 * @param {BinaryData} data
 * @param {Record<string, any>} attributes
 * @returns {BinaryData}
 */
export function withAttributes(data, attributes) {
  return {...data, attributes: {...data.attributes, ...attributes}};
}

/**
 * Whether two data objects share their geometry, so that deck.gl need not build it again.
 * @param {any} next
 * @param {any} previous
 */
export function sameGeometry(next, previous) {
  if (next === previous) return true;
  if (!next?.attributes || !previous?.attributes) return false;
  const position = (/** @type {any} */ data) =>
    (data.attributes.getPolygon ?? data.attributes.getPath ?? data.attributes.getPosition)?.value;
  return next.length === previous.length && position(next) === position(previous);
}
