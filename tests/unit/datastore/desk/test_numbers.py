"""Case numbers: one after another, from where the store stands, and never one twice."""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest

from datastore.desk.numbers import DAYS_KEPT, CaseNumbers
from datastore.errors import DeskError
from datastore.store import Store

DAY = date(2026, 11, 30)


def put_case(con: duckdb.DuckDBPyConnection, no: str, day: date = DAY) -> None:
    con.execute(
        "INSERT INTO cases (case_id, case_no, source_id, class_id, stage, reported_at, reported_day, reported_hour, "
        "dataset_id) SELECT count(*), ?, 1, 1, 10, ?, ?, 0, 0 FROM cases",
        [no, day, day],
    )


def put_candidate(con: duckdb.DuckDBPyConnection, no: str) -> None:
    con.execute(
        "INSERT INTO candidate (candidate_no, source_id, class_id, confidence, moment, body, state) "
        "VALUES (?, 1, 1, 0.5, TIMESTAMP '2026-11-30', '{}', 'new')",
        [no],
    )


@pytest.fixture
def con(store_factory: Callable[..., Store]):
    with store_factory().write() as opened:
        yield opened


def test_a_day_begins_with_one_and_each_day_has_its_own(con: duckdb.DuckDBPyConnection) -> None:
    numbers = CaseNumbers("110108")
    assert [numbers.take(con, DAY) for _ in range(2)] == ["11010820261130000001", "11010820261130000002"]
    assert numbers.take(con, date(2026, 12, 1)) == "11010820261201000001"


def test_a_day_goes_on_after_its_last_case_or_candidate(con: duckdb.DuckDBPyConnection) -> None:
    for no in (
        "11010820261130000007",
        "11010820261130000012",
        "1101082026113099",
        "110108202611309999999",
        "11010820261130A-0099",
    ):
        put_case(con, no)
    put_case(con, "11010820261129000500", date(2026, 11, 29))
    assert CaseNumbers("110108").take(con, DAY) == "11010820261130000013"
    put_candidate(con, "K11010820261130000020")
    put_candidate(con, "K11010820261129000090")
    assert CaseNumbers("110108").take(con, DAY) == "11010820261130000021"
    assert CaseNumbers("000000").take(con, DAY) == "00000020261130000001"


def test_days_take_turns_as_a_clock_goes_back_and_forth(con: duckdb.DuckDBPyConnection) -> None:
    numbers = CaseNumbers("110108")
    taken = [numbers.take(con, date(2026, 11, 28 + turn % DAYS_KEPT)) for turn in range(4 * DAYS_KEPT)]
    assert len(set(taken)) == len(taken)


def test_a_day_that_is_full_says_so(con: duckdb.DuckDBPyConnection) -> None:
    put_case(con, "11010820261130999998")
    numbers = CaseNumbers("110108")
    assert numbers.take(con, DAY) == "11010820261130999999"
    with pytest.raises(DeskError, match="no case number is left for 2026-11-30; 999,999 cases"):
        numbers.take(con, DAY)
