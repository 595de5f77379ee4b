"""The trail: what pages count follows the events, whatever happened in between."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.desk import trail as trail_module
from datastore.desk.trail import Trail
from datastore.meta import read_meta
from datastore.rollup import SEQ_KEY, refresh_rollups
from datastore.store import Store
from tests.desk_cases import rollup_rows

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
_NAMES = (
    "case_id", "case_no", "source_id", "class_id", "stage", "unit_id", "reported_at", "deadline_at", "reported_day",
    "reported_hour", "closed_day", "lon", "lat", "street_id", "community_id", "grid_id", "building_id", "hold",
    "dataset_id",
)  # fmt: skip


def row(case_id: int, stage: int = 30, place: int = 1, **more: Any) -> dict[str, Any]:
    """Row of a case of a place."""
    values = {
        "case_id": case_id, "case_no": str(case_id), "source_id": 1 + case_id % 2, "class_id": 3, "stage": stage,
        "unit_id": 4, "reported_at": datetime(2026, 11, 30, case_id % 24),  # noqa: DTZ001 - as the store keeps them
        "deadline_at": None, "reported_day": date(2026, 11, 30), "reported_hour": 10,
        "closed_day": date(2026, 11, 30) if stage == 70 else None, "lon": 116.3, "lat": None,
        "street_id": place or None, "community_id": place * 10 or None, "grid_id": place * 100 or None,
        "building_id": place if place % 2 else None, "hold": None, "dataset_id": 0,
    }  # fmt: skip
    return {**values, **more}


def put(con: duckdb.DuckDBPyConnection, values: dict[str, Any]) -> None:
    con.execute("DELETE FROM cases WHERE case_id = ?", [values["case_id"]])
    marks = ", ".join("?" * len(_NAMES))
    con.execute(
        f"INSERT INTO cases ({', '.join(_NAMES)}) VALUES ({marks})",  # noqa: S608
        [values[name] for name in _NAMES],
    )


class Counted:
    """Cases in a store, and the trail of what is done to them."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.trail = Trail()
        self.rows: dict[int, dict[str, Any]] = {}

    def change(self, values: dict[str, Any]) -> None:
        put(self.con, values)
        self.trail.note(self.rows.get(values["case_id"]), values)
        self.rows[values["case_id"]] = values

    def settle(self, size: int = 0) -> None:
        self.trail.settle(self.con, size, NOW)
        self.trail.settled()

    def assert_right(self) -> None:
        counted = rollup_rows(self.con)
        refresh_rollups(self.con)
        assert counted == rollup_rows(self.con)


@pytest.fixture
def counted(store_factory: Callable[..., Store]):
    with store_factory().write() as con:
        yield Counted(con)


def test_a_case_is_counted_where_it_is_and_no_more_where_it_was(counted: Counted) -> None:
    counted.change(row(1))
    counted.settle(5)
    assert counted.con.execute("SELECT sum(n) FROM case_by_day WHERE stage = 30").fetchall() == [(1,)]
    counted.change(row(1, stage=70, place=2))
    counted.settle(9)
    assert counted.con.execute("SELECT stage, sum(n) FROM case_by_day GROUP BY 1 HAVING sum(n) > 0").fetchall() == [
        (70, 1)
    ]
    assert counted.con.execute("SELECT count(*) FROM open_case").fetchall() == [(0,)]
    assert counted.con.execute("SELECT sum(n) FROM case_by_building").fetchall() == [(0,)]
    meta = read_meta(counted.con)
    assert (meta.other[SEQ_KEY], meta.as_of) == ("9", NOW)
    counted.assert_right()


def test_what_changed_many_times_between_is_counted_as_it_stands(counted: Counted) -> None:
    counted.change(row(1))
    for stage in (35, 40, 50, 70):
        counted.change(row(1, stage=stage))
    assert bool(counted.trail)
    counted.settle()
    assert not counted.trail
    counted.assert_right()


def test_a_settle_that_was_undone_is_done_again_once(counted: Counted) -> None:
    counted.change(row(1))
    counted.con.execute("COMMIT")
    counted.con.execute("BEGIN")
    counted.trail.settle(counted.con, 1, NOW)
    counted.con.execute("ROLLBACK")
    counted.con.execute("BEGIN")
    counted.change(row(1, stage=40))
    counted.settle()
    counted.assert_right()


def test_what_may_have_changed_unseen_is_built_anew(counted: Counted) -> None:
    put(counted.con, row(1))  # by a write that seemed to fail
    counted.trail.doubt()
    counted.change(row(2))
    counted.settle()
    assert counted.con.execute("SELECT sum(n) FROM case_by_day").fetchall() == [(2,)]
    counted.change(row(2, stage=40))
    counted.settle()
    counted.assert_right()


def test_rollups_that_have_grown_long_are_built_anew(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_module, "MAX_ADDED", 25)
    for turn in range(8):
        counted.change(row(1, stage=30 if turn % 2 else 35))
        counted.settle()
    rows = counted.con.execute("SELECT count(*) FROM case_by_day").fetchall()[0][0]
    assert rows < 8
    counted.assert_right()


@settings(max_examples=20)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.tuples(st.integers(0, 4), st.sampled_from([10, 30, 40, 70, 80, 90]), st.integers(0, 3), st.booleans()),
        ),
        max_size=25,
    )
)
def test_whatever_changes_in_whatever_order_is_counted_as_if_built_anew(trail_store: Store, steps: list[Any]) -> None:
    with trail_store.write() as con:
        for table in ("cases", *rollup_rows(con)):
            con.execute(f"DELETE FROM {table}")  # noqa: S608
        counted = Counted(con)
        for step in steps:
            if step is None:
                counted.settle()
            else:
                case_id, stage, place, held = step
                counted.change(row(case_id, stage, place, hold="suspended" if held else None))
        counted.settle()
        counted.assert_right()


@pytest.fixture(scope="module")
def trail_store(tmp_path_factory: pytest.TempPathFactory):
    with Store.open(tmp_path_factory.mktemp("trail"), create=True) as store:
        yield store
