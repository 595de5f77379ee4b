"""Cases and the buildings that they happened at: ``building_id`` and ``building_m`` of ``cases``."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.errors import MetaError
from twin_model.building_join import DEFAULT_WITHIN_M, NO_BUILDING, BuildingLocator
from twin_model.local_frame import metres_per_degree_at

DISTANCE_KEY = "join_distance_m"
"""Meta key of the farthest that the building of a case may be, metres."""
MAX_DISTANCE_M = 1000.0
"""Whatever is farther from a building happened in the open."""

_FARTHEST_NORTH = 89.0
_SLACK = 1.01
"""Part by which the reach of places is widened, above the rounding of degrees."""
_PIXELS_A_POINT = 64
_FEWEST_PIXELS = 1 << 16
_MOST_PIXELS = 1 << 24


@dataclass(frozen=True)
class JoinReport:
    """Cases by how they were joined.

    Parameters
    ----------
    inside : int
        In a building.
    near : int
        Outside, but within the distance of one.
    none : int
        Without a building, or without a place.
    """

    inside: int
    near: int
    none: int


def join_cases(con: duckdb.DuckDBPyConnection, *, added_from: int | None = None) -> JoinReport:
    """Give cases their building, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    added_from : int, optional
        Only cases with this ``case_id`` or a higher one have no building yet, and the buildings are as they were.

    Raises
    ------
    MetaError
        If the store's distance is no number of metres.
    """
    cases = con.sql(
        "SELECT case_id, lon, lat, coalesce(building_id, -1) AS building_id, building_m FROM cases "
        "WHERE case_id >= $since",
        params={"since": -1 if added_from is None else added_from},
    ).to_arrow_table()
    if not cases.num_rows:
        return JoinReport(0, 0, 0)
    buildings = con.sql(
        "SELECT building_id, ST_AsWKB(geom) AS geom FROM building ORDER BY building_id"
    ).to_arrow_table()
    lon, lat = (cases[name].to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
    key, distance = buildings_at(buildings, lon, lat, join_distance_m(con))
    before = cases["building_id"].to_numpy(), cases["building_m"].to_numpy(zero_copy_only=False)
    changed = (key != before[0]) | ((distance != before[1]) & ~(np.isnan(distance) & np.isnan(before[1])))
    _update(con, cases["case_id"].to_numpy()[changed], key[changed], distance[changed])
    inside = int((distance == 0).sum())
    joined = int((key != NO_BUILDING).sum())
    return JoinReport(inside, joined - inside, len(key) - joined)


def buildings_at(
    buildings: pa.Table, lon: NDArray[np.float64], lat: NDArray[np.float64], within_m: float
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find the building at each place.

    Parameters
    ----------
    buildings : pyarrow.Table
        building_id (int32), geom (WKB, EPSG:4490).
    lon, lat : (n,) float64
        Degrees, EPSG:4490; not-a-number for no place.
    within_m : float
        Farthest that the building may be, metres.

    Returns
    -------
    (n,) int32
        ``building_id``, `twin_model.building_join.NO_BUILDING` where there is none.
    (n,) float32
        Distance, metres; NaN without a building.
    """
    if not buildings.num_rows:
        return np.full(len(lon), NO_BUILDING, np.int32), np.full(len(lon), np.nan, np.float32)
    footprints = shapely.from_wkb(buildings["geom"].to_numpy(zero_copy_only=False))
    ids = buildings["building_id"].to_numpy()
    if len(lon) < len(ids):  # the index is the dearer part: what is far from all places stays out of it
        near = _within_reach(footprints, lon, lat, within_m)
        footprints, ids = footprints[near], ids[near]
    # A fine raster answers faster and takes longer to make: worth it for many places only.
    pixels = int(np.clip(_PIXELS_A_POINT * len(lon), _FEWEST_PIXELS, _MOST_PIXELS))
    index, distance = BuildingLocator(footprints, pixels=pixels).locate(lon, lat, within_m)
    return np.append(ids, np.int32(NO_BUILDING))[index].astype(np.int32), distance


def join_distance_m(cur: duckdb.DuckDBPyConnection) -> float:
    """Farthest that the building of a case may be in this store, metres.

    Raises
    ------
    MetaError
        If the store's value is no number of metres.
    """
    rows = cur.execute("SELECT value FROM meta WHERE key = ?", [DISTANCE_KEY]).fetchall()
    return checked_distance(rows[0][0]) if rows else DEFAULT_WITHIN_M


def checked_distance(text: str) -> float:
    """Distance of a text, metres.

    Raises
    ------
    MetaError
        If it is no number between 0 and `MAX_DISTANCE_M`.
    """
    try:
        distance = float(text)
    except ValueError:
        distance = np.nan
    if not 0 <= distance <= MAX_DISTANCE_M:
        raise MetaError(
            f"the distance {text!r} from a case to its building is no number of metres from 0 to {MAX_DISTANCE_M:g}; "
            f"set one such as {DEFAULT_WITHIN_M:g} with citydeck join --distance"
        )
    return distance


def _within_reach(
    footprints: NDArray[Any], lon: NDArray[np.float64], lat: NDArray[np.float64], within_m: float
) -> NDArray[np.int64]:
    """Positions of the footprints whose extent comes near enough to any place, and a little further."""
    placed = np.isfinite(lon) & np.isfinite(lat)
    if not placed.any():
        return np.zeros(0, np.int64)
    per_lon, per_lat = metres_per_degree_at(np.clip(lat[placed], -_FARTHEST_NORTH, _FARTHEST_NORTH)).T
    wide, high = _SLACK * within_m / per_lon.min(), _SLACK * within_m / per_lat.min()
    west, south, east, north = shapely.bounds(footprints).T
    boxes = shapely.box(west - wide, south - high, east + wide, north + high)
    places = np.asarray(shapely.points(lon[placed], lat[placed]), dtype=object)
    return np.unique(shapely.STRtree(places).query(boxes)[0])


def _update(
    con: duckdb.DuckDBPyConnection,
    case_id: NDArray[np.int32],
    building_id: NDArray[np.int32],
    distance: NDArray[np.float32],
) -> None:
    if not len(case_id):
        return
    none = building_id == NO_BUILDING
    rows = {
        "case_id": pa.array(case_id),
        "building_id": pa.array(building_id, mask=none),
        "building_m": pa.array(distance, mask=none),
    }
    con.register("joined_case", pa.table(rows))
    con.execute(
        "UPDATE cases SET building_id = j.building_id, building_m = j.building_m FROM joined_case j "
        "WHERE cases.case_id = j.case_id"
    )
    con.unregister("joined_case")
