"""Rows of the list of service levels: to which cases a time limit applies, how long it is, by which clock."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from twin_model.area import CODE_LENGTHS
from twin_model.class_pattern import pattern_level
from twin_model.rule_row import RuleRow, moment_text, plain_number
from twin_model.season import Season
from twin_model.work_clock import WorkClock
from twin_model.work_table import MAX_AMOUNT


@dataclass(frozen=True)
class StageLimits:
    """Limits of single steps of a case; 0 sets none.

    Parameters
    ----------
    file_min : float
        Minutes from the report to filing (立案).
    dispatch_min : float
        Minutes from filing to dispatch (派遣).
    accept_h : float
        Hours from dispatch until the unit takes the case; for emergencies, until it responds.
    check_h : float
        Hours from feedback to the check (核查).
    """

    file_min: float = 0.0
    dispatch_min: float = 0.0
    accept_h: float = 0.0
    check_h: float = 0.0


NO_STAGE_LIMITS = StageLimits()


@dataclass(frozen=True)
class ServiceLevelRule:
    """One row of the list.

    Parameters
    ----------
    rule_id : str
        Unique in the list.
    class_pattern : str
        ``E0102``, ``E01``, ``E`` or ``*`` (`twin_model.class_pattern`).
    clock : WorkClock
        What the limit is counted by.
    limit : float
        Hours, or whole working days, from filing to the deadline.
    condition : str
        Condition that the case must have (``missing_cover``), empty for any.
    area : str
        Code of an area of any level that the case must lie in, empty for anywhere.
    area_kind : str
        Kind that its area must be of (``key``, by the list's table of area kinds), empty for any.
    season : Season or None
        Days of the year on which it holds, in the list's zone.
    stages : StageLimits
    urgent : bool
        An emergency: such a case is never closed automatically.
    valid_from, valid_to : datetime or None
        Aware; first moment that it holds, and first that it does not any more.
    basis : str
        Where the limit is written.
    placeholder : bool
        Whether the limit is a default of ours and nobody's decision.
    """

    rule_id: str
    class_pattern: str
    clock: WorkClock
    limit: float
    condition: str = ""
    area: str = ""
    area_kind: str = ""
    season: Season | None = None
    stages: StageLimits = NO_STAGE_LIMITS
    urgent: bool = False
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    basis: str = ""
    placeholder: bool = False

    @property
    def rank(self) -> tuple[bool, int, int, bool, bool]:
        """Specificity: condition, class, area (the deeper, the more specific), kind of area, season."""
        level = int(pattern_level(self.class_pattern))
        return bool(self.condition), level, len(self.area), bool(self.area_kind), self.season is not None

    @property
    def scope(self) -> tuple[str, str, str, str, Season | None]:
        """What decides which cases it is about, validity left out."""
        return self.condition, self.class_pattern, self.area, self.area_kind, self.season

    @property
    def terms(self) -> tuple[WorkClock, float, StageLimits, bool]:
        """What it grants."""
        return self.clock, self.limit, self.stages, self.urgent


RULE_FIELDS = (
    "rule_id",
    "class_pattern",
    "clock",
    "limit",
    "condition",
    "area",
    "area_kind",
    "season",
    *StageLimits.__dataclass_fields__,
    "urgent",
    "valid_from",
    "valid_to",
    "basis",
    "placeholder",
)
"""Fields of a row of the document."""


def read_rule(row: RuleRow) -> ServiceLevelRule:
    """Read a row.

    Raises
    ------
    TwinModelError
        Of the row's type; names the row and the mend.
    """
    first, end = row.validity()
    clock = WorkClock(row.choice("clock", tuple(WorkClock), ""))
    return ServiceLevelRule(
        rule_id=row.code("rule_id"),
        class_pattern=row.code("class_pattern"),
        clock=clock,
        limit=_limit(row, clock),
        condition=row.code("condition", ""),
        area=read_area(row, ""),
        area_kind=row.code("area_kind", ""),
        season=_season(row),
        stages=StageLimits(**{name: row.measure(name, MAX_AMOUNT, 0) for name in StageLimits.__dataclass_fields__}),
        urgent=_flag(row, "urgent"),
        valid_from=first,
        valid_to=end,
        basis=row.text("basis"),
        placeholder=_flag(row, "placeholder"),
    )


def read_area(row: RuleRow, default: str | None = None) -> str:
    """Read the area code of a row.

    Raises
    ------
    TwinModelError
        Of the row's type, if it is no code of any level; without a default, also if it is empty.
    """
    area = row.code("area", default)
    if area and not (area.isascii() and area.isdigit() and len(area) in CODE_LENGTHS):
        row.fail(f"area {area!r} is no area code", "write 6, 9, 12 or 15 digits")
    return area


def written_rule(rule: ServiceLevelRule) -> dict[str, Any]:
    """Row of a rule, as documents have it."""
    return {
        "rule_id": rule.rule_id,
        "class_pattern": rule.class_pattern,
        "clock": rule.clock.value,
        "limit": plain_number(rule.limit),
        "condition": rule.condition,
        "area": rule.area,
        "area_kind": rule.area_kind,
        "season": "" if rule.season is None else rule.season.text,
        **{name: plain_number(value) for name, value in asdict(rule.stages).items()},
        "urgent": rule.urgent,
        "valid_from": moment_text(rule.valid_from),
        "valid_to": moment_text(rule.valid_to),
        "basis": rule.basis,
        "placeholder": rule.placeholder,
    }


def _limit(row: RuleRow, clock: WorkClock) -> float:
    limit = row.measure("limit", MAX_AMOUNT)
    if not limit:
        row.fail("limit is 0", "write how long the case may take")
    if clock is WorkClock.WORKING_DAYS and not limit.is_integer():
        row.fail(f"limit is {limit:g} working days", "write whole days, or hours by another clock")
    return limit


def _season(row: RuleRow) -> Season | None:
    text = row.text("season")
    try:
        return Season.from_text(text) if text else None
    except ValueError:
        row.fail(f"season {text!r} is none", "write its first and last day, e.g. 11-15/03-15")


def _flag(row: RuleRow, key: str) -> bool:
    value = row.values.get(key, False)
    if not isinstance(value, bool):
        row.fail(f"{key} is {value!r}", "write true or false")
    return value
