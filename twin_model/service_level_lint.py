"""What is doubtful in a list of service levels: rules that contradict, never decide, have run out, or name nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations

from twin_model.calendar import WorkCalendar
from twin_model.case_class import CaseClass, default_case_classes
from twin_model.class_pattern import patterns_of
from twin_model.errors import ServiceLevelError
from twin_model.service_level import ServiceLevels, chosen
from twin_model.service_level_bulk import area_groups, turning_points
from twin_model.service_level_rule import ServiceLevelRule
from twin_model.work_clock import WorkClock
from twin_model.zone_time import micros_of, moment_of

_A_LEAP_YEAR = tuple(date(2024, 1, 1) + timedelta(days=day) for day in range(366))
_OUTLOOK = timedelta(days=366)


class ServiceFlaw(StrEnum):
    """Kinds of doubt."""

    CONTRADICTION = "contradiction"
    """Two equally specific rules grant different terms to the same cases; the lower id decides."""
    REPEATED = "repeated"
    """Two equally specific rules grant the same terms to the same cases."""
    SHADOWED = "shadowed"
    """From now on no case gets the rule, though it is or will be valid."""
    EXPIRED = "expired"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_AREA_KIND = "unknown_area_kind"
    NOT_BY_EMERGENCY_CLOCK = "not_by_emergency_clock"
    """An urgent rule whose clock rests at night."""
    STAGE_ABOVE_LIMIT = "stage_above_limit"
    """The time to accept is longer than the whole limit."""
    ONLY_FALLBACK = "only_fallback"
    """A class that no rule without a condition covers anywhere."""
    CALENDAR_GAP = "calendar_gap"
    """A year whose holidays the calendar does not know."""


@dataclass(frozen=True)
class ServiceFinding:
    """One doubt about a list.

    Parameters
    ----------
    flaw : ServiceFlaw
    rule_ids : tuple of str
        Rules that it is about.
    message : str
        One sentence with the mend.
    """

    flaw: ServiceFlaw
    rule_ids: tuple[str, ...]
    message: str


def lint(
    levels: ServiceLevels, calendar: WorkCalendar, at: datetime, classes: Sequence[CaseClass] | None = None
) -> tuple[ServiceFinding, ...]:
    """Find what is doubtful in a list.

    Parameters
    ----------
    levels : ServiceLevels
    calendar : WorkCalendar
    at : datetime
        Aware; now.
    classes : sequence of CaseClass, optional
        Classes of the city. Default: `default_case_classes`.

    Returns
    -------
    tuple of ServiceFinding
        By flaw, then by rule.

    Raises
    ------
    ServiceLevelError
        If the moment has no zone.
    """
    if at.utcoffset() is None:
        raise ServiceLevelError(f"moment {at} has no time zone; give it one, e.g. tzinfo=UTC")
    codes = [row.code for row in (default_case_classes() if classes is None else classes)]
    found = [
        *_rivals(levels.rules),
        *_idle(levels, at, codes),
        *_rows(levels),
        *_gaps(levels, calendar, at, codes),
    ]
    order = list(ServiceFlaw)
    return tuple(sorted(found, key=lambda finding: (order.index(finding.flaw), finding.rule_ids, finding.message)))


def _rivals(rules: Iterable[ServiceLevelRule]) -> Iterator[ServiceFinding]:
    groups: dict[tuple[object, ...], list[ServiceLevelRule]] = {}
    for rule in rules:
        *scope, season = rule.scope
        groups.setdefault((*scope, season is None, rule.valid_from), []).append(rule)
    for group in groups.values():
        for first, second in combinations(sorted(group, key=lambda rule: rule.rule_id), 2):
            if not _share_a_day(first, second):
                continue
            ids = first.rule_id, second.rule_id
            if first.terms == second.terms:
                yield ServiceFinding(ServiceFlaw.REPEATED, ids, f"{ids[1]} repeats {ids[0]}; delete one of them")
            else:
                message = f"{ids[0]} and {ids[1]} grant different terms to the same cases; {ids[0]} decides, delete one"
                yield ServiceFinding(ServiceFlaw.CONTRADICTION, ids, message)


def _share_a_day(first: ServiceLevelRule, second: ServiceLevelRule) -> bool:
    one, other = first.season, second.season
    return one is None or other is None or any(one.holds(day) and other.holds(day) for day in _A_LEAP_YEAR)


def _idle(levels: ServiceLevels, at: datetime, codes: Sequence[str]) -> Iterator[ServiceFinding]:
    """Find rules that no case gets from now on."""
    edges = [edge for rule in levels.rules for edge in (rule.valid_from, rule.valid_to) if edge is not None]
    last = max((at, *edges)) + _OUTLOOK
    moments = [at, *(moment_of(int(turn)) for turn in turning_points(levels, micros_of(at), micros_of(last)))]
    areas, _ = area_groups(levels, sorted(_listed_areas(levels)))
    by_pattern: dict[str, list[str]] = {}
    for code in codes:
        for pattern in patterns_of(code):
            by_pattern.setdefault(pattern, []).append(code)
    for rule in levels.rules:
        ids = (rule.rule_id,)
        mine = by_pattern.get(rule.class_pattern, [])
        if rule.valid_to is not None and rule.valid_to <= at:
            message = f"{rule.rule_id} has run out on {rule.valid_to:%Y-%m-%d}; delete it or extend it"
            yield ServiceFinding(ServiceFlaw.EXPIRED, ids, message)
        elif not mine:
            message = f"{rule.rule_id} names class {rule.class_pattern}, which the class table lacks; mend the class"
            yield ServiceFinding(ServiceFlaw.UNKNOWN_CLASS, ids, message)
        elif not _is_ever_chosen(levels, rule, mine, [area for area in areas if area.startswith(rule.area)], moments):
            message = f"{rule.rule_id} decides about no case from now on, because others go before it; delete it"
            yield ServiceFinding(ServiceFlaw.SHADOWED, ids, message)


def _is_ever_chosen(
    levels: ServiceLevels,
    rule: ServiceLevelRule,
    codes: Iterable[str],
    areas: Sequence[str],
    moments: Sequence[datetime],
) -> bool:
    valid = [at for at in moments if _is_valid(rule, at)]
    return any(
        chosen(levels, code, rule.condition, area, at) is rule for code in codes for area in areas for at in valid
    )


def _is_valid(rule: ServiceLevelRule, at: datetime) -> bool:
    return (rule.valid_from is None or rule.valid_from <= at) and (rule.valid_to is None or at < rule.valid_to)


def _listed_areas(levels: ServiceLevels) -> set[str]:
    return {row.area for row in levels.area_kinds} | {rule.area for rule in levels.rules}


def _rows(levels: ServiceLevels) -> Iterator[ServiceFinding]:
    kinds = {row.kind for row in levels.area_kinds}
    for rule in (*levels.rules, levels.fallback):
        ids = (rule.rule_id,)
        if rule.area_kind and rule.area_kind not in kinds:
            message = f"{rule.rule_id} is about areas of kind {rule.area_kind}, and none is; add one to area_kinds"
            yield ServiceFinding(ServiceFlaw.UNKNOWN_AREA_KIND, ids, message)
        if rule.urgent and rule.clock is not WorkClock.EMERGENCY:
            message = f"{rule.rule_id} is urgent, but its clock rests at night; count it by the emergency clock"
            yield ServiceFinding(ServiceFlaw.NOT_BY_EMERGENCY_CLOCK, ids, message)
        if rule.clock is not WorkClock.WORKING_DAYS and rule.stages.accept_h > rule.limit:
            message = f"{rule.rule_id} leaves more time to accept the case than to solve it; shorten accept_h"
            yield ServiceFinding(ServiceFlaw.STAGE_ABOVE_LIMIT, ids, message)


def _gaps(
    levels: ServiceLevels, calendar: WorkCalendar, at: datetime, codes: Iterable[str]
) -> Iterator[ServiceFinding]:
    for code in codes:
        if not any(_is_valid(rule, at) and not rule.condition for rule in levels.candidates(code)):
            message = f"class {code} has no rule of its own and gets {levels.fallback.rule_id}; add a rule"
            yield ServiceFinding(ServiceFlaw.ONLY_FALLBACK, (levels.fallback.rule_id,), message)
    if all(rule.clock is WorkClock.EMERGENCY for rule in (*levels.rules, levels.fallback)):
        return
    today = at.astimezone(calendar.zone).date()
    for year in calendar.uncovered(today, today + _OUTLOOK / 2):
        message = f"the calendar does not know the holidays of {year}; add them, or deadlines count plain weekdays"
        yield ServiceFinding(ServiceFlaw.CALENDAR_GAP, (), message)
