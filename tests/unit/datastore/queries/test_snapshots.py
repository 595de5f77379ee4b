"""The SQL of each question, as reviewed. ``UPDATE_SNAPSHOTS=1 pytest …`` writes it anew; read the difference."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from datastore.queries import (
    area_counts,
    case_list,
    case_totals,
    cases_by_source,
    daily_trend,
    load_by_building,
    open_case_points,
)
from datastore.queries.bound import Bound
from datastore.queries.run import Compiled
from twin_model.selection import Areas, Classes, Everything, Polygon, Sources, Stages, TimeWindow, canonical

SNAPSHOTS = Path(__file__).parent / "snapshots"

EVERYTHING = Bound(Everything())
STREET = Bound(Areas(("110108011",)), areas=(("110108011", (("street_id", 11),)),))
WINDOW = TimeWindow(datetime(2026, 1, 1, 16, tzinfo=UTC), datetime(2026, 2, 1, 16, tzinfo=UTC))
HOURS = TimeWindow(datetime(2026, 1, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 2, tzinfo=UTC))
TRIANGLE = Polygon(((116.25, 39.75), (116.5, 39.75), (116.5, 40.0)))
MIXED = Bound(
    canonical(WINDOW & ~(Areas(("110108011",)) | Sources(("VIDEO",))) & Stages(("OPEN",))),
    areas=STREET.areas,
    ids=(("source", "VIDEO", (2,)),),
    days=((WINDOW, date(2026, 1, 2), date(2026, 2, 2)),),
)
DIRECT = Bound(canonical((HOURS & Classes(("E01",))) | ~TRIANGLE), ids=(("class", "E01", (85, 86)),))


def questions() -> dict[str, Compiled]:
    return {
        "case_totals": case_totals.question(EVERYTHING),
        "case_totals_street": case_totals.question(STREET),
        "case_totals_mixed": case_totals.question(MIXED),
        "case_totals_direct": case_totals.question(DIRECT),
        "cases_by_source": cases_by_source.question(EVERYTHING),
        "daily_trend": daily_trend.question(EVERYTHING, 90),
        "area_flow_street": area_counts.flow_question(STREET, 3),
        "area_late_grid": area_counts.late_question(EVERYTHING, 4),
        "area_recent_grid": area_counts.recent_question(EVERYTHING, 4),
        "building_reported": load_by_building.reported_question(EVERYTHING),
        "building_reported_direct": load_by_building.reported_question(DIRECT),
        "building_open_street": load_by_building.open_question(STREET),
        "building_recent": load_by_building.recent_question(EVERYTHING),
        "newest_lately": case_list.newest_question(EVERYTHING, 40, lately=True),
        "newest_street": case_list.newest_question(STREET, 40, lately=False),
        "most_urgent": case_list.urgent_question(EVERYTHING, 40),
        "open_case_points": open_case_points.question(EVERYTHING, 5000),
    }


@pytest.mark.parametrize("name", sorted(questions()))
def test_the_sql_is_as_reviewed(name: str) -> None:
    sql = questions()[name].sql + "\n"
    path = SNAPSHOTS / f"{name}.sql"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(sql, encoding="utf-8")
    assert path.is_file(), f"no snapshot {path.name}; run with UPDATE_SNAPSHOTS=1 and read it"
    assert sql == path.read_text(encoding="utf-8")


def test_no_snapshot_is_left_over() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("*.sql")} == set(questions())


def test_the_same_selection_is_compiled_once() -> None:
    assert case_totals.question(STREET) is case_totals.question(Bound(STREET.selection, areas=STREET.areas))
