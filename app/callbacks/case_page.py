"""The page of one case: its panels, following the address, what is done, and what happens elsewhere."""

from typing import Any

from dash import Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from app import formats, ids
from app.case_story import StoryEvent, story_of
from app.case_why import reason_of
from app.components.case_head import case_head
from app.components.case_proof import case_proof
from app.components.case_side import case_actions, case_facts
from app.components.case_timeline import case_timeline
from app.components.case_unit import case_unit
from app.desk_case import CaseView, view_of
from app.desk_context import DeskContext, Office, read_desk
from app.routes import CASE, route_of
from datastore.errors import DatastoreError
from datastore.log.keys import PUBLIC_FILE, read_verifier_key
from datastore.log.proof import entry_proof
from datastore.queries.checkpoint_moment import checkpoint_moment
from datastore.queries.reporter_of import reporter_of
from twin_model import service_level
from twin_model.actor import SEES_REPORTER
from twin_model.case_file import CaseFile
from twin_model.errors import TwinModelError
from twin_model.log_proof import EntryProof, verify_proof
from twin_model.loop_steps import steps_of
from twin_model.service_level_rule import NO_STAGE_LIMITS, StageLimits

SLOTS = (ids.CASE_HEAD, ids.CASE_UNIT, ids.CASE_TIMELINE, ids.CASE_ACTIONS, ids.CASE_FACTS, ids.CASE_PROOF)


def draw(ctx: DeskContext) -> tuple[Component, ...]:
    """Panels of the case, in the order of `SLOTS`.

    Raises
    ------
    UnknownCaseError
        If there is none, or it is not the actor's to see.
    """
    view = view_of(ctx, ctx.route.code)
    story = story_of(ctx, view.record)
    return (
        case_head(ctx, view, steps_of(view.file, limits_of(ctx, view.file))),
        case_unit(ctx, view, reason_of(ctx, view.file, story)),
        case_timeline(ctx, view, story),
        case_actions(ctx, view),
        case_facts(ctx, view, reporter(ctx, view), related(ctx, view)),
        proof_panel(ctx, story),
    )


def limits_of(ctx: DeskContext, file: CaseFile) -> StageLimits:
    """Limits of single steps, by the rules in force."""
    desk = ctx.office.desk
    if desk is None:
        return NO_STAGE_LIMITS
    area = file.grid or file.community or file.street
    try:
        return service_level.choose(
            desk.book.levels, file.class_code, file.condition, area, file.filed_at or file.reported_at
        ).rule.stages
    except TwinModelError:
        return NO_STAGE_LIMITS


def reporter(ctx: DeskContext, view: CaseView) -> list[dict[str, Any]]:
    """Who reported the case, for the roles that need it."""
    if ctx.actor.role not in SEES_REPORTER:
        return []
    # Personal data is asked for each time and kept in no cache.
    with ctx.office.data.store.read() as cur:
        rows: list[dict[str, Any]] = reporter_of(cur, view.file.case_no).to_pylist()
    return rows


def related(ctx: DeskContext, view: CaseView) -> list[dict[str, Any]]:
    """Parts and duplicates of the case."""
    file = view.file
    if not (file.parts or file.duplicates):
        return []
    since = file.reported_at.astimezone(ctx.page.zone).date()
    rows: list[dict[str, Any]] = ctx.query("case_children", case_no=file.case_no, since=since).to_pylist()
    return rows


def proof_panel(ctx: DeskContext, story: list[StoryEvent]) -> Component:
    """Proof of the case's latest entry."""
    if not story:
        return case_proof(ctx, None, None, None)
    with ctx.office.data.store.read() as cur:
        try:
            proof = entry_proof(cur, story[-1].seq)
        except TwinModelError:
            return case_proof(ctx, None, None, None)
        signed = checkpoint_moment(cur, proof.size)["moment"].to_pylist()
    at = formats.as_utc(signed[0]) if signed and proof.note else None
    return case_proof(ctx, proof, at, holds(ctx, proof))


def holds(ctx: DeskContext, proof: EntryProof) -> bool | None:
    """Whether the proof leads to a head that the log's key has signed; None where none covers the entry yet."""
    if not proof.note:
        return None
    try:
        verify_proof(proof.document(), read_verifier_key(ctx.office.data.store.path.parent / PUBLIC_FILE))
    except (TwinModelError, DatastoreError):
        return False
    return True


def register(app: Dash, office: Office) -> None:
    """Wire the panels."""

    @app.callback(
        [Output(ids.body(slot), "children") for slot in SLOTS],
        Input(ids.URL, "search"),
        Input(ids.LIVE_TICK, "data"),
        Input(ids.WORK_TOLD, "data"),
        State(ids.URL, "pathname"),
    )
    def _case(search: str | None, _live: Any, _told: Any, path: str | None) -> Any:  # noqa: ANN401 - as Dash gives it
        if route_of(path).page != CASE:
            return [no_update] * len(SLOTS)
        return draw(read_desk(search, office, path))
