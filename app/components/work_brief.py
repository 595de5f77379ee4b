"""The case in front, in short: what one needs to decide what to do with it."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.case_clock import clock_chip
from app.components.case_photo import photo_strip
from app.components.panel import panel
from app.components.work_actions import case_buttons
from app.desk_case import CaseView
from app.desk_context import DeskContext
from app.desk_words import waiting_words

COUNTS = ("duplicates", "returns", "reworks", "extensions", "reopenings", "open_parts")


def no_brief(ctx: DeskContext) -> Component:
    """Draw the panel while no case is chosen."""
    return panel(
        ctx.page, "work_brief", html.P(ctx.texts.t("work.choose"), className="empty", role="status"), unit=False
    )


def unknown_brief(ctx: DeskContext, sentence: str) -> Component:
    """Draw the panel for a case that cannot be shown."""
    return panel(ctx.page, "work_brief", html.P(sentence, className="empty", role="status"), unit=False)


def work_brief(ctx: DeskContext, view: CaseView) -> Component:
    """Draw the case in front."""
    texts, file = ctx.texts, view.file
    head = html.Div(
        [
            clock_chip(ctx, file),
            html.Div(
                [
                    html.Strong(ctx.name("class", file.class_code), className="brief-class"),
                    html.A(
                        [
                            html.Span(file.case_no, className="figure"),
                            html.Span(texts.t("work.open_case"), className="go-out"),
                        ],
                        href=ctx.href_case(file.case_no),
                        className="link brief-no",
                        **attributes({"data-key": "open"}),
                    ),
                ],
                className="brief-title",
            ),
        ],
        className="brief-head",
    )
    buttons = case_buttons(ctx, file, view.step, view.actions, view.why)
    if not buttons:
        buttons = [html.P(_waits(ctx, view), className="work-note")]
    body = [
        head,
        html.P(file.description, className="brief-said") if file.description else None,
        html.Dl([_pair(*each) for each in brief_facts(ctx, view)], className="pairs brief-facts"),
        photo_strip(ctx, view.photos),
        html.Div(buttons, className="brief-acts"),
    ]
    return panel(
        ctx.page,
        "work_brief",
        html.Div([each for each in body if each is not None], className="brief scroll"),
        unit=False,
    )


def _waits(ctx: DeskContext, view: CaseView) -> str:
    if ctx.office.desk is None:
        return ctx.texts.t("work.read_only")
    file = view.file
    unit = ctx.name("unit", file.unit) if file.unit else ""
    return waiting_words(ctx.texts, ctx.actor.role, file.stage, file.hold, unit)


def brief_facts(ctx: DeskContext, view: CaseView) -> list[tuple[str, Component | str]]:
    """Pairs of a name and what is known, in the order in which one asks for them."""
    texts, file = ctx.texts, view.file
    stage = texts.t(f"stage.{file.stage.name.lower()}")
    pairs: list[tuple[str, Component | str]] = [
        (texts.t("case.stage"), f"{stage} · {texts.t(f'hold.{file.hold}')}" if file.hold else stage),
        (texts.t("case.deadline"), view.deadline_words),
        (texts.t("case.unit"), view.unit_words),
        (texts.t("case.place"), view.place_words),
        (texts.t("case.source"), ctx.name("source", file.source)),
        (texts.t("case.reported"), formats.minute(file.reported_at, ctx.page.zone)),
    ]
    if view.step and view.step.suggested:
        pairs.insert(0, (texts.t("case.suggestion"), view.why or ""))
    if file.asked:
        pairs.insert(0, (texts.t("case.asked"), texts.t(f"asked.{file.asked}", reason=view.asked_reason)))
    if view.result:
        pairs.insert(0, (texts.t("detail.result"), view.result))
    if view.check_words:
        pairs.insert(1 if view.result else 0, (texts.t("case.checker"), view.check_words))
    counted = [texts.t(f"counted.{name}", count=getattr(file, name)) for name in COUNTS if getattr(file, name)]
    if counted:
        pairs.append((texts.t("case.counted"), texts.t("list.comma").join(counted)))
    return pairs


def _pair(name: str, value: Component | str) -> Component:
    return html.Div([html.Dt(name), html.Dd(value)], className="pair")


def pairs(rows: Sequence[tuple[str, Component | str]], kind: str = "pairs") -> Component:
    """List of names and what is known of each."""
    return html.Dl([_pair(*each) for each in rows], className=kind)
