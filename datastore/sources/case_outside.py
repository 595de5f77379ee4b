"""Cases outside the city: a few are strays, a majority is a reference system told wrong."""

from pathlib import Path

import duckdb
import numpy as np
import shapely

from datastore.sources.case_places import PLACES
from twin_model.locate import PointLocator

TOO_MANY = 0.5
"""Share of the cases with coordinates that may lie outside before it is said."""


def outside_areas(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """Warning where most cases lie in no area of the city, however the store's areas are drawn.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import, with the table of places made.
    path : Path
        The case file, for the message.

    Returns
    -------
    tuple of str
        One sentence, or none: also where the store has no area to lie in.
    """
    districts = con.execute("SELECT ST_AsWKB(geom) FROM area WHERE level = 1 AND geom IS NOT NULL").fetchall()
    if not districts:
        return ()
    every = con.sql(
        "SELECT lon, lat, coalesce(street_id, community_id, grid_id) IS NOT NULL AS inside "  # noqa: S608 - a name of ours
        f"FROM {PLACES}"
    ).to_arrow_table()
    placed = every.filter(every["lon"].is_valid())
    # A place in no street may still be in the district, where the streets are not known or not all of it.
    away = np.flatnonzero(~placed["inside"].to_numpy())
    locator = PointLocator(shapely.from_wkb([row[0] for row in districts]))
    found = locator.locate(placed["lon"].to_numpy()[away], placed["lat"].to_numpy()[away])
    outside, total = int((found < 0).sum()), placed.num_rows
    if not total or outside <= TOO_MANY * total:
        return ()
    those = "cases" if total == every.num_rows else "cases with coordinates"
    which = f"all {total:,} {those}" if outside == total else f"{outside:,} of the {total:,} {those}"
    return (f"{path.name}: {which} lie outside the city's areas; check --crs or the mapping's CRS",)
