"""The registry: every row of the store belongs to a data set with its source, licence, CRS and version."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import duckdb

DatasetKind = Literal["areas", "buildings", "city", "roads", "landuse", "components", "cases", "tileset"]

UNSTATED = "unstated"
"""Licence of a file that nobody said anything about."""


@dataclass(frozen=True)
class Dataset:
    """One data set.

    Parameters
    ----------
    name : str
        Slug; importing under the same name replaces the data set.
    kind : str
        ``areas``, ``buildings``, ``city``, ``roads``, ``landuse``, ``components``, ``cases`` or ``tileset``.
    title : str
        Name on screen.
    source : str
        File name, or ``generated``.
    source_sha256 : str
        Checksum of the file itself; empty where there is none.
    options_sha256 : str
        Checksum of all else that decides what is read: options, mapping, a Shapefile's companions, a generator's plan.
    licence : str
        `UNSTATED` where nobody said.
    crs : str
        As it came in.
    simulated : bool
        Whether the rows were generated.
    imported_at : datetime
        Aware.
    rows_loaded, rows_rejected, rows_unplaced : int
        Counts of the import.
    note : str
        Anything a reader should know; for imports their warnings, one a line.
    dataset_id : int
        Key, given by `register`; -1 before.
    version : int
        1, 2, … with each import that changed something, given by `register`; 0 before.
    """

    name: str
    kind: DatasetKind
    title: str
    source: str
    source_sha256: str
    options_sha256: str
    licence: str
    crs: str
    simulated: bool
    imported_at: datetime
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_unplaced: int = 0
    note: str = ""
    dataset_id: int = -1
    version: int = 0


_COLUMNS = (
    "dataset_id, name, kind, title, source, source_sha256, options_sha256, licence, crs, simulated, version, "
    "imported_at, rows_loaded, rows_rejected, rows_unplaced, note"
)


def register(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> Dataset:
    """Enter a data set, in place of an earlier one of its name, in the caller's transaction.

    Returns
    -------
    Dataset
        With its key, kept from the earlier one, and its version, one higher than that one's.
    """
    earlier = find(con, dataset.name)
    if earlier is None:
        row = con.execute("SELECT coalesce(max(dataset_id) + 1, 0) FROM dataset").fetchall()[0]
        entered = replace(dataset, dataset_id=int(row[0]), version=1)
    else:
        con.execute("DELETE FROM dataset WHERE dataset_id = ?", [earlier.dataset_id])
        entered = replace(dataset, dataset_id=earlier.dataset_id, version=earlier.version + 1)
    values = asdict(entered) | {"imported_at": entered.imported_at.astimezone(UTC).replace(tzinfo=None)}
    columns = _COLUMNS.split(", ")
    marks = ", ".join("?" * len(columns))
    con.execute(f"INSERT INTO dataset ({_COLUMNS}) VALUES ({marks})", [values[column] for column in columns])  # noqa: S608 - columns of ours
    return entered


def find(cur: duckdb.DuckDBPyConnection, name: str) -> Dataset | None:
    """Find the data set of a name, or None."""
    return next((dataset for dataset in datasets(cur) if dataset.name == name), None)


def is_unchanged(cur: duckdb.DuckDBPyConnection, name: str, source_sha256: str, options_sha256: str) -> bool:
    """Whether the store holds exactly this under the name already, so that there is nothing to import."""
    earlier = find(cur, name)
    if earlier is None:
        return False
    return (earlier.source_sha256, earlier.options_sha256) == (source_sha256, options_sha256)


def datasets(cur: duckdb.DuckDBPyConnection) -> list[Dataset]:
    """Every data set, in the order of first import."""
    rows = cur.execute(f"SELECT {_COLUMNS} FROM dataset ORDER BY dataset_id").fetchall()  # noqa: S608 - columns of ours
    found = [Dataset(**dict(zip(_COLUMNS.split(", "), row, strict=True))) for row in rows]
    return [replace(each, imported_at=each.imported_at.replace(tzinfo=UTC)) for each in found]
