"""A city as imports make it: streets with codes of their own, nothing below them, and cases without deadlines."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import shapely

from datastore.meta import write_meta
from datastore.rollup import refresh_rollups
from datastore.store import Store
from twin_model.case import CaseStage

PLAIN_STREETS = ("ALAMO-SQUARE", "MISSION", "NOE-VALLEY")
PLAIN_AS_OF = datetime(2018, 1, 24, 23, 41, tzinfo=UTC)
"""In the middle of a day, as real data end."""


def fill_plain_city(store: Store, hours_ago: Sequence[int], stage: CaseStage = CaseStage.HANDLING) -> None:
    """Put areas into a store, and a case for each number of hours before the as-of moment, street after street."""
    shapes = [shapely.box(-122.45, 37.74, -122.42, 37.77)]
    shapes += [shapely.box(west, 37.74, west + 0.01, 37.77) for west in (-122.45, -122.44, -122.43)]
    places = [("CITY", 1, None), *((code, 2, 0) for code in PLAIN_STREETS)]
    with store.write() as con:
        for key, ((code, level, parent), shape) in enumerate(zip(places, shapes, strict=True)):
            point = shape.centroid
            con.execute(
                "INSERT INTO area (area_id, code, level, parent_id, name, area_m2, lon, lat, geom, geom_source, "
                "dataset_id) VALUES (?, ?, ?, ?, ?, 3e6, ?, ?, ?::BLOB::GEOMETRY, 'surveyed', 0)",
                [key, code, level, parent, code.title(), point.x, point.y, shapely.to_wkb(shape)],
            )
        for case_id, hours in enumerate(hours_ago):
            moment = PLAIN_AS_OF - timedelta(hours=hours)
            street = 1 + case_id % len(PLAIN_STREETS)
            con.execute(
                "INSERT INTO cases (case_id, case_no, source_id, class_id, stage, reported_at, reported_day, "
                "reported_hour, lon, lat, street_id, dataset_id) "
                "VALUES (?, ?, 1, (SELECT min(class_id) FROM case_class), ?, ?, ?, 0, ?, 37.75, ?, 0)",
                [
                    case_id, f"no-{case_id:05d}", int(stage), moment.replace(tzinfo=None),
                    (moment - timedelta(hours=8)).date(), shapes[street].centroid.x, street,
                ],
            )  # fmt: skip
        refresh_rollups(con)
        write_meta(
            con,
            {
                "as_of": PLAIN_AS_OF.isoformat(), "time_zone": "America/Los_Angeles", "city_name_zh": "旧金山",
                "city_name_en": "San Francisco", "metric_crs": "EPSG:32610",
            },
        )  # fmt: skip
