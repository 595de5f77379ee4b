"""Duplicates: the earlier case that a report is about again, by class, distance and time (避免重复派遣)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from math import floor, sqrt
from typing import Any

from twin_model.case import CaseStage
from twin_model.class_pattern import patterns_of
from twin_model.errors import DuplicateError
from twin_model.local_frame import metres_per_degree
from twin_model.rule_row import RuleRow, moment_text, plain_number, rule_rows

MAX_DISTANCE_M = 5_000.0
MAX_HOURS = 24.0 * 366

SCALE_STEP_DEG = 0.01
"""Metres to a degree are those in the middle of a latitude band this wide: at 40° the error is below 1 in 10,000."""


@dataclass(frozen=True)
class DuplicateRule:
    """How near in place and time two reports of a class are one case.

    Parameters
    ----------
    rule_id : str
        Unique in the list.
    class_pattern : str
        ``E0102``, ``E01``, ``E`` or ``*`` (`twin_model.class_pattern`); the most specific rule that is valid counts.
    distance_m : float
        Metres between the places, at most; a report of the same component counts at any distance, one of another
        component at none.
    within_h : float
        Hours from the earlier report to the later one, at most.
    closed_within_h : float
        Hours for which a closed case still takes duplicates; 0 for open cases only.
    valid_from, valid_to : datetime or None
        Aware; first moment that it holds, and first that it does not any more.
    note : str
    """

    rule_id: str
    class_pattern: str
    distance_m: float
    within_h: float
    closed_within_h: float = 0.0
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    note: str = ""

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is valid at an aware moment."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_to is None or moment < self.valid_to)


@dataclass(frozen=True)
class DuplicateRules:
    """A list of duplicate rules; the order does not matter.

    Parameters
    ----------
    rules : tuple of DuplicateRule
        Ids are unique.
    """

    rules: tuple[DuplicateRule, ...]

    def candidates(self, class_code: str) -> tuple[DuplicateRule, ...]:
        """Rules for a class, the most specific first, equal ones by id."""
        return tuple(rule for pattern in patterns_of(class_code) for rule in self._by_pattern.get(pattern, ()))

    def rule_for(self, class_code: str, at: datetime) -> DuplicateRule | None:
        """Rule that counts for a class at an aware moment, or None: then nothing is a duplicate."""
        return next((rule for rule in self.candidates(class_code) if rule.holds_at(at)), None)

    @cached_property
    def longest_h(self) -> float:
        """Longest time that any rule looks back."""
        return max((rule.within_h for rule in self.rules), default=0.0)

    @cached_property
    def _by_pattern(self) -> Mapping[str, list[DuplicateRule]]:
        found: dict[str, list[DuplicateRule]] = {}
        for rule in sorted(self.rules, key=lambda rule: rule.rule_id):
            found.setdefault(rule.class_pattern, []).append(rule)
        return found


@dataclass(frozen=True)
class ReportedCase:
    """What of a case decides whether it is a duplicate, or has one.

    Parameters
    ----------
    case_no : str
    class_code : str
    stage : int
        `twin_model.case.CaseStage`.
    reported_at : datetime
        Aware.
    lon, lat : float or None
        Degrees, EPSG:4490; None without a place.
    component : str
        Code of the component that it is about, or empty.
    closed_at : datetime or None
        Aware; of a closed case.
    parent_no : str
        Of a duplicate: the case that it is one of.
    """

    case_no: str
    class_code: str
    stage: int
    reported_at: datetime
    lon: float | None = None
    lat: float | None = None
    component: str = ""
    closed_at: datetime | None = None
    parent_no: str = ""


@dataclass(frozen=True)
class Match:
    """The case that a report is a duplicate of.

    Parameters
    ----------
    case_no : str
        Original to link to; never a duplicate itself, never void.
    via : str
        Case that was found: the original, or a duplicate of it that is nearer.
    rule_id : str
        Rule that decided.
    distance_m : float or None
        Metres to the case that was found; None where one of them has no place.
    elapsed_h : float
        Hours since that was reported.
    same_component : bool
        Whether both are about the same component.
    """

    case_no: str
    via: str
    rule_id: str
    distance_m: float | None
    elapsed_h: float
    same_component: bool


def find_original(rules: DuplicateRules, candidate: ReportedCase, others: Iterable[ReportedCase]) -> Match | None:
    """Find the case that a report is about again.

    Looked for among earlier reports of the same class that are near enough by the rule of the class: those of the same
    component first, then the nearest, then the earliest report, then the lowest number. A case counts while it is
    open, and for ``closed_within_h`` after; a duplicate counts as long as its original does, and links to that. No case
    links to one that was reported later.

    Parameters
    ----------
    rules : DuplicateRules
    candidate : ReportedCase
        The report; its stage does not matter.
    others : iterable of ReportedCase
        Cases to look among, with the originals of the duplicates in it; the candidate itself may be one of them.
    """
    rule = rules.rule_for(candidate.class_code, candidate.reported_at)
    if rule is None:
        return None
    known = {other.case_no: other for other in others}
    found = []
    for other in known.values():
        near = _nearness(rule, candidate, other)
        if near is not None:
            original = original_of(other, known)
            if original is not None and _takes(original, candidate, rule):
                found.append((*near, other.reported_at, other.case_no, original.case_no))
    if not found:
        return None
    other_component, square_m2, reported_at, via, original_no = min(found)
    return Match(
        case_no=original_no,
        via=via,
        rule_id=rule.rule_id,
        distance_m=None if square_m2 < 0 else sqrt(square_m2),
        elapsed_h=(candidate.reported_at - reported_at) / timedelta(hours=1),
        same_component=not other_component,
    )


def original_of(case: ReportedCase, known: Mapping[str, ReportedCase]) -> ReportedCase | None:
    """Follow a case to what it is a duplicate of; None if that is void, not known, or a circle."""
    seen = set()
    while case.stage == CaseStage.DUPLICATE:
        seen.add(case.case_no)
        parent = known.get(case.parent_no)
        if parent is None or parent.case_no in seen:
            return None
        case = parent
    return None if case.stage == CaseStage.VOID else case


def square_distance_m2(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Square of the metres between two places, plane at the latitude of the first (degrees, EPSG:4490)."""
    east, north = scale_at(floor(lat / SCALE_STEP_DEG))
    x, y = (other_lon - lon) * east, (other_lat - lat) * north
    return x * x + y * y


