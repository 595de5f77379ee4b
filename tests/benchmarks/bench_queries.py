"""How long the command page's queries take, alone and with ten readers while a writer appends.

``python -m tests.benchmarks.bench_queries --data DIR [--seconds S] [--pause P]`` works on a copy of the store and
prints a table. Each reader asks every question and then rests, as a display does that is drawn anew once a second;
without a pause the readers only queue for the processors. Nothing is cached between the questions.
"""

import argparse
import shutil
import statistics
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, sleep

import duckdb
import pyarrow as pa

from datastore.queries.areas_ranked import areas_ranked
from datastore.queries.case_list import most_urgent_cases, newest_cases
from datastore.queries.case_totals import case_totals
from datastore.queries.cases_by_source import cases_by_source
from datastore.queries.daily_trend import daily_trend
from datastore.queries.load_by_area import load_by_area
from datastore.queries.load_by_building import load_by_building
from datastore.queries.search_places import search_places
from datastore.settle import settle
from datastore.store import FILE_NAME, Store
from twin_model.area import AreaLevel
from twin_model.selection import Areas, Everything, Selection

READERS = 10
LIST_LIMIT = 40
TREND_DAYS = 90
SEARCHED = "中关村 12号"
APPENDED_ROWS = 20
WRITE_PAUSE_S = 0.2

Ask = Callable[[duckdb.DuckDBPyConnection], pa.Table]


def questions(store: Store) -> dict[str, Ask]:
    """The page's questions about the whole district and about its busiest street, by label."""
    as_of = store.meta().as_of
    assert as_of is not None, "the store holds no cases"
    with store.read() as cur:
        district = cur.execute("SELECT code FROM area WHERE parent_id IS NULL ORDER BY area_id").fetchall()[0][0]
        street = cur.execute(
            "SELECT any_value(code) FROM case_by_day JOIN area ON area_id = street_id "
            "GROUP BY area_id ORDER BY sum(n) DESC"
        ).fetchall()[0][0]
    asks: dict[str, Ask] = {}
    for where, selection, parent in (("district", Everything(), district), ("street", Areas((street,)), street)):
        asks |= {f"{name} · {where}": ask for name, ask in _page(selection, parent, as_of).items()}
    return asks


def _page(selection: Selection, parent: str, as_of: object) -> dict[str, Ask]:
    return {
        "case_totals": lambda cur: case_totals(cur, selection, as_of),
        "cases_by_source": lambda cur: cases_by_source(cur, selection),
        "areas_ranked": lambda cur: areas_ranked(cur, selection, parent, as_of),
        "newest_cases": lambda cur: newest_cases(cur, selection, as_of, LIST_LIMIT),
        "most_urgent_cases": lambda cur: most_urgent_cases(cur, selection, as_of, LIST_LIMIT),
        "daily_trend": lambda cur: daily_trend(cur, selection, as_of, TREND_DAYS),
        "load_by_building": lambda cur: load_by_building(cur, selection, as_of),
        "search_places": lambda cur: search_places(cur, SEARCHED, LIST_LIMIT),
        "load_by_area": lambda cur: load_by_area(cur, selection, AreaLevel.GRID, as_of),
    }


def alone(store: Store, asks: dict[str, Ask], seconds: float) -> dict[str, list[float]]:
    """Milliseconds of each question, asked in turn by one reader."""
    times: dict[str, list[float]] = {label: [] for label in asks}
    _read_until(store, asks, times, perf_counter() + seconds)
    return times


def together(
    store: Store, asks: dict[str, Ask], seconds: float, pause: float
) -> tuple[dict[str, list[float]], list[float]]:
    """Milliseconds of each question with `READERS` readers, and of each write beside them."""
    all_times: list[dict[str, list[float]]] = [{label: [] for label in asks} for _ in range(READERS)]
    until = perf_counter() + seconds
    readers = [threading.Thread(target=_read_until, args=(store, asks, times, until, pause)) for times in all_times]
    for reader in readers:
        reader.start()
    writes = _append_until(store, until)
    for reader in readers:
        reader.join()
    return {label: [ms for times in all_times for ms in times[label]] for label in asks}, writes


def _read_until(
    store: Store, asks: dict[str, Ask], times: dict[str, list[float]], until: float, pause: float = 0.0
) -> None:
    while True:
        for label, ask in asks.items():
            started = perf_counter()
            with store.read() as cur:
                ask(cur)
            times[label].append((perf_counter() - started) * 1e3)
        if perf_counter() + pause >= until:
            return
        sleep(pause)


def _append_until(store: Store, until: float) -> list[float]:
    """Append the first cases again and again as new ones, joined to their buildings and counted in."""
    took = []
    while perf_counter() < until:
        started = perf_counter()
        with store.write() as con:
            first = con.execute("SELECT max(case_id) + 1 FROM cases").fetchall()[0][0]
            con.execute(
                "INSERT INTO cases SELECT * REPLACE ($first + case_id AS case_id) FROM cases WHERE case_id < $rows",
                {"first": first, "rows": APPENDED_ROWS},
            )
            settle(con, added_from=first)
        took.append((perf_counter() - started) * 1e3)
        sleep(WRITE_PAUSE_S)
    return took


def row(label: str, times: Sequence[float]) -> str:
    """One line of the table."""
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)] if ordered else float("nan")
    return f"{label:<32}{len(ordered):>8}{statistics.median(ordered or [float('nan')]):>10.2f}{p95:>10.2f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Copy the store, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each of the two runs")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds that a reader rests between two rounds")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(options.data / FILE_NAME, scratch)
        with Store.open(Path(scratch)) as store:
            asks = questions(store)
            alone(store, asks, 0.0)  # compiles the questions
            print(f"{'alone':<32}{'n':>8}{'p50 ms':>10}{'p95 ms':>10}")  # noqa: T201 - its output
            for label, times in alone(store, asks, options.seconds).items():
                print(row(label, times))  # noqa: T201 - as above
            found, writes = together(store, asks, options.seconds, options.pause)
            print(f"\n{f'{READERS} readers and a writer':<32}{'n':>8}{'p50 ms':>10}{'p95 ms':>10}")  # noqa: T201 - as above
            for label, times in found.items():
                print(row(label, times))  # noqa: T201 - as above
            print(row(f"write of {APPENDED_ROWS} cases", writes))  # noqa: T201 - as above


if __name__ == "__main__":
    main()
