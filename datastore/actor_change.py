"""Changes of who may act: checked, made, and entered in the log, which names codes and roles, no person and no key."""

import re
from datetime import datetime

import duckdb

from datastore.actor_store import ActorError, actor_of_code, actors, add_actor, new_key, retire_actor
from datastore.log.notice import append_notice
from datastore.rule_change import need_admin
from twin_model.actor import UNIT_ROLES, Actor, Role

KIND = "actor"
"""Kind of the log's entries."""
MAX_NAME = 100

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def acting(cur: duckdb.DuckDBPyConnection, code: str) -> Actor:
    """Find an actor that may act now.

    Raises
    ------
    ActorError
        If there is none of the code.
    """
    found = actor_of_code(cur, code)
    if found is None:
        raise ActorError(f"there is no actor {code!r} who may act; see citydeck actor list")
    return found


def enter_actor(con: duckdb.DuckDBPyConnection, actor: Actor, name: str, *, by: Actor, now: datetime) -> str:
    """Enter an actor, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    actor : Actor
    name : str
        What pages call it; it does not enter the log.
    by : Actor
        An administrator.
    now : datetime
        Aware.

    Returns
    -------
    str
        Its key, which is shown once and kept nowhere.

    Raises
    ------
    ActorError
        If the code is taken or cannot be one, the name is too long, or the unit or source does not fit.
    NotAllowedError
        If ``by`` is no administrator.
    """
    need_admin(by, "who may act")
    _check(con, actor, name)
    key = add_actor(con, actor, name or actor.code, now)
    told = {"role": actor.role.value, "unit": actor.unit_code, "source": actor.source_code}
    _log(con, by, now, {"actor": actor.code, "change": "add", **{name: each for name, each in told.items() if each}})
    return key


def renew_key(con: duckdb.DuckDBPyConnection, code: str, *, by: Actor, now: datetime) -> str:
    """Give an actor a new key, in the caller's transaction; its old one counts no more.

    Raises
    ------
    ActorError
        If there is no such actor, or it may act no more.
    NotAllowedError
        If ``by`` is no administrator.
    """
    need_admin(by, "who may act")
    acting(con, code)
    key = new_key(con, code)
    _log(con, by, now, {"actor": code, "change": "key"})
    return key


def retire(con: duckdb.DuckDBPyConnection, code: str, *, by: Actor, now: datetime) -> None:
    """Take an actor's right to act, in the caller's transaction; what it did stays in the log under its code.

    Raises
    ------
    ActorError
        If there is no such actor, it may act no more, or it is the last administrator.
    NotAllowedError
        If ``by`` is no administrator.
    """
    need_admin(by, "who may act")
    role = acting(con, code).role
    if role is Role.ADMIN and sum(each.actor.role is Role.ADMIN for each in actors(con)) == 1:
        raise ActorError(f"{code} is the last administrator; add another one first")
    retire_actor(con, code, now)
    _log(con, by, now, {"actor": code, "change": "retire"})


def _check(con: duckdb.DuckDBPyConnection, actor: Actor, name: str) -> None:
    if not _CODE.fullmatch(actor.code):
        raise ActorError(
            f"{actor.code!r} cannot be an actor's code; write 1 to 64 letters, digits, dots, dashes or underscores, "
            "the first a letter or digit"
        )
    if len(name) > MAX_NAME:
        raise ActorError(f"the name has {len(name)} characters; write at most {MAX_NAME}")
    if actor.role is Role.SYSTEM:
        raise ActorError("system is what the program does by itself; choose the role of a person or a device")
    for_unit = actor.role in UNIT_ROLES
    if for_unit and not _is_known(con, "unit", actor.unit_code):
        raise ActorError(
            f"{actor.role} acts for a unit, and there is no unit {actor.unit_code!r}; give one with --unit"
        )
    if actor.unit_code and not for_unit:
        raise ActorError(f"{actor.role} acts for no unit; leave --unit out, or choose street or department")
    if actor.source_code and not _is_known(con, "case_source", actor.source_code):
        raise ActorError(f"there is no source {actor.source_code!r}; give one of the store with --source")


def _is_known(con: duckdb.DuckDBPyConnection, table: str, code: str) -> bool:
    return bool(con.execute(f"SELECT 1 FROM {table} WHERE code = ?", [code]).fetchall())  # noqa: S608 - tables of ours


def _log(con: duckdb.DuckDBPyConnection, by: Actor, now: datetime, told: dict[str, str]) -> None:
    append_notice(con, KIND, actor=by.code, moment=now, data=told)