@lru_cache(maxsize=4096)
def scale_at(band: int) -> tuple[float, float]:
    """Metres to a degree of longitude and latitude in a band of latitude `SCALE_STEP_DEG` wide."""
    return metres_per_degree((band + 0.5) * SCALE_STEP_DEG)


def from_document(document: object) -> DuplicateRules:
    """Read a list from its document.

    Parameters
    ----------
    document : object
        ``{"rules": [{"rule_id": "D-E05", "class_pattern": "E05", "distance_m": 30, "within_h": 24, …}]}``; fields of a
        row are those of `DuplicateRule`, moments RFC 3339 with zone.

    Raises
    ------
    DuplicateError
        Names the row and the mend.
    """
    rules = [_read(row) for row in rule_rows(document, "duplicate list", _FIELDS, (), DuplicateError)]
    _check_clashes(rules)
    return DuplicateRules(tuple(rules))


def to_document(rules: DuplicateRules) -> dict[str, Any]:
    """Write a list as its document; `from_document` reads it back equal."""
    return {"rules": [_write(rule) for rule in rules.rules]}


def default_document() -> dict[str, Any]:
    """List of the demo city, by big class; the distances and times are placeholders."""
    rows = [
        ("D-C", "C", 15, 72, "components"),
        ("D-E01", "E01", 30, 48, "city appearance"),
        ("D-E02", "E02", 20, 24, "advertising"),
        ("D-E03", "E03", 50, 48, "construction"),
        ("D-E04", "E04", 100, 12, "emergencies"),
        ("D-E05", "E05", 30, 24, "street order"),
        ("D-any", "*", 20, 24, "everything else"),
    ]
    named = [
        DuplicateRule(rule_id, pattern, float(metres), float(hours), note=f"placeholder: {what}")
        for rule_id, pattern, metres, hours, what in rows
    ]
    return to_document(DuplicateRules(tuple(named)))


