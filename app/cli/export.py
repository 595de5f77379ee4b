"""``citydeck export``: rejected and unplaced records as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from app.cli.options import DataDir
from app.errors import AppError
from app.settings import load_settings
from datastore.queries.rejects import rejects
from datastore.queries.unplaced_cases import unplaced_cases
from datastore.store import Store

export_app = typer.Typer(help="Write records of the store to files.", no_args_is_help=True)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell (OWASP, CSV injection)."""

OutFile = Annotated[Path, typer.Argument(metavar="OUT.csv", help="File to write.")]


def guarded(value: object) -> str:
    """Cell text that no spreadsheet takes for a formula; plain numbers stay as they are."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return utc_text(value)
    text = str(value)
    if isinstance(value, int | float) or not text.lstrip(" ").startswith(FORMULA_STARTS):
        return text
    return "'" + text


def utc_text(moment: datetime) -> str:
    """Moment as ISO 8601 with ``Z``; the store's times are UTC and say no zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_csv(batches: Iterable[pa.RecordBatch], names: list[str], out: Path) -> int:
    """Write rows with a head line, as UTF-8 with a byte order mark, which spreadsheets need for Chinese.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    AppError
        If the file cannot be written.
    """
    count = 0
    try:
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            for batch in batches:
                writer.writerows([guarded(cell) for cell in row.values()] for row in batch.to_pylist())
                count += batch.num_rows
    except OSError as error:
        raise AppError(f"cannot write {out}: {error.strerror or error}") from error
    return count


def _export(table: pa.Table, out: Path) -> None:
    count = write_csv(table.to_batches(max_chunksize=10_000), table.column_names, out)
    typer.echo(f"{out}: {count:,} rows")


@export_app.command("rejects")
def export_rejects(out: OutFile, data: DataDir = None) -> None:
    """Write the records that imports refused, each with its reason and how to mend it."""
    store = Store.open(load_settings(data=data).data, read_only=True)
    with store.read() as cursor:
        _export(rejects(cursor), out)
    store.close()


@export_app.command("unplaced")
def export_unplaced(out: OutFile, data: DataDir = None) -> None:
    """Write the cases that lie in no area, each with the reason; times are UTC."""
    store = Store.open(load_settings(data=data).data, read_only=True)
    with store.read() as cursor:
        _export(unplaced_cases(cursor), out)
    store.close()
