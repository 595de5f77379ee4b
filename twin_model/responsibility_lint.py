"""What is wrong with a list of responsibilities: rules that never win, that contradict, that name what is unknown."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from twin_model.case_class import CaseClass, ClassKind
from twin_model.class_pattern import PatternLevel, pattern_level
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import (
    ANYBODY,
    MAINTAINER,
    NOBODY,
    OWNER,
    SYMBOLS,
    Responsibilities,
    ResponsibilityRule,
)
from twin_model.rule_row import moment_text

_BEGIN = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
_END = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)

_YET_UNKNOWN: tuple[tuple[str, ClassKind], ...] = (("C~", "component"), ("E~", "event"), ("~", "other"))
"""Stand for classes that a city may yet get: only rules for a whole kind, or for every class, cover them."""

_LISTED = 3

Span = tuple[datetime, datetime]


class FindingKind(StrEnum):
    """What can be wrong."""

    SHADOWED = "shadowed"
    CONTRADICTORY = "contradictory"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_CLASS = "unknown_class"
    UNCOVERED = "uncovered"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    kind : FindingKind
    rule_ids : tuple of str
        The rule itself first, then those that it has to do with; empty for an uncovered class.
    class_code : str
        Class that is not covered or not known, else empty.
    sentence : str
        What is wrong.
    mend : str
        What to do about it.
    """

    kind: FindingKind
    rule_ids: tuple[str, ...]
    class_code: str
    sentence: str
    mend: str


def lint(
    rules: Responsibilities, units: Collection[str], classes: Sequence[CaseClass], at: datetime
) -> tuple[Finding, ...]:
    """Look a list through.

    A rule counts as shadowed if for every class that it covers rules of higher rank take all its cases, each of them
    alone or one after the other in time; areas are not added up.

    Parameters
    ----------
    rules : Responsibilities
    units : collection of str
        Codes of the units there are.
    classes : sequence of CaseClass
        Classes there are.
    at : datetime
        Aware; moment for what has expired or is not yet valid.

    Returns
    -------
    tuple of Finding
        By kind, then by rule id; the same whatever the order of the rules.

    Raises
    ------
    ResponsibilityError
        If the moment has no zone.
    """
    if at.tzinfo is None:
        raise ResponsibilityError(f"moment {at.isoformat()} has no zone; look the list through at an aware one")
    ordered = sorted(rules.rules, key=lambda rule: rule.rule_id)
    found = [
        *_shadowed(rules, ordered, classes),
        *_contradictory(ordered, classes),
        *_out_of_time(ordered, at),
        *_unknown_units(rules, ordered, frozenset(units)),
        *_unknown_classes(ordered, classes),
        *_uncovered(rules, classes, at),
    ]
    kinds = list(FindingKind)
    return tuple(sorted(found, key=lambda each: kinds.index(each.kind)))


def _shadowed(
    rules: Responsibilities, ordered: Sequence[ResponsibilityRule], classes: Sequence[CaseClass]
) -> Iterator[Finding]:
    winning: set[str] = set()
    covered: set[str] = set()
    shadows: dict[str, dict[str, None]] = {rule.rule_id: {} for rule in ordered}
    alike = dict.fromkeys(
        rules.candidates(*each) for each in [*((row.code, row.kind) for row in classes), *_YET_UNKNOWN]
    )
    for candidates in alike:
        for place, rule in enumerate(candidates):
            covered.add(rule.rule_id)
            if rule.rule_id in winning:
                continue
            needed = _filling([each for each in candidates[:place] if _takes_all(each, rule)], rule)
            if needed is None:
                winning.add(rule.rule_id)
            else:
                shadows[rule.rule_id].update(dict.fromkeys(needed))
    for rule in ordered:
        if rule.rule_id in covered - winning:
            by = tuple(sorted(shadows[rule.rule_id]))
            yield Finding(
                FindingKind.SHADOWED,
                (rule.rule_id, *by),
                "",
                f"rule {rule.rule_id} never wins: every case that it covers goes to {_listed(by)}",
                "delete it, narrow what shadows it, or give it a higher priority",
            )


def _contradictory(ordered: Sequence[ResponsibilityRule], classes: Sequence[CaseClass]) -> Iterator[Finding]:
    by_rank: dict[tuple[int, ...], list[ResponsibilityRule]] = {}
    for rule in ordered:
        by_rank.setdefault(rule.rank, []).append(rule)
    for equal in by_rank.values():
        covers = [_covers(rule, classes) for rule in equal]
        for place, rule in enumerate(equal):
            for other, cover in zip(equal[place + 1 :], covers[place + 1 :], strict=True):
                if rule.lead != other.lead and _meet(rule, other) and cover & covers[place]:
                    yield Finding(
                        FindingKind.CONTRADICTORY,
                        (rule.rule_id, other.rule_id),
                        "",
                        f"rules {rule.rule_id} and {other.rule_id} are equal but let {rule.lead} and {other.lead} "
                        f"lead the same cases; {rule.rule_id} decides by its id alone",
                        "give one a priority, or keep only one at a time",
                    )


def _out_of_time(ordered: Sequence[ResponsibilityRule], at: datetime) -> Iterator[Finding]:
    for rule in ordered:
        if rule.valid_to is not None and at >= rule.valid_to:
            yield Finding(
                FindingKind.EXPIRED,
                (rule.rule_id,),
                "",
                f"rule {rule.rule_id} expired at {moment_text(rule.valid_to)}",
                "delete it or set a later valid_to",
            )
        if rule.valid_from is not None and at < rule.valid_from:
            yield Finding(
                FindingKind.NOT_YET_VALID,
                (rule.rule_id,),
                "",
                f"rule {rule.rule_id} is not valid before {moment_text(rule.valid_from)}",
                "nothing, if that is meant; else set an earlier valid_from",
            )


