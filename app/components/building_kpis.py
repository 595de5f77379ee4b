"""Strip of headline figures of one building."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.building_words import storey_words
from app.components.inspector import tally
from app.components.panel import info_button
from app.components.status import SHAPES
from app.context import Context, Row
from twin_model.case import CaseState
from twin_model.floor_area import floor_area

CASES = ("reported", "open", "overdue", "closed")
SHAPE_OF = {"open": CaseState.OPEN, "overdue": CaseState.OVERDUE}


def building_kpis(ctx: Context, building: Row, counts: Sequence[Row]) -> Component:
    """Cases at the building, and its size."""
    texts = ctx.texts
    counted = tally(counts)
    cases = [_tile(ctx, f"kpi.{key}", formats.number(counted[key]), key, _share(ctx, counted, key)) for key in CASES]
    size = [
        _tile(
            ctx,
            "building.height",
            formats.metres(building["height_m"]),
            "",
            texts.t(f"height.{building['height_source']}"),
        ),
        _tile(ctx, "building.storeys", storey_words(texts, building)),
        _tile(ctx, "building.floor_area", *floor_space(ctx, building)),
        _tile(ctx, "building.volume", *volume(ctx, building)),
    ]
    groups = [("cases", cases), ("size", size)]
    title = texts.t("panel.building_kpis.title")
    return html.Section(
        [
            html.Div(
                [
                    html.H2(texts.t(f"building.group.{key}"), className="kpi-group-title"),
                    html.Dl(tiles, className="kpi-tiles"),
                ],
                className=f"kpi-group kpi-{key}",
            )
            for key, tiles in groups
        ]
        + [html.Div(info_button(ctx, title, texts.t("panel.building_kpis.definition")), className="kpi-info")],
        className="panel kpis",
        **attributes({"aria-label": title}),
    )


def floor_space(ctx: Context, building: Row) -> tuple[str, str, str]:
    """Footprint times storeys, and that it is an estimate: no source of ours tells floor areas."""
    area = floor_area(building["footprint_m2"] or 0.0, building["storeys"], building["height_m"] or 0.0)
    note = "building.floor_area_storeys_note" if area.storeys_estimated else "building.floor_area_note"
    return formats.square_metres(area.area_m2), "", ctx.texts.t(note)


def volume(ctx: Context, building: Row) -> tuple[str, str, str]:
    """Volume of the best mesh that is closed, else of the block, and which of them it is."""
    texts = ctx.texts
    if building["best_lod"]:
        told = building["volume_m3"]
        note = texts.t("building.volume_model", lod=building["best_lod"]) if told is not None else texts.t("mesh.open")
        return formats.cubic_metres(told), "", note
    block = (building["footprint_m2"] or 0.0) * (building["height_m"] or 0.0)
    return formats.cubic_metres(block), "", texts.t("building.volume_block")


def _tile(ctx: Context, name: str, shown: str, key: str = "", reference: str = "") -> Component:
    shape = SHAPES.get(SHAPE_OF[key]) if key in SHAPE_OF else None
    mark = html.Span(shape, className=f"mark {key}", **attributes({"aria-hidden": "true"})) if shape else None
    return html.Div(
        [
            html.Dt([mark, ctx.texts.t(name)]),
            html.Dd(shown, className=f"value {key}".strip() if shown != "0" else "value"),
            html.Dd(reference, className="reference"),
        ],
        className="kpi",
        **attributes({"data-key": key or None}),
    )


def _share(ctx: Context, counted: Row, key: str) -> str:
    whole = counted["open"] if key == "overdue" else counted["reported"]
    if key == "reported" or not whole:
        return ""
    part = "kpi.of_open" if key == "overdue" else "kpi.of_reported"
    return ctx.texts.t(part, share=formats.percent(counted[key] / whole, 1))
