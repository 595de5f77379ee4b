"""The case file (案卷): all that is known of one case, as its events tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self

from twin_model.case import CaseStage
from twin_model.workflow import Hold

_MOMENTS = (
    "reported_at", "filed_at", "dispatched_at", "accepted_at", "handled_at", "checking_at", "closed_at",
    "deadline_at", "held_at", "evaluated_at", "last_at", "round_at", "clock_from", "confirmed_at",
)  # fmt: skip


@dataclass(frozen=True)
class CaseFile:
    """State of one case.

    Parameters
    ----------
    case_no, source, ref, class_code, condition : str
        Number; code of the source and the source's own id; class, and the condition that its service level knows.
    stage : CaseStage
    hold : Hold
    reported_at : datetime
        Aware, UTC, like every moment here.
    filed_at, dispatched_at, accepted_at, handled_at, checking_at, closed_at, deadline_at, evaluated_at
        Moments or None; ``handled_at`` is when the unit fed back.
    held_at : datetime or None
        Since when the clock stands still.
    confirmed_at : datetime or None
        When a collector confirmed it on the spot before it was filed.
    round_at : datetime or None
        Since when the unit has it, by dispatch or by being sent back.
    clock_from : datetime or None
        When its limit began.
    last_at : datetime
        Of the latest event.
    lon, lat : float or None
        Degrees, EPSG:4490; None without a place.
    street, community, grid, building, component : str
        Codes of where and what it is about; ``""`` for none.
    building_m : str
        Metres to the building's footprint, as text.
    address, description : str
    unit, assist : str, tuple of str
        Unit that has the case, and those that help it.
    level_rule, unit_rule : str
        Rules that decided the deadline and the unit.
    limit : str
        Time limit in the clock of the level rule, as the rule writes it (``4 working_hours``).
    urgent : bool
        Whether its class is an emergency.
    pauses : tuple of (datetime, datetime)
        Times that the clock stood still.
    parent : str
        Of a duplicate or of a part of a split case.
    parts, open_parts, duplicates, returns, reworks, extensions, reopenings, consultations : int
        Counts.
    asked : str
        What its unit asks for: ``extend``, or ``""``.
    suggestion : mapping or None
        What the system suggests to an operator: ``action`` and its fields; None for nothing.
    reporter : str
        Commitment to the reporter's data (hex), or ``""``.
    photos : int
    score : str
        Of the evaluation, as text; ``""`` before it.
    checker : str
        What the automatic check said: ``pass``, ``fail``, ``review``, or ``""``.
    """

    case_no: str
    source: str
    class_code: str
    stage: CaseStage
    reported_at: datetime
    last_at: datetime
    ref: str = ""
    condition: str = ""
    hold: Hold = Hold.NONE
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    handled_at: datetime | None = None
    checking_at: datetime | None = None
    closed_at: datetime | None = None
    deadline_at: datetime | None = None
    held_at: datetime | None = None
    confirmed_at: datetime | None = None
    round_at: datetime | None = None
    clock_from: datetime | None = None
    evaluated_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    street: str = ""
    community: str = ""
    grid: str = ""
    building: str = ""
    building_m: str = ""
    component: str = ""
    address: str = ""
    description: str = ""
    unit: str = ""
    assist: tuple[str, ...] = ()
    level_rule: str = ""
    unit_rule: str = ""
    limit: str = ""
    urgent: bool = False
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    parent: str = ""
    parts: int = 0
    open_parts: int = 0
    duplicates: int = 0
    returns: int = 0
    reworks: int = 0
    extensions: int = 0
    reopenings: int = 0
    consultations: int = 0
    asked: str = ""
    suggestion: Mapping[str, Any] | None = None
    reporter: str = ""
    photos: int = 0
    score: str = ""
    checker: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.stage < CaseStage.CLOSED

    @property
    def is_placed(self) -> bool:
        """Whether it is known where it is."""
        return self.lon is not None and self.lat is not None

    def to_json(self) -> dict[str, Any]:
        """Plain values, without what says nothing; `from_json` gives an equal file back."""
        plain: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None or (value == each.default and not isinstance(value, float)):
                continue
            plain[each.name] = moment_text(value) if each.name in _MOMENTS else value
        if self.pauses:
            plain["pauses"] = [[moment_text(start), moment_text(end)] for start, end in self.pauses]
        if self.assist:
            plain["assist"] = list(self.assist)
        return {**plain, "stage": int(self.stage)}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Case file of what `to_json` gave; members of a later release are left out."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        for name in _MOMENTS:
            if name in values:
                values[name] = moment_of(values[name])
        values["stage"] = CaseStage(values["stage"])
        values["hold"] = Hold(values.get("hold", ""))
        values["assist"] = tuple(values.get("assist", ()))
        values["pauses"] = tuple((moment_of(start), moment_of(end)) for start, end in values.get("pauses", ()))
        return cls(**values)


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as the log writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """Moment of a text of `moment_text`, or of any RFC 3339 with a zone.

    Raises
    ------
    ValueError
        If it is none.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write it as 2026-01-31T08:00:00+08:00")
    return moment.astimezone(UTC)
