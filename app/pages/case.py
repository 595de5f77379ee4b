"""The page of one case: where it stands, its place in 3D, what happened, why, and what can be done."""

from dash import html
from dash.development.base_component import Component

from app import ids
from app.components.deck import deck_canvas
from app.desk_context import DeskContext
from app.pages.cases import work_stores
from app.pages.slots import slot


def layout(ctx: DeskContext) -> Component:
    """Slots of the page; callbacks fill them from the address."""
    scene = html.Section(
        [html.Div(deck_canvas(ctx.texts.t("case.scene_label")), className="scene")], className="panel case-scene"
    )
    return html.Main(
        [
            html.Div(id=ids.body(ids.HEADER), className="slot slot-header"),
            slot(ids.CASE_HEAD),
            html.Div([scene, slot(ids.CASE_UNIT)], className="column case-left"),
            html.Div(slot(ids.CASE_TIMELINE), className="column case-centre"),
            html.Div(
                [slot(ids.CASE_ACTIONS), slot(ids.CASE_FACTS), slot(ids.CASE_PROOF)], className="column case-right"
            ),
            *work_stores(),
        ],
        className="case-page",
    )


def unknown(ctx: DeskContext) -> Component:
    """Page for a number that no case has, or that is not the actor's to see."""
    sentence = ctx.texts.t("work.unknown_case", number=ctx.route.code)
    return html.Main(
        [
            html.H1("404"),
            html.P(sentence),
            html.A(ctx.texts.t("case.back"), href=ctx.href_cases(), className="switch"),
        ],
        className="not-found",
    )
