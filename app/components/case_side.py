"""Panels beside the story of a case: what can be done, what is known, who reported it, and cases that belong to it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.links import link
from app.components.panel import panel
from app.components.work_actions import case_buttons
from app.components.work_brief import pairs
from app.desk_case import CaseView
from app.desk_context import DeskContext
from app.desk_words import waiting_words
from app.routes import building_path
from twin_model.actor import SEES_REPORTER
from twin_model.case import CaseStage

PERSONAL = ("name", "phone", "email", "account_id", "device_id")


def case_actions(ctx: DeskContext, view: CaseView) -> Component:
    """Draw what who acts can do with the case."""
    texts, file = ctx.texts, view.file
    buttons = case_buttons(ctx, file, view.step, view.actions, view.why)
    unit = ctx.name("unit", file.unit) if file.unit else ""
    if ctx.office.desk is None:
        said = texts.t("work.read_only")
    elif view.step is None:
        said = waiting_words(texts, ctx.actor.role, file.stage, file.hold, unit)
    else:
        said = view.why or ""
    body = html.Div([html.P(said, className="form-note"), *buttons], className="brief-acts")
    return panel(ctx.page, "case_actions", body, unit=False)


def case_facts(
    ctx: DeskContext, view: CaseView, reporter: Sequence[Mapping[str, Any]], related: Sequence[Mapping[str, Any]]
) -> Component:
    """Draw what is known of the case, who reported it, and the cases that belong to it."""
    texts, file = ctx.texts, view.file
    rows: list[tuple[str, Component | str]] = []
    if file.description:
        rows.append((texts.t("case.description"), file.description))
    rows += [(texts.t("case.place"), view.place_words)]
    if file.is_placed:
        rows.append((texts.t("case.coordinates"), f"{file.lon:.6f}, {file.lat:.6f}"))
    if file.grid:
        rows.append((texts.t("case.grid"), file.grid))
    if file.building:
        where = html.A(
            texts.t("case.at_building", code=file.building), href=building_path(file.building), className="link"
        )
        rows.append((texts.t("case.building"), where))
    rows += [
        (texts.t("case.deadline"), view.deadline_words),
        (texts.t("case.reported"), formats.minute(file.reported_at, ctx.page.zone)),
    ]
    for name in ("condition", "component", "ref"):
        if getattr(file, name):
            rows.append((texts.t(f"case.{name}"), getattr(file, name)))
    rows.append((texts.t("case.on_map"), html.A(texts.t("case.show_on_map"), href=on_map(ctx, view), className="link")))
    body = [pairs(rows), *_reporter(ctx, view, reporter), *_related(ctx, view, related)]
    return panel(ctx.page, "case_facts", html.Div(body, className="scroll"), unit=False)


def on_map(ctx: DeskContext, view: CaseView) -> str:
    """Address of the command page with the case highlighted."""
    return ctx.href_command(sel=f"case:{view.file.case_no}", area=view.file.street)


def _reporter(ctx: DeskContext, view: CaseView, reporter: Sequence[Mapping[str, Any]]) -> list[Component]:
    texts = ctx.texts
    head = html.H3(texts.t("reporter.title"), className="small-head")
    if ctx.actor.role not in SEES_REPORTER:
        return [head, html.P(texts.t("reporter.hidden"), className="form-note")]
    if not reporter:
        key = "none" if not view.file.reporter else "erased"
        return [head, html.P(texts.t(f"reporter.{key}"), className="form-note")]
    told = json.loads(reporter[-1]["body"])
    rows: list[tuple[str, Component | str]] = [
        (texts.t(f"reporter.{name}"), str(told[name])) for name in PERSONAL if told.get(name)
    ]
    return [head, pairs(rows)]


def _related(ctx: DeskContext, view: CaseView, related: Sequence[Mapping[str, Any]]) -> list[Component]:
    texts, file = ctx.texts, view.file
    items = []
    if file.parent:
        words = texts.t("related.parent_duplicate" if file.stage is CaseStage.DUPLICATE else "related.parent")
        items.append(
            html.Li(
                [
                    html.Span(words, className="muted"),
                    link(file.parent, href=ctx.href_case(file.parent), className="link figure"),
                ]
            )
        )
    for row in related:
        stage = CaseStage(row["stage"])
        kind = "duplicate" if stage is CaseStage.DUPLICATE else "part"
        told = [texts.t(f"stage.{stage.name.lower()}"), texts.name(row, "unit_name")]
        items.append(
            html.Li(
                [
                    html.Span(texts.t(f"related.{kind}"), className="muted"),
                    link(row["case_no"], href=ctx.href_case(row["case_no"]), className="link figure"),
                    html.Span(" · ".join(each for each in told if each), className="muted"),
                ]
            )
        )
    if not items:
        return []
    return [html.H3(texts.t("related.title"), className="small-head"), html.Ul(items, className="related")]
