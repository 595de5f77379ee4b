"""What an actor may see at the workbench, as SQL: the one place where that is decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from twin_model.actor import Role
from twin_model.case import DUE_SOON_H
from twin_model.desk_queue import QUEUES, QUEUES_OF, Due, Mark, Queue, Sight, sight_of

OFFICE_PREFIX = "S"
"""The code of a street's or town's office is this and the code of its area."""
NOBODY = "false"


@dataclass(frozen=True)
class DeskScope:
    """Who looks at the workbench.

    Parameters
    ----------
    role : Role
    unit_code : str
        Unit that a street's or department's actor acts for, or ``""``.
    """

    role: Role
    unit_code: str = ""


@dataclass(frozen=True)
class DeskPlace:
    """Keys of what a scope is about; None where the store holds none."""

    unit_id: int | None = None
    street_id: int | None = None


def place_of(cur: duckdb.DuckDBPyConnection, scope: DeskScope) -> DeskPlace:
    """Look the keys of a scope's unit and of its street or town up."""
    if not scope.unit_code:
        return DeskPlace()
    rows = cur.execute(
        "SELECT (SELECT unit_id FROM unit WHERE code = $unit), (SELECT area_id FROM area WHERE code = $street)",
        {"unit": scope.unit_code, "street": scope.unit_code.removeprefix(OFFICE_PREFIX)},
    ).fetchall()
    return DeskPlace(*rows[0])


def sees(scope: DeskScope, place: DeskPlace, *, in_area: bool = False) -> str:
    """Write the SQL condition over ``open_case`` that a scope's cases meet.

    Parameters
    ----------
    scope : DeskScope
    place : DeskPlace
        Keys of the scope.
    in_area : bool
        Of a street's or town's office: all that lies there, whichever unit has it.
    """
    sight = sight_of(scope.role)
    if sight is Sight.ALL:
        return "true"
    if sight is Sight.NOTHING:
        return NOBODY
    if in_area:
        return NOBODY if place.street_id is None or scope.role is not Role.STREET else f"street_id = {place.street_id}"
    return NOBODY if place.unit_id is None else f"unit_id = {place.unit_id}"


def queue_sql(scope: DeskScope, place: DeskPlace, queue: Queue) -> str:
    """Write the SQL condition over `open_cases` that a queue's cases meet; nothing for a queue of another role."""
    if queue not in QUEUES_OF.get(scope.role, ()):
        return NOBODY
    rule = QUEUES[queue]
    parts = [sees(scope, place, in_area=rule.in_area)]
    if rule.stages:
        parts.append(f"stage IN ({', '.join(str(int(stage)) for stage in rule.stages)})")
    if rule.held is not None:
        parts.append(f"coalesce(hold, '') {'<>' if rule.held else '='} ''")
    if rule.mark is not Mark.NONE:
        parts.append(f"coalesce(has_{rule.mark}, false)")
    if rule.due is Due.LATE:
        parts.append("deadline_at < $as_of")
    if rule.due is Due.SOON:
        parts.append("deadline_at >= $as_of AND deadline_at < $soon")
    return " AND ".join(parts)


_HAS = {mark: f"""contains(file, '"{mark}":')""" for mark in Mark if mark is not Mark.NONE}
"""A file leaves out what says nothing, so that to hold a name is to say something, and JSON writes a quote in a text
with a stroke before it, so that no text can look like a name."""
_MARKS = ", ".join(f"{test} AS has_{mark}" for mark, test in _HAS.items())
MARKED = (
    f"SELECT case_no, {_MARKS} FROM case_desk "  # noqa: S608 - names of ours
    f"WHERE case_no IN (SELECT case_no FROM open_case) AND ({' OR '.join(_HAS.values())})"
)
"""The open cases of which something is known that has no column in ``open_case``."""
WITH_MARKS = "open_case LEFT JOIN marked ON marked.case_no = open_case.case_no"
"""Open cases with their marks, where a statement begins with ``WITH marked AS MATERIALIZED``."""


def open_cases(queues: Iterable[Queue]) -> tuple[str, str]:
    """Write the beginning and the ``FROM`` of a statement over the open cases, with marks if a queue asks for any."""
    if any(QUEUES[queue].mark is not Mark.NONE for queue in queues):
        return f"WITH marked AS MATERIALIZED ({MARKED}) ", WITH_MARKS
    return "", "open_case"


def moments(as_of: datetime) -> dict[str, Any]:
    """Values of the moments in `queue_sql`."""
    now = as_of.astimezone(UTC).replace(tzinfo=None)
    return {"as_of": now, "soon": now + timedelta(hours=DUE_SOON_H)}
