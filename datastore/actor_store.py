"""Who may act, in the store; keys are kept as their SHA-256 only."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from datastore.errors import DatastoreError
from twin_model.actor import Actor, Role

KEY_BYTES = 24

_DEFAULT_ACTORS: tuple[tuple[str, str, Role, str], ...] = (
    ("operator", "指挥中心值班员 · Duty operator", Role.OPERATOR, ""),
    ("collector", "信息采集员 · Inspector", Role.COLLECTOR, "COLLECTOR"),
    ("district", "区级领导 · District leader", Role.DISTRICT, ""),
    ("analyst", "分析员 · Analyst", Role.ANALYST, ""),
    ("wall", "大屏 · Wall display", Role.WALL, ""),
    ("admin", "管理员 · Administrator", Role.ADMIN, ""),
    ("public", "公众 · Public", Role.PUBLIC, "PUBLIC"),
    ("video", "视频监控 · Video", Role.PUBLIC, "VIDEO"),
    ("satellite", "卫星遥感 · Satellite", Role.PUBLIC, "SATELLITE"),
    ("iot", "物联数据 · Sensors", Role.PUBLIC, "DATA_IOT"),
    ("duty", "值守应急 · Duty desk", Role.PUBLIC, "DUTY_EMERGENCY"),
    ("assessor", "考评员 · Assessor", Role.COLLECTOR, "ASSESSMENT"),
)
"""Code, name, role and source; a unit has one more of its own."""


_UNITS_WITHOUT = (
    "SELECT code, name_zh, kind FROM unit WHERE code NOT IN (SELECT coalesce(unit_code, '') FROM actor) "
    "AND 'street-' || code NOT IN (SELECT code FROM actor) AND 'dept-' || code NOT IN (SELECT code FROM actor)"
)


class ActorError(DatastoreError):
    """An actor that is not known, or a code that is taken."""


@dataclass(frozen=True)
class NamedActor:
    """An actor and the name that pages show.

    Parameters
    ----------
    actor : Actor
    name : str
    has_key : bool
        Whether a key lets programs act as it.
    """

    actor: Actor
    name: str
    has_key: bool


def actors(cur: duckdb.DuckDBPyConnection) -> tuple[NamedActor, ...]:
    """All actors that may act now, by role and code."""
    rows = cur.execute(
        "SELECT code, name, role, unit_code, source_code, key_sha256 IS NOT NULL FROM actor WHERE retired_at IS NULL "
        "ORDER BY role, code"
    ).fetchall()
    return tuple(
        NamedActor(_actor(code, role, unit, source), name, key) for code, name, role, unit, source, key in rows
    )


def actor_of_key(cur: duckdb.DuckDBPyConnection, key: str) -> Actor | None:
    """Actor that a key belongs to, or None."""
    rows = cur.execute(
        "SELECT code, role, unit_code, source_code FROM actor WHERE key_sha256 = ? AND retired_at IS NULL",
        [_digest(key)],
    ).fetchall()
    return _actor(*rows[0]) if rows else None


def actor_of_code(cur: duckdb.DuckDBPyConnection, code: str) -> Actor | None:
    """Actor of a code, or None."""
    rows = cur.execute(
        "SELECT code, role, unit_code, source_code FROM actor WHERE code = ? AND retired_at IS NULL", [code]
    ).fetchall()
    return _actor(*rows[0]) if rows else None


def add_actor(con: duckdb.DuckDBPyConnection, actor: Actor, name: str, now: datetime) -> str:
    """Enter an actor, in the caller's transaction, and give its new key, which is shown once and kept nowhere.

    Raises
    ------
    ActorError
        If the code is taken.
    """
    if con.execute("SELECT 1 FROM actor WHERE code = ?", [actor.code]).fetchall():
        raise ActorError(f"there is an actor {actor.code!r} already; choose another code, or give it a new key")
    key = secrets.token_urlsafe(KEY_BYTES)
    _insert(con, actor, name, now, _digest(key))
    return key


def new_key(con: duckdb.DuckDBPyConnection, code: str) -> str:
    """Give an actor a new key, in the caller's transaction; its old one counts no more.

    Raises
    ------
    ActorError
        If there is no such actor.
    """
    key = secrets.token_urlsafe(KEY_BYTES)
    rows = con.execute("UPDATE actor SET key_sha256 = ? WHERE code = ? RETURNING code", [_digest(key), code]).fetchall()
    if not rows:
        raise ActorError(f"there is no actor {code!r}; see citydeck actor list")
    return key


def retire_actor(con: duckdb.DuckDBPyConnection, code: str, now: datetime) -> None:
    """Take an actor's right to act, in the caller's transaction; what it did stays in the log under its code.

    Raises
    ------
    ActorError
        If there is no such actor.
    """
    moment = now.astimezone(UTC).replace(tzinfo=None)
    rows = con.execute(
        "UPDATE actor SET retired_at = ?, key_sha256 = NULL WHERE code = ? RETURNING code", [moment, code]
    ).fetchall()
    if not rows:
        raise ActorError(f"there is no actor {code!r}; see citydeck actor list")


def put_default_actors(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Give a store without actors one of each role, and each unit that never had one its own; none has a key.

    In the caller's transaction.
    """
    if not con.execute("SELECT 1 FROM actor LIMIT 1").fetchall():
        for code, name, role, source in _DEFAULT_ACTORS:
            _insert(con, Actor(code, role, "", source), name, now, None)
    for actor, name in _unit_actors(con):
        _insert(con, actor, name, now, None)


def lacks_actors(cur: duckdb.DuckDBPyConnection) -> bool:
    """Whether `put_default_actors` would put any."""
    rows = cur.execute(f"SELECT (SELECT count(*) FROM actor) = 0 OR EXISTS ({_UNITS_WITHOUT})").fetchall()  # noqa: S608 - a query of ours
    return bool(rows[0][0])


def _unit_actors(cur: duckdb.DuckDBPyConnection) -> Iterator[tuple[Actor, str]]:
    for code, name_zh, kind in cur.execute(f"{_UNITS_WITHOUT} ORDER BY code").fetchall():
        prefix, role = ("street", Role.STREET) if kind == "street" else ("dept", Role.DEPARTMENT)
        yield Actor(f"{prefix}-{code}", role, code), name_zh


def _insert(con: duckdb.DuckDBPyConnection, actor: Actor, name: str, now: datetime, key_sha256: str | None) -> None:
    con.execute(
        "INSERT INTO actor (code, name, role, unit_code, source_code, key_sha256, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [actor.code, name, actor.role.value, actor.unit_code, actor.source_code, key_sha256,
         now.astimezone(UTC).replace(tzinfo=None)],
    )  # fmt: skip


def _actor(code: str, role: str, unit_code: str | None, source_code: str | None) -> Actor:
    return Actor(code, Role(role), unit_code or "", source_code or "")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
