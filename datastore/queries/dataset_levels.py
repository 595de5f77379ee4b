"""Every data set with what tells how detailed it is, so that no page claims more."""

from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa

from datastore.queries.building_lods import LOD_NUMBER
from twin_model.cim import ROOFS_FROM
from twin_model.surface import SurfaceKind


def dataset_levels(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """List the data sets in the order of first import.

    Returns
    -------
    pyarrow.Table
        dataset_id, name, title, kind, source, licence, crs, simulated, version, imported_at (UTC), rows (that
        were loaded), rows_rejected, rows_unplaced, note; lods (list of text: levels of detail of its models as
        stored, lowest first), buildings, modelled (buildings with a model of LoD 2 or more), estimated (buildings
        whose height nobody measured: estimated, from storeys or simulated; int64), semantic (bool: these models tell
        walls from roofs).
    """
    table = cur.sql(
        f"""
        WITH model AS (
            SELECT dataset_id, list(lod ORDER BY number, lod) AS lods
            FROM (SELECT DISTINCT dataset_id, lod, {LOD_NUMBER} AS number FROM building_model) GROUP BY dataset_id
        ),
        modelled AS (
            SELECT dataset_id, count(DISTINCT building_id) AS modelled
            FROM building_model WHERE {LOD_NUMBER} >= $roofs GROUP BY dataset_id
        ),
        built AS (
            SELECT dataset_id, count(*) AS buildings,
                   count(*) FILTER (height_source NOT IN ('measured', 'model')) AS estimated
            FROM building GROUP BY dataset_id
        )
        SELECT dataset_id, name, title, kind, source, licence, crs, simulated, version, imported_at,
               rows_loaded AS rows, rows_rejected, rows_unplaced, note, coalesce(lods, []) AS lods,
               coalesce(buildings, 0) AS buildings,
               coalesce(modelled, 0) AS modelled, coalesce(estimated, 0) AS estimated
        FROM dataset LEFT JOIN model USING (dataset_id) LEFT JOIN modelled USING (dataset_id)
        LEFT JOIN built USING (dataset_id) ORDER BY dataset_id
        """,  # noqa: S608 - an expression of ours
        params={"roofs": ROOFS_FROM},
    ).to_arrow_table()
    kinds = _surface_kinds(cur)
    found = [kinds.get(dataset_id, frozenset()) for dataset_id in table["dataset_id"].to_pylist()]
    return table.append_column("semantic", pa.array([tells_walls_from_roofs(each) for each in found], pa.bool_()))


def tells_walls_from_roofs(kinds: frozenset[SurfaceKind]) -> bool:
    """Whether surfaces of these kinds make a model whose roofs and walls are known apart."""
    return {SurfaceKind.WALL, SurfaceKind.ROOF} <= kinds


def surface_kinds(surfaces: Iterable[bytes]) -> frozenset[SurfaceKind]:
    """Kinds that occur among surfaces as they are stored."""
    present = np.bincount(np.frombuffer(b"".join(surfaces), np.uint8)).nonzero()[0]
    return frozenset(SurfaceKind(int(kind)) for kind in present)


def _surface_kinds(cur: duckdb.DuckDBPyConnection) -> dict[int, frozenset[SurfaceKind]]:
    """Kinds of surfaces that the models of each data set have, by its key."""
    ids = cur.execute("SELECT DISTINCT dataset_id FROM building_model").fetchall()
    found = {}
    for (dataset_id,) in ids:
        surfaces = cur.sql(
            f"SELECT surfaces FROM building_model WHERE dataset_id = $id AND {LOD_NUMBER} >= $roofs",  # noqa: S608 - an expression of ours
            params={"id": dataset_id, "roofs": ROOFS_FROM},
        ).to_arrow_table()["surfaces"]
        found[dataset_id] = surface_kinds(surfaces.to_pylist())
    return found
