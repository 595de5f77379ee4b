"""The scene of one building: its mesh at one level of detail, alone or in its place, with what is at it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pydeck

from layers.areas import ground_layer
from layers.buildings import BuildingLook, BuildingStyle, BuildingTables, Condition, building_layer
from layers.cases import urgent_case_layer
from layers.drawing import OVERLAY, SIGN, STANDING
from layers.landuse import ground_cover_layer, hill_layer
from layers.lighting import MATERIAL, lighting
from layers.palette import Palette, Theme, palette, with_alpha
from layers.roads import road_layer
from layers.scene import spec_of
from layers.scene_tooltip import Tooltip
from layers.style import Intensity
from layers.sunlight import Sun
from layers.table_address import TableAddress
from layers.view import Extent, Points, Window, corners, view_of_points
from twin_model.area import AreaLevel
from twin_model.local_frame import metres_per_degree
from twin_model.selection import Buildings
from twin_model.selection_text import to_text
from twin_model.surface import SurfaceKind

PLAIN: Final = Intensity("open", ())
"""Colours of the inspector tell what surfaces are, not how much load there is."""
TEXTURE_PREFIX = "/api/texture"
LEAST_M = 12.0
"""Half the width of ground that is shown around the smallest building."""
SURROUND = 1.5
"""Of its own extent, shown around a building."""
PITCH_DEG, BEARING_DEG = 58.0, -28.0
GHOST_OPACITY = 0.3
"""Of the neighbours, which may stand before the building."""
MAX_ZOOM = 19.4


@dataclass(frozen=True)
class BuildingScene:
    """All that the scene of one building depends on.

    Attributes
    ----------
    tables
        Addresses of the tables.
    code
        The building.
    outline
        Points of its surroundings that the camera shows: the box of its footprint, degrees, EPSG:4490.
    height_m
        Its height, metres; a tower is seen from farther away.
    lod
        Level of detail of the mesh (``1.2``, ``2.2`` …); empty for the block of footprint and height.
    textured
        Whether the mesh of that level has textures; else it is coloured by what its surfaces are.
    texture_ids
        Textures that the mesh uses.
    in_place
        Whether its neighbours, the roads and the land around it are drawn.
    cases, components
        Whether its open cases and the components near it are drawn.
    theme, tooltips, window, fly_key, sun
        As in `layers.scene.Scene`.
    """

    tables: TableAddress
    code: str
    outline: Points
    height_m: float
    lod: str = ""
    textured: bool = True
    texture_ids: tuple[int, ...] = ()
    in_place: bool = True
    cases: bool = True
    components: bool = True
    theme: Theme = "dark"
    tooltips: dict[str, Tooltip] = field(default_factory=dict)
    window: Window = field(default_factory=lambda: Window(1200, 800))
    fly_key: str = ""
    sun: Sun | None = None


def building_spec(scene: BuildingScene) -> dict[str, Any]:
    """Deck spec of one building, in the form of `layers.scene.scene_spec`."""
    deck = pydeck.Deck(
        layers=list(_layers(scene, palette(scene.theme))),
        views=[pydeck.View(type="MapView", controller=True)],
        initial_view_state=_view(scene),
        effects=lighting(scene.theme, scene.sun),
        map_provider=None,
        map_style=None,
    )
    return spec_of(deck, scene.fly_key, scene.tooltips)


def _view(scene: BuildingScene) -> pydeck.ViewState:
    """Camera that shows the whole building, from its foot to its roof, and a little ground around it."""
    points = np.array(scene.outline, dtype=np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = np.array(metres_per_degree(float((low[1] + high[1]) / 2)))
    reach = np.maximum((high - low) * scale / 2 * SURROUND, LEAST_M) / scale
    (west, south), (east, north) = (low + high) / 2 - reach, (low + high) / 2 + reach
    return view_of_points(
        corners(Extent(west, south, east, north)), scene.window, pitch=PITCH_DEG, bearing=BEARING_DEG,
        max_zoom=MAX_ZOOM, height_m=scene.height_m,
    )  # fmt: skip


def _at(scene: BuildingScene) -> str:
    """Write the selection of the cases at the building, as addresses do."""
    return to_text(Buildings((scene.code,)))


def _layers(scene: BuildingScene, colours: Palette) -> Iterator[pydeck.Layer]:
    tables = scene.tables
    yield ground_layer(tables.of("areas", level=AreaLevel.DISTRICT.key), colours)
    if scene.in_place:
        yield ground_cover_layer(tables.of("landuse", kind="ground"), colours)
        yield road_layer(tables.of("roads"), colours)
        yield hill_layer(tables.of("landuse", kind="hill"), colours)
    # The building before its neighbours, through which it is seen.
    yield model_layer(tables, scene, colours) if scene.lod else _block(scene, colours)
    if scene.in_place:
        yield _neighbours(scene, colours)
    if scene.components:
        yield component_layer(tables.of("components", code=scene.code), colours)
    if scene.cases:
        yield urgent_case_layer(tables.of("cases", sel=_at(scene)), colours)


def _block(scene: BuildingScene, colours: Palette) -> pydeck.Layer:
    """Draw the block of the building."""
    only = Condition("code", values=(scene.code,))
    return _plain(scene, BuildingLook(where=(only,), isolate=True, detail=False), colours, identity="block")


def _neighbours(scene: BuildingScene, colours: Palette) -> pydeck.Layer:
    """Draw the blocks of all others, faint."""
    ghosts = _plain(scene, BuildingLook(without=scene.code, detail=False), colours, identity="buildings")
    ghosts.opacity = GHOST_OPACITY
    return ghosts


def _plain(scene: BuildingScene, look: BuildingLook, colours: Palette, *, identity: str) -> pydeck.Layer:
    def load(metric: str) -> str:
        return scene.tables.of("building_load", metric=metric, sel=_at(scene))

    tables = BuildingTables(scene.tables.of("buildings"), load(PLAIN.column), load)
    layer = building_layer(tables, BuildingStyle(PLAIN, look), replace(colours, intensity=(colours.building,)))
    layer.id = identity
    return layer


def model_layer(tables: TableAddress, scene: BuildingScene, colours: Palette) -> pydeck.Layer:
    """Mesh of a building at one level of detail: textured where it can be, else coloured by what its surfaces are."""
    return pydeck.Layer(
        "MeshLayer",
        id="model",
        data=tables.of("model", code=scene.code, lod=scene.lod),
        surfaces=[list(colours.surfaces[kind.name.lower()]) for kind in SurfaceKind],
        textures={str(each): f"{TEXTURE_PREFIX}/{each}?v={tables.version}" for each in scene.texture_ids}
        if scene.textured
        else {},
        material=MATERIAL,
        parameters=STANDING,
    )


def component_layer(url: str, colours: Palette) -> pydeck.Layer:
    """Components near the building."""
    return pydeck.Layer(
        "ScatterplotLayer",
        id="components",
        data=url,
        get_position="geometry",
        get_radius=1.2,
        radius_min_pixels=2,
        radius_max_pixels=6,
        get_fill_color=with_alpha(colours.status["closed"], 220),
        stroked=True,
        get_line_color=list(colours.text_halo),
        line_width_min_pixels=1,
        line_width_max_pixels=1,
        pickable=True,
        auto_highlight=True,
        highlight_color=list(colours.highlight),
        kind="'component'",
        billboard=True,
        parameters=OVERLAY,
        **SIGN,
    )
