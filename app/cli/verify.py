"""``citydeck verify``: whether anything was altered since it was written."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.cli.options import DataDir
from app.settings import load_settings
from datastore.log.finding import Report
from datastore.log.keys import NOTES_FILE, PUBLIC_FILE, read_notes, read_verifier_key
from datastore.log.replay import replay_differences
from datastore.log.store_copy import opened_file
from datastore.log.verify import verify as verify_log
from datastore.store import FILE_NAME

MOST_SHOWN = 20
"""Faults that are printed; the rest is counted."""


def verify(
    *,
    data: DataDir = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Store's file, or a copy of it (default: that of --data).")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Public key of the log (default: log-key.pub beside the store).")
    ] = None,
    witness: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Signed heads kept elsewhere (default: checkpoints.txt beside the store)."),
    ] = None,
) -> None:
    """Check that no entry of the log, and nothing that follows from it, was altered since it was written."""
    path = file or load_settings(data=data).data / FILE_NAME
    public = key or _beside(path, PUBLIC_FILE)
    heads = witness or _beside(path, NOTES_FILE)
    verifier = read_verifier_key(public) if public else None
    notes = read_notes(heads) if heads else []
    columns = (
        SpinnerColumn(), TextColumn("{task.description:<22}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    bar = Progress(*columns, console=Console(stderr=True, quiet=not sys.stderr.isatty()), transient=True)
    with bar, opened_file(path) as con:
        task = bar.add_task("log", total=1.0)

        def told(phase: str, fraction: float) -> None:
            bar.update(task, description=phase, completed=fraction)

        report = verify_log(con, verifier, witness=notes, replay=replay_differences, progress=told)
    if report.ok:
        typer.echo(_calm(report, signed=verifier is not None, apart=witness is not None))
        return
    typer.echo(f"citydeck: {path} is not as it was written:", err=True)
    for finding in report.findings[:MOST_SHOWN]:
        typer.echo(f"  {finding.text}", err=True)
    more = len(report.findings) - MOST_SHOWN
    if more > 0:
        typer.echo(f"  and {more} faults more", err=True)
    raise typer.Exit(1)


def _beside(path: Path, name: str) -> Path | None:
    """File beside the store, if there is one."""
    beside = path.parent / name
    return beside if beside.is_file() else None


def _calm(report: Report, *, signed: bool, apart: bool) -> str:
    """One sentence on a log that is as it was written."""
    entries = f"{report.size:,} entries are as they were written"
    if not signed:
        return f"{entries} as far as the store itself tells; there is no key to check signatures with"
    if apart:
        return (
            f"{entries}; {report.signed:,} of them are signed, {report.witnessed:,} by a head that was kept elsewhere"
        )
    return f"{entries}; {report.signed:,} of them are signed, and no head that was kept elsewhere was given"
