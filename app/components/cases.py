"""Panel of the most urgent and the newest cases."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from app import formats, ids
from app.components.attributes import attributes
from app.components.links import link
from app.components.panel import choices, empty, panel
from app.components.status import ENDED, ended_mark, status_mark
from app.context import Context, Row
from app.state import LISTS
from twin_model.case import CaseStage, CaseState

MAX_CASES = 40
CASE_NO = "CASE-NO"
"""Stands for the number in the address of a case that the page's script fills in."""


def cases_panel(ctx: Context, rows: Sequence[Row]) -> Component:
    """Cases of the list in front; a row flies to its case and shows its particulars."""
    texts = ctx.texts
    front = ctx.state.cases
    links = [(texts.t(f"cases.{key}"), ctx.href(cases=key), key == front) for key in LISTS]
    body = (
        html.Ol([_row(ctx, row) for row in rows], className="case-list")
        if rows
        else empty(ctx, ("no_open_cases" if front == "urgent" else "no_cases_here") if ctx.has_cases else "cases")
    )
    return panel(ctx, "cases", [_new_cases(ctx), body], tools=choices(links, texts.t("panel.cases.title")), unit=False)


def _new_cases(ctx: Context) -> Component:
    """Place above the list that new cases rise into while the page is open; the page's script fills it."""
    told: dict[str, str | None] = {
        "data-front": ctx.state.cases,
        "data-href": ctx.href(sel=f"case:{CASE_NO}", view=None),
        "data-lang": ctx.state.lang,
        "data-zone": ctx.zone.key,
        "data-new": ctx.texts.t("cases.new"),
        "data-unplaced": ctx.texts.t("case.unplaced"),
    }
    return html.Ol(id=ids.LIVE_CASES, className="case-list live-cases", **attributes(told))


def _row(ctx: Context, row: Row) -> Component:
    texts = ctx.texts
    state = CaseState(row["state"])
    chosen = ctx.state.case_no == row["case_no"]
    place = " · ".join(
        name
        for name in (texts.name(row, "street_name"), texts.name(row, "community_name").removesuffix("居委会"))
        if name
    )
    stage = CaseStage(row["stage"])
    shown = [
        dcc.Link(
            [
                ended_mark(stage, texts) if stage in ENDED else status_mark(state, texts),
                html.Span(texts.name(row, "class_name"), className="case-class"),
                html.Span(clock(ctx, row), className="case-clock" if stage in ENDED else f"case-clock {state}"),
                html.Span(place or texts.t("case.unplaced"), className="case-place"),
                html.Span(formats.short_minute(row["reported_at"], ctx.as_of, ctx.zone), className="case-time figure"),
            ],
            href=ctx.href(sel="" if chosen else f"case:{row['case_no']}", view=None),
            className="case",
            title=row["case_no"],
        )
    ]
    return html.Li([*shown, _particulars(ctx, row)] if chosen else shown, className="current" if chosen else "")


def clock(ctx: Context, row: Row) -> str:
    """Time left or past of an open case; how a case ended that is open no more."""
    texts, stage = ctx.texts, CaseStage(row["stage"])
    if stage in ENDED:
        return texts.t(f"stage.{ENDED[stage]}")
    if row["state"] == CaseState.CLOSED:
        return texts.t("state.closed")
    if row["deadline_at"] is None:
        return texts.t("case.no_deadline")
    return formats.countdown(row["deadline_at"], ctx.as_of, texts)


def _particulars(ctx: Context, row: Row) -> Component:
    texts = ctx.texts
    facts: list[tuple[str, str | Component]] = [
        ("number", row["case_no"]),
        ("source", texts.name(row, "source_name")),
        ("stage", texts.t(f"stage.{CaseStage(row['stage']).name.lower()}")),
        ("unit", texts.name(row, "unit_name") or formats.NO_VALUE),
        ("deadline", formats.minute(row["deadline_at"], ctx.zone)),
    ]
    told = [*facts, ("building", at)] if (at := _building(ctx, row)) else facts
    told.append(("page", open_link(ctx, row["case_no"])))
    return html.Div(
        [
            html.Span([html.Span(texts.t(f"case.{key}"), className="fact-name"), html.Span(value)], className="fact")
            for key, value in told
        ],
        className="particulars",
    )


def open_link(ctx: Context, case_no: str) -> Component:
    """Link to a case's own page."""
    return link(ctx.texts.t("case.open"), href=ctx.href_case(case_no), className="link go-out")


def _building(ctx: Context, row: Row) -> Component | None:
    """Name the building that a case is at, as a link to its page; None where it is at none."""
    code = row["building_code"]
    if not code:
        return None
    name = row["building_name"] or row["building_address"] or code
    return link(name, href=ctx.href_building(code), className="link")
