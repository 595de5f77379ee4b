"""The polygon that a user draws: the one spatial test that runs while someone waits.

The cases in the ring's bounding box are tested in numpy, and the ids of those inside are lent to the cursor as a table
that the compiled selection looks them up in. An expression over the edges in SQL gave the same answer, but took
seconds from a hundred corners on.
"""

import hashlib

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.selection_node import ring_edges

Ring = tuple[tuple[float, float], ...]


def ring_table(ring: Ring) -> str:
    """Name the table that holds the cases inside a ring."""
    return f"inside_{hashlib.sha256(repr(ring).encode()).hexdigest()[:24]}"


def lend_cases_inside(cur: duckdb.DuckDBPyConnection, ring: Ring) -> None:
    """Make the ids of the cases inside a ring known to a cursor, as the table `ring_table` names.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    ring : tuple of (float, float)
        Corners, longitude and latitude in degrees, EPSG:4490; even-odd rule.
    """
    lons, lats = zip(*ring, strict=True)
    near = cur.execute(
        "SELECT case_id, lon, lat FROM cases WHERE lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?",
        [min(lons), max(lons), min(lats), max(lats)],
    ).fetchnumpy()
    inside = is_inside(ring, np.asarray(near["lon"], np.float64), np.asarray(near["lat"], np.float64))
    cur.register(ring_table(ring), pa.table({"case_id": np.asarray(near["case_id"], np.int32)[inside]}))


def is_inside(ring: Ring, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points lie inside a ring, bit for bit as `twin_model.selection_match` does.

    Parameters
    ----------
    ring : tuple of (float, float)
        Corners, longitude and latitude in degrees.
    lon, lat : (n,) float64
        Points, degrees.

    Returns
    -------
    (n,) bool
    """
    order = np.argsort(lat, kind="stable")
    sorted_lon, sorted_lat = lon[order], lat[order]
    odd = np.zeros(len(lat), bool)
    for low, high, slope, intercept in ring_edges(ring):
        band = slice(*np.searchsorted(sorted_lat, (low, high)))
        odd[band] ^= sorted_lon[band] < sorted_lat[band] * slope + intercept
    inside = np.empty(len(lat), bool)
    inside[order] = odd
    return inside
