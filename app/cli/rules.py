"""``citydeck rules``: documents of rules and their versions."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from app.api.rules import version_document
from app.cli.options import By, DataDir
from app.cli.tables import code_table, print_table
from app.errors import SettingsError
from app.settings import load_settings
from datastore.actor_change import acting
from datastore.log.keys import sign_head
from datastore.rule_change import STEPS, RuleChange, complete, put_mode, put_rules
from datastore.rule_check import check_rules
from datastore.rule_file import RuleFormat, read_rule_file, written_rules
from datastore.rule_store import read_document, rule_versions
from datastore.store import Change, Store
from twin_model.rule_book import RuleKind
from twin_model.rule_diff import Difference, differences
from twin_model.rule_lint import RuleFinding, Severity
from twin_model.workflow import Mode

rules_app = typer.Typer(help="Documents of rules: look at them, change them, check them.", no_args_is_help=True)

SHOWN_DIGITS = 12
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

Kind = Annotated[RuleKind, typer.Argument(metavar="KIND", help=", ".join(RuleKind))]
RuleFile = Annotated[Path, typer.Argument(metavar="FILE", help="Document as .toml, .json or .csv.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@contextmanager
def opened(data: Path | None) -> Iterator[tuple[Store, datetime]]:
    """Store with rules of every kind, and the present."""
    now = datetime.now(UTC)
    with Store.open(load_settings(data=data).data) as store:
        complete(store, now)
        yield store, now


@rules_app.command("list")
def list_rules(data: DataDir = None, as_json: AsJson = False) -> None:
    """List the versions of all kinds; a star marks those in force."""
    with opened(data) as (store, now), store.read() as cur:
        versions = rule_versions(cur)
        zone = store.meta().zone
    in_force = {each.kind: each.version for each in versions if each.valid_from <= now}
    if as_json:
        told = [version_document(each, in_force=in_force.get(each.kind) == each.version) for each in versions]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    table = code_table("", "kind", "version", "valid from", "made", "by", "sha256", "note", codes=7)
    for each in versions:
        star = "*" if in_force.get(each.kind) == each.version else ""
        begins = "always" if each.valid_from <= ALWAYS else _minute(each.valid_from, zone)
        made = _minute(each.created_at, zone)
        digits = each.sha256[:SHOWN_DIGITS]
        table.add_row(star, each.kind.value, str(each.version), begins, made, each.created_by, digits, each.note)
    print_table(table)


@rules_app.command("show")
def show(
    kind: Kind,
    *,
    version: Annotated[int | None, typer.Option(min=1, help="Version (default: the newest).")] = None,
    form: Annotated[RuleFormat, typer.Option("--format", help="How to write it.")] = RuleFormat.TOML,
    data: DataDir = None,
) -> None:
    """Write a document of rules, to read it or to change it and put it again."""
    with opened(data) as (store, _), store.read() as cur:
        _, document = read_document(cur, kind, version)
    typer.echo(written_rules(kind, document, form), nl=False)


@rules_app.command("put")
def put(
    kind: Kind,
    file: RuleFile,
    *,
    note: Annotated[str, typer.Option(help="What changes and why; kept with the version.")],
    valid_from: Annotated[
        str | None, typer.Option(metavar="WHEN", help="2026-12-01, or a moment with its zone (default: now).")
    ] = None,
    by: By = "admin",
    data: DataDir = None,
) -> None:
    """Add a version of a kind of rules; a document that cannot be used changes nothing."""
    with opened(data) as (store, now):
        begins = read_begin(valid_from, store.meta().zone)
        with store.write(Change.FIGURES) as con:
            document = read_rule_file(file, kind, read_document(con, kind)[1])
            change = put_rules(con, kind, document, actor=acting(con, by), note=note, now=now, valid_from=begins)
        _told(store, change, now)


@rules_app.command("diff")
def diff(
    kind: Kind,
    *,
    first: Annotated[int | None, typer.Option("--from", min=1, help="Version (default: the one before).")] = None,
    second: Annotated[
        str | None, typer.Option("--to", metavar="N|FILE", help="Version or file (default: the newest version).")
    ] = None,
    data: DataDir = None,
) -> None:
    """Show what differs between two versions, or between a version and a file."""
    with opened(data) as (store, _), store.read() as cur:
        newest, document = read_document(cur, kind)
        if second is None or second.isdecimal():
            to, after = read_document(cur, kind, None if second is None else int(second))
            start, before = read_document(cur, kind, first or max(to - 1, 1))
            name = f"version {to}"
        else:
            after = read_rule_file(Path(second), kind, document)
            start, before = read_document(cur, kind, first or newest)
            name = second
    found = differences(before, after)
    typer.echo(f"{kind} rules, version {start} to {name}; differences: {len(found):,}")
    for each in found:
        typer.echo(difference_line(each))


@rules_app.command("lint")
def lint(
    kind: Annotated[RuleKind | None, typer.Argument(metavar="[KIND]", help="Only this kind.")] = None,
    *,
    as_json: AsJson = False,
    data: DataDir = None,
) -> None:
    """Look the newest rules through; exit status 1 if one is in error."""
    with opened(data) as (store, now), store.read() as cur:
        check = check_rules(cur, now, kind)
    if as_json:
        findings = [asdict(each) for each in check.findings]
        typer.echo(json.dumps({"versions": check.versions, "findings": findings}, ensure_ascii=False, indent=2))
    else:
        typer.echo(_summary(check.versions, check.findings))
        if check.findings:
            print_table(_findings_table(check.findings))
    if any(each.severity is Severity.ERROR for each in check.findings):
        raise typer.Exit(1)


@rules_app.command("mode")
def mode(
    step: Annotated[str, typer.Argument(metavar="STEP", help=", ".join(STEPS))],
    way: Annotated[Mode, typer.Argument(metavar="auto|suggest", help="Taken by the system, or only suggested.")],
    *,
    by: By = "admin",
    data: DataDir = None,
) -> None:
    """Let an automatic step be taken, or only suggested to an operator: a new version of the workflow."""
    with opened(data) as (store, now):
        with store.write(Change.FIGURES) as con:
            change = put_mode(con, step, way, actor=acting(con, by), now=now)
        _told(store, change, now)


def read_begin(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Moment of ``--valid-from``: that moment, or the midnight in the city that begins a day.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"--valid-from {text!r} is no day and no moment with its zone; write 2026-12-01 or 2026-12-01T08:00+08:00"
        ) from error


def difference_line(each: Difference) -> str:
    """One difference as a line: ``~ rules R-0012 lead: D01 → D02``."""
    before, after = _short(each.before), _short(each.after)
    if each.before is None:
        return f"+ {each.place}: {after}"
    return f"- {each.place}: {before}" if each.after is None else f"~ {each.place}: {before} → {after}"


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(each)}" for name, each in value.items() if each not in ("", [], None))
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _told(store: Store, change: RuleChange, now: datetime) -> None:
    """Sign the log's new head, and say what was done and what looks doubtful now."""
    version = change.version
    if not change.is_new:
        typer.echo(f"nothing changes: this is version {version.version} of the {version.kind} rules already")
        return
    sign_head(store, now)
    with store.read() as cur:
        check = check_rules(cur, now, version.kind)
    begins = "now" if version.valid_from <= now else _minute(version.valid_from, store.meta().zone)
    typer.echo(f"{version.kind} rules, version {version.version}, valid from {begins}; entry {change.seq:,} of the log")
    typer.echo(f"sha256 {version.sha256}")
    if check.findings:
        typer.echo(f"{_summary(check.versions, check.findings)}; see citydeck rules lint {version.kind}")


def _summary(versions: Mapping[RuleKind, int], findings: tuple[RuleFinding, ...]) -> str:
    errors = sum(each.severity is Severity.ERROR for each in findings)
    looked = ", ".join(f"{kind}@{version}" for kind, version in versions.items())
    return f"{looked}: {errors:,} errors, {len(findings) - errors:,} warnings"


def _findings_table(findings: tuple[RuleFinding, ...]) -> Table:
    table = code_table("", "rules", "finding", "mend")
    for each in findings:
        table.add_row(each.severity.value, f"{each.kind} {each.flaw}", each.sentence, each.mend)
    return table


def _minute(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
