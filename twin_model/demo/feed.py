"""Records of the duty desk and the public for the days after the build day: material for a later feed, not counted."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from twin_model.case_class import CaseClass
from twin_model.demo.case_mix import class_shares
from twin_model.demo.case_places import Cells
from twin_model.demo.case_spread import profile_of
from twin_model.demo.case_texts import nearest_roads
from twin_model.demo.case_times import DAY_S, HISTORY_DAYS, history_start_s
from twin_model.demo.city import City
from twin_model.demo.plan import PUBLISHED_CASES, DemoPlan, stream

FEED_DAYS = 7
FEED_RECORDS = 3_000
"""Records of a full-size demo; a smaller one has fewer in proportion."""

_PUBLIC_SHARE = 0.8
_PHRASES = {"PUBLIC": "市民反映{place}{problem}", "DUTY_EMERGENCY": "值守记录：{place}{problem}"}
_PREFIX = {"PUBLIC": "PUB", "DUTY_EMERGENCY": "DUTY"}

FEED_SCHEMA = pa.schema(
    [
        pa.field("record_no", pa.string(), nullable=False),
        pa.field("source_id", pa.uint8(), nullable=False),
        pa.field("class_id", pa.int16(), nullable=False),
        pa.field("occurs_at", pa.timestamp("us"), nullable=False),
        pa.field("lon", pa.float64(), nullable=False),
        pa.field("lat", pa.float64(), nullable=False),
        pa.field("description", pa.string(), nullable=False),
    ]
)
"""Columns of the feed table, as stored."""


def generate_feed(
    city: City,
    cells: Cells,
    classes: Sequence[CaseClass],
    source_ids: Mapping[str, int],
    plan: DemoPlan,
) -> pa.Table:
    """Generate records of sources that are not in the loop yet, ordered by time.

    Parameters
    ----------
    city : City
    cells : Cells
    classes : sequence of CaseClass
        Ordered by ``class_id``.
    source_ids : mapping of str to int
        Stored key by source code.
    plan : DemoPlan

    Returns
    -------
    pyarrow.Table
        Columns of `FEED_SCHEMA`, about 3,000 rows for a full-size plan.
    """
    rng = stream(plan, "feed")
    count = max(30, min(FEED_RECORDS, FEED_RECORDS * plan.cases // PUBLISHED_CASES))
    second = np.sort(rng.integers(0, FEED_DAYS * DAY_S, count))
    events = np.array([row.kind == "event" for row in classes])
    shares = class_shares("COLLECTOR", classes) * events
    class_id = rng.choice(len(classes), count, p=shares / shares.sum()).astype(np.int16)
    public = rng.random(count) < _PUBLIC_SHARE
    triangle = np.empty(count, np.int64)
    profile = profile_of(classes)[class_id]
    for number in np.unique(profile):
        members = np.flatnonzero(profile == number)
        triangle[members] = cells.draw(int(number), len(members), rng)
    lon, lat = cells.points(triangle, rng)
    sources = ["PUBLIC" if flag else "DUTY_EMERGENCY" for flag in public]
    roads = nearest_roads(city.road, lon, lat)
    described = [
        _PHRASES[source].format(place=place, problem=classes[number].name_zh)
        for source, place, number in zip(sources, roads, class_id.tolist(), strict=True)
    ]
    occurs = (history_start_s(plan.anchor_day) + HISTORY_DAYS * DAY_S + second) * 1_000_000
    columns = [
        pa.array([f"{_PREFIX[source]}-{number:06d}" for number, source in enumerate(sources, 1)], pa.string()),
        pa.array([source_ids[source] for source in sources], pa.uint8()),
        pa.array(class_id),
        pa.array(occurs).cast(pa.timestamp("us")),
        pa.array(lon),
        pa.array(lat),
        pa.array(described, pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=FEED_SCHEMA)
