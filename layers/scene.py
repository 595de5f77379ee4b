"""The district's scene: what is drawn, in which order, from which tables."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pydeck

from layers.areas import area_layer, ground_layer, outline_layer
from layers.building_detail import MESH_BUDGET_BYTES, Detail
from layers.buildings import (
    PICKED_FROM_ZOOM,
    BuildingLook,
    BuildingStyle,
    BuildingTables,
    building_layer,
    glow_layers,
    outline_layers,
)
from layers.cases import chosen_case_layers, open_case_layer, urgent_case_layer
from layers.columns import column_layer
from layers.grid import GRID_FROM_ZOOM, grid_layers
from layers.labels import Rank, label_layer
from layers.landuse import ground_cover_layer, hill_layer
from layers.lighting import lighting
from layers.palette import Palette, Theme, palette
from layers.roads import road_layer
from layers.scene_tooltip import Tooltip
from layers.style import Intensity
from layers.table_address import TableAddress
from layers.tileset import Tileset, tileset_layer
from layers.view import Extent, Points, Window, corners, view_of_points
from twin_model.area import AreaLevel

PARTS = ("areas", "grid", "roads", "landuse", "tiles", "buildings", "cases", "columns", "labels")
"""What a reader may switch on and off."""
SHOWN = frozenset(PARTS) - {"columns", "tiles"}
COMMUNITY_LABELS_FROM_ZOOM = 13.2
NO_LIMIT = 99


@dataclass(frozen=True)
class Scene:
    """All that the district's scene depends on.

    Attributes
    ----------
    tables
        Addresses of the tables.
    extent
        What the camera shows first, and again when `fly_key` changes.
    outline
        Points that the camera shows instead of the extent's corners, such as the hull of the area in focus.
    area_intensity, grid_intensity, building_intensity
        What colours show, with breaks for the areas, for the grid cells and for the buildings' own load; without the
        last, buildings show the load of their cell.
    look
        How buildings look, and the sun.
    tilesets
        3D Tiles in the background, drawn where `parts` has ``tiles``.
    building
        Code of the chosen building, which is marked; empty for none. `outline` should hold its surroundings then.
    mesh_budget_bytes
        Memory that meshes may take in the browser.
    level
        Level of the areas that are coloured and labelled.
    parent
        Code of the area in focus; its parts are coloured. Empty for the district.
    grandparent
        Code of the area that holds it; its other parts are named faintly. Empty for the district.
    focus
        Code of the area in focus, which is outlined, where it is not `parent`: an area without parts, which is shown
        among those beside it. Empty for `parent`.
    selection
        Selection of cases, as `twin_model.selection_text` writes it; empty for all.
    loads
        Selection of the cases that colours and columns count, where it is not `selection`.
    theme
        ``dark`` or ``light``.
    parts
        What is shown, of `PARTS`.
    highest
        Largest value of `area_intensity`'s column, for the height of columns.
    name_column
        Column with the areas' names in the page's language.
    tooltips
        By kind: ``area``, ``building``, ``case``.
    case_no
        Number of the chosen case, which gets a marker; empty for none.
    window
        The canvas and the panels over it.
    fly_key
        The camera moves when this changes; the code of the area in focus will do.
    """

    tables: TableAddress
    extent: Extent
    area_intensity: Intensity
    grid_intensity: Intensity
    level: AreaLevel = AreaLevel.STREET
    parent: str = ""
    grandparent: str = ""
    focus: str = ""
    selection: str = ""
    loads: str | None = None
    theme: Theme = "dark"
    parts: frozenset[str] = SHOWN
    highest: float = 0.0
    name_column: str = "name"
    tooltips: Mapping[str, Tooltip] = field(default_factory=dict)
    outline: Points = ()
    case_no: str = ""
    building_intensity: Intensity | None = None
    look: BuildingLook = field(default_factory=BuildingLook)
    tilesets: tuple[Tileset, ...] = ()
    building: str = ""
    mesh_budget_bytes: int = MESH_BUDGET_BYTES
    window: Window = field(default_factory=lambda: Window(1920, 1080))
    fly_key: str = ""


def scene_spec(scene: Scene) -> dict[str, Any]:
    """Deck spec of a scene: pydeck's JSON with what the bridge adds to it.

    Parameters
    ----------
    scene
        What to show.

    Returns
    -------
    dict
        ``layers``, ``effects``, ``initialViewState``, ``flyKey`` and ``tooltip``; JSON types only.
    """
    deck = pydeck.Deck(
        layers=list(_layers(scene, palette(scene.theme))),
        views=[pydeck.View(type="MapView", controller=True)],
        initial_view_state=view_of_points(scene.outline or corners(scene.extent), scene.window),
        effects=lighting(scene.theme, scene.look.sun),
        map_provider=None,
        map_style=None,
    )
    return spec_of(deck, scene.fly_key, scene.tooltips)


def spec_of(deck: pydeck.Deck, fly_key: str, tooltips: Mapping[str, Tooltip]) -> dict[str, Any]:
    """Spec of a deck as the browser's bridge reads it."""
    spec: dict[str, Any] = json.loads(deck.to_json())
    return {
        "layers": spec["layers"],
        "effects": spec["effects"],
        "initialViewState": spec["initialViewState"],
        "flyKey": fly_key,
        "tooltip": {kind: tooltip.json() for kind, tooltip in tooltips.items()},
    }


