"""Who acts: a person, a device or the system itself, and the role that decides what it may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an actor may do and see; the values are stored."""

    PUBLIC = "public"
    COLLECTOR = "collector"
    OPERATOR = "operator"
    STREET = "street"
    DEPARTMENT = "department"
    DISTRICT = "district"
    ANALYST = "analyst"
    WALL = "wall"
    ADMIN = "admin"
    SYSTEM = "system"


UNIT_ROLES = frozenset({Role.STREET, Role.DEPARTMENT})
"""Roles that act for one unit, on the cases that were dispatched to it."""

CENTRE_ROLES = frozenset({Role.OPERATOR, Role.DISTRICT, Role.ADMIN})
"""Roles of the supervision and command centre."""

SEES_REPORTER = frozenset({Role.OPERATOR, Role.ADMIN})
"""Roles that need to know who reported: they answer to that person."""


@dataclass(frozen=True)
class Actor:
    """Who asks for something.

    Parameters
    ----------
    code : str
        Stable name, as events hold it; never a person's own name.
    role : Role
        What it may do.
    unit_code : str
        Unit that a street's or department's actor acts for, or ``""``.
    source_code : str
        Source that its reports come from, or ``""`` where each report names one.
    """

    code: str
    role: Role
    unit_code: str = ""
    source_code: str = ""


SYSTEM = Actor("system", Role.SYSTEM)
"""The automatic steps."""
