"""``citydeck rules what-if``: a changed list of responsibilities, tried on the cases of the store."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.cli.export import write_csv
from app.cli.options import DataDir
from app.cli.rules import AsJson, RuleFile, opened
from app.cli.tables import code_table, print_table
from app.errors import SettingsError
from datastore.rule_file import read_rule_file
from datastore.rule_store import read_book, read_document
from datastore.rule_what_if import Trial, report_span, try_list
from twin_model import responsibility
from twin_model.rule_book import RuleKind

SHOWN = 15
"""Rows of each table that people are shown."""
NOBODY = "—"


def what_if(
    file: RuleFile,
    *,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="First day of the reports (default: all).")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day of the reports (default: all).")] = None,
    as_json: AsJson = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="OUT.csv", help="Write the moved cases by units, class and street.")
    ] = None,
    data: DataDir = None,
) -> None:
    """Show which cases a changed list of responsibilities would give to other units; nothing is changed."""
    days = _day(since, "--since"), _day(until, "--until")
    columns = SpinnerColumn(), TextColumn("{task.description:<18}"), BarColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=Console(stderr=True, quiet=not sys.stderr.isatty()), transient=True)
    with opened(data) as (store, now), store.read() as cur, bar:
        task = bar.add_task("read the lists", total=1.0)
        document = read_rule_file(file, RuleKind.RESPONSIBILITY, read_document(cur, RuleKind.RESPONSIBILITY)[1])
        book = read_book(cur, now)
        trial = try_list(
            cur,
            book.responsibilities,
            responsibility.from_document(document),
            report_span(cur, *days),
            now,
            moves=csv is not None,
            progress=lambda phase, fraction: bar.update(task, description=phase, completed=fraction),
        )
    if csv is not None and trial.moves is not None:
        write_csv(trial.moves.to_batches(), trial.moves.column_names, csv)
    if as_json:
        told = {"before": book.versions[RuleKind.RESPONSIBILITY], "after": str(file), **trial_document(trial)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(trial, f"version {book.versions[RuleKind.RESPONSIBILITY]}", str(file))


def trial_document(trial: Trial) -> dict[str, Any]:
    """Outcome as JSON has it; examples are case numbers."""
    result = trial.result
    return {
        "cases": result.cases,
        "moved": result.moved,
        "fallback_before": result.fallback_before,
        "fallback_after": result.fallback_after,
        "had_unit": result.had_unit,
        "agreed_before": result.agreed_before,
        "agreed_after": result.agreed_after,
        "flows": _with_numbers(trial, result.flows),
        "by_unit": result.by_unit.to_pylist(),
        "by_class": result.by_class.to_pylist(),
        "by_street": result.by_street.to_pylist(),
        "from_history": _with_numbers(trial, result.from_history),
    }


def _with_numbers(trial: Trial, flows: pa.Table) -> list[dict[str, Any]]:
    return [{**row, "examples": [trial.examples[each] for each in row["examples"]]} for row in flows.to_pylist()]


def _print(trial: Trial, before: str, after: str) -> None:
    result = trial.result
    typer.echo(
        f"{result.cases:,} cases, {before} against {after}: {result.moved:,} ({_share(result.moved, result.cases)}) "
        "would go to another unit"
    )
    typer.echo(f"left to a backstop: {result.fallback_before:,} before, {result.fallback_after:,} after")
    if result.had_unit:
        shares = [_share(each, result.had_unit) for each in (result.agreed_before, result.agreed_after)]
        typer.echo(f"the unit that had the case is the one of the list: {shares[0]} before, {shares[1]} after")
    flows = code_table("from", "to", "cases", "for example", codes=4)
    for row in result.flows.slice(0, SHOWN).to_pylist():
        ends = (_named(trial, "unit", row[name]) for name in ("from_unit", "to_unit"))
        flows.add_row(*ends, f"{row['cases']:,}", trial.examples[row["examples"][0]])
    _show(flows, result.flows.num_rows)
    for what, counted in (("class", result.by_class), ("street", result.by_street)):
        moved = [row for row in counted.to_pylist() if row["moved"]]
        moved.sort(key=lambda row: -row["moved"])
        table = code_table(what, "cases", "moved", "share")
        for row in moved[:SHOWN]:
            share = _share(row["moved"], row["cases"])
            name = _named(trial, what, row[f"{what}_code"])
            table.add_row(name, f"{row['cases']:,}", f"{row['moved']:,}", share)
        _show(table, len(moved))


def _show(table: Table, rows: int) -> None:
    if rows:
        typer.echo()
        print_table(table)
    if rows > SHOWN:
        typer.echo(f"… and {rows - SHOWN:,} more; see --json or --csv")


def _named(trial: Trial, what: str, code: str | None) -> str:
    name = trial.names[what].get(code or "", "")
    return f"{code} {name}".rstrip() if code else NOBODY


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else NOBODY


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{option} {text!r} is not a date; write it as 2026-01-31") from error
