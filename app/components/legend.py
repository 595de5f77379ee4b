"""Panel that says what the map's colours mean and changes what they show."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from app import formats, ids
from app.components.attributes import attributes
from app.components.display import display_button
from app.components.panel import panel
from app.context import Context, Row
from app.state import LAYERS, METRICS
from layers.palette import Colour, css, palette
from layers.style import classes

SURE = frozenset({"measured", "surveyed"})
"""Sources of heights and outlines that need no word of caution."""


def legend_panel(
    ctx: Context, scales: Mapping[str, Sequence[float]], sources: Sequence[Row] = (), *, tiles: bool = False
) -> Component:
    """Metric switch, colour classes, layer switches and where heights and outlines come from.

    Parameters
    ----------
    scales : mapping of str to sequence of float
        For each kind of thing that the map colours (``street``, ``community``, ``grid``, ``building``), the upper
        ends of all classes but the last.
    tiles : bool
        Whether the store holds background tilesets.
    sources : sequence of mapping
        Rows of the question ``scene_sources``.
    """
    texts = ctx.texts
    return panel(
        ctx,
        "legend",
        [
            html.Div(
                [_metric(ctx, key) for key in METRICS],
                className="segmented",
                role="group",
                **attributes({"aria-label": texts.t("legend.metric")}),
            ),
            *(_scale(ctx, key, breaks) for key, breaks in scales.items()),
            html.Div(
                [_layer(ctx, key) for key in LAYERS if tiles or key != "tiles"],
                className="chips",
                role="group",
                **attributes({"aria-label": texts.t("legend.layers")}),
            ),
            *_provenance(ctx, sources),
        ],
        tools=display_button(ctx),
    )


def provenance(ctx: Context, sources: Sequence[Row]) -> list[str]:
    """Sentences on what of the scene nobody measured: heights of buildings, outlines of the coloured areas.

    Parameters
    ----------
    sources : sequence of mapping
        Rows of the question ``scene_sources``.
    """
    texts, level = ctx.texts, ctx.ranked_level
    heights = {row["source"]: row["n"] for row in sources if row["thing"] == "building"}
    outlines = {row["source"]: row["n"] for row in sources if row["thing"] == "area" and row["level"] == level}
    said = []
    if set(heights) - SURE:
        said.append(
            texts.t("legend.heights", sources=_shares(ctx, heights, {s: texts.t(f"height.{s}") for s in heights}))
        )
    if set(outlines) - SURE:
        words = {source: texts.t(f"outline.{source}") for source in outlines}
        name = texts.t(f"legend.{level.key}")
        said.append(texts.t("legend.outlines", level=name, sources=_shares(ctx, outlines, words)))
    return said


def _shares(ctx: Context, counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    if len(counts) == 1:
        return "".join(words.values())
    total = sum(counts.values())
    parts = sorted(counts.items(), key=lambda item: -item[1])
    told = (ctx.texts.t("legend.part", source=words[s], share=formats.percent(n / total, 0)) for s, n in parts)
    return ctx.texts.t("list.comma").join(told)


def _provenance(ctx: Context, sources: Sequence[Row]) -> list[Component]:
    link = dcc.Link(ctx.texts.t("legend.datasets"), href=ctx.href(panel="datasets"), className="more")
    return [html.P([*(html.Span(line) for line in provenance(ctx, sources)), link], className="provenance")]


def _metric(ctx: Context, key: str) -> Component:
    on = ctx.state.metric == key
    return html.Button(
        ctx.texts.t(f"metric.{key}"),
        id=ids.switch("metric", key),
        className="segment on" if on else "segment",
        **attributes({"aria-pressed": str(on).lower()}),
    )


def _layer(ctx: Context, key: str) -> Component:
    on = key in ctx.state.layers
    rest = [name for name in LAYERS if (name in ctx.state.layers) != (name == key)]
    return html.Button(
        [
            html.Span("✓" if on else "", className="tick", **attributes({"aria-hidden": "true"})),
            ctx.texts.t(f"layer.{key}"),
        ],
        id=ids.switch("layers", "_".join(rest) or "none"),
        className="chip on" if on else "chip",
        **attributes({"aria-pressed": str(on).lower()}),
    )


def _scale(ctx: Context, key: str, breaks: Sequence[float]) -> Component:
    ramp = classes(palette(ctx.state.theme).intensity, breaks)
    swatches = [_swatch(ctx, colour, breaks, i) for i, colour in enumerate(ramp)]
    return html.Div(
        [
            html.Span(ctx.texts.t(f"legend.{key}"), className="scale-name"),
            html.Ol(swatches, className="swatches"),
        ],
        className="scale",
    )


def _swatch(ctx: Context, colour: Colour, breaks: Sequence[float], i: int) -> Component:
    start = breaks[i - 1] + 1 if i else 1
    low = formats.number(start)
    last = i >= len(breaks)
    label = (
        ctx.texts.t("legend.from", low=low)
        if last
        else ctx.texts.t("legend.between", low=low, high=formats.number(breaks[i]))
    )
    return html.Li(
        [
            html.Span(className="swatch", style={"background": css(colour)}),
            html.Span(("≥" if last else "") + formats.compact(start), className="figure"),
        ],
        title=label,
    )
