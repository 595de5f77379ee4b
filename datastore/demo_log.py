"""The log of a generated city: one leaf a case, hashed in a thread of its own while the tables are written."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datastore.log.import_leaves import hash_imports, insert_imports
from datastore.log.tables import insert_tiles
from twin_model.demo.city import City
from twin_model.merkle import Frontier
from twin_model.source import DEFAULT_SOURCES


@dataclass(frozen=True)
class HistoryLog:
    """Leaves in the making; get one from `hashing`.

    Parameters
    ----------
    rows : pyarrow.Table
        Columns of ``case_import`` less the leaf head.
    heads : Future of (n,) uint64
        Leaf heads, when they are known.
    frontier : Frontier
        Of the log with all of them, when the heads are known.
    """

    rows: pa.Table
    heads: Future[NDArray[np.uint64]]
    frontier: Frontier

    def write(self, con: duckdb.DuckDBPyConnection) -> None:
        """Wait for the leaves and write them, in the caller's transaction."""
        insert_imports(con, self.rows, self.heads.result())
        insert_tiles(con, self.frontier.take_tiles())


@contextmanager
def hashing(con: duckdb.DuckDBPyConnection, city: City, cases: pa.Table) -> Iterator[HistoryLog]:
    """Hash the leaves of all cases beside what the block does.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor of a store whose log is empty.
    city : City
        Of the cases.
    cases : pyarrow.Table
        As generated; the seq of each case's leaf is its ``case_id``.
    """
    rows = _history_rows(city, cases)
    frontier = Frontier()
    with con.cursor() as cur, ThreadPoolExecutor(1) as pool:
        try:
            yield HistoryLog(rows, pool.submit(hash_imports, cur, rows, frontier), frontier)
        except BaseException:
            cur.interrupt()  # nobody waits for the leaves any more
            raise


def _history_rows(city: City, cases: pa.Table) -> pa.Table:
    """Columns of ``case_import``: keys become codes."""
    source_id = pa.array([source.source_id for source in DEFAULT_SOURCES], pa.int64())
    source_code = pa.array([source.code for source in DEFAULT_SOURCES])
    none = pa.nulls(cases.num_rows, pa.string())
    return pa.table(
        {
            "seq": cases["case_id"].cast(pa.int64()),
            "case_no": cases["case_no"],
            "source": _codes(cases["source_id"], source_id, source_code),
            "class": _codes(cases["class_id"], city.case_class["class_id"], city.case_class["code"]),
            "stage": cases["stage"],
            "unit": _codes(cases["unit_id"], city.unit["unit_id"], city.unit["code"]),
            **{
                name: cases[name]
                for name in ("reported_at", "filed_at", "dispatched_at", "handled_at", "closed_at", "deadline_at")
            },
            "lon": cases["lon"],
            "lat": cases["lat"],
            "component": _codes(cases["component_id"], city.component["component_id"], city.component["code"]),
            "ref": cases["source_ref"],
            "parent": none,
        }
    )


def _codes(wanted: pa.ChunkedArray, keys: pa.ChunkedArray, codes: pa.ChunkedArray) -> pa.Array:
    """Code of each key, as a dictionary; null for none."""
    key = np.asarray(keys.to_numpy(), dtype=np.int64)
    missing = wanted.is_null().to_numpy()
    place = np.zeros(int(key.max(initial=0)) + 1, np.int32)
    place[key] = np.arange(len(key), dtype=np.int32)
    index = place[np.asarray(wanted.fill_null(int(key[0])).to_numpy(), dtype=np.int64)]
    dictionary = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=missing), dictionary)
