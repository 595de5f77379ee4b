"""Panel of all that is known of a building, and of where it is known from."""

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.building_words import (
    best_lod,
    building_name,
    cim_words,
    flattened,
    height_words,
    lod_words,
    storey_words,
    use_words,
)
from app.components.header import spoken_name
from app.components.links import link
from app.components.panel import Children, panel
from app.context import Context, Row
from twin_model.cim import CimLevel

Fact = tuple[str, Children]


def building_facts(ctx: Context, building: Row, level: CimLevel) -> Component:
    """Attributes, areas, the source's own attributes, and provenance."""
    texts = ctx.texts
    on_map = link(texts.t("building.on_map"), href=ctx.href_on_map(f"building:{building['code']}"), className="choice")
    groups: list[tuple[str, list[Fact]]] = [
        ("about", _about(ctx, building)),
        ("where", _where(ctx, building)),
        ("source", _provenance(ctx, building, level)),
        ("attributes", [(name, told) for name, told in flattened(building["attributes"]).items()]),
    ]
    lists = [
        html.Section([html.H3(texts.t(f"building.facts.{key}")), facts(told)], className="fact-group")
        for key, told in groups
        if told
    ]
    body = html.Div(lists, className="scroll", tabIndex=0)
    return panel(ctx, "building_facts", body, title=building_name(ctx, building), tools=on_map, unit=False)


def facts(told: list[Fact]) -> Component:
    """Names and what they are, as a list of pairs."""
    return html.Dl(
        [html.Div([html.Dt(name, title=name), html.Dd(words)], className="pair") for name, words in told],
        className="pairs",
    )


def _named(ctx: Context, told: dict[str, Children | None]) -> list[Fact]:
    return [(ctx.texts.t(f"building.{key}"), words) for key, words in told.items() if words not in (None, "")]


def _about(ctx: Context, building: Row) -> list[Fact]:
    texts = ctx.texts
    return _named(
        ctx,
        {
            "name": building["name"],
            "address": building["address"],
            "code": building["code"],
            "use": use_words(texts, building),
            "height": height_words(texts, building),
            "storeys": storey_words(texts, building),
            "footprint": formats.square_metres(building["footprint_m2"]),
            "base": None if building["base_m"] is None else formats.metres(building["base_m"]),
            "place": f"{building['lon']:.6f}, {building['lat']:.6f}",
        },
    )


def _where(ctx: Context, building: Row) -> list[Fact]:
    links = {
        row["code"]: link(spoken_name(ctx, row), href=ctx.href_area(row["code"]), className="link") for row in ctx.trail
    }
    levels = {key: links.get(building[f"{key}_code"] or "") for key in ("street", "community", "grid")}
    return [(ctx.texts.t(f"building.{key}"), part) for key, part in levels.items() if part is not None]


def _provenance(ctx: Context, building: Row, level: CimLevel) -> list[Fact]:
    texts = ctx.texts
    simulated = texts.t("header.demo") if building["simulated"] else None
    title = building["dataset_title"] or building["dataset_name"]
    return _named(
        ctx,
        {
            "dataset": html.Span([title, html.Span(simulated, className="badge") if simulated else None]),
            "licence": building["licence"],
            "crs": building["crs"],
            "source_ref": building["source_ref"],
            "lod": lod_words(texts, best_lod(building)),
            "cim": texts.t("cim.because", level=cim_words(texts, level), why=texts.t(f"cim.basis.{level.basis}")),
        },
    )
