"""Dispatch by list (权属清单/权责清单): which unit leads a case, which assist, by which rule, and why no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, NamedTuple

from twin_model.area import CODE_LENGTHS
from twin_model.case_class import CaseClass, ClassKind, default_case_classes
from twin_model.class_pattern import PatternLevel, kind_of_pattern, pattern_level, patterns_of
from twin_model.errors import ResponsibilityError
from twin_model.responsibility_default import COORDINATOR, default_rows
from twin_model.rule_row import RuleRow, moment_text, rule_rows

RuleKind = Literal["component", "event", "any"]
RULE_KINDS: tuple[RuleKind, ...] = ("component", "event", "any")

OWNER, MAINTAINER, TERRITORY = "@owner", "@maintainer", "@territory"
SYMBOLS = (OWNER, MAINTAINER, TERRITORY)
"""Stand for a unit of the case: what the component register says, and the street or town office of the place."""

ANYBODY, NOBODY = "@any", "@none"
"""What a rule may ask of the register: that it names a unit, or that the component is on it without one."""

BY_TERRITORY, BY_LAST_RESORT = "@territory", "@last_resort"
"""Rule ids where no rule applies: the territory takes the case (属地兜底), and without one the last resort."""

MAX_PRIORITY = 1_000_000


class Loss(StrEnum):
    """Why a rule that covers the class does not lead."""

    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    CONDITION = "other_condition"
    AREA = "area_elsewhere"
    OWNER = "other_owner"
    MAINTAINER = "other_maintainer"
    OWNER_UNKNOWN = "owner_unknown"
    MAINTAINER_UNKNOWN = "maintainer_unknown"
    TERRITORY_UNKNOWN = "territory_unknown"
    PRIORITY = "lower_priority"
    SPECIFICITY = "less_specific"
    CONFLICT = "equal_with_other_lead"
    REPEAT = "equal_with_same_lead"


_UNKNOWN = {OWNER: Loss.OWNER_UNKNOWN, MAINTAINER: Loss.MAINTAINER_UNKNOWN, TERRITORY: Loss.TERRITORY_UNKNOWN}


@dataclass(frozen=True)
class ResponsibilityRule:
    """One row of the list.

    Parameters
    ----------
    rule_id : str
        Unique in the list.
    class_pattern : str
        ``E0102``, ``E01``, ``E`` or ``*`` (`twin_model.class_pattern`).
    lead : str
        Code of the unit that leads, or one of `SYMBOLS`.
    kind : {"component", "event", "any"}
        Kind of the classes that it is about.
    condition : str
        Condition that the case must have, empty for any.
    area : str
        Code of an area of any level that the case must lie in, empty for anywhere.
    owner, maintainer : str
        Unit that the register must name for the component, `ANYBODY`, `NOBODY`, or empty for whatever it says.
    assists : tuple of str
        Units that assist, codes or symbols.
    basis : str
        Legal basis.
    valid_from, valid_to : datetime or None
        Aware; first moment that it holds, and first that it does not any more.
    priority : int
        A higher one goes before any specificity.
    note : str
    """

    rule_id: str
    class_pattern: str
    lead: str
    kind: RuleKind = "any"
    condition: str = ""
    area: str = ""
    owner: str = ""
    maintainer: str = ""
    assists: tuple[str, ...] = ()
    basis: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    priority: int = 0
    note: str = ""

    @property
    def level(self) -> PatternLevel:
        """How much it says of the class; a kind counts as its letter does."""
        level = pattern_level(self.class_pattern)
        return PatternLevel.KIND if level is PatternLevel.EVERY and self.kind != "any" else level

    @cached_property
    def rank(self) -> tuple[int, int, int, int, int]:
        """Priority, then specificity: register, class, condition, area (the deeper, the more specific)."""
        register = sum(
            0 if not wanted else 1 if wanted in {ANYBODY, NOBODY} else 2 for wanted in (self.owner, self.maintainer)
        )
        return self.priority, register, int(self.level), int(bool(self.condition)), len(self.area)

    @property
    def is_backstop(self) -> bool:
        """Whether it leaves a whole kind, or everything, to the territory (属地兜底)."""
        return self.lead == TERRITORY and self.level <= PatternLevel.KIND


@dataclass(frozen=True)
class ResponsibilityQuestion:
    """What is known of a case that needs a unit.

    Parameters
    ----------
    class_code : str
    kind : {"component", "event", "other"}
    at : datetime
        Aware; moment at which the list is asked.
    condition : str
        Empty where none is recorded.
    street, community, grid : str
        Area codes, empty where unknown.
    owner, maintainer : str or None
        Unit that the register names for the component; ``""`` for a component on the register without one, None where
        the case names no component.
    territory : str
        Office of the street or town, empty where unknown.
    """

    class_code: str
    kind: ClassKind
    at: datetime
    condition: str = ""
    street: str = ""
    community: str = ""
    grid: str = ""
    owner: str | None = None
    maintainer: str | None = None
    territory: str = ""

    def lies_in(self, area: str) -> bool:
        """Whether the case is known to lie in an area of any level: each code begins with those above it."""
        return self.street.startswith(area) or self.community.startswith(area) or self.grid.startswith(area)


class Loser(NamedTuple):
    """A rule that covers the class of the case and does not lead, and why."""

    rule_id: str
    loss: Loss


@dataclass(frozen=True)
class Assignment:
    """Answer of the list; there is always exactly one lead.

    Parameters
    ----------
    lead : str
        Unit code.
    assists : tuple of str
        Unit codes without the lead, each once; symbols that stand for nobody are left out.
    rule_id : str
        Rule that decided, `BY_TERRITORY` or `BY_LAST_RESORT`.
    basis : str
        Its legal basis.
    losers : tuple of Loser
        The other rules that cover the class, the highest rank first.
    fallback : bool
        No rule names the class: a backstop decided.
    unowned : bool
        The component is on the register without an owner.
    ambiguous : bool
        A rule of equal rank names another lead (`Loss.CONFLICT`); the lower rule id decided.
    """

    lead: str
    assists: tuple[str, ...]
    rule_id: str
    basis: str
    losers: tuple[Loser, ...]
    fallback: bool
    unowned: bool
    ambiguous: bool


@dataclass(frozen=True)
class Responsibilities:
    """A list of responsibilities; the order of its rules does not matter.

    Parameters
    ----------
    rules : tuple of ResponsibilityRule
        Ids are unique.
    last_resort : str
        Unit that takes a case that no rule and no territory takes.
    """

    rules: tuple[ResponsibilityRule, ...]
    last_resort: str

    def candidates(self, class_code: str, kind: ClassKind) -> tuple[ResponsibilityRule, ...]:
        """Rules that cover a class, the highest rank first, equal ones by id."""
        found = self._ranked.get((class_code, kind))
        if found is None:
            rules = [
                rule
                for pattern in patterns_of(class_code)
                for rule in self._by_pattern.get(pattern, ())
                if rule.kind in ("any", kind)
            ]
            rules.sort(key=lambda rule: rule.rule_id)
            found = tuple(sorted(rules, key=lambda rule: rule.rank, reverse=True))
            self._ranked[class_code, kind] = found
        return found

    @cached_property
    def _ranked(self) -> dict[tuple[str, str], tuple[ResponsibilityRule, ...]]:
        return {}

    @cached_property
    def _by_pattern(self) -> Mapping[str, list[ResponsibilityRule]]:
        found: dict[str, list[ResponsibilityRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.class_pattern, []).append(rule)
        return found


def assign(rules: Responsibilities, question: ResponsibilityQuestion) -> Assignment:
    """Find who leads a case and who assists.

    Of the rules that apply, the highest priority wins, then the most specific (the register's word before the class,
    before the condition, before the area). A rule whose lead stands for a unit that nobody knows does not apply. Equal
    rules with different leads are told, and the lower rule id decides.

    Parameters
    ----------
    rules : Responsibilities
    question : ResponsibilityQuestion

    Raises
    ------
    ResponsibilityError
        If the moment has no zone.
    """
    at = _utc(question.at)
    winner: ResponsibilityRule | None = None
    lead = ""
    losers = []
    conflict = False
    for rule in rules.candidates(question.class_code, question.kind):
        loss = refusal(rule, question, at)
        if loss is None:
            unit = unit_of(rule.lead, question)
            if winner is None:
                winner, lead = rule, unit
                continue
            loss = _outranked(rule, winner, same_lead=unit == lead)
            conflict = conflict or loss is Loss.CONFLICT
        losers.append(Loser(rule.rule_id, loss))
    unowned = question.owner == ""
    if winner is None:
        rule_id, lead = _backstop(rules, question)
        return Assignment(lead, (), rule_id, "", tuple(losers), fallback=True, unowned=unowned, ambiguous=False)
    units = dict.fromkeys(unit_of(code, question) for code in winner.assists)
    return Assignment(
        lead=lead,
        assists=tuple(unit for unit in units if unit not in ("", lead)),
        rule_id=winner.rule_id,
        basis=winner.basis,
        losers=tuple(losers),
        fallback=winner.is_backstop,
        unowned=unowned,
        ambiguous=conflict,
    )


def assign_lead(rules: Responsibilities, question: ResponsibilityQuestion) -> tuple[str, str, bool]:
    """Lead, rule id and whether it is a fallback, as `assign` has them, without looking at the losers.

    Raises
    ------
    ResponsibilityError
        If the moment has no zone.
    """
    at = _utc(question.at)
    for rule in rules.candidates(question.class_code, question.kind):
        if refusal(rule, question, at) is None:
            return unit_of(rule.lead, question), rule.rule_id, rule.is_backstop
    rule_id, lead = _backstop(rules, question)
    return lead, rule_id, True


def unit_of(code: str, question: ResponsibilityQuestion) -> str:
    """Give the unit that a code or symbol stands for in a case, ``""`` for nobody."""
    if code == OWNER:
        return question.owner or ""
    if code == MAINTAINER:
        return question.maintainer or ""
    return question.territory if code == TERRITORY else code


def refusal(rule: ResponsibilityRule, question: ResponsibilityQuestion, at: datetime) -> Loss | None:
    """Say why a rule that covers the class does not apply to a case at a moment (UTC), or None where it does."""
    if rule.valid_from is not None and at < rule.valid_from:
        return Loss.NOT_YET_VALID
    if rule.valid_to is not None and at >= rule.valid_to:
        return Loss.EXPIRED
    return _refusal_by_scope(rule, question)


def _refusal_by_scope(rule: ResponsibilityRule, question: ResponsibilityQuestion) -> Loss | None:
    if rule.condition and rule.condition != question.condition:
        return Loss.CONDITION
    if rule.area and not question.lies_in(rule.area):
        return Loss.AREA
    if rule.owner and not _register_says(rule.owner, question.owner):
        return Loss.OWNER
    if rule.maintainer and not _register_says(rule.maintainer, question.maintainer):
        return Loss.MAINTAINER
    return None if unit_of(rule.lead, question) else _UNKNOWN[rule.lead]


def from_document(document: object) -> Responsibilities:
    """Read a list from its document.

    Parameters
    ----------
    document : object
        ``{"last_resort": "D01", "rules": [{"rule_id": "R-0001", "class_pattern": "E0102", "lead": "@territory",
        "assists": ["D04"], …}]}``; fields of a row are those of `ResponsibilityRule`, moments RFC 3339 with zone.

    Raises
    ------
    ResponsibilityError
        Names the row and the mend.
    """
    rows = list(rule_rows(document, "responsibility list", _FIELDS, ("last_resort",), ResponsibilityError))
    last_resort = document.get("last_resort", COORDINATOR) if isinstance(document, Mapping) else None
    if not isinstance(last_resort, str) or not last_resort or last_resort.startswith("@"):
        raise ResponsibilityError(
            f"last_resort of the responsibility list is {last_resort!r}; write the code of the unit that takes what "
            "nobody else takes"
        )
    return Responsibilities(tuple(_read(row) for row in rows), last_resort)


def to_document(rules: Responsibilities) -> dict[str, Any]:
    """Write a list as its document; `from_document` reads it back equal."""
    return {"last_resort": rules.last_resort, "rules": [_write(rule) for rule in rules.rules]}


def default_document(classes: Sequence[CaseClass] | None = None) -> dict[str, Any]:
    """List of the demo city: components owner first (先属主), events territory first (先属地), placeholders all.

    Parameters
    ----------
    classes : sequence of CaseClass, optional
        Classes of the city. Default: `default_case_classes`.
    """
    rows = default_rows(default_case_classes() if classes is None else classes)
    return to_document(from_document({"last_resort": COORDINATOR, "rules": list(rows)}))


_FIELDS = tuple(ResponsibilityRule.__dataclass_fields__)


def _read(row: RuleRow) -> ResponsibilityRule:
    first, end = row.validity()
    rule = ResponsibilityRule(
        rule_id=row.code("rule_id"),
        class_pattern=row.code("class_pattern"),
        lead=row.code("lead"),
        kind=_kind(row),
        condition=row.text("condition"),
        area=row.code("area", ""),
        owner=row.code("owner", ""),
        maintainer=row.code("maintainer", ""),
        assists=row.codes("assists"),
        basis=row.text("basis"),
        valid_from=first,
        valid_to=end,
        priority=row.whole("priority", 0, MAX_PRIORITY),
        note=row.text("note"),
    )
    _check(row, rule)
    return rule


def _kind(row: RuleRow) -> RuleKind:
    said = row.choice("kind", RULE_KINDS, "any")
    return next(kind for kind in RULE_KINDS if kind == said)


def _check(row: RuleRow, rule: ResponsibilityRule) -> None:
    for unit in (rule.lead, *rule.assists):
        if unit.startswith("@") and unit not in SYMBOLS:
            row.fail(f"{unit!r} stands for no unit", f"write a unit code or one of {', '.join(SYMBOLS)}")
    for wanted in (rule.owner, rule.maintainer):
        if wanted.startswith("@") and wanted not in (ANYBODY, NOBODY):
            row.fail(f"{wanted!r} is nothing the register says", f"write a unit code, {ANYBODY} or {NOBODY}")
    digits = rule.area.isascii() and rule.area.isdigit()
    if rule.area and not (digits and len(rule.area) in CODE_LENGTHS):
        row.fail(f"area {rule.area!r} is no area code", "write 6, 9, 12 or 15 digits")
    kind = kind_of_pattern(rule.class_pattern)
    if rule.kind != "any" and kind is not None and kind != rule.kind:
        row.fail(f"class_pattern {rule.class_pattern!r} holds no {rule.kind} class", "mend kind or class_pattern")
    if rule.lead == OWNER and rule.owner == NOBODY:
        row.fail(f"it asks for a component without an owner and lets the {OWNER} lead", "write another lead")


def _write(rule: ResponsibilityRule) -> dict[str, Any]:
    values = {name: getattr(rule, name) for name in _FIELDS}
    validity = {name: moment_text(values[name]) for name in ("valid_from", "valid_to")}
    return {**values, "assists": list(rule.assists), **validity}


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ResponsibilityError(f"moment {at.isoformat()} has no zone; ask with an aware one")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _register_says(wanted: str, unit: str | None) -> bool:
    if wanted == ANYBODY:
        return bool(unit)
    return unit == "" if wanted == NOBODY else unit == wanted


def _outranked(rule: ResponsibilityRule, winner: ResponsibilityRule, *, same_lead: bool) -> Loss:
    if rule.priority < winner.priority:
        return Loss.PRIORITY
    if rule.rank != winner.rank:
        return Loss.SPECIFICITY
    return Loss.REPEAT if same_lead else Loss.CONFLICT


def _backstop(rules: Responsibilities, question: ResponsibilityQuestion) -> tuple[str, str]:
    return (BY_TERRITORY, question.territory) if question.territory else (BY_LAST_RESORT, rules.last_resort)
