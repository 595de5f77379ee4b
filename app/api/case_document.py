"""A case as a JSON document: its file, what can be done next, its events, its photos."""

import json
from collections.abc import Mapping
from typing import Any

from app.api.problems import status_of
from datastore.desk.receipt import Receipt
from datastore.desk.record import CasePhoto, CaseRecord
from twin_model.actor import Actor, Role
from twin_model.case_file import CaseFile, moment_text
from twin_model.desk_queue import Sight, sight_of
from twin_model.errors import NotAllowedError
from twin_model.next_step import ONLY_SYSTEM
from twin_model.workflow import Action, next_actions

OFFICE_PREFIX = "S"
"""The code of a street's or town's office is this and the code of its area."""
PHOTOS = "/photos"
_ENTRY_PARTS = ("actor", "data", "rule")


def check_sight(actor: Actor, file: CaseFile) -> None:
    """See that an actor may look into a case: the centre, collectors and analysts into all, a unit into its own.

    Raises
    ------
    NotAllowedError
        If it may not.
    """
    sight = sight_of(actor.role)
    if sight is Sight.ALL or (sight is Sight.UNIT and _is_of(actor, file)):
        return
    who = f"{actor.role} {actor.unit_code}".strip()
    raise NotAllowedError(
        f"case {file.case_no} is not one that {who} may look into; ask through /open311/v2", file.case_no
    )


def _is_of(actor: Actor, file: CaseFile) -> bool:
    mine = actor.unit_code
    lies_here = actor.role is Role.STREET and bool(file.street) and mine == f"{OFFICE_PREFIX}{file.street}"
    return bool(mine) and (lies_here or mine == file.unit or mine in file.assist)


def actions_of(actor: Actor, file: CaseFile) -> list[str]:
    """Actions that the actor may take on a case now, in the order of the loop."""
    if sight_of(actor.role) is Sight.UNIT and actor.unit_code not in (file.unit, *file.assist):
        return []
    return [action.value for action in next_actions(file.stage, file.hold, actor.role) if action not in ONLY_SYSTEM]


def file_document(file: CaseFile) -> dict[str, Any]:
    """Case file, with the name of its stage."""
    return {**file.to_json(), "stage_name": file.stage.name.lower()}


def case_document(record: CaseRecord, actor: Actor, events: list[Mapping[str, Any]]) -> dict[str, Any]:
    """All of a case that the actor may see, but for who reported it.

    Parameters
    ----------
    record : CaseRecord
    actor : Actor
    events : list of mapping
        Rows of `datastore.queries.case_events`.
    """
    return {
        "case_no": record.file.case_no,
        "seq": record.last_seq,
        "file": file_document(record.file),
        "next_actions": actions_of(actor, record.file),
        "events": [event_document(row) for row in events],
        "photos": [photo_document(photo) for photo in record.photos],
    }


def event_document(row: Mapping[str, Any]) -> dict[str, Any]:
    """One event out of its entry in the log; of history, which is one entry a case, its fields are the data."""
    entry = json.loads(row["entry"])
    told = {"seq": row["seq"], "kind": row["kind"], "moment": entry.get("at") or entry.get("reported_at")}
    if row["kind"] == Action.IMPORT:
        data = {name: value for name, value in entry.items() if name not in ("kind", "v", "case")}
        return {**told, "actor": "", "data": data, "rule": ""}
    return {**told, "actor": entry["actor"], "data": entry["data"], "rule": entry.get("rule", "")}


def photo_document(photo: CasePhoto) -> dict[str, Any]:
    """One photo: what is known of it, and where it is shown."""
    facts = photo.facts
    address = f"{PHOTOS}/{facts.sha256}.jpg"
    return {
        "sha256": facts.sha256,
        "phase": photo.phase,
        "moment": moment_text(photo.moment),
        "taken_at": None if facts.taken_at is None else moment_text(facts.taken_at),
        "distance_m": facts.distance_m,
        "width": facts.width,
        "height": facts.height,
        "url": address,
        "small_url": f"{address}?size=320",
    }


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """Receipt of a command."""
    return {
        "case_no": receipt.case_no,
        "seq": receipt.seq,
        "kind": receipt.kind,
        "repeated": receipt.repeated,
        "candidate": receipt.candidate,
        "file": None if receipt.file is None else file_document(receipt.file),
    }


def outcome_document(outcome: Receipt | Exception) -> dict[str, Any]:
    """Tell what became of one of many commands: its status and its receipt, or why it was refused."""
    if isinstance(outcome, Receipt):
        return {"status": receipt_status(outcome), "receipt": receipt_document(outcome)}
    status = status_of(outcome)
    # What is no error of ours may say more than a stranger should read.
    listed = status != 500 or type(outcome).__module__.partition(".")[0] in ("app", "datastore", "twin_model")  # noqa: PLR2004 - an error that nobody expected
    return {
        "status": status,
        "title": type(outcome).__name__,
        "detail": str(outcome) if listed else "the server failed; its log says why",
    }


def receipt_status(receipt: Receipt) -> int:
    """HTTP status of a receipt: made, waiting to be decided on, or there already."""
    if receipt.repeated or receipt.kind != Action.REPORT:
        return 200
    return 202 if receipt.candidate else 201
