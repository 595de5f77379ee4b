"""Where things lie: street, community and grid keys by point location, kept in step with the areas."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.area import AreaLevel
from twin_model.locate import PointLocator

NOWHERE = -1
_FINEST_FIRST = (AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET)
_KEYS = {AreaLevel.STREET: "street_id", AreaLevel.COMMUNITY: "community_id", AreaLevel.GRID: "grid_id"}


@dataclass(frozen=True)
class AreaIndex:
    """Locators of the three levels below the district.

    Parameters
    ----------
    layers : tuple
        Level, its locator and the area keys of its polygons; the finest level first.
    ancestor : dict
        Level -> (a,) int64 array: key of the area of that level that holds area i, or -1.
    """

    layers: tuple[tuple[AreaLevel, PointLocator, NDArray[np.int64]], ...]
    ancestor: dict[AreaLevel, NDArray[np.int64]]

    def keys(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> dict[str, pa.Array]:
        """Keys of the areas that hold each point.

        The finest area decides, and its parents follow, so that the three keys of a point agree; a point in no fine
        area is looked for in the next coarser level.

        Parameters
        ----------
        lon, lat : (n,) float64
            Degrees, EPSG:4490; not-a-number lies nowhere.

        Returns
        -------
        dict of str to pyarrow.Array
            ``street_id``, ``community_id``, ``grid_id``: (n,) int32, null where there is none.
        """
        finest = np.full(len(lon), NOWHERE, dtype=np.int64)
        for _, locator, area_ids in self.layers:
            open_ones = np.flatnonzero(finest == NOWHERE)
            index = locator.locate(lon[open_ones], lat[open_ones])
            finest[open_ones[index >= 0]] = area_ids[index[index >= 0]]
        return {
            _KEYS[level]: _nullable(np.where(finest >= 0, self.ancestor[level][finest], NOWHERE))
            for level in reversed(_FINEST_FIRST)
        }


def build_area_index(con: duckdb.DuckDBPyConnection) -> AreaIndex:
    """Index of the areas that the store holds."""
    table = con.sql(
        "SELECT area_id, level, coalesce(parent_id, -1) AS parent_id, ST_AsWKB(geom) AS wkb FROM area ORDER BY area_id"
    ).to_arrow_table()
    level = table["level"].to_numpy()
    parent = table["parent_id"].to_numpy().astype(np.int64)
    geometry = shapely.from_wkb(np.array([*table["wkb"].to_pylist(), None], dtype=object)[:-1])
    layers = []
    for wanted in _FINEST_FIRST:
        ids = np.flatnonzero((level == wanted) & ~shapely.is_missing(geometry))
        if len(ids):
            layers.append((wanted, PointLocator(geometry[ids]), ids.astype(np.int64)))
    return AreaIndex(tuple(layers), {wanted: _ancestors(level, parent, wanted) for wanted in _FINEST_FIRST})


def relocate(con: duckdb.DuckDBPyConnection, successor: dict[int, int]) -> None:
    """Give buildings, components and cases their area keys again after the areas changed.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    successor : dict of int to int
        Old area key -> new one, for cases that have no place but name their area.
    """
    index = build_area_index(con)
    for table, key in (("building", "building_id"), ("component", "component_id"), ("cases", "case_id")):
        rows = con.sql(f"SELECT {key} AS key, lon, lat FROM {table} WHERE lon IS NOT NULL").to_arrow_table()  # noqa: S608 - names of ours
        if rows.num_rows:
            located = index.keys(rows["lon"].to_numpy(), rows["lat"].to_numpy())
            _update_keys(con, table, key, pa.table({"key": rows["key"], **located}))
    _follow_successors(con, index, successor)


def _follow_successors(con: duckdb.DuckDBPyConnection, index: AreaIndex, successor: dict[int, int]) -> None:
    rows = con.sql(
        "SELECT case_id AS key, coalesce(grid_id, community_id, street_id) AS area_id FROM cases "
        "WHERE lon IS NULL AND coalesce(grid_id, community_id, street_id) IS NOT NULL"
    ).to_arrow_table()
    if rows.num_rows:
        area = np.array([successor.get(old, NOWHERE) for old in rows["area_id"].to_pylist()], dtype=np.int64)
        _update_keys(con, "cases", "case_id", pa.table({"key": rows["key"], **keys_of_areas(index, area)}))


def keys_of_areas(index: AreaIndex, area: NDArray[np.int64]) -> dict[str, pa.Array]:
    """Keys for things that name an area instead of a place; -1 names none."""
    return {key: _nullable(np.where(area >= 0, index.ancestor[level][area], NOWHERE)) for level, key in _KEYS.items()}


def _update_keys(con: duckdb.DuckDBPyConnection, table: str, key: str, located: pa.Table) -> None:
    con.register("located", located)
    con.execute(
        f"UPDATE {table} SET street_id = l.street_id, community_id = l.community_id, grid_id = l.grid_id "  # noqa: S608 - names of ours
        f"FROM located l WHERE {table}.{key} = l.key"
    )
    con.unregister("located")


def _ancestors(level: NDArray[np.int64], parent: NDArray[np.int64], wanted: AreaLevel) -> NDArray[np.int64]:
    """Area of the wanted level that holds each area; the extra last entry serves index -1."""
    found = np.full(len(level) + 1, NOWHERE, dtype=np.int64)
    # Parents have smaller keys than their children, so one pass upwards is enough.
    for area_id in range(len(level)):
        if level[area_id] == wanted:
            found[area_id] = area_id
        elif parent[area_id] >= 0:
            found[area_id] = found[parent[area_id]]
    return found


def _nullable(keys: NDArray[np.int64]) -> pa.Array:
    return pa.array(keys.astype(np.int32), mask=keys < 0)
