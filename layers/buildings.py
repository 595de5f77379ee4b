"""Buildings: blocks from afar, meshes from near, coloured by load; how they look is decided in the browser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import pydeck

from layers.building_detail import Detail
from layers.drawing import GLOWING, OVERLAY, SIGN, STANDING, VEIL
from layers.errors import LayerError
from layers.lighting import MATERIAL
from layers.palette import Palette, Theme, with_alpha
from layers.style import Intensity, intensity_style
from layers.sunlight import Sun

LOAD_COLUMNS = frozenset({"open", "overdue", "recent", "reported"})
"""Columns that a building's load has; all others are the building's own."""
MAX_EXAGGERATION = 5.0
RISE_M = 120.0
"""How much a building grows whose load is in the highest class, metres."""
GLOW_OPACITY: dict[Theme, tuple[float, float]] = {"dark": (0.75, 0.55), "light": (0.45, 0.24)}
"""Of the light on the ground and in the air."""
PICKED_FROM_ZOOM = 13.5
"""Zoom from which a building is large enough to be meant by a click in the whole district."""
Basis: TypeAlias = Literal["building", "grid"]
"""Whose load colours a building: its own, or that of its grid cell."""


@dataclass(frozen=True)
class Condition:
    """What one column of a building must be.

    Attributes
    ----------
    column
        Column of the buildings (``use``, ``height_m``, ``height_source``, ``storeys``, ``code``, ``street_id``,
        ``grid_id``) or of their load (`LOAD_COLUMNS`).
    minimum, maximum
        Limits, both inclusive, in the column's unit; None for no limit.
    values
        Texts of which it must be one; empty for any.
    """

    column: str
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuildingLook:
    """How buildings look. Whatever changes in it, no geometry is sent again.

    Attributes
    ----------
    by
        Whose load colours a building.
    exaggeration
        Heights are drawn so many times as high, 1 to `MAX_EXAGGERATION`.
    rise
        Whether a building also grows with its load, up to `RISE_M`.
    glow
        Whether buildings with much load shed a soft light around them.
    where
        Conditions, all of which a building must meet; one that does not is faded.
    isolate
        Whether buildings that do not meet the conditions are left out instead.
    chosen
        Code of the building that is marked; empty for none.
    without
        Code of a building that is left out because another layer draws it; empty for none.
    detail
        Whether buildings are drawn as their meshes from near.
    sun
        Where the sun stands; None for the scene's own even light.

    Raises
    ------
    LayerError
        If the exaggeration is out of its range.
    """

    by: Basis = "building"
    exaggeration: float = 1.0
    rise: bool = False
    glow: bool = False
    where: tuple[Condition, ...] = ()
    isolate: bool = False
    chosen: str = ""
    without: str = ""
    detail: bool = True
    sun: Sun | None = None

    def __post_init__(self) -> None:
        """Refuse heights that nobody could read."""
        if not 1 <= self.exaggeration <= MAX_EXAGGERATION:
            raise LayerError(f"exaggeration {self.exaggeration} is not between 1 and {MAX_EXAGGERATION:.0f}")


@dataclass(frozen=True)
class BuildingTables:
    """Addresses of what buildings are drawn from.

    Attributes
    ----------
    buildings
        Table ``buildings``.
    style
        Style table that colours them: ``building_load`` or ``area_load`` of the grid level.
    load
        Address of ``building_load`` for one of `LOAD_COLUMNS`.
    detail
        Where the meshes are, or None to draw none.
    """

    buildings: str
    style: str
    load: Callable[[str], str]
    detail: Detail | None = None


@dataclass(frozen=True)
class BuildingStyle:
    """What colours buildings.

    Attributes
    ----------
    intensity
        Quantity and class breaks, of the buildings or of the grid cells, as `look` has it.
    look
        All else.
    pick_from
        Zoom from which the pointer finds buildings.
    """

    intensity: Intensity
    look: BuildingLook = field(default_factory=BuildingLook)
    pick_from: float = 0.0


def building_layer(tables: BuildingTables, style: BuildingStyle, palette: Palette) -> pydeck.Layer:
    """All buildings in one layer, which the browser parts into blocks and meshes."""
    look = style.look
    return pydeck.Layer(
        "SolidPolygonLayer",
        id="buildings",
        data=tables.buildings,
        get_polygon="geometry",
        get_elevation="height_m",
        elevation_scale=look.exaggeration,
        style=_colours(tables.style, style, palette),
        look=look_json(tables, style, palette),
        detail=tables.detail.json() if tables.detail and look.detail else None,
        extruded=True,
        pickable=True,
        pick_from=style.pick_from,
        auto_highlight=True,
        highlight_color=list(palette.highlight),
        kind="'building'",
        material=MATERIAL,
        parameters=STANDING,
        _normalize=False,
    )


def glow_layers(tables: BuildingTables, style: BuildingStyle, palette: Palette, theme: Theme) -> list[pydeck.Layer]:
    """Soft light around buildings with much load: on the ground about them, and behind them in the air."""
    shared: dict[str, Any] = {
        "data": tables.buildings,
        "style": _colours(tables.style, style, palette),
        "look": look_json(tables, style, palette),
        "parameters": GLOWING if theme == "dark" else VEIL,
        "antialiasing": False,
        "pickable": False,
        **SIGN,
    }
    ground, air = GLOW_OPACITY[theme]
    return [
        pydeck.Layer(
            "GlowLayer", id="glow-ground", opacity=ground, billboard=False, radius_scale=1.5, glow="'ground'", **shared
        ),
        pydeck.Layer("GlowLayer", id="glow-air", opacity=air, billboard=True, glow="'air'", **shared),
    ]


def outline_layers(url: str, code: str, palette: Palette) -> list[pydeck.Layer]:
    """Line round the footprint of the chosen building, with a soft edge; seen through what stands before it."""
    widths = (("chosen-building-halo", 9.0, 70), ("chosen-building", 2.6, 255))
    return [
        pydeck.Layer(
            "PathLayer",
            id=identity,
            data=url,
            only={"column": "code", "value": code},
            get_color=with_alpha(palette.marked, alpha),
            get_width=width,
            width_units="'pixels'",
            joint_rounded=True,
            parameters=OVERLAY,
            **SIGN,
        )
        for identity, width, alpha in widths
    ]


def _colours(url: str, style: BuildingStyle, palette: Palette) -> dict[str, Any]:
    key, on = ("building_id", "building_id") if style.look.by == "building" else ("grid_id", "area_id")
    return intensity_style(url, style.intensity, palette.intensity, key=key, on=on, empty=palette.building)


def look_json(tables: BuildingTables, style: BuildingStyle, palette: Palette) -> dict[str, Any]:
    """Look as the browser reads it."""
    look = style.look
    return {
        "where": [_condition(condition, tables) for condition in look.where],
        "isolate": look.isolate,
        "chosen": look.chosen,
        "without": look.without,
        "exaggeration": look.exaggeration,
        "rise": RISE_M if look.rise else 0,
        "faded": list(palette.faded),
        "marked": list(palette.marked),
    }


def _condition(condition: Condition, tables: BuildingTables) -> dict[str, Any]:
    told: dict[str, Any] = {"column": condition.column}
    if condition.minimum is not None:
        told["minimum"] = condition.minimum
    if condition.maximum is not None:
        told["maximum"] = condition.maximum
    if condition.values:
        told["values"] = list(condition.values)
    if condition.column in LOAD_COLUMNS:
        told["url"] = tables.load(condition.column)
    return told
