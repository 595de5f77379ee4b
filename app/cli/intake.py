"""``citydeck intake``: a file of new cases, into a store or to the server that has it open."""

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import pyarrow as pa
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.cli.ask_server import send
from app.cli.options import By, DataDir
from app.errors import AppError
from app.settings import load_settings
from datastore.actor_change import acting
from datastore.desk.bulk import load
from datastore.desk.bulk_report import BulkReport, Rejected
from datastore.desk.desk import Desk
from datastore.errors import StoreBusyError
from datastore.sources.case_mapping import read_mapping
from datastore.sources.errors import SourceError
from datastore.sources.intake_file import IntakeShape, format_of_path, read_intake
from datastore.sources.intake_mapping import read_mapped
from datastore.store import Store

SLICE = 50_000
"""Rows that are loaded, or sent, at once."""
MOST_ROWS = 50_000_000
ARROW = "application/vnd.apache.arrow.stream"
SHOWN = 10
"""Rejected rows that are named on the terminal."""

Take = Callable[[pa.Table], BulkReport]


def intake(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, NDJSON, Parquet or Arrow stream.")],
    *,
    source: Annotated[str, typer.Option(metavar="CODE", help="Source that the cases come from.")],
    mapping: Annotated[
        Path | None, typer.Option(metavar="TOML", help="Which column is what; see docs/mappings.")
    ] = None,
    data: DataDir = None,
    by: By = "admin",
    url: Annotated[str | None, typer.Option(help="Server that has the store open.")] = None,
    key: Annotated[
        str | None, typer.Option(envvar="CITYDECK_KEY", help="Key of the actor, for a server that asks for one.")
    ] = None,
) -> None:
    """Take new cases in from a file: checked, located, filed and dispatched like reports that come one by one."""
    table = read_file(file, mapping)
    if url is not None:
        address = f"/api/intake/{quote(source, safe='')}"
        report = in_slices(table, lambda part: _answer(send(url, address, arrow_bytes(part), ARROW, key=key, actor=by)))
    else:
        report = _load(table, source, data, by)
    for line in summary(file.name, report):
        typer.echo(line)


def read_file(file: Path, mapping: Path | None) -> pa.Table:
    """Read a file of new cases.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    form = format_of_path(file)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}); check the path") from None
    if mapping is None:
        return read_intake(body, form, file.name, IntakeShape(max_rows=MOST_ROWS))
    return read_mapped(body, form, file, read_mapping(mapping), MOST_ROWS)


def in_slices(table: pa.Table, take: Take) -> BulkReport:
    """Take a table in slice by slice, with a progress bar, and add up what became of it."""
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    report = BulkReport(0)
    with Progress(*columns, console=Console(stderr=True, quiet=not sys.stderr.isatty()), transient=True) as bar:
        task = bar.add_task("intake", total=table.num_rows)
        for start in range(0, table.num_rows, SLICE):
            part = table.slice(start, SLICE)
            report = report.plus(take(part))
            bar.update(task, advance=part.num_rows)
    return report


def arrow_bytes(table: pa.Table) -> bytes:
    """Table as an Arrow stream, compressed."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue()


def summary(name: str, report: BulkReport) -> list[str]:
    """Lines that tell what became of a file."""
    done = f"{report.dispatched} dispatched, {report.duplicates} duplicates, {report.unplaced} unplaced"
    others = f"{report.candidates} candidates, {report.repeated} came before, {report.rejected} rejected"
    lines = [f"{name}: {report.rows} rows, {report.cases} cases ({done}), {others}"]
    lines += [f"  rejected, {reason}: {count}" for reason, count in report.reasons.items()]
    lines += [f"  row {each.row}: {each.detail}" for each in report.rejects[:SHOWN]]
    if report.ignored:
        lines.append(f"  columns not read: {', '.join(report.ignored)}")
    return lines


def _load(table: pa.Table, source: str, data: Path | None, by: str) -> BulkReport:
    """Take a table in as one transaction, in a store that nobody has open."""
    try:
        with Store.open(load_settings(data=data).data) as store, Desk.open(store) as desk:
            with store.read() as cur:
                actor = acting(cur, by)
            now = datetime.now(UTC)
            done: BulkReport = desk.exclusive(
                lambda con, ours: in_slices(table, lambda part: load(con, ours, part, actor, source, now=now)),
            )
            return done
    except StoreBusyError as error:
        raise AppError(f"{error}; or send the file to the server with --url http://127.0.0.1:8050") from error


def _answer(told: object) -> BulkReport:
    if not isinstance(told, dict):
        raise AppError("the server's answer cannot be read; is it a citydeck of this release?")
    rejects = tuple(Rejected(**each) for each in told.pop("rejects", ()))
    return BulkReport(**{**told, "rejects": rejects, "ignored": tuple(told.get("ignored", ()))})
