// @ts-check
/** Outlines of the rows of a table that have a value in a column: `only: {column, value}` of a layer of paths. */

/** @typedef {import('./arrow_table.js').WireTable} WireTable */

/**
 * @param {WireTable} table of polygons
 * @param {{column: string, value: string | number}} only
 * @returns {{path: number[][]}[]}
 */
export function ringsOf(table, {column, value}) {
  const {geometry} = table;
  const own = table.columns.get(column);
  if (!geometry || !own) throw new Error(`a table without outlines or without ${column} has nothing to draw`);
  const rings = [];
  for (let run = 0, part = 0; run + 1 < geometry.runStarts.length; run++) {
    while (geometry.startIndices[part + 1] <= geometry.runStarts[run]) part++;
    if (own.get(geometry.partRows ? geometry.partRows[part] : part) !== value) continue;
    const path = [];
    for (let vertex = geometry.runStarts[run]; vertex < geometry.runStarts[run + 1]; vertex++) {
      path.push(Array.from(geometry.positions.subarray(3 * vertex, 3 * vertex + 2)));
    }
    rings.push({path});
  }
  return rings;
}
