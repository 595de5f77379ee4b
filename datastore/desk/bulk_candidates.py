"""Rows of a bulk load that their source is not sure enough of: candidates, each told in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from datastore.log.tables import insert_tiles
from datastore.table import insert_table
from twin_model.canonical_json import canonical_json
from twin_model.case_chain import entry_bytes
from twin_model.intake_rules import IntakeRules
from twin_model.merkle import Frontier, leaf_hash
from twin_model.workflow import Action

_US = pa.timestamp("us")
_NO_CASE = -1


@dataclass(frozen=True)
class Load:
    """What the rows of a load have in common.

    Parameters
    ----------
    source, actor : str
        Codes.
    source_id, dataset_id : int
        Keys of the source and of the data set.
    first_id : int
        ``case_id`` of the first new case.
    now : datetime
        Aware; when they came in.
    """

    source: str
    actor: str
    source_id: int
    dataset_id: int
    first_id: int
    now: datetime


def unsure(rules: IntakeRules, rows: pa.Table, source: str) -> NDArray[np.bool_]:
    """Whether the source is not sure enough of each row; what says no confidence is certain."""
    if rows["confidence"].null_count == rows.num_rows:
        return np.zeros(rows.num_rows, np.bool_)
    classes = rows["class_code"].to_numpy()
    least = {code: rules.threshold(source, code) for code in np.unique(classes)}
    confidence = np.asarray(rows["confidence"].to_numpy(), np.float64)
    return np.asarray(confidence < np.array([least[code] for code in classes], np.float64))


def insert_candidates(
    con: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    tokens: pa.Array,
    common: Load,
    frontier: Frontier,
) -> None:
    """Write candidates and what the log says of them, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    rows : pyarrow.Table
        Of `datastore.desk.bulk_rows.judged`.
    tokens : pyarrow.Array
        Their numbers.
    common : Load
    frontier : Frontier
        Of the log; it is longer by one leaf a candidate after it.
    """
    if not rows.num_rows:
        return
    reports = [_report(row, common.source) for row in rows.to_pylist()]
    stored = {
        "candidate_no": tokens,
        "source_id": pa.array(np.full(rows.num_rows, common.source_id, np.uint8)),
        "source_ref": rows["ref"],
        "class_id": rows["class_id"],
        "confidence": rows["confidence"].cast(pa.float32()),
        "lon": rows["lon"],
        "lat": rows["lat"],
        "moment": rows["reported_at"],
        "body": pa.array([canonical_json(report).decode() for report in reports], pa.string()),
        "state": pa.array(["new"] * rows.num_rows, pa.string()),
    }
    insert_table(con, "candidate", pa.table(stored))
    _log(con, tokens.to_pylist(), reports, common, frontier)


def _log(
    con: duckdb.DuckDBPyConnection,
    tokens: Sequence[str],
    reports: Sequence[dict[str, str]],
    common: Load,
    frontier: Frontier,
) -> None:
    told = {"kind": Action.CANDIDATE.value, "case_no": "", "actor": common.actor, "moment": common.now, "prev": b""}
    entries = [
        entry_bytes(**told, data={"candidate": token, **report})  # type: ignore[arg-type]  # as named
        for token, report in zip(tokens, reports, strict=True)
    ]
    leaves = [leaf_hash(entry) for entry in entries]
    count, first = len(entries), frontier.size
    frontier.extend(leaves)
    moment = common.now.astimezone(UTC).replace(tzinfo=None)
    stored = {
        "seq": pa.array(range(first, first + count), pa.int64()),
        "case_key": pa.array([_NO_CASE] * count, pa.int64()),
        "case_no": pa.array([""] * count, pa.string()),
        "kind": pa.array([Action.CANDIDATE.value] * count, pa.string()),
        "moment": pa.array([moment] * count, _US),
        "actor": pa.array([common.actor] * count, pa.string()),
        "entry": pa.array([entry.decode() for entry in entries], pa.string()),
        "leaf": pa.array(leaves, pa.binary()),
    }
    insert_table(con, "case_event", pa.table(stored))
    insert_tiles(con, frontier.take_tiles())


def remember_refs(con: duckdb.DuckDBPyConnection, refs: pa.ChunkedArray, tokens: pa.Array, source_id: int) -> None:
    """Keep the refs of rows that give one, so that the same row never becomes a second case."""
    known = pa.table({"source_ref": refs, "token": tokens}).filter(pc.is_valid(refs))
    if known.num_rows:
        ids = pa.array(np.full(known.num_rows, source_id, np.uint8))
        insert_table(con, "intake_ref", known.append_column("source_id", ids))


def _report(row: dict[str, Any], source: str) -> dict[str, str]:
    """Report of a candidate, as the desk keeps one."""
    names = ("ref", "condition", "address", "description", "component")
    told = {name: str(row[name]) for name in names if row[name] is not None}
    numbers = {name: repr(row[name]) for name in ("lon", "lat", "confidence") if row[name] is not None}
    return {"source": source, "class": row["class_code"], **told, **numbers}
