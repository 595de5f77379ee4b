"""Events: what happened to a case, as the log keeps it, and what is told of it once it is durable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twin_model.actor import Role
from twin_model.workflow import Action


@dataclass(frozen=True)
class CaseEvent:
    """One thing that happened to one case.

    Parameters
    ----------
    kind : Action
        What was done.
    case_no : str
        Number of the case.
    actor : str
        Code of who did it.
    moment : datetime
        Aware, UTC; never before the case's previous event.
    data : mapping
        What it brought, of JSON's types without floats: decimals are text, moments RFC 3339.
    rule : str
        Version and row of the rule that caused it, such as ``responsibility@3#R-0012``, or ``""``.
    """

    kind: Action
    case_no: str
    actor: str
    moment: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""


@dataclass(frozen=True)
class Committed:
    """One event that is on the disk, with where its case stands after it: what listeners and pages are told.

    Parameters
    ----------
    seq : int
        Place in the log.
    case_no : str
    kind : Action
    stage_before : int or None
        `twin_model.case.CaseStage`; None where the case is new.
    stage : int
    hold : str
        `twin_model.workflow.Hold`.
    class_code, source_code, unit_code : str
        ``""`` without a unit.
    street_code, community_code, grid_code, building_code : str
        Where the case is; ``""`` where it lies in none.
    lon, lat : float or None
        Degrees, EPSG:4490; None without a place.
    moment : datetime
        Aware, UTC: when it happened.
    committed_at : datetime
        Aware, UTC: when it became durable.
    deadline_at : datetime or None
        Aware, UTC.
    role : Role
        Of who did it.
    """

    seq: int
    case_no: str
    kind: Action
    stage_before: int | None
    stage: int
    hold: str
    class_code: str
    source_code: str
    unit_code: str
    street_code: str
    community_code: str
    grid_code: str
    building_code: str
    lon: float | None
    lat: float | None
    moment: datetime
    committed_at: datetime
    deadline_at: datetime | None
    role: Role