def _unknown_units(
    rules: Responsibilities, ordered: Sequence[ResponsibilityRule], units: frozenset[str]
) -> Iterator[Finding]:
    mend = "write the code of a unit, or add that unit"
    if rules.last_resort not in units:
        said = f"the last resort of the list, {rules.last_resort}, is no unit"
        yield Finding(FindingKind.UNKNOWN_UNIT, (), "", said, mend)
    for rule in ordered:
        named = (rule.lead, *rule.assists, rule.owner, rule.maintainer)
        for unit in dict.fromkeys(named):
            if unit and unit not in units and unit not in (*SYMBOLS, ANYBODY, NOBODY):
                said = f"rule {rule.rule_id} names {unit}, which is no unit"
                yield Finding(FindingKind.UNKNOWN_UNIT, (rule.rule_id,), "", said, mend)


def _unknown_classes(ordered: Sequence[ResponsibilityRule], classes: Sequence[CaseClass]) -> Iterator[Finding]:
    for rule in ordered:
        if pattern_level(rule.class_pattern) >= PatternLevel.BIG and not _covers(rule, classes):
            yield Finding(
                FindingKind.UNKNOWN_CLASS,
                (rule.rule_id,),
                rule.class_pattern,
                f"rule {rule.rule_id} is about {rule.class_pattern}, which is no class or big class of its kind",
                "write the code of a class, or add that class",
            )


def _uncovered(rules: Responsibilities, classes: Sequence[CaseClass], at: datetime) -> Iterator[Finding]:
    for row in classes:
        if not any(_valid_at(rule, at) and _names(rule) for rule in rules.candidates(row.code, row.kind)):
            yield Finding(
                FindingKind.UNCOVERED,
                (),
                row.code,
                f"no rule valid now names class {row.code} ({row.name_zh}) or its big class; it is left to what its "
                "kind falls back on",
                "add a rule for it, or leave it to the territory knowingly",
            )


def _names(rule: ResponsibilityRule) -> bool:
    return pattern_level(rule.class_pattern) >= PatternLevel.BIG


def _valid_at(rule: ResponsibilityRule, at: datetime) -> bool:
    first, end = _span(rule)
    return first <= at < end


def _span(rule: ResponsibilityRule) -> Span:
    return rule.valid_from or _BEGIN, rule.valid_to or _END


def _covers(rule: ResponsibilityRule, classes: Sequence[CaseClass]) -> frozenset[str]:
    """Codes of the known classes that a rule covers."""
    pattern = rule.class_pattern
    level = pattern_level(pattern)
    return frozenset(
        row.code
        for row in classes
        if rule.kind in ("any", row.kind)
        and (
            level is PatternLevel.EVERY
            or row.code == pattern
            or (level is not PatternLevel.EXACT and row.code.startswith(pattern))
        )
    )


def _takes_all(high: ResponsibilityRule, low: ResponsibilityRule) -> bool:
    """Whether the higher rule applies, in its time, to every case of their class that the lower one applies to."""
    return (
        high.condition in ("", low.condition)
        and low.area.startswith(high.area)
        and _asks_less(high.owner, low.owner)
        and _asks_less(high.maintainer, low.maintainer)
        and _is_led(high, low)
    )


def _asks_less(high: str, low: str) -> bool:
    """Whether what one rule asks of the register holds wherever the other's does."""
    return high in ("", low) or (high == ANYBODY and low not in ("", ANYBODY, NOBODY))


def _is_led(high: ResponsibilityRule, low: ResponsibilityRule) -> bool:
    """Whether the higher rule's lead stands for a unit in every case of the lower one."""
    if high.lead not in SYMBOLS or high.lead == low.lead:
        return True
    asked = {OWNER: low.owner, MAINTAINER: low.maintainer}.get(high.lead, "")
    return asked not in ("", NOBODY)


def _filling(taking: Sequence[ResponsibilityRule], rule: ResponsibilityRule) -> tuple[str, ...] | None:
    """Rules that one after the other fill the time of a rule, or None where a gap is left."""
    reached, end = _span(rule)
    needed = []
    while reached < end:
        best = max(
            (each for each in taking if _span(each)[0] <= reached), key=lambda each: _span(each)[1], default=None
        )
        if best is None or _span(best)[1] <= reached:
            return None
        needed.append(best.rule_id)
        reached = _span(best)[1]
    return tuple(needed)


def _meet(one: ResponsibilityRule, other: ResponsibilityRule) -> bool:
    """Whether some case of a class that both cover has both apply; conditions and areas of equal rank."""
    return (
        max(_span(one)[0], _span(other)[0]) < min(_span(one)[1], _span(other)[1])
        and one.condition == other.condition
        and one.area == other.area
        and _may_both(one.owner, other.owner)
        and _may_both(one.maintainer, other.maintainer)
    )


def _may_both(one: str, other: str) -> bool:
    if "" in (one, other) or one == other:
        return True
    return ANYBODY in (one, other) and NOBODY not in (one, other)


def _listed(ids: tuple[str, ...]) -> str:
    more = [f"{len(ids) - _LISTED} more"] if len(ids) > _LISTED else []
    names = [*ids[:_LISTED], *more]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
