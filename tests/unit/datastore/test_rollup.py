from collections.abc import Callable

import duckdb
import pytest

from datastore.rollup import refresh_rollups
from datastore.store import Store

TABLES = {
    "case_by_day": "reported_day, street_id, source_id, stage",
    "case_by_closed_day": "closed_day, street_id, source_id, stage",
    "case_by_community": "street_id, community_id, source_id, stage",
    "case_by_grid": "street_id, community_id, grid_id, source_id, stage",
}


def add_cases(con: duckdb.DuckDBPyConnection, first: int, rows: int) -> None:
    con.execute(
        """
        INSERT INTO cases (case_id, case_no, source_id, class_id, stage, reported_at, reported_day, reported_hour,
            closed_day, deadline_at, street_id, community_id, grid_id, dataset_id)
        SELECT i, i::VARCHAR, 1 + i % 3, i % 5, 10 * (1 + i % 9), TIMESTAMP '2026-01-01' + to_hours(i::INTEGER),
            DATE '2026-01-01' + (i // 24)::INTEGER, i % 24,
            CASE WHEN i % 9 = 6 THEN DATE '2026-01-02' + (i // 24)::INTEGER END, NULL,
            nullif(i % 4, 0), nullif(i % 8, 0), nullif(i % 16, 0), 0
        FROM range($first, $first + $rows) t(i)
        """,
        {"first": first, "rows": rows},
    )


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, object]:
    counted = {
        name: con.execute(f"SELECT {keys}, sum(n) FROM {name} GROUP BY ALL ORDER BY ALL").fetchall()  # noqa: S608 - names of ours
        for name, keys in TABLES.items()
    }
    return {**counted, "open_case": con.execute("SELECT * FROM open_case ORDER BY case_id").fetchall()}


@pytest.mark.parametrize("parts", [(300,), (100, 200), (0, 299, 1)])
def test_counting_added_cases_in_equals_building_anew(
    store_factory: Callable[..., Store], parts: tuple[int, ...]
) -> None:
    with store_factory().write() as con:
        first = 0
        for rows in parts:
            add_cases(con, first, rows)
            refresh_rollups(con, added_from=first)
            first += rows
        added = contents(con)
        refresh_rollups(con)
        assert added == contents(con)
        assert added["case_by_day"]


def test_a_refresh_forgets_what_is_gone(store_factory: Callable[..., Store]) -> None:
    with store_factory().write() as con:
        add_cases(con, 0, 50)
        refresh_rollups(con)
        con.execute("DELETE FROM cases")
        refresh_rollups(con)
        assert not any(contents(con).values())


def test_the_rollups_of_the_demo_hold_every_case(small_store: Store) -> None:
    with small_store.read() as cur:
        cases = cur.execute("SELECT count(*) FROM cases").fetchall()
        for table in ("case_by_day", "case_by_community", "case_by_grid"):
            assert cur.execute(f"SELECT sum(n) FROM {table}").fetchall() == cases  # noqa: S608 - as above
        closed = cur.execute("SELECT count(*) FROM cases WHERE stage = 70").fetchall()
        assert cur.execute("SELECT sum(n) FROM case_by_closed_day").fetchall() == closed
        still_open = cur.execute("SELECT count(*) FROM cases WHERE stage < 70").fetchall()
        assert cur.execute("SELECT count(*) FROM open_case").fetchall() == still_open
