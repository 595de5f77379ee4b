"""The scene that an address asks for."""

from datetime import UTC
from math import cos, radians, sqrt

import pyarrow.compute as pc

from app.api.tables import table_address
from app.building_filter import USES, parse_conditions
from app.components.building_words import HEIGHT_SOURCES
from app.components.display import sun_moment
from app.context import Context, Row
from layers.breaks import quantile_breaks
from layers.buildings import BuildingLook, Condition
from layers.palette import palette
from layers.scene import Scene
from layers.scene_tooltip import Tooltip
from layers.style import Intensity
from layers.sunlight import Sun
from layers.tileset import Tileset
from layers.view import Extent, Points, Window
from twin_model.area import AreaLevel
from twin_model.selection import And, Everything, Selection, canonical
from twin_model.selection_text import to_text
from twin_model.sun import sun_position

ALWAYS = frozenset({"areas", "landuse", "roads", "labels", "cases"})
BUILDING_COLUMNS = {"height": "height_m"}
"""Columns of conditions that are called otherwise."""
METRES_A_DEGREE = 111_320.0
CASE_SPAN_M = 700.0
"""Width of the view around a highlighted case."""
COMPONENT_STATES = ("intact", "damaged", "lost")
BUILDING_SPAN_M = 260.0
"""Least width of the view around a highlighted building."""
BUILDING_HEIGHTS = 5.0
"""Width of that view in heights of the building."""
WINDOW = (1920, 1080)
"""Window of a browser that has not told its own, CSS pixels."""
WINDOW_LIMITS = (200, 16_000)
STACKED_UP_TO_PX = 1100
"""Width up to which the panels stand under the map; ``assets/css/layout.css`` says the same."""
STACKED_MAP = 0.45
"""Share of the window's height that the map then has."""
LOW_UP_TO_PX = 820
WALL = (2000, 2100)
"""Width and height from which a window is a wall."""
SIDE_REM = {"usual": (26.0, 16.4), "low": (24.25, 17.4), "wall": (26.8, 17.4)}
"""How far the panels at the sides and at the bottom reach into the map, by window, rem."""
HEAD_REM = 10.4
"""How far the head and the headline figures reach into it."""
EDGE = 0.025
"""Margin round what is framed, of the map's height."""
MOST = 0.4
"""Share of a strange window that panels at one edge are taken to cover."""


def window_of(text: str) -> tuple[int, int]:
    """Width and height of the browser's window from ``1920x1080``; the usual one where the text is something else."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and len(text) <= len("16000x16000")):
        return WINDOW
    low, high = WINDOW_LIMITS
    return min(max(int(width), low), high), min(max(int(height), low), high)


def canvas_of(window: tuple[int, int]) -> Window:
    """Canvas of the map in a browser's window and what the panels cover of it, by the sizes in `tokens.css`."""
    width, height = window
    if width <= STACKED_UP_TO_PX:
        canvas = int(height * STACKED_MAP)
        rim = int(EDGE * min(width, canvas))
        return Window(width, canvas, rim, rim, rim, rim)
    wall = width >= WALL[0] and height >= WALL[1]
    low = height <= LOW_UP_TO_PX
    rem = 0.0172 * height if wall else min(max(13.0, 0.005 * width + 0.006 * height), 21.0)
    side, bottom = SIDE_REM["wall" if wall else "low" if low else "usual"]
    edge = EDGE * height
    beside = int(min(side * rem + edge, MOST * width))
    above, below = (int(min(size * rem + edge, MOST * height)) for size in (HEAD_REM, bottom))
    return Window(width, height, beside, above, beside, below)


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
    ranked = ctx.query("areas_ranked", ctx.filter, parent_code=parent["code"], as_of=ctx.as_of)
    load = ctx.query("load_by_area", ctx.filter, level=ctx.ranked_level, as_of=ctx.as_of)
    shown = pc.is_in(load.column("code"), ranked.column("code").combine_chunks()) if ranked.num_rows else None
    return Scene(
        tables=table_address(ctx.data),
        extent=extent_of(ctx),
        area_intensity=intensity_of(ctx, ctx.ranked_level),
        grid_intensity=intensity_of(ctx, AreaLevel.GRID),
        level=ctx.ranked_level,
        parent="" if parent["level"] == AreaLevel.DISTRICT else parent["code"],
        focus="" if ctx.level is AreaLevel.DISTRICT else area["code"],
        grandparent=grandparent_of(ctx),
        selection=written(ctx.selection),
        loads=written(canonical(And((ctx.ranked_place, ctx.filter)))),
        theme=state.theme,  # type: ignore[arg-type]  # checked when the address was read
        parts=ALWAYS | set(state.layers),
        highest=0.0 if shown is None else float(pc.max(load.filter(shown).column(state.metric)).as_py() or 0.0),
        name_column="name_en" if state.lang == "en" else "name",
        tooltips=tooltips(ctx),
        outline=outline_of(ctx),
        case_no=state.case_no if ctx.selected_case else "",
        building_intensity=building_intensity_of(ctx),
        look=look_of(ctx),
        tilesets=tilesets_of(ctx) if "tiles" in state.layers else (),
        building=state.building_code,
        window=canvas_of(window),
        fly_key=f"{state.area}/{state.sel}",
    )


