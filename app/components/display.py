"""Panel that sets how buildings are drawn: whose load colours them, their heights, the sun, and which are meant."""

from datetime import date, datetime, timedelta
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from app import formats, ids
from app.building_filter import USES as BUILDING_USES
from app.building_filter import BuildingCondition, parse_conditions, toggled, with_condition
from app.components.attributes import attributes
from app.components.panel import panel
from app.context import Context
from app.state import COLOURED_BY
from layers.sunlight import Sun

TIMES = (1.0, 1.5, 2.0, 3.0, 5.0)
"""Heights to choose from; an address may hold others."""
AT_LEAST = (None, 1, 5, 20)
"""Cases to choose from."""
SCALES = {"height": (0, 150, 5), "storeys": (0, 50, 1)}
"""Least, most and step of the sliders; most stands for any number from there on."""
NOON_H = 12
HOUR_STEP = 0.5
DAYS = 365
SEASONS = ((79, "spring"), (171, "summer"), (265, "autumn"), (355, "winter"))
"""Days of the year, from 0, of the equinoxes and solstices."""


def display_panel(ctx: Context, sun: Sun | None, matching: tuple[int, int] | None) -> Component | None:
    """Draw the controls while the address asks for them, else nothing.

    Parameters
    ----------
    sun : Sun or None
        Where the chosen sun stands.
    matching : (int, int) or None
        Buildings that meet the conditions, of how many; None without conditions.
    """
    if ctx.state.panel != "display":
        return None
    texts, state = ctx.texts, ctx.state
    close = html.Button(
        "×",
        id=ids.switch("panel", "", "display"),
        className="close",
        title=texts.t("display.close"),
        **attributes({"aria-label": texts.t("display.close"), "data-close": "display"}),
    )
    look = [
        _row(ctx, "by", segments(ctx, "by", [(key, texts.t(f"by.{key}")) for key in COLOURED_BY], state.by)),
        _row(ctx, "exag", segments(ctx, "exag", [(f"{t:g}", f"{t:g}×") for t in TIMES], f"{state.exag:g}")),
        _row(ctx, "look", html.Div([_toggle(ctx, key) for key in ("rise", "glow", "detail")], className="chips")),
        *_sun_rows(ctx, sun),
    ]
    body = [html.Div(rows, className="display") for rows in (look, _filter_rows(ctx, matching))]
    return panel(ctx, "display", html.Div(body, className="display-columns"), tools=close, unit=False)


def display_button(ctx: Context) -> Component:
    """Button that opens the panel, and closes it."""
    on = ctx.state.panel == "display"
    return html.Button(
        ctx.texts.t("display.open"),
        id=ids.switch("panel", "" if on else "display", "legend"),
        className="switch small on" if on else "switch small",
        title=ctx.texts.t("display.open_long"),
        **attributes({"aria-expanded": str(on).lower(), "data-shortcut": "display"}),
    )


def segments(ctx: Context, field: str, choices: list[tuple[str, str]], current: str) -> Component:
    """Row of buttons of which one is on; each sets a field of the state to its written form."""
    return html.Div(
        [
            html.Button(
                words,
                id=ids.switch(field, text, f"segment-{nth}"),
                className="segment on" if text == current else "segment",
                **attributes({"aria-pressed": str(text == current).lower()}),
            )
            for nth, (text, words) in enumerate(choices)
        ],
        className="segmented",
        role="group",
        **attributes({"aria-label": ctx.texts.t(f"display.{field}")}),
    )


def chip(words: str, field: str, text: str, part: str, *, on: bool, title: str | None = None) -> Component:
    """Button that is on or off; it sets a field of the state to a written form.

    `part` tells it from other buttons that may set the same; letters of ASCII, which Dash writes in one way only.
    """
    return html.Button(
        [html.Span("✓" if on else "", className="tick", **attributes({"aria-hidden": "true"})), words],
        id=ids.switch(field, text, part),
        className="chip on" if on else "chip",
        title=title,
        **attributes({"aria-pressed": str(on).lower()}),
    )


def _row(ctx: Context, key: str, control: Component, said: str = "") -> Component:
    label = [html.Span(ctx.texts.t(f"display.{key}")), html.Span(said, className="display-said")]
    return html.Div([html.Div(label, className="display-label"), control], className="display-row")


def _toggle(ctx: Context, field: str) -> Component:
    on = bool(getattr(ctx.state, field))
    title = ctx.texts.t(f"display.{field}_long")
    return chip(ctx.texts.t(f"display.{field}"), field, "0" if on else "1", "chip", on=on, title=title)


def _slider(field: str, **props: Any) -> Component:  # noqa: ANN401 - as the slider takes them
    kind = dmc.RangeSlider if field in SCALES else dmc.Slider
    slider: Component = kind(id=ids.slider(field), updatemode="mouseup", size="sm", className="slider", **props)
    return slider


# ---- sun ----


def sun_moment(ctx: Context) -> datetime | None:
    """Chosen date and time in the city's time zone, or None where the light is plain."""
    return datetime.fromisoformat(ctx.state.sun).replace(tzinfo=ctx.zone) if ctx.state.sun else None


def sun_written(year: int, day: int, hour: float) -> str:
    """Written form of a day of a year, from 0, and an hour of it."""
    moment = datetime(year, 1, 1) + timedelta(days=day, hours=min(hour, 24 - HOUR_STEP))  # noqa: DTZ001 - the city's own time
    return moment.isoformat(timespec="minutes")


def day_of(moment: datetime) -> int:
    """Day of the year from 0, as the slider counts; the last one of a leap year is that before it."""
    return min((moment.date() - date(moment.year, 1, 1)).days, DAYS - 1)


