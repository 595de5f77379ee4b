"""The rules of a store, looked through: the newest version of every kind against the store's own codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from datastore.meta import read_meta
from datastore.rule_store import read_document, stored_classes
from twin_model.rule_book import RuleBook, RuleKind
from twin_model.rule_lint import CityCodes, RuleFinding, lint_rules


@dataclass(frozen=True)
class RuleCheck:
    """Findings about the newest rules.

    Parameters
    ----------
    versions : mapping of RuleKind to int
        That were looked at.
    findings : tuple of RuleFinding
    """

    versions: Mapping[RuleKind, int]
    findings: tuple[RuleFinding, ...]


def check_rules(cur: duckdb.DuckDBPyConnection, at: datetime, kind: RuleKind | None = None) -> RuleCheck:
    """Look the newest rules through, whether they are in force yet or not.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    at : datetime
        Aware; now.
    kind : RuleKind, optional
        Only findings of this kind.

    Raises
    ------
    NoRulesError
        If a kind has none.
    TwinModelError
        If a document cannot be used.
    """
    newest = {each: read_document(cur, each) for each in RuleKind}
    versions = {each: version for each, (version, _) in newest.items()}
    book = RuleBook.read({each: document for each, (_, document) in newest.items()}, versions)
    since = _oldest_open(cur, at).astimezone(read_meta(cur).zone).date()
    found = lint_rules(book, city_codes(cur), at, since)
    wanted = [kind] if kind else list(RuleKind)
    return RuleCheck({each: versions[each] for each in wanted}, tuple(each for each in found if each.kind in wanted))


def city_codes(cur: duckdb.DuckDBPyConnection) -> CityCodes:
    """Read what rules may name."""
    units, sources = (
        frozenset(code for (code,) in cur.execute(f"SELECT code FROM {table}").fetchall())  # noqa: S608 - tables of ours
        for table in ("unit", "case_source")
    )
    return CityCodes(units, sources, stored_classes(cur))


def _oldest_open(cur: duckdb.DuckDBPyConnection, at: datetime) -> datetime:
    oldest: datetime | None = cur.execute("SELECT min(reported_at) FROM open_case").fetchall()[0][0]
    return at if oldest is None else oldest.replace(tzinfo=UTC)