def look_of(ctx: Context) -> BuildingLook:
    """How the address wants buildings to look; one that is shown alone is a condition of its own."""
    state = ctx.state
    where = tuple(
        Condition(BUILDING_COLUMNS.get(each.key, each.key), each.low, each.high, each.values)
        for each in parse_conditions(state.where) or ()
    )
    if state.only and not where and state.building_code:
        where = (Condition("code", values=(state.building_code,)),)
    return BuildingLook(
        by=state.by,  # type: ignore[arg-type]  # checked when the address was read
        exaggeration=state.exag,
        rise=state.rise,
        glow=state.glow,
        where=where,
        isolate=state.only and bool(where),
        chosen=state.building_code,
        detail=state.detail,
        sun=sun_of(ctx),
    )


def sun_of(ctx: Context) -> Sun | None:
    """Where the chosen sun stands over the area in focus, or None where the light is plain."""
    moment, area = sun_moment(ctx), ctx.area
    if moment is None or area is None:
        return None
    azimuth, altitude = sun_position(area["lon"], area["lat"], moment.astimezone(UTC))
    return Sun(azimuth % 360, altitude, shadows=ctx.state.shade)


def tilesets_of(ctx: Context) -> tuple[Tileset, ...]:
    """Background tilesets that the store holds."""
    rows = ctx.query("tilesets", Everything()).to_pylist()
    return tuple(Tileset(f"/tiles/{row['name']}/tileset.json", row["ground_m"]) for row in rows)


def building_intensity_of(ctx: Context) -> Intensity:
    """Quantity that buildings show, in classes made of all that have any."""
    load = ctx.query("load_by_building", ctx.filter, as_of=ctx.as_of)
    values = load.column(ctx.state.metric).to_numpy().astype(float)
    return Intensity(ctx.state.metric, tuple(quantile_breaks(values, len(palette(ctx.state.theme).intensity))))


def box_around(lon: float, lat: float, span_m: float) -> Extent:
    """Box of a width around a place."""
    high = span_m / METRES_A_DEGREE / 2
    wide = high / cos(radians(lat))
    return Extent(lon - wide, lat - high, lon + wide, lat + high)


def building_span_m(building: Row) -> float:
    """Width of a view that holds a building with its surroundings: a tower is seen from farther away."""
    size = sqrt(building["footprint_m2"] or 0.0)
    return max(BUILDING_SPAN_M, BUILDING_HEIGHTS * (building["height_m"] or 0.0), 4 * size)


def written(selection: Selection) -> str:
    """Write a selection as table addresses do, where all cases are ``""``."""
    return "" if selection == Everything() else to_text(selection)


def intensity_of(ctx: Context, level: AreaLevel) -> Intensity:
    """Quantity that colours show, in classes made of all areas of a level."""
    load = ctx.query("load_by_area", ctx.filter, level=level, as_of=ctx.as_of)
    values = load.column(ctx.state.metric).to_numpy().astype(float)
    return Intensity(ctx.state.metric, tuple(quantile_breaks(values, len(palette(ctx.state.theme).intensity))))


def grandparent_of(ctx: Context) -> str:
    """Code of the area that holds the one whose parts are coloured, or "" where that is the whole."""
    above = ctx.ranked_trail[:-1]
    return above[-1]["code"] if len(above) > 1 else ""


def extent_of(ctx: Context) -> Extent:
    """Box around the highlighted case or building or, by its size, the area in focus."""
    area, case, building = ctx.trail[-1], ctx.selected_case, ctx.building
    if case is not None and case["lon"] is not None:
        return box_around(case["lon"], case["lat"], CASE_SPAN_M)
    if building is not None:
        return box_around(building["lon"], building["lat"], building_span_m(building))
    return box_around(area["lon"], area["lat"], sqrt(area["area_m2"] or 1e6) * 1.15)


def outline_of(ctx: Context) -> Points:
    """Hull of the area in focus; nothing where a case or building is highlighted or the area has no shape."""
    case = ctx.selected_case
    if ctx.building is not None or (case is not None and case["lon"] is not None):
        return ()
    hull = ctx.query("area_hull", Everything(), code=ctx.trail[-1]["code"])
    return tuple(zip(hull["lon"].to_pylist(), hull["lat"].to_pylist(), strict=True))


def tooltips(ctx: Context) -> dict[str, Tooltip]:
    """Tooltip of each kind of thing on the map, in the page's language."""
    texts = ctx.texts
    unit = texts.t("unit.cases")
    figures = tuple((texts.t(f"metric.{key}"), key, unit) for key in ("open", "overdue", "recent"))
    english = ctx.state.lang == "en"
    return {
        "area": Tooltip("name_en" if english else "name", figures),
        "building": Tooltip(
            "code",
            (
                (texts.t("building.height"), "height_m", "m"),
                (texts.t("building.height_source"), "height_source", ""),
                (texts.t("building.use"), "use", ""),
                *figures,
            ),
            {
                "height_source": {source: texts.t(f"height.{source}") for source in HEIGHT_SOURCES},
                "use": {use: texts.t(f"use.{use}") for use in USES},
            },
        ),
        "component": Tooltip(
            "class_name_en" if english else "class_name_zh",
            ((texts.t("component.state"), "state", ""), (texts.t("component.distance"), "distance_m", "m")),
            {"state": {state: texts.t(f"component.states.{state}") for state in COMPONENT_STATES}},
        ),
        "case": Tooltip("case_no", ((texts.t("case.class"), "class_en" if english else "class_zh", ""),)),
    }