def sun_at(ctx: Context) -> tuple[int, int, float]:
    """Year, day of it from 0 and hour of the chosen sun; today's noon where none is chosen."""
    moment = sun_moment(ctx) or ctx.as_of.astimezone(ctx.zone).replace(hour=NOON_H, minute=0)
    return moment.year, day_of(moment), moment.hour + moment.minute / 60


def _sun_rows(ctx: Context, sun: Sun | None) -> list[Component]:
    texts, state = ctx.texts, ctx.state
    year, day, hour = sun_at(ctx)
    switch = chip(
        texts.t("display.sun_on"), "sun", "" if state.sun else sun_written(year, day, hour), "chip", on=bool(state.sun)
    )
    if not state.sun:
        return [_row(ctx, "sun", html.Div(switch, className="chips"))]
    marks = [{"value": at, "label": texts.t(f"display.season.{key}")} for at, key in SEASONS]
    label = texts.t("display.day")
    days = _slider(
        "day", value=day, min=0, max=DAYS - 1, step=1, marks=marks, label={"function": "dayOfYear"}, thumbLabel=label
    )
    hours = _slider(
        "hour",
        value=hour,
        min=0,
        max=24 - HOUR_STEP,
        step=HOUR_STEP,
        label={"function": "hourOfDay"},
        marks=[{"value": at, "label": f"{at}:00"} for at in (6, 12, 18)],
        thumbLabel=texts.t("display.hour"),
    )
    shadows = chip(texts.t("display.shade"), "shade", "0" if state.shade else "1", "chip", on=state.shade)
    return [
        _row(ctx, "sun", html.Div([switch, shadows], className="chips"), _sun_words(ctx, sun)),
        _row(ctx, "day", days, state.sun[:10]),
        _row(ctx, "hour", hours, state.sun[11:]),
    ]


def _sun_words(ctx: Context, sun: Sun | None) -> str:
    if sun is None:
        return ""
    if sun.altitude_deg <= 0:
        return ctx.texts.t("display.night")
    return ctx.texts.t("display.sun_at", altitude=f"{sun.altitude_deg:.0f}", azimuth=f"{sun.azimuth_deg:.0f}")


# ---- which buildings ----


def slider_condition(key: str, ends: list[float]) -> BuildingCondition:
    """Condition that the ends of a slider stand for; its least and most are no limit."""
    least, most, _ = SCALES[key]
    low, high = ends
    return BuildingCondition(key, None if low <= least else float(low), None if high >= most else float(high))


def slider_ends(key: str, where: str) -> list[float]:
    """Place the ends of a slider for what the state says; ends beyond its scale are at its least or most."""
    least, most, _ = SCALES[key]
    now = _condition(where, key)
    low, high = (least if now.low is None else now.low), (most if now.high is None else now.high)
    return [min(max(low, least), most), min(max(high, least), most)]


def _condition(where: str, key: str) -> BuildingCondition:
    return next((each for each in parse_conditions(where) or () if each.key == key), BuildingCondition(key))


def _filter_rows(ctx: Context, matching: tuple[int, int] | None) -> list[Component]:
    texts, where = ctx.texts, ctx.state.where
    chosen = _condition(where, "use").values
    uses = [
        chip(texts.t(f"use.{use}"), "where", toggled(where, "use", use), use, on=use in chosen) for use in BUILDING_USES
    ]
    rows = [_row(ctx, "use", html.Div(uses, className="chips wrap"))]
    for key, (least, most, step) in SCALES.items():
        now = _condition(where, key)
        slider = _slider(
            key,
            value=slider_ends(key, where),
            min=least,
            max=most,
            step=step,
            minRange=0,
            thumbFromLabel=texts.t("display.from"),
            thumbToLabel=texts.t("display.to"),
        )
        rows.append(_row(ctx, key, slider, range_words(ctx, now)))
    metric = ctx.state.metric
    least_cases = _condition(where, metric).low
    choices = [
        (with_condition(where, BuildingCondition(metric, None if least is None else float(least))), _least(ctx, least))
        for least in AT_LEAST
    ]
    current = with_condition(where, BuildingCondition(metric, least_cases))
    cases = _row(ctx, "cases", segments(ctx, "where", choices, current), texts.t(f"metric.{metric}"))
    only = chip(
        texts.t("display.only"),
        "only",
        "0" if ctx.state.only else "1",
        "display",
        on=ctx.state.only,
        title=texts.t("display.only_long"),
    )
    clear = chip(texts.t("display.clear"), "where", "", "clear", on=False)
    said = (
        ""
        if matching is None
        else texts.t("display.matching", n=formats.number(matching[0]), of=formats.number(matching[1]))
    )
    end = _row(ctx, "filter", html.Div([only, clear] if where else [only], className="chips"), said)
    return [*rows, cases, end]


def _least(ctx: Context, least: int | None) -> str:
    return ctx.texts.t("display.any") if least is None else f"≥{least}"


def range_words(ctx: Context, condition: BuildingCondition) -> str:
    """Range in words; nothing where it has no end."""
    if condition.is_idle:
        return ctx.texts.t("display.any")
    unit = ctx.texts.t(f"display.unit.{condition.key}")
    low, high = (formats.NO_VALUE if end is None else f"{end:g}" for end in (condition.low, condition.high))
    if condition.high is None:
        return f"≥ {low} {unit}".strip()
    return f"≤ {high} {unit}".strip() if condition.low is None else f"{low}–{high} {unit}".strip()


def written(where: str, key: str, ends: list[float]) -> str:
    """Conditions with the range of a slider put in."""
    return with_condition(where, slider_condition(key, ends))
