"""What an event says: the fields of each action, from what was asked, the rules, and what is around the case."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twin_model.actor import Role
from twin_model.canonical_json import CanonicalJsonError, canonical_json
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile, moment_text
from twin_model.command import Command
from twin_model.errors import CalendarError, FieldError, IllegalMoveError
from twin_model.field_text import MAX_CODE, MAX_TEXT, field_text
from twin_model.limit import Limit
from twin_model.responsibility import Assignment
from twin_model.rule_book import RuleBook
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action
from twin_model.workflow_rules import score

MAX_PARTS = 20
"""Parts that a case may be split into."""
MAX_LOSERS = 8
"""Rules that lost which an event names; the store can be asked for all."""
MAX_EXTENSION = 1_000.0
"""Hours or working days; a longer one is a typing error."""
MAX_EVIDENCE = 16_384
"""Bytes of evidence as canonical JSON."""
MAX_DISTANCE_M = 1e6

_REPORT = (
    "source", "ref", "class", "condition", "address", "description", "parent", "reporter", "photos", "confidence",
    "evidence", "candidate", "part",
)  # fmt: skip
_CORRECTED = ("class", "condition", "address", "description", "reason")
_FREE_FIELDS = ("reason", "text", "result", "photos", "found", "advice")
_SYSTEM_FIELDS = (
    *_FREE_FIELDS, "verdict", "reasons", "duplicates", "open_parts", "action", "unit", "assist", "parent", "why",
)  # fmt: skip
"""What only the system says: an actor cannot claim it."""
_FOUND = ("street", "community", "grid", "building", "building_m", "component")

Made = tuple[dict[str, Any], str]
"""Fields of an event, and the rule that caused it."""


@dataclass(frozen=True)
class Asked:
    """One request that may be done, and all that its event is made of.

    Parameters
    ----------
    book : RuleBook
    file : CaseFile or None
        None for a report.
    data : mapping
        Checked fields of the request.
    now : datetime
        Aware.
    around : Surroundings
    command : Command
    """

    book: RuleBook
    file: CaseFile | None
    data: Mapping[str, Any]
    now: datetime
    around: Surroundings
    command: Command

    @property
    def known(self) -> CaseFile:
        """The case; only a report has none."""
        if self.file is None:
            raise self.impossible(f"there is no case to {self.command.action}")
        return self.file

    def kept(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Give those of the fields that were sent."""
        return {name: self.data[name] for name in names if name in self.data}

    def limit(self, at: datetime) -> Limit:
        """Time limit of the case as of a moment."""
        return self.book.limit(self.known.class_code, self.known.condition, self.around.area, at)

    def wrong(self, why: str) -> FieldError:
        """Error about a field."""
        return FieldError(why, self.command.case_no, self.command.action)

    def impossible(self, why: str) -> IllegalMoveError:
        """Error about where the case stands."""
        return IllegalMoveError(why, self.command.case_no, self.command.action)


def event_data(asked: Asked) -> Made:
    """Make the fields of the event that a request leads to, and name the rule that caused it.

    Raises
    ------
    FieldError, IllegalMoveError
        If a field cannot be used, or not on this case.
    """
    return _MAKERS.get(asked.command.action, _as_sent)(asked)


def assignment_data(assigned: Assignment) -> dict[str, Any]:
    """Tell what the list said: the rules that lost, each with its reason, and what was peculiar."""
    flags = {name: True for name in ("fallback", "unowned", "ambiguous") if getattr(assigned, name)}
    losers = [[loser.rule_id, loser.loss.value] for loser in assigned.losers[:MAX_LOSERS]]
    return {**flags, "lead": assigned.lead, "losers": losers, **({"basis": assigned.basis} if assigned.basis else {})}


