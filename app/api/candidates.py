"""``/api/candidates``: what sources were not sure of, and the decision on it."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from flask import Blueprint, Response, request

from app.api.case_desk import CaseDesk, Identities, do, need_desk, only_post
from app.api.case_document import receipt_document
from app.api.cases import CaseData
from app.api.json_answer import json_answer
from app.api.json_body import read_json
from app.api.request_errors import DecidedError, RequestError, UnknownThingError
from datastore.queries.candidates import candidates
from datastore.queries.open311_token import open311_token
from twin_model.actor import CENTRE_ROLES, Actor, Role
from twin_model.case_file import moment_text
from twin_model.command import Command
from twin_model.errors import NotAllowedError
from twin_model.workflow import Action

NEW = "new"
STATES = (NEW, "promoted", "dismissed")
DEFAULT_LIMIT, MAX_LIMIT = 100, 1000
MAX_OFFSET = 10_000_000
DECISIONS = (Action.PROMOTE, Action.DISMISS)
DECIDES = CENTRE_ROLES | {Role.COLLECTOR}
"""Who decides on candidates: those who confirm reports too."""


def candidates_blueprint(data: CaseData, desk: CaseDesk | None, identities: Identities) -> Blueprint:
    """Blueprint of candidates; errors are problem documents.

    Parameters
    ----------
    data
        The data manager.
    desk
        Where decisions go; None where nothing is written.
    identities
        Tells who asks.

    Raises
    ------
    RequestError
        While answering: if a parameter cannot be used (400).
    NotAllowedError
        While answering: if the actor does not decide on candidates (403).
    UnknownThingError
        While answering: if there is no such candidate (404).
    DecidedError
        While answering: if it was decided on before (409).
    """
    blueprint = Blueprint("candidates", __name__)
    blueprint.add_url_rule("/api/candidates/<candidate_no>/<path:decision>", "only_post", only_post)

    @blueprint.get("/api/candidates")
    def _list() -> Response:
        _check_role(identities.of_request(request))
        state = request.args.get("state", NEW)
        if state not in STATES:
            raise RequestError(f"state {state[:20]!r} is none of {', '.join(STATES)}")
        limit = _whole("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        with data.store.read() as cursor:
            rows = candidates(cursor, state, limit, _whole("offset", 0, 0, MAX_OFFSET)).to_pylist()
        return json_answer({"candidates": [candidate_document(row) for row in rows]})

    @blueprint.post("/api/candidates/<candidate_no>/<any(promote, dismiss):decision>")
    def _decide(candidate_no: str, decision: str) -> Response:
        actor = identities.of_request(request)
        _check_role(actor)
        with data.store.read() as cursor:
            rows = open311_token(cursor, candidate_no).to_pylist()
        if not rows:
            raise UnknownThingError(f"there is no candidate {candidate_no[:40]!r}")
        if rows[0]["state"] != NEW:
            raise DecidedError(f"candidate {candidate_no} was {rows[0]['state']} before")
        receipt = do(need_desk(desk), Command(Action(decision), actor, candidate_no))
        return json_answer(receipt_document(receipt))

    return blueprint


def candidate_document(row: Mapping[str, Any]) -> dict[str, Any]:
    """One candidate as JSON has it."""
    told = {name: value for name, value in row.items() if name not in ("body", "moment", "confidence")}
    return {
        **told,
        "confidence": round(row["confidence"], 4),
        "moment": moment_text(row["moment"].replace(tzinfo=UTC)),
        "report": read_json(row["body"].encode(), "the candidate"),
    }


def _check_role(actor: Actor) -> None:
    if actor.role not in DECIDES:
        raise NotAllowedError(f"{actor.role} does not decide on candidates; {', '.join(sorted(DECIDES))} do")


def _whole(name: str, otherwise: int, least: int, most: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise RequestError(f"{name} {text[:40]!r} is no whole number from {least} to {most}")
    return int(text)
