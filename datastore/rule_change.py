"""New versions of rules: checked, numbered, and entered in the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from datastore.actor_store import put_default_actors
from datastore.log.notice import append_notice
from datastore.rule_store import RuleVersion, put_defaults, put_document, read_document, rule_versions
from datastore.store import Change, Store
from twin_model.actor import Actor, Role
from twin_model.case_chain import moment_text
from twin_model.errors import MovedOnError, NotAllowedError, RuleDocumentError
from twin_model.rule_book import RuleKind
from twin_model.rule_document import checked_document
from twin_model.workflow import AUTOMATIC_STEPS, Action, Mode

NOT_LOGGED = -1
MAX_NOTE = 500
STEPS = tuple(step.name.lower() for step in AUTOMATIC_STEPS)
"""Names of the automatic steps, as documents have them."""


@dataclass(frozen=True)
class RuleChange:
    """What putting a document led to.

    Parameters
    ----------
    version : RuleVersion
        The new one, or the newest where the document was the same.
    seq : int
        Its place in the log; `NOT_LOGGED` where nothing was changed.
    """

    version: RuleVersion
    seq: int

    @property
    def is_new(self) -> bool:
        """Whether there is a new version."""
        return self.seq != NOT_LOGGED


def put_rules(
    con: duckdb.DuckDBPyConnection,
    kind: RuleKind,
    document: object,
    *,
    actor: Actor,
    note: str,
    now: datetime,
    valid_from: datetime | None = None,
    if_version: int | None = None,
) -> RuleChange:
    """Add a version of rules and its entry in the log, in the caller's transaction.

    The same document again, valid from the same moment or later, changes nothing.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor of a store that has rules of every kind.
    kind : RuleKind
    document : object
        As JSON gives it.
    actor : Actor
        Who puts it; an administrator.
    note : str
        Why, for whoever looks at the versions later.
    now : datetime
        Aware.
    valid_from : datetime, optional
        Aware; from when on it is in force. Default: now.
    if_version : int, optional
        Newest version as the actor knows it.

    Raises
    ------
    NotAllowedError
        If the actor is no administrator.
    MovedOnError
        If there is a later version than the one that the actor knows.
    RuleDocumentError
        If the note is empty or too long.
    TwinModelError
        If the document cannot be used; the message names the row and the mend.
    """
    need_admin(actor, "rules")
    if not 0 < len(note.strip()) <= MAX_NOTE:
        raise RuleDocumentError(
            f"the note has {len(note.strip())} characters; say in 1 to {MAX_NOTE} what changes and why"
        )
    kept = checked_document(kind, document)
    begins = (valid_from or now).astimezone(UTC)
    newest = next((each for each in reversed(rule_versions(con)) if each.kind is kind), None)
    if newest is not None:
        if if_version is not None and if_version != newest.version:
            raise MovedOnError(
                f"the newest {kind} rules are version {newest.version}, not {if_version}; look at them first"
            )
        if newest.valid_from <= begins and read_document(con, kind, newest.version)[1] == kept:
            return RuleChange(newest, NOT_LOGGED)
    made = put_document(con, kind, kept, valid_from=begins, now=now, by=actor.code, note=note.strip())
    told = {"kind": kind.value, "version": made.version, "sha256": made.sha256, "valid_from": moment_text(begins)}
    return RuleChange(made, append_notice(con, Action.RULES, actor=actor.code, moment=now, data=told))


def put_mode(con: duckdb.DuckDBPyConnection, step: str, mode: Mode, *, actor: Actor, now: datetime) -> RuleChange:
    """Add a version of the workflow in which one automatic step is taken in another way, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    step : str
        One of `STEPS`.
    mode : Mode
    actor : Actor
        An administrator.
    now : datetime
        Aware.

    Raises
    ------
    RuleDocumentError
        If there is no such step.
    NotAllowedError
        If the actor is no administrator.
    """
    _, document = read_document(con, RuleKind.WORKFLOW)
    changed = with_mode(document, step, mode)
    return put_rules(con, RuleKind.WORKFLOW, changed, actor=actor, note=f"{step}: {mode}", now=now)


def with_mode(document: Mapping[str, Any], step: str, mode: Mode) -> dict[str, Any]:
    """Workflow's document with one step's mode changed; whether there is such a step is the document's check to say."""
    return {**document, "modes": {**document.get("modes", {}), step: mode.value}}


def need_admin(actor: Actor, what: str) -> None:
    """See that an actor may change what only administrators change.

    Raises
    ------
    NotAllowedError
        If it may not.
    """
    if actor.role is not Role.ADMIN:
        raise NotAllowedError(f"{actor.code} is {actor.role} and may not change {what}; an administrator may")


def complete(store: Store, now: datetime) -> None:
    """Give a store that has no rules or no actors the default ones, as its first desk would.

    Parameters
    ----------
    store : Store
        Open for writing; one that is open for reading is left as it is.
    now : datetime
        Aware.
    """
    with store.read() as cur:
        kinds = cur.execute("SELECT count(DISTINCT kind) FROM rule_version").fetchall()[0][0]
        actors = cur.execute("SELECT count(*) FROM actor").fetchall()[0][0]
    if not store.read_only and (kinds < len(RuleKind) or not actors):
        with store.write(Change.NOTHING) as con:
            put_defaults(con, now)
            put_default_actors(con, now)