def _report(asked: Asked) -> Made:
    for name in ("source", "class"):
        if name not in asked.data:
            raise asked.wrong(f"a report needs {name}; give its code")
    if "evidence" in asked.data:
        _check_evidence(asked)
    return {**asked.kept(_REPORT), **_place(asked), **_found(asked.around)}, ""


def _check_evidence(asked: Asked) -> None:
    try:
        size = len(canonical_json(asked.data["evidence"]))
    except CanonicalJsonError as error:
        raise asked.wrong(f"evidence cannot be kept: {error}") from error
    if size > MAX_EVIDENCE:
        raise asked.wrong(f"evidence has {size} bytes; at most {MAX_EVIDENCE} are kept")


def _found(around: Surroundings) -> dict[str, str]:
    return {name: value for name in _FOUND if (value := getattr(around, name))}


def _place(asked: Asked) -> dict[str, str]:
    data = asked.data
    if ("lon" in data) != ("lat" in data):
        raise asked.wrong("a place needs lon and lat; give both or neither")
    if "lon" not in data:
        return {}
    return {name: _coordinate(asked, name, most) for name, most in (("lon", 180.0), ("lat", 90.0))}


def _coordinate(asked: Asked, name: str, most: float) -> str:
    degrees = _number(asked.data[name])
    if not abs(degrees) <= most:
        raise asked.wrong(f"{name} {asked.data[name]!r} is no number of degrees from -{most:g} to {most:g}")
    return repr(degrees)


def _number(value: object) -> float:
    try:
        return math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]  # whatever was sent
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _file(asked: Asked) -> Made:
    limit = asked.limit(asked.now)
    return limit.data(asked.book.calendar, asked.now), limit.rule


def _dispatch(asked: Asked) -> Made:
    assist = asked.data.get("assist", [])
    if not isinstance(assist, list | tuple):
        raise asked.wrong("assist is no list of units")
    unit = asked.data["unit"]
    for code in (unit, *assist):
        if not isinstance(code, str) or code not in asked.around.units:
            raise asked.wrong(f"there is no unit {code!r}; use the code of a unit of this store")
    assigned = asked.book.assign(asked.known, asked.around, asked.now)
    by_list = assigned.lead == unit
    told = {**assignment_data(assigned), "unit": unit, "by_list": by_list, **asked.kept(("reason",))}
    others = [code for code in dict.fromkeys(assist) if code != unit]
    if others:
        told["assist"] = others
    return told, asked.book.cite("responsibility", assigned.rule_id) if by_list else ""


def _extend(asked: Asked) -> Made:
    amount = _number(asked.data["amount"])
    if not 0 < amount <= MAX_EXTENSION:
        raise asked.wrong(f"amount {asked.data['amount']!r} is no number above 0 and up to {MAX_EXTENSION:g}")
    known = asked.known
    if known.deadline_at is None:
        raise asked.impossible(f"case {known.case_no} has no deadline to extend")
    limit = asked.limit(known.filed_at or known.reported_at)
    try:
        longer = limit.extended(asked.book.calendar, known, amount)
    except CalendarError as error:
        raise asked.wrong(str(error)) from error
    return {**asked.kept(("reason",)), "amount": repr(amount), **longer}, limit.rule


def _resume(asked: Asked) -> Made:
    known = asked.known
    limit = asked.limit(known.filed_at or known.reported_at)
    kept = asked.kept(("reason", "advice"))
    return {**kept, **limit.resumed(asked.book.calendar, known, asked.now)}, limit.rule


def _reopen(asked: Asked) -> Made:
    kept = asked.kept(("reason",))
    if asked.known.stage is not CaseStage.CLOSED:
        return kept, ""
    limit = asked.limit(asked.now)
    return {**kept, **limit.data(asked.book.calendar, asked.now)}, limit.rule


def _evaluate(asked: Asked) -> Made:
    points = score(asked.known, asked.book.workflow.points)
    return {"score": f"{points:g}"}, asked.book.cite("workflow", "points")


