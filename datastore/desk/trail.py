"""The trail: what pages count, brought up to the log a few times a second instead of with each event."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import duckdb

from datastore.few_rows import insert_rows
from datastore.meta import write_meta
from datastore.rollup import SEQ_KEY, refresh_rollups
from twin_model.case import CaseStage

_COUNTED: Mapping[str, tuple[str, ...]] = {
    "case_by_day": ("reported_day", "street_id", "source_id", "stage"),
    "case_by_closed_day": ("closed_day", "street_id", "source_id", "stage"),
    "case_by_community": ("street_id", "community_id", "source_id", "stage"),
    "case_by_grid": ("street_id", "community_id", "grid_id", "source_id", "stage"),
    "case_by_building": ("building_id", "street_id", "community_id", "grid_id", "source_id", "stage"),
}
_OPEN = (
    "case_id", "case_no", "source_id", "class_id", "stage", "unit_id", "reported_at", "deadline_at", "reported_day",
    "lon", "lat", "street_id", "community_id", "grid_id", "building_id", "hold",
)  # fmt: skip
MAX_ADDED = 200_000
"""Rows added to the rollups after which they are built anew, so that they stay small."""

Row = Mapping[str, Any]


class Trail:
    """Rows of cases that the rollups do not count yet."""

    def __init__(self) -> None:
        self._before: dict[int, Row | None] = {}
        self._after: dict[int, Row] = {}
        self._added = 0

    def __bool__(self) -> bool:
        """Whether anything is behind."""
        return bool(self._after)

    def note(self, before: Row | None, after: Row) -> None:
        """Take in that a case's row has changed; ``before`` is None for a new case."""
        case_id = after["case_id"]
        self._before.setdefault(case_id, before)
        self._after[case_id] = after

    def settle(self, con: duckdb.DuckDBPyConnection, log_size: int, now: datetime) -> None:
        """Count what was noted, in the caller's transaction; call `settled` once it is committed.

        Parameters
        ----------
        con : DuckDBPyConnection
            Writing cursor.
        log_size : int
            Entries of the log that are counted then.
        now : datetime
            Aware; the new as-of moment.
        """
        if self._added > MAX_ADDED:
            refresh_rollups(con)
        else:
            self._count(con)
            self._open_cases(con)
        write_meta(con, {SEQ_KEY: str(log_size), "as_of": now.isoformat()})

    def doubt(self) -> None:
        """Build the rollups anew next time: a write that was told to have failed may be on the disk all the same."""
        self._added = MAX_ADDED + 1

    def settled(self) -> None:
        """Forget what has been counted."""
        self._added = 0 if self._added > MAX_ADDED else self._added + len(self._after) * 2 * len(_COUNTED)
        self._before.clear()
        self._after.clear()

    def _count(self, con: duckdb.DuckDBPyConnection) -> None:
        for name, keys in _COUNTED.items():
            counts: Counter[tuple[Any, ...]] = Counter()
            latest: dict[tuple[Any, ...], datetime] = {}
            for case_id, after in self._after.items():
                for row, change in ((self._before[case_id], -1), (after, 1)):
                    if row is not None and _counts_in(name, row):
                        key = tuple(row[each] for each in keys)
                        counts[key] += change
                        latest[key] = max(latest.get(key, row["reported_at"]), row["reported_at"])
            measures = ("n",) if name == "case_by_closed_day" else ("n", "last_reported_at")
            rows = [
                {**dict(zip(keys, key, strict=True)), "n": n, "last_reported_at": latest[key]}
                for key, n in counts.items()
                if n
            ]
            insert_rows(con, name, rows, (*keys, *measures))

    def _open_cases(self, con: duckdb.DuckDBPyConnection) -> None:
        known = [case_id for case_id, before in self._before.items() if before is not None]
        if known:
            con.execute("DELETE FROM open_case WHERE case_id IN (SELECT unnest(?::INTEGER[]))", [known])
        rows = [row for row in self._after.values() if row["stage"] < CaseStage.CLOSED]
        insert_rows(con, "open_case", rows, _OPEN)


def _counts_in(rollup: str, row: Row) -> bool:
    """Whether a rollup holds a case of a row."""
    if rollup == "case_by_closed_day":
        return bool(row["stage"] == CaseStage.CLOSED and row["closed_day"] is not None)
    return rollup != "case_by_building" or row["building_id"] is not None
