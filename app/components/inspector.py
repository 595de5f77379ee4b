"""Panel of the highlighted building: what it is, and its cases."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats, ids
from app.components.attributes import attributes
from app.components.building_words import (
    best_lod,
    building_name,
    cim_words,
    height_words,
    lod_words,
    storey_words,
    use_words,
)
from app.components.display import chip
from app.components.links import link
from app.components.panel import panel
from app.components.status import SHAPES
from app.context import Context, Row
from twin_model.case import CaseStage, CaseState
from twin_model.cim import CimLevel
from twin_model.selection import Buildings
from twin_model.selection_text import to_text

ENDED_UNCLOSED = (CaseStage.VOID, CaseStage.DUPLICATE)


def tally(counts: Sequence[Row]) -> dict[str, int]:
    """Count reported, open, overdue and closed cases of the rows of ``building_case_counts``."""
    ended = {int(CaseStage.CLOSED), *map(int, ENDED_UNCLOSED)}
    return {
        "reported": sum(row["cases"] for row in counts),
        "open": sum(row["cases"] for row in counts if row["stage"] not in ended),
        "overdue": sum(row["overdue"] for row in counts),
        "closed": sum(row["cases"] for row in counts if row["stage"] == CaseStage.CLOSED),
    }


def by_stage(counts: Sequence[Row]) -> list[tuple[CaseStage, int]]:
    """Cases in each stage that occurs, in the order of the workflow."""
    found = {stage: sum(row["cases"] for row in counts if row["stage"] == stage) for stage in CaseStage}
    return [(stage, n) for stage, n in found.items() if n]


def inspector_panel(ctx: Context, building: Row, counts: Sequence[Row], level: CimLevel) -> Component:
    """Draw the highlighted building.

    Parameters
    ----------
    building : mapping
        Row of the question ``building_by_code``.
    counts : sequence of mapping
        Rows of the question ``building_case_counts``.
    level : CimLevel
        CIM level that its geometry reaches.
    """
    close = html.Button(
        "×",
        id=ids.switch("sel", "", "inspector"),
        className="close",
        title=ctx.texts.t("inspector.close"),
        **attributes({"aria-label": ctx.texts.t("inspector.close"), "data-close": "inspector"}),
    )
    body = [
        html.P(place_words(ctx, building), className="inspector-place"),
        facts_list(ctx, building, level),
        figures(ctx, tally(counts)),
        stages(ctx, counts),
        html.Div(_actions(ctx, building), className="chips actions"),
    ]
    return panel(ctx, "inspector", body, title=building_name(ctx, building), tools=close)


def place_words(ctx: Context, building: Row) -> str:
    """Where a building is: street, community and, where it has a name of its own, its address."""
    texts = ctx.texts
    parts = [texts.name(building, "street_name"), texts.name(building, "community_name").removesuffix("居委会")]
    if building.get("address") and building_name(ctx, building) != building["address"]:
        parts = [str(building["address"])]
    return " · ".join(part for part in parts if part) or texts.t("case.unplaced")


def facts_list(ctx: Context, building: Row, level: CimLevel) -> Component:
    """Facts that fit a small panel."""
    texts = ctx.texts
    facts = [
        ("use", use_words(texts, building)),
        ("height", height_words(texts, building)),
        ("storeys", storey_words(texts, building)),
        ("lod", f"{lod_words(texts, best_lod(building))} · {cim_words(texts, level)}"),
        ("code", building["code"]),
    ]
    return html.Dl(
        [html.Div([html.Dt(texts.t(f"building.{key}")), html.Dd(words)], className="pair") for key, words in facts],
        className="pairs",
    )


def figures(ctx: Context, counted: Row) -> Component:
    """Draw reported, open, overdue and closed as small tiles."""
    shapes = {"open": SHAPES[CaseState.OPEN], "overdue": SHAPES[CaseState.OVERDUE], "closed": SHAPES[CaseState.CLOSED]}
    return html.Dl(
        [
            html.Div(
                [
                    html.Dt(
                        [
                            html.Span(shapes.get(key), className=f"mark {key}", **attributes({"aria-hidden": "true"}))
                            if key in shapes
                            else None,
                            ctx.texts.t(f"kpi.{key}"),
                        ]
                    ),
                    html.Dd(formats.number(counted[key]), className=f"value {key}" if counted[key] else "value"),
                ]
            )
            for key in ("reported", "open", "overdue", "closed")
        ],
        className="figures",
    )


def stages(ctx: Context, counts: Sequence[Row]) -> Component:
    """Stages that the cases are in, each with its number."""
    found = by_stage(counts)
    if not found:
        return html.P(ctx.texts.t("empty.no_cases_at_building"), className="empty", role="status")
    words = [
        html.Li([ctx.texts.t(f"stage.{stage.name.lower()}"), html.Span(formats.number(n), className="figure")])
        for stage, n in found
    ]
    return html.Ul(words, className="stages", **attributes({"aria-label": ctx.texts.t("case.stage")}))


def _actions(ctx: Context, building: Row) -> list[Component]:
    texts, state = ctx.texts, ctx.state
    own = to_text(Buildings((building["code"],)))
    on = state.filter == own
    return [
        link(texts.t("inspector.open"), href=ctx.href_building(building["code"]), className="chip go"),
        chip(texts.t("inspector.cases"), "filter", "" if on else own, "inspector", on=on),
        chip(
            texts.t("inspector.only"),
            "only",
            "0" if state.only else "1",
            "inspector",
            on=state.only,
            title=texts.t("inspector.only_long"),
        ),
    ]