_FIELDS = tuple(DuplicateRule.__dataclass_fields__)
_NEVER = datetime.min.replace(tzinfo=UTC)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


def _nearness(rule: DuplicateRule, candidate: ReportedCase, other: ReportedCase) -> tuple[bool, float] | None:
    """Whether it is another component, and the square of the distance (-1 without one); None where it is too far."""
    if other.class_code != candidate.class_code or other.case_no == candidate.case_no:
        return None
    if not _earlier(other, candidate):
        return None
    if candidate.reported_at - other.reported_at > timedelta(hours=rule.within_h):
        return None
    square_m2 = _square_between(candidate, other)
    if candidate.component and other.component:
        return (False, square_m2) if candidate.component == other.component else None
    return (True, square_m2) if 0 <= square_m2 <= rule.distance_m * rule.distance_m else None


def _earlier(one: ReportedCase, other: ReportedCase) -> bool:
    return (one.reported_at, one.case_no) < (other.reported_at, other.case_no)


def _square_between(candidate: ReportedCase, other: ReportedCase) -> float:
    if candidate.lon is None or candidate.lat is None or other.lon is None or other.lat is None:
        return -1.0
    return square_distance_m2(candidate.lon, candidate.lat, other.lon, other.lat)


def _takes(original: ReportedCase, candidate: ReportedCase, rule: DuplicateRule) -> bool:
    """Whether a case was reported before another and takes duplicates when that is reported."""
    if not _earlier(original, candidate):
        return False
    if original.stage < CaseStage.CLOSED:
        return True
    until = original.closed_at and original.closed_at + timedelta(hours=rule.closed_within_h)
    return until is not None and candidate.reported_at <= until


def _read(row: RuleRow) -> DuplicateRule:
    first, end = row.validity()
    return DuplicateRule(
        rule_id=row.code("rule_id"),
        class_pattern=row.code("class_pattern"),
        distance_m=row.measure("distance_m", MAX_DISTANCE_M),
        within_h=row.measure("within_h", MAX_HOURS),
        closed_within_h=row.measure("closed_within_h", MAX_HOURS, 0.0),
        valid_from=first,
        valid_to=end,
        note=row.text("note"),
    )


def _write(rule: DuplicateRule) -> dict[str, Any]:
    values = {name: getattr(rule, name) for name in _FIELDS}
    numbers = {name: plain_number(values[name]) for name in ("distance_m", "within_h", "closed_within_h")}
    validity = {name: moment_text(values[name]) for name in ("valid_from", "valid_to")}
    return {**values, **numbers, **validity}


def _check_clashes(rules: Sequence[DuplicateRule]) -> None:
    """Two rules for the same pattern at the same time would leave it to their ids which counts."""
    by_pattern: dict[str, list[DuplicateRule]] = {}
    for rule in rules:
        for other in by_pattern.setdefault(rule.class_pattern, []):
            begins = max(rule.valid_from or _NEVER, other.valid_from or _NEVER)
            if begins < min(rule.valid_to or _ALWAYS, other.valid_to or _ALWAYS):
                raise DuplicateError(
                    f"rules {other.rule_id} and {rule.rule_id} of the duplicate list are both about "
                    f"{rule.class_pattern} at the same time; end one before the other begins"
                )
        by_pattern[rule.class_pattern].append(rule)
