"""The scene that an address asks for."""

from math import cos, radians, sqrt

import pyarrow.compute as pc

from app.api.tables import table_version
from app.context import Context
from layers.breaks import quantile_breaks
from layers.palette import palette
from layers.scene import Scene, Tooltip
from layers.style import Intensity
from layers.table_address import TableAddress
from layers.view import Extent
from twin_model.area import AreaLevel
from twin_model.selection import Everything
from twin_model.selection_text import to_text

ALWAYS = frozenset({"areas", "landuse", "roads", "labels", "cases"})
METRES_A_DEGREE = 111_320.0
CASE_SPAN_M = 700.0
"""Width of the view around a highlighted case."""
WINDOW = (1920, 1080)
"""Window of a browser that has not told its own, CSS pixels."""
WINDOW_LIMITS = (200, 16_000)
STACKED_UP_TO_PX = 1100
"""Width up to which the panels stand under the map; ``assets/css/layout.css`` says the same."""


def window_of(text: str) -> tuple[int, int]:
    """Width and height of the browser's window from ``1920x1080``; the usual one where the text is something else."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and len(text) <= len("16000x16000")):
        return WINDOW
    low, high = WINDOW_LIMITS
    return min(max(int(width), low), high), min(max(int(height), low), high)


def free_of(window: tuple[int, int]) -> tuple[int, int]:
    """Part of a window that no panel covers, CSS pixels."""
    width, height = window
    if width <= STACKED_UP_TO_PX:
        return width, int(height * 0.42)
    return int(width * 0.57), int(height * 0.57)


def scene_of(ctx: Context, window: tuple[int, int] = WINDOW) -> Scene | None:
    """Scene of the area in focus, or None in a store without areas.

    Parameters
    ----------
    window : (int, int)
        Width and height of the browser's window, CSS pixels.
    """
    area, parent = ctx.area, ctx.ranked_parent
    if area is None or parent is None:
        return None
    state = ctx.state
    load = ctx.query("load_by_area", ctx.filter, level=ctx.ranked_level, as_of=ctx.as_of)
    return Scene(
        tables=TableAddress(table_version(ctx.data)),
        extent=extent_of(ctx),
        area_intensity=intensity_of(ctx, ctx.ranked_level),
        grid_intensity=intensity_of(ctx, AreaLevel.GRID),
        level=ctx.ranked_level,
        parent="" if ctx.level is AreaLevel.DISTRICT else parent["code"],
        selection="" if ctx.selection == Everything() else to_text(ctx.selection),
        theme=state.theme,  # type: ignore[arg-type]  # checked when the address was read
        parts=ALWAYS | set(state.layers),
        highest=float(pc.max(load.column(state.metric)).as_py() or 0.0),
        name_column="name_en" if state.lang == "en" else "name",
        tooltips=tooltips(ctx),
        viewport=free_of(window),
        fly_key=f"{state.area}/{state.case_no}",
    )


def intensity_of(ctx: Context, level: AreaLevel) -> Intensity:
    """Quantity that colours show, in classes made of all areas of a level."""
    load = ctx.query("load_by_area", ctx.filter, level=level, as_of=ctx.as_of)
    values = load.column(ctx.state.metric).to_numpy().astype(float)
    return Intensity(ctx.state.metric, tuple(quantile_breaks(values, len(palette(ctx.state.theme).intensity))))


def extent_of(ctx: Context) -> Extent:
    """Box around the highlighted case or the area in focus."""
    area = ctx.trail[-1]
    lon, lat, span_m = area["lon"], area["lat"], sqrt(area["area_m2"] or 1e6) * 1.15
    case = ctx.selected_case
    if case is not None and case["lon"] is not None:
        lon, lat, span_m = case["lon"], case["lat"], CASE_SPAN_M
    high = span_m / METRES_A_DEGREE / 2
    wide = high / cos(radians(lat))
    return Extent(lon - wide, lat - high, lon + wide, lat + high)


def tooltips(ctx: Context) -> dict[str, Tooltip]:
    """Tooltip of each kind of thing on the map, in the page's language."""
    texts = ctx.texts
    unit = texts.t("unit.cases")
    figures = tuple((texts.t(f"metric.{key}"), key, unit) for key in ("open", "overdue", "recent"))
    english = ctx.state.lang == "en"
    return {
        "area": Tooltip("name_en" if english else "name", figures),
        "building": Tooltip(
            "code", ((texts.t("building.height"), "height_m", "m"), (texts.t("building.use"), "use", ""), *figures)
        ),
        "case": Tooltip("case_no", ((texts.t("case.class"), "class_en" if english else "class_zh", ""),)),
    }
