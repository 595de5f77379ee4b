"""Which collections there are: where their features come from, and what each property of theirs means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pyarrow as pa

from app.api.features.errors import UnknownCollectionError
from datastore.queries.features import (
    AREA_FILTERS,
    BUILDING_FILTERS,
    COMPONENT_FILTERS,
    Box,
    FeaturePage,
    Wanted,
    area_bounds,
    area_features,
    building_bounds,
    building_features,
    component_bounds,
    component_features,
)
from twin_model.area import AreaLevel

Cursor = Any
Page = Callable[[Cursor, Wanted, datetime | None], FeaturePage]
Bounds = Callable[[Cursor], Box | None]


@dataclass(frozen=True)
class Property:
    """One property of a collection's features.

    Parameters
    ----------
    kind : str
        Its JSON type: string, integer, number, boolean or array (of strings).
    description : str
        One sentence, with the unit where there is one.
    nullable : bool
        Whether it may be null.
    """

    kind: str
    description: str
    nullable: bool = False


@dataclass(frozen=True)
class Collection:
    """One collection.

    Parameters
    ----------
    name : str
        As in its address.
    title, description : str
        For people.
    geometry : str
        What the shapes are.
    properties : mapping
        By name, in the order in which they are given.
    filters : frozenset of str
        Properties that features can be filtered by.
    page : function
        Features that match, from cursor, what is wanted and the as-of moment.
    bounds : function
        Box around all its features, from a cursor.
    """

    name: str
    title: str
    description: str
    geometry: str
    properties: Mapping[str, Property]
    filters: frozenset[str]
    page: Page
    bounds: Bounds


def collection(name: str) -> Collection:
    """Look a collection up by its name.

    Raises
    ------
    UnknownCollectionError
        If there is none.
    """
    if name not in COLLECTIONS:
        raise UnknownCollectionError(f"no collection is called {name!r}; there are {', '.join(COLLECTIONS)}")
    return COLLECTIONS[name]


_SOURCE = {
    "dataset": Property("string", "Name of the data set that it comes from."),
    "licence": Property("string", "Licence of that data set; unstated where nobody said."),
    "simulated": Property("boolean", "Whether the data set is generated, so that no record describes a real thing."),
}
_CODE = {"code": Property("string", "Its code, which is its id here.")}
_OPEN = {
    "open": Property("integer", "Cases at it that are open, as of the response's asOf."),
    "overdue": Property("integer", "Open cases at it whose deadline lies before asOf."),
}
_PLACE = {
    "street": Property("string", "Code of the street or town that it lies in.", nullable=True),
    "street_name": Property("string", "Name of that street or town.", nullable=True),
    "community": Property("string", "Code of the community that it lies in.", nullable=True),
    "community_name": Property("string", "Name of that community.", nullable=True),
    "grid": Property("string", "Code of the unit grid cell that it lies in.", nullable=True),
}
_AREA_PROPERTIES = {
    **_CODE,
    "name": Property("string", "Name."),
    "name_en": Property("string", "English name.", nullable=True),
    "kind": Property("string", "street, town, community, village, hill …", nullable=True),
    "parent": Property("string", "Code of the area that it is part of.", nullable=True),
    "population": Property("integer", "People.", nullable=True),
    "area_m2": Property("number", "Area, square metres.", nullable=True),
    "geom_source": Property("string", "Where the outline comes from: surveyed, schematic, derived or none."),
    **_OPEN,
    **_SOURCE,
}
_BUILDING_PROPERTIES = {
    **_CODE,
    "name": Property("string", "Name.", nullable=True),
    "use": Property("string", "residential, commercial, office, education, industrial, civic …", nullable=True),
    "height_m": Property("number", "Height above its ground, metres."),
    "height_source": Property(
        "string", "Where the height comes from: measured, model, levels, estimated or simulated."
    ),
    "storeys": Property("integer", "Storeys above ground.", nullable=True),
    "footprint_m2": Property("number", "Area of its footprint, square metres."),
    "address": Property("string", "Address.", nullable=True),
    "base_m": Property("number", "Its ground, metres above the vertical datum of its source.", nullable=True),
    "lods": Property("array", "Levels of detail that came with a shape of their own; a block needs none."),
    "lod": Property("string", "Best level of detail: the highest of lods above 0, or 1, the block."),
    "cim_level": Property("integer", "CIM level (CJJ/T 315-2022) that it reaches, by our own reading.", nullable=True),
    "cim_basis": Property("string", "Why that level: blocks, blocks_estimated, no_surfaces, roofs or detail."),
    **_PLACE,
    **_OPEN,
    **_SOURCE,
}
_COMPONENT_PROPERTIES = {
    **_CODE,
    "class": Property("string", "Code of its class."),
    "class_zh": Property("string", "Chinese name of its class."),
    "class_en": Property("string", "English name of its class."),
    "state": Property("string", "intact, damaged or lost."),
    "owner": Property("string", "Code of the unit that owns it; null for none.", nullable=True),
    "owner_zh": Property("string", "Chinese name of its owner.", nullable=True),
    "owner_en": Property("string", "English name of its owner.", nullable=True),
    "maintainer": Property("string", "Code of the unit that keeps it up.", nullable=True),
    **_PLACE,
    **_SOURCE,
}


def _areas_at(level: AreaLevel, cursor: Cursor, wanted: Wanted, as_of: datetime | None) -> FeaturePage:
    return area_features(cursor, level, wanted, as_of)


def _areas(name: str, level: AreaLevel, title: str, description: str) -> Collection:
    return Collection(
        name, title, description, "Polygon, MultiPolygon or, where the outline is unknown, null",
        _AREA_PROPERTIES, frozenset(AREA_FILTERS), partial(_areas_at, level), lambda cursor: area_bounds(cursor, level),
    )  # fmt: skip


def _components(cursor: Cursor, wanted: Wanted, _as_of: datetime | None) -> FeaturePage:
    return component_features(cursor, wanted)


COLLECTIONS: Mapping[str, Collection] = {
    each.name: each
    for each in (
        _areas("streets", AreaLevel.STREET, "街道（镇） · Streets and towns", "Streets and towns of the district."),
        _areas("communities", AreaLevel.COMMUNITY, "社区（村） · Communities", "Communities and villages of streets."),
        _areas("grids", AreaLevel.GRID, "单元网格 · Unit grid", "Cells of the unit grid, of about 10,000 m² each."),
        Collection(
            "buildings", "建筑 · Buildings",
            "Buildings by their footprints, with what is known of each and the cases that are open at it.",
            "Polygon or MultiPolygon: the footprint", _BUILDING_PROPERTIES, frozenset(BUILDING_FILTERS),
            building_features, building_bounds,
        ),
        Collection(
            "components", "部件 · Components",
            "Municipal components: lamps, covers, trees and the like, classed as in GB/T 30428.2.",
            "Point", _COMPONENT_PROPERTIES, frozenset(COMPONENT_FILTERS), _components, component_bounds,
        ),
    )
}  # fmt: skip


def rows_of(page: FeaturePage) -> tuple[list[dict[str, Any]], pa.ChunkedArray]:
    """Properties and shapes (WKB) of a page's features."""
    return page.rows.drop_columns("geom").to_pylist(), page.rows["geom"]
