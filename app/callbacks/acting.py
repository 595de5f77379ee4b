"""What a press of a button does: the desk is asked, and the page is told what came of it."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from app import ids
from app.acting import TAKEN, Ask, Outcome, perform, read_ask, readable, take_photos, told
from app.components.work_form import PARTS, PHASES, action_form
from app.desk_case import place_words, record_of_case
from app.desk_context import DeskContext, Office, read_desk
from app.desk_rows import FORMS, OPTIONAL
from app.desk_words import refusal_words
from datastore.errors import UnknownCaseError
from twin_model.case_file import CaseFile
from twin_model.workflow import Action

log = logging.getLogger(__name__)
Fields = Mapping[str, Any]
Json = Any
"""Whatever Dash takes and gives."""


def file_for(ctx: DeskContext, ask: Ask) -> CaseFile | None:
    """Case of a form that is about one case; None for several."""
    if len(ask.cases) != 1:
        return None
    try:
        return record_of_case(ctx, ask.cases[0].case_no).file
    except UnknownCaseError:
        return None


def filled(ctx: DeskContext, ask: Ask, fields: Fields, photos: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Fields of a form as a command takes them, and what is missing in one sentence, or ``""``."""
    action, data = ask.action, dict(ask.data)
    for name, value in fields.items():
        if value not in (None, "") and not name.startswith("part") and name != "phase":
            data[name] = str(value).strip() if not isinstance(value, int | float) else f"{value:g}"
    if action is Action.SPLIT:
        units = [str(fields[name]) for name in (f"part{nth}" for nth in range(1, PARTS + 1)) if fields.get(name)]
        data["parts"] = [{"unit": unit} for unit in units]
        if len(units) < 2:  # noqa: PLR2004 - one part is no split
            return data, ctx.texts.t("form.two_parts")
    for name in FORMS.get(action, ()):
        given = bool(photos) if name == "photos" else bool(data.get(name)) or name == "phase"
        if not given and (action, name) not in OPTIONAL:
            return data, ctx.texts.t("form.missing", field=ctx.texts.t(f"field.{name}"))
    return data, ""


def misjoined(ctx: DeskContext, file: CaseFile | None, number: str) -> str:
    """Why a case does not repeat the one that is named, in one sentence; ``""`` where it may or that one is unknown."""
    if file is None or not number or number == file.case_no:
        return ""
    try:
        named = record_of_case(ctx, number).file
    except UnknownCaseError:
        return ""
    about = f"{ctx.name('class', named.class_code)} · {place_words(ctx, named)}"
    if named.reported_at > file.reported_at:
        return ctx.texts.t("form.parent_later", number=number, about=about)
    if named.class_code != file.class_code:
        return ctx.texts.t("form.parent_class", number=number, about=about)
    return ""


def send(ctx: DeskContext, ask: Ask, fields: Fields, contents: Sequence[str]) -> tuple[Any, Component | None]:
    """Do what a form asks for; gives what the page is told, and the form again where something is amiss."""
    file = file_for(ctx, ask)
    data, missing = filled(ctx, ask, fields, contents)
    if not missing and ask.action is Action.DUPLICATE:
        missing = misjoined(ctx, file, str(data["parent"]))
    again = Ask(ask.action, ask.cases, data)
    if missing:
        return no_update, action_form(ctx, again, file, missing)
    phase = str(fields.get("phase") or PHASES[0])
    try:
        photos = take_photos(ctx, ask.cases[0].case_no, contents, phase) if contents else ()
    except TAKEN as error:
        return no_update, action_form(ctx, again, file, refusal_words(error, ctx.texts, ask.action))
    outcomes = perform(ctx, again, photos)
    if len(outcomes) == 1 and not outcomes[0].done:
        return no_update, action_form(ctx, again, file, outcomes[0].sentence)
    return _told(ctx, again, outcomes), None


def _told(ctx: DeskContext, ask: Ask, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    log.info("%s by %s: %d done", readable(ask), ctx.actor.code, sum(each.done for each in outcomes))
    return told(outcomes, ctx, ask.action)


def register(app: Dash, office: Office) -> None:
    """Wire buttons and forms."""

    @app.callback(
        Output(ids.WORK_TOLD, "data"),
        Input(ids.WORK_ASK, "data"),
        State(ids.URL, "search"),
        State(ids.URL, "pathname"),
        prevent_initial_call=True,
    )
    def _act(asked: Json, search: str | None, path: str | None) -> Json:
        ask = read_ask(asked)
        if ask is None:
            return no_update
        ctx = read_desk(search, office, path)
        return _told(ctx, ask, perform(ctx, ask))

    @app.callback(
        Output(ids.WORK_FORM_SLOT, "children"),
        Input(ids.WORK_FORM, "data"),
        State(ids.URL, "search"),
        State(ids.URL, "pathname"),
        prevent_initial_call=True,
    )
    def _form(asked: Json, search: str | None, path: str | None) -> Json:
        ask = read_ask(asked)
        if ask is None:
            return None
        ctx = read_desk(search, office, path)
        return action_form(ctx, ask, file_for(ctx, ask))

    @app.callback(
        Output(ids.WORK_TOLD, "data", allow_duplicate=True),
        Output(ids.WORK_FORM_SLOT, "children", allow_duplicate=True),
        Input(ids.WORK_SEND, "n_clicks"),
        State(ids.WORK_FORM, "data"),
        State(ids.work_field(ALL), "value"),  # type: ignore[arg-type]  # Dash's wildcard
        State(ids.work_field(ALL), "id"),  # type: ignore[arg-type]  # as above
        State(ids.work_photos(ALL), "contents"),  # type: ignore[arg-type]  # as above
        State(ids.URL, "search"),
        State(ids.URL, "pathname"),
        prevent_initial_call=True,
    )
    def _send(clicks: int | None, asked: Json, *told: Json) -> Json:
        values, names, contents, search, path = told
        ask = read_ask(asked)
        if not clicks or ask is None:
            return no_update, no_update
        fields = {name["name"]: value for name, value in zip(names, values, strict=True)}
        photos = [content for each in contents for content in (each or [])]
        return send(read_desk(search, office, path), ask, fields, photos)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("desk", "told"), Output(ids.WORK_SAID, "title"), Input(ids.WORK_TOLD, "data")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # as above
        ClientsideFunction("desk", "form"), Output(ids.WORK_FORM_SLOT, "title"), Input(ids.WORK_FORM_SLOT, "children")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # as above
        ClientsideFunction("desk", "photos"),
        Output(ids.WORK_FORM_SLOT, "lang"),
        Input(ids.work_photos(ALL), "contents"),  # type: ignore[arg-type]  # Dash's wildcard
        State(ids.work_photos(ALL), "filename"),  # type: ignore[arg-type]  # as above
        prevent_initial_call=True,
    )