def _layers(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    """Layers from the ground up; what is later covers what is earlier."""
    yield ground_layer(scene.tables.of("areas", level=AreaLevel.DISTRICT.key), colours)
    for part, build in PAINTERS:
        if part in scene.parts:
            yield from build(scene, colours)


def _grid_load(scene: Scene) -> str:
    return scene.tables.of("area_load", level=AreaLevel.GRID.key, sel=_counted(scene))


def _counted(scene: Scene) -> str:
    return scene.selection if scene.loads is None else scene.loads


def _areas(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    areas = scene.tables.of("areas", level=scene.level.key, parent=scene.parent)
    load = scene.tables.of("area_load", level=scene.level.key, sel=_counted(scene))
    if "grid" not in scene.parts:
        yield area_layer(areas, load, scene.area_intensity, colours)
        return
    yield area_layer(areas, load, scene.area_intensity, colours, zoom_range=(0, GRID_FROM_ZOOM))
    # From near the cells carry the colour, but what the pointer finds is still the area.
    near = (GRID_FROM_ZOOM, NO_LIMIT)
    yield area_layer(areas, load, scene.area_intensity, colours, identity="areas-near", alpha=0, zoom_range=near)


def _grid(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    cells = scene.level is AreaLevel.GRID
    yield from grid_layers(scene.tables.of("grid"), _grid_load(scene), scene.grid_intensity, colours, pickable=cells)


def _ground_cover(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    yield ground_cover_layer(scene.tables.of("landuse", kind="ground"), colours)


def _roads(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    yield road_layer(scene.tables.of("roads"), colours)


def _hills(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    yield hill_layer(scene.tables.of("landuse", kind="hill"), colours)


def _lines(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    yield outline_layer(scene.tables.of("areas", level=AreaLevel.STREET.key), colours)
    focus = scene.focus or scene.parent
    if focus:
        yield outline_layer(scene.tables.of("areas", code=focus), colours, identity="focus-line", focus=True)


def _tilesets(scene: Scene, _colours: Palette) -> Iterator[pydeck.Layer]:
    for number, tileset in enumerate(scene.tilesets):
        yield tileset_layer(tileset.url, tileset.ground_m, identity=f"tileset-{number}")


def _buildings(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    look = replace(scene.look, chosen=scene.building or scene.look.chosen)
    intensity = scene.building_intensity
    if intensity is None:
        look, intensity = replace(look, by="grid"), scene.grid_intensity
    elif look.by == "grid":
        intensity = scene.grid_intensity

    def load(metric: str) -> str:
        return scene.tables.of("building_load", metric=metric, sel=_counted(scene))

    tables = BuildingTables(
        scene.tables.of("buildings"),
        load(intensity.column) if look.by == "building" else _grid_load(scene),
        load,
        Detail(scene.tables.of("model_tiles"), f"{scene.tables.of('models')}&tile=", scene.mesh_budget_bytes),
    )
    # From afar, in the whole district, a click on a building means the street that it stands in.
    inside = bool(scene.focus or scene.parent or scene.building)
    style = BuildingStyle(intensity, look, 0.0 if inside else PICKED_FROM_ZOOM)
    if not look.glow:
        yield building_layer(tables, style, colours)
    else:
        on_ground, in_air = glow_layers(tables, style, colours, scene.theme)
        yield from (on_ground, building_layer(tables, style, colours), in_air)
    if look.chosen:
        yield from outline_layers(tables.buildings, look.chosen, colours)


def _columns(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    url = scene.tables.of("area_columns", level=scene.level.key, parent=scene.parent, sel=_counted(scene))
    yield column_layer(url, scene.area_intensity, scene.highest, colours, level=scene.level)


def _cases(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    # Of the whole district there are more than a table gives, and the rest would be missing unseen.
    if scene.focus or scene.parent:
        yield open_case_layer(scene.tables.of("cases", sel=scene.selection, kind="open"), colours)
    yield urgent_case_layer(scene.tables.of("cases", sel=scene.selection, kind="urgent"), colours)


def _labels(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    tables, column = scene.tables, scene.name_column
    if not scene.parent:
        below = (COMMUNITY_LABELS_FROM_ZOOM, NO_LIMIT)
        yield label_layer(tables.of("labels", level=AreaLevel.STREET.key), colours, Rank(2), column=column)
        yield label_layer(
            tables.of("labels", level=AreaLevel.COMMUNITY.key), colours, Rank(1, faint=True), column=column,
            identity="part-labels", zoom_range=below,
        )  # fmt: skip
        return
    parts = tables.of("labels", level=scene.level.key, parent=scene.parent)
    yield label_layer(parts, colours, Rank(2), column=column)
    beside = tables.of("labels", level=AreaLevel(scene.level - 1).key, parent=scene.grandparent)
    yield label_layer(
        beside, colours, Rank(1, faint=True, without=scene.parent), column=column, identity="labels-beside"
    )


def _chosen(scene: Scene, colours: Palette) -> Iterator[pydeck.Layer]:
    if scene.case_no:
        yield from chosen_case_layers(scene.tables.of("case", code=scene.case_no), colours)


PAINTERS: tuple[tuple[str, Callable[[Scene, Palette], Iterator[pydeck.Layer]]], ...] = (
    ("areas", _areas),
    ("grid", _grid),
    ("landuse", _ground_cover),
    ("roads", _roads),
    ("areas", _lines),
    # After the lines: on the ground they would lie beside the slope above them, so the hills cut them.
    ("landuse", _hills),
    ("tiles", _tilesets),
    ("buildings", _buildings),
    ("columns", _columns),
    ("cases", _cases),
    ("cases", _chosen),
    ("labels", _labels),
)
"""What is drawn, from the ground up, and the part that switches it on."""
