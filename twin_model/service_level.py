"""Service levels (处置时限): which time limit a case has, by which rule, and why no other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from twin_model.area import CODE_LENGTHS
from twin_model.calendar import WorkCalendar
from twin_model.case_class import CaseClass, default_case_classes
from twin_model.class_pattern import EVERY_CLASS, patterns_of
from twin_model.errors import ServiceLevelError
from twin_model.rule_row import RuleRow, rule_rows
from twin_model.service_level_default import DEFAULT_ZONE, FALLBACK_ROW, default_rows
from twin_model.service_level_rule import RULE_FIELDS, ServiceLevelRule, read_area, read_rule, written_rule
from twin_model.work_clock import Pause, WorkClock, due, due_with_pauses
from twin_model.zone_time import local_day, micros_of, zone_named

_LENGTHS = sorted(CODE_LENGTHS, reverse=True)
_LIST = "service level list"


class ServiceLoss(StrEnum):
    """Why a rule that covers the class of a case is not the one chosen."""

    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    CONDITION = "other_condition"
    AREA = "area_elsewhere"
    AREA_KIND = "other_area_kind"
    SEASON = "out_of_season"
    SPECIFICITY = "less_specific"
    OLDER = "equal_but_older"
    CONFLICT = "equal_with_other_terms"
    REPEAT = "equal_with_same_terms"


class ServiceLoser(NamedTuple):
    """A rule that covers the class of the case and was not chosen, and why."""

    rule_id: str
    loss: ServiceLoss


class AreaKind(NamedTuple):
    """A kind that an area, and whatever lies in it, is of: ``("110108011", "key")``."""

    area: str
    kind: str


@dataclass(frozen=True)
class Choice:
    """The rule of a case.

    Parameters
    ----------
    rule : ServiceLevelRule
    losers : tuple of ServiceLoser
        The other rules that cover its class, the most specific first.
    fallback : bool
        No rule applies: the list's fallback decided.
    """

    rule: ServiceLevelRule
    losers: tuple[ServiceLoser, ...]
    fallback: bool

    @property
    def why(self) -> str:
        """One sentence: what the rule was chosen for, and what each of the others lost by."""
        rule = self.rule
        named = {
            "class": "" if rule.class_pattern == EVERY_CLASS else rule.class_pattern,
            "condition": rule.condition,
            "area": rule.area,
            "area kind": rule.area_kind,
            "season": "" if rule.season is None else rule.season.text,
        }
        said = ", ".join(f"{name} {value}" for name, value in named.items() if value) or "every case"
        reason = "no rule applies, so the fallback does" if self.fallback else f"most specific valid rule ({said})"
        lost = "; ".join(f"{loser.rule_id}: {loser.loss}" for loser in self.losers)
        return f"{rule.rule_id}: {reason}" + (f"; not {lost}" if lost else "")


@dataclass(frozen=True)
class ServiceLevels:
    """A list of service levels; the order of its rules does not matter.

    Parameters
    ----------
    rules : tuple of ServiceLevelRule
        Ids are unique.
    fallback : ServiceLevelRule
        Rule of the cases that no other applies to.
    area_kinds : tuple of AreaKind
        One row an area; the kind of a place is that of the smallest listed area that holds it.
    zone_name : str
        IANA zone of the seasons' days.
    """

    rules: tuple[ServiceLevelRule, ...]
    fallback: ServiceLevelRule
    area_kinds: tuple[AreaKind, ...] = ()
    zone_name: str = DEFAULT_ZONE

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return zone_named(self.zone_name, f"the {_LIST}", ServiceLevelError)

    def candidates(self, class_code: str) -> tuple[ServiceLevelRule, ...]:
        """Rules that cover a class, in the order in which they are preferred."""
        found = self._ranked.get(class_code)
        if found is None:
            rules = [rule for pattern in patterns_of(class_code) for rule in self._by_pattern.get(pattern, ())]
            found = self._ranked[class_code] = preferred(rules)
        return found

    def area_kind(self, area_code: str) -> str:
        """Kind of the smallest listed area that holds a place, empty where none does."""
        return next((kind for code in codes_holding(area_code) if (kind := self._kind_of_area.get(code))), "")

    @cached_property
    def _kind_of_area(self) -> Mapping[str, str]:
        return dict(self.area_kinds)

    @cached_property
    def _ranked(self) -> dict[str, tuple[ServiceLevelRule, ...]]:
        return {}

    @cached_property
    def _by_pattern(self) -> Mapping[str, list[ServiceLevelRule]]:
        found: dict[str, list[ServiceLevelRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.class_pattern, []).append(rule)
        return found


def preferred(rules: Iterable[ServiceLevelRule]) -> tuple[ServiceLevelRule, ...]:
    """Rules in the order of preference: the more specific, then the later valid, then the lower id."""
    by_id = sorted(rules, key=lambda rule: rule.rule_id)
    return tuple(sorted(by_id, key=lambda rule: (rule.rank, _age(rule)), reverse=True))


def codes_holding(area_code: str) -> Iterator[str]:
    """Codes of an area and of those that hold it, the smallest first; none for a code of no level."""
    return (area_code[:length] for length in _LENGTHS if len(area_code) >= length)


def choose(levels: ServiceLevels, class_code: str, condition: str, area_code: str, at: datetime) -> Choice:
    """Choose the rule of a case.

    Of the rules that apply, the most specific wins: one that asks for the case's condition before one that asks for
    none, then the class (one class before a big class, a kind, every class), then the smaller area, then the kind of
    area, then the season. Of equal ones the later ``valid_from`` wins, then the lower rule id.

    Parameters
    ----------
    levels : ServiceLevels
    class_code : str
    condition : str
        Empty where none is recorded.
    area_code : str
        Code of the smallest known area of the case, empty where unknown.
    at : datetime
        Aware; when the case was filed.

    Raises
    ------
    ServiceLevelError
        If the moment has no zone.
    """
    if at.utcoffset() is None:
        raise ServiceLevelError(f"moment {at} has no time zone; give it one, e.g. tzinfo=UTC")
    winner: ServiceLevelRule | None = None
    losers = []
    for rule in levels.candidates(class_code):
        loss = refusal(levels, rule, condition, area_code, at)
        if loss is None and winner is None:
            winner = rule
            continue
        losers.append(ServiceLoser(rule.rule_id, loss or _outranked(rule, winner)))
    return Choice(levels.fallback if winner is None else winner, tuple(losers), winner is None)


def chosen(levels: ServiceLevels, class_code: str, condition: str, area_code: str, at: datetime) -> ServiceLevelRule:
    """Rule that `choose` chooses at an aware moment, without looking at the losers."""
    for rule in levels.candidates(class_code):
        if refusal(levels, rule, condition, area_code, at) is None:
            return rule
    return levels.fallback


def refusal(
    levels: ServiceLevels, rule: ServiceLevelRule, condition: str, area_code: str, at: datetime
) -> ServiceLoss | None:
    """Say why a rule that covers the class does not apply to a case, or None where it does."""
    if rule.valid_from is not None and at < rule.valid_from:
        return ServiceLoss.NOT_YET_VALID
    if rule.valid_to is not None and at >= rule.valid_to:
        return ServiceLoss.EXPIRED
    return _refusal_by_scope(levels, rule, condition, area_code, at)


def _refusal_by_scope(
    levels: ServiceLevels, rule: ServiceLevelRule, condition: str, area_code: str, at: datetime
) -> ServiceLoss | None:
    if rule.condition and rule.condition != condition:
        return ServiceLoss.CONDITION
    if not area_code.startswith(rule.area):
        return ServiceLoss.AREA
    if rule.area_kind and rule.area_kind != levels.area_kind(area_code):
        return ServiceLoss.AREA_KIND
    if rule.season is not None and not rule.season.holds(local_day(levels.zone, micros_of(at))):
        return ServiceLoss.SEASON
    return None


def deadline(choice: Choice, calendar: WorkCalendar, filed_at: datetime, pauses: Iterable[Pause] = ()) -> datetime:
    """Moment at which a case is due, in UTC.

    Parameters
    ----------
    choice : Choice
    calendar : WorkCalendar
    filed_at : datetime
        Aware.
    pauses : iterable of Pause
        When the clock stood (`twin_model.work_clock.due_with_pauses`).

    Raises
    ------
    CalendarError
        If the moments cannot be counted with.
    """
    return due_with_pauses(calendar, choice.rule.clock, filed_at, choice.rule.limit, pauses)


@dataclass(frozen=True)
class StageMoments:
    """When the steps began whose limits are asked for; None where one has not.

    Parameters
    ----------
    reported_at, filed_at, dispatched_at, feedback_at : datetime or None
        Aware.
    """

    reported_at: datetime | None = None
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    feedback_at: datetime | None = None


def stage_deadlines(choice: Choice, calendar: WorkCalendar, moments: StageMoments) -> dict[str, datetime]:
    """Moments at which single steps are due.

    The limits run by the rule's own clock; those of a rule in working days, which has no hours, by working hours.

    Parameters
    ----------
    choice : Choice
    calendar : WorkCalendar
    moments : StageMoments

    Returns
    -------
    dict
        ``file``, ``dispatch``, ``accept`` and ``check`` to aware moments in UTC, of the steps that have begun and have
        a limit.

    Raises
    ------
    CalendarError
        If a moment cannot be counted with.
    """
    stages = choice.rule.stages
    clock = WorkClock.WORKING_HOURS if choice.rule.clock is WorkClock.WORKING_DAYS else choice.rule.clock
    steps = (
        ("file", moments.reported_at, stages.file_min / 60),
        ("dispatch", moments.filed_at, stages.dispatch_min / 60),
        ("accept", moments.dispatched_at, stages.accept_h),
        ("check", moments.feedback_at, stages.check_h),
    )
    return {name: due(calendar, clock, begun, hours) for name, begun, hours in steps if begun is not None and hours}


def from_document(document: object) -> ServiceLevels:
    """Read a list from its document.

    Parameters
    ----------
    document : object
        ``{"zone": "Asia/Shanghai", "area_kinds": [{"area": "110108011", "kind": "key"}], "fallback": {row}, "rules":
        [{"rule_id": "S-0001", "class_pattern": "E0102", "clock": "working_hours", "limit": 4, …}]}``; fields of a row
        are `RULE_FIELDS`, moments RFC 3339 with zone.

    Raises
    ------
    ServiceLevelError
        Names the row and the mend.
    """
    rows = list(rule_rows(document, _LIST, RULE_FIELDS, ("zone", "area_kinds", "fallback"), ServiceLevelError))
    around = document if isinstance(document, Mapping) else {}
    rules = tuple(read_rule(row) for row in rows)
    fallback = _fallback(around.get("fallback"))
    if any(rule.rule_id == fallback.rule_id for rule in rules):
        raise ServiceLevelError(f"the fallback has the id of a rule, {fallback.rule_id}; give it another")
    zone = around.get("zone", DEFAULT_ZONE)
    if not isinstance(zone, str):
        raise ServiceLevelError(f"zone of the {_LIST} is {zone!r}; write e.g. {DEFAULT_ZONE}")
    zone_named(zone, f"the {_LIST}", ServiceLevelError)
    return ServiceLevels(rules, fallback, _area_kinds(around.get("area_kinds", [])), zone)


def to_document(levels: ServiceLevels) -> dict[str, Any]:
    """Write a list as its document of plain JSON types; `from_document` reads it back equal."""
    return {
        "zone": levels.zone_name,
        "area_kinds": [row._asdict() for row in levels.area_kinds],
        "fallback": written_rule(levels.fallback),
        "rules": [written_rule(rule) for rule in levels.rules],
    }


def default_document(classes: Sequence[CaseClass] | None = None) -> dict[str, Any]:
    """List of the demo city; every limit is a placeholder.

    Parameters
    ----------
    classes : sequence of CaseClass, optional
        Classes of the city. Default: `default_case_classes`.
    """
    rows = list(default_rows(default_case_classes() if classes is None else classes))
    return to_document(from_document({"zone": DEFAULT_ZONE, "fallback": FALLBACK_ROW, "rules": rows}))


def _age(rule: ServiceLevelRule) -> float:
    return float("-inf") if rule.valid_from is None else rule.valid_from.timestamp()


def _outranked(rule: ServiceLevelRule, winner: ServiceLevelRule | None) -> ServiceLoss:
    if winner is None or rule.rank != winner.rank:
        return ServiceLoss.SPECIFICITY
    if rule.valid_from != winner.valid_from:
        return ServiceLoss.OLDER
    return ServiceLoss.REPEAT if rule.terms == winner.terms else ServiceLoss.CONFLICT


def _fallback(values: object) -> ServiceLevelRule:
    if not isinstance(values, Mapping):
        raise ServiceLevelError(f"the {_LIST} has no fallback; add the row for the cases that no rule applies to")
    unknown = [key for key in values if key not in RULE_FIELDS]
    row = RuleRow(values, f"the fallback of the {_LIST}", ServiceLevelError)
    if unknown:
        row.fail(f"{unknown[0]!r} is no field", f"known are {', '.join(RULE_FIELDS)}")
    rule = read_rule(row)
    narrow = any((rule.condition, rule.area, rule.area_kind, rule.season, rule.valid_from, rule.valid_to))
    if narrow or rule.class_pattern != EVERY_CLASS:
        row.fail("it is not about every case", "write class_pattern * and leave out condition, area, season, validity")
    return rule


def _area_kinds(rows: object) -> tuple[AreaKind, ...]:
    if not isinstance(rows, list | tuple):
        raise ServiceLevelError(f"area_kinds is {rows!r}; write a list of rows with area and kind")
    read: dict[str, AreaKind] = {}
    for number, values in enumerate(rows, 1):
        place = f"row {number} of area_kinds"
        if not isinstance(values, Mapping):
            raise ServiceLevelError(f"{place} is {values!r}; write an object with area and kind")
        row = RuleRow(values, place, ServiceLevelError)
        area = read_area(row)
        if area in read:
            row.fail(f"area {area} stands there twice", "keep one of the rows")
        read[area] = AreaKind(area, row.code("kind"))
    return tuple(read.values())
