"""Candidates: reports that their source is not sure of, as the store keeps them until somebody decides."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from twin_model.actor import CENTRE_ROLES, Role
from twin_model.canonical_json import parse_canonical
from twin_model.case_file import moment_of, moment_text
from twin_model.command import Command
from twin_model.errors import FieldError, NotAllowedError
from twin_model.photo import PhotoFacts, TimeRule
from twin_model.workflow import Action

DECIDES = CENTRE_ROLES | {Role.COLLECTOR}
"""Who makes cases of candidates, or puts them aside."""
PHOTOS = "photos"
"""Member of a candidate's body with the facts of its photos."""
_NUMBERS: Mapping[str, type] = {
    "width": int, "height": int, "bytes": int, "dhash": int, "lon": float, "lat": float, "distance_m": float,
    "sharpness": float,
}  # fmt: skip
_FOUND = frozenset({"street", "community", "grid", "building", "building_m", "confidence"})
"""What of a candidate's report is found anew, or counts no more."""


def may_decide(command: Command) -> None:
    """See that an actor may decide on candidates.

    Raises
    ------
    NotAllowedError
        If its role may not.
    """
    if command.actor.role not in DECIDES:
        raise NotAllowedError(
            f"{command.actor.role} may not {command.action} a candidate; {', '.join(sorted(DECIDES))} may",
            command.case_no,
            command.action,
        )


def candidate_state(waiting: Mapping[str, Any] | None, command: Command) -> dict[str, Any]:
    """Row of a candidate that can be decided on, and the report in it.

    Raises
    ------
    FieldError
        If there is none of the number, or it was decided on.
    """
    if waiting is None:
        raise FieldError(f"there is no candidate {command.case_no}", command.case_no, command.action)
    if waiting["state"] != "new":
        raise FieldError(f"candidate {command.case_no} was {waiting['state']}", command.case_no, command.action)
    return {"row": dict(waiting), "report": parse_report(waiting["body"])}


def parse_report(body: str) -> dict[str, Any]:
    """Report that a candidate keeps, without what the rules find anew."""
    found = parse_canonical(body.encode())
    if not isinstance(found, dict):
        raise FieldError("a candidate's report cannot be read; dismiss it", "", Action.PROMOTE)
    return {name: value for name, value in found.items() if name not in _FOUND}


def photo_document(phase: str, facts: PhotoFacts) -> dict[str, str]:
    """Photo as texts, which canonical JSON can hold; `photo_of` reads it back equal."""
    told = {"phase": phase}
    for each in fields(PhotoFacts):
        value = getattr(facts, each.name)
        if value is not None:
            told[each.name] = moment_text(value) if each.name == "taken_at" else str(value)
    return told


def photo_of(document: Mapping[str, str]) -> tuple[str, PhotoFacts]:
    """Phase and facts of a photo that `photo_document` wrote."""
    values: dict[str, Any] = {each.name: document.get(each.name) for each in fields(PhotoFacts)}
    for name, kind in _NUMBERS.items():
        values[name] = None if values[name] is None else kind(values[name])
    taken_at = values["taken_at"]
    values["taken_at"] = moment_of(taken_at) if taken_at else None
    values["time_rule"] = TimeRule(values["time_rule"] or "")
    return document["phase"], PhotoFacts(**values)