def _duplicate(asked: Asked) -> Made:
    parent, around = asked.data["parent"], asked.around
    if parent == asked.command.case_no:
        raise asked.wrong("a case cannot be a duplicate of itself")
    by_rule = parent == around.original and around.original_rule
    rule = asked.book.cite("duplicate", around.original_rule) if by_rule else ""
    kept = asked.kept(("parent", "reason"))
    if "distance_m" in asked.data:
        metres = _number(asked.data["distance_m"])
        if not 0 <= metres <= MAX_DISTANCE_M:
            raise asked.wrong(f"distance_m {asked.data['distance_m']!r} is no number from 0 to {MAX_DISTANCE_M:g}")
        kept["distance_m"] = repr(metres)
    return kept, rule


def _split(asked: Asked) -> Made:
    parts = asked.data["parts"]
    if not isinstance(parts, list) or not 2 <= len(parts) <= MAX_PARTS:  # noqa: PLR2004 - one part is no split
        raise asked.wrong(f"parts is no list of 2 to {MAX_PARTS} parts")
    told = [_part(asked, place, part) for place, part in enumerate(parts, 1)]
    unit = asked.known.unit or asked.around.territory
    return {"parts": told, **asked.kept(("reason",)), **({"unit": unit} if unit else {})}, ""


def _part(asked: Asked, place: int, part: object) -> dict[str, str]:
    if not isinstance(part, Mapping) or any(not isinstance(value, str) for value in part.values()):
        raise asked.wrong(f"part {place} is no set of names and texts: unit, class and description")
    if part.get("unit") not in asked.around.units:
        raise asked.wrong(f"part {place} names no unit of this store")
    bounds = {"unit": MAX_CODE, "class": MAX_CODE, "description": MAX_TEXT}
    texts = {name: field_text(part[name], name, most, asked.command) for name, most in bounds.items() if name in part}
    return {name: text for name, text in texts.items() if text}


def _correct(asked: Asked) -> Made:
    kept, place = asked.kept(_CORRECTED), _place(asked)
    if not set(kept) - {"reason"} and not place:
        raise asked.wrong("correct needs what is to be corrected: class, condition, place, address or description")
    told, rule = {**kept, **place}, ""
    if place:  # what it lies in no more is told, too
        told |= {name: getattr(asked.around, name) for name in _FOUND}
    elif "class" in kept:
        told["component"] = asked.around.component
    if asked.known.clock_from is not None and not {"class", "condition"}.isdisjoint(kept):
        limit, rule = _other_limit(asked, kept)
        told |= limit
    return told, rule


def _other_limit(asked: Asked, kept: Mapping[str, Any]) -> Made:
    """Limit of the class and condition that a case turned out to have, from the moment on that its clock began at."""
    known, calendar = asked.known, asked.book.calendar
    begun = known.clock_from or asked.now
    names = (kept.get("class", known.class_code), kept.get("condition", known.condition))
    limit = asked.book.limit(*names, asked.around.area, known.filed_at or begun)
    deadline = moment_text(limit.deadline(calendar, begun, known.pauses))
    return {"deadline": deadline, "limit": limit.text, "urgent": limit.urgent}, limit.rule


def _as_sent(asked: Asked) -> Made:
    if asked.command.actor.role is not Role.SYSTEM:
        return asked.kept(_FREE_FIELDS), ""
    return asked.kept(_SYSTEM_FIELDS), str(asked.data.get("rule", ""))


_MAKERS: Mapping[Action, Callable[[Asked], Made]] = {
    Action.REPORT: _report,
    Action.FILE: _file,
    Action.DISPATCH: _dispatch,
    Action.EXTEND: _extend,
    Action.RESUME: _resume,
    Action.REOPEN: _reopen,
    Action.EVALUATE: _evaluate,
    Action.DUPLICATE: _duplicate,
    Action.SPLIT: _split,
    Action.CORRECT: _correct,
}
