"""Places of cases: coordinates to EPSG:4490, the areas that hold them, and areas derived where there are none."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datastore.sources.area_index import NOWHERE, build_area_index, keys_of_areas
from datastore.sources.area_tree import AreaRow, rebuild_areas
from datastore.sources.case_mapping import CaseMapping
from datastore.sources.case_sql import TYPED
from datastore.sources.derived_areas import derive_areas
from datastore.sources.errors import SourceError
from twin_model.crs import to_stored
from twin_model.errors import CrsError

PLACES = "case_place"
MAX_LON, MAX_LAT = 180.0, 90.0


def place_cases(
    con: duckdb.DuckDBPyConnection, path: Path, mapping: CaseMapping, before: list[AreaRow], dataset_id: int
) -> int:
    """Make the temporary table :data:`PLACES`: longitude, latitude and area keys of each sound record.

    A record without a usable coordinate has no longitude and latitude. It keeps the area that it names, if the store
    knows an area of that name or code; it is unplaced all the same.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    path : Path
        The case file, for messages.
    mapping : CaseMapping
        How it is read.
    before : list of AreaRow
        Areas before the import.
    dataset_id : int
        Data set of the cases.

    Returns
    -------
    int
        How many areas were derived from the points.

    Raises
    ------
    SourceError
        If the coordinates contradict the reference system.
    """
    rows = con.sql(
        f"SELECT row_number, try_cast(lon_text AS DOUBLE) AS x, try_cast(lat_text AS DOUBLE) AS y, area_text "  # noqa: S608 - a name of ours
        f"FROM {TYPED} WHERE reason IS NULL ORDER BY row_number"
    ).to_arrow_table()
    lon, lat = _coordinates(path, mapping, _numbers(rows["x"]), _numbers(rows["y"]))
    derived = _derive(con, mapping, rows["area_text"], lon, lat, before=before, dataset_id=dataset_id)
    index = build_area_index(con)
    located = index.keys(lon, lat)
    placed = pa.array(np.isfinite(lon))
    named = keys_of_areas(index, _areas_by_name(con, mapping, rows["area_text"]))
    missing = ~np.isfinite(lon)
    places = {"row_number": rows["row_number"], "lon": pa.array(lon, mask=missing), "lat": pa.array(lat, mask=missing)}
    places |= {key: pa.compute.if_else(placed, located[key], named[key]) for key in located}
    con.register("incoming_place", pa.table(places))
    con.execute(f"CREATE TEMP TABLE {PLACES} AS FROM incoming_place")
    con.unregister("incoming_place")
    return derived


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _coordinates(
    path: Path, mapping: CaseMapping, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    missing = ~(np.isfinite(x) & np.isfinite(y))
    if mapping.zero_is_missing:
        missing |= (x == 0) | (y == 0)
    x, y = np.where(missing, np.nan, x), np.where(missing, np.nan, y)
    try:
        lon, lat = to_stored(x, y, mapping.crs)
    except CrsError as error:
        raise SourceError(f"{path.name}: {error}") from None
    off = ~((np.abs(lon) <= MAX_LON) & (np.abs(lat) <= MAX_LAT))
    return np.where(off, np.nan, lon), np.where(off, np.nan, lat)


def _derive(
    con: duckdb.DuckDBPyConnection,
    mapping: CaseMapping,
    names: pa.ChunkedArray,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    *,
    before: list[AreaRow],
    dataset_id: int,
) -> int:
    """Derive areas where the mapping asks for them and nobody has drawn any of their level."""
    others = [row for row in before if row.dataset_id != dataset_id]
    level = mapping.derive_areas
    made: list[AreaRow] = []
    if level is not None and not any(row.level is level for row in others):
        texts = np.array([*names.to_pylist(), None], dtype=object)[:-1]
        usable = np.isfinite(lon) & np.array([text is not None for text in texts], dtype=bool)
        made = derive_areas(lon[usable], lat[usable], texts[usable], level, dataset_id)
    if made or len(others) < len(before):
        rebuild_areas(con, others + made, before, dataset_id)
    return len(made)


def _areas_by_name(con: duckdb.DuckDBPyConnection, mapping: CaseMapping, names: pa.ChunkedArray) -> NDArray[np.int64]:
    if "area" not in mapping.columns:
        return np.full(len(names), NOWHERE, dtype=np.int64)
    known: dict[str, int] = {}
    # The finest area of a name wins, and a code beats a name.
    for area_id, code, name in con.execute(
        "SELECT area_id, code, name FROM area ORDER BY level, area_id DESC"
    ).fetchall():
        known[name] = area_id
        known.setdefault(code, area_id)
    return np.array([known.get(name, NOWHERE) for name in names.to_pylist()], dtype=np.int64)
