"""City objects as CityJSON and CityGML have them: what a thing is, what is said of it, and its shapes by LoD."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray

WATER, GREEN, PAVED, OTHER = "water", "green", "paved", "other"

GROUND_KIND: Mapping[str, str] = {
    "WaterBody": WATER,
    "Waterway": WATER,
    "PlantCover": GREEN,
    "SolitaryVegetationObject": GREEN,
    "LandUse": OTHER,
    "Road": PAVED,
    "Railway": PAVED,
    "Square": PAVED,
    "Track": PAVED,
    "TransportSquare": PAVED,
    "TransportationComplex": PAVED,
    "Bridge": PAVED,
    "BridgePart": PAVED,
}
"""Type of a city object that is drawn flat on the ground -> kind of land use."""

INTERIOR = frozenset(
    {"BuildingRoom", "BuildingStorey", "BuildingUnit", "BuildingFurniture", "Room", "IntBuildingInstallation"}
)
"""Parts of a building that are not seen from outside; their shapes are left out."""


@dataclass(frozen=True)
class LodGeometry:
    """One body of a city object at one level of detail: flat polygons, their rings one after the other.

    Parameters
    ----------
    lod : str
        As CityJSON writes it: 0, 1, 1.2, 2, 2.2, 3 …
    positions : (n, 3) float64
        Corners of all rings in the coordinates of the source; a ring does not repeat its first corner.
    ring_start : (r + 1,) int64
        Where each ring starts in `positions`, and the end.
    polygon_start : (p + 1,) int64
        Where each polygon starts in the rings, and the end; its outer ring is the first.
    surfaces : (p,) uint8
        `twin_model.surface.SurfaceKind` of each polygon.
    solid : bool
        Whether the source says that it encloses a volume.
    images : tuple of str
        Paths of its textures, as the file names them.
    texture : (p,) int32, optional
        Position in `images` of each polygon's texture, -1 without one.
    uv : (n, 2) float64, optional
        Texture coordinates of each corner, v up; not-a-number without a texture.
    """

    lod: str
    positions: NDArray[np.float64]
    ring_start: NDArray[np.int64]
    polygon_start: NDArray[np.int64]
    surfaces: NDArray[np.uint8]
    solid: bool
    images: tuple[str, ...] = ()
    texture: NDArray[np.int32] | None = None
    uv: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class CityObject:
    """One thing of a city.

    Parameters
    ----------
    source_ref : str
        The source's own id: CityJSON key, gml:id, name of a model's file.
    kind : str
        Type in CityJSON's words: Building, Road, WaterBody …
    row : int
        Position in the file; 1 is the first.
    attributes : mapping
        As found; JSON values.
    name, address : str or None
        For people.
    geometries : tuple of LodGeometry
        Several of one LoD are bodies that stand side by side, each sound or not by itself.
    omitted : tuple of str
        What belongs to it and was left out, by type.
    code : str or None
        Code that the user gave it, to be kept as it is.
    """

    source_ref: str
    kind: str
    row: int
    attributes: Mapping[str, object] = field(default_factory=dict)
    name: str | None = None
    address: str | None = None
    geometries: tuple[LodGeometry, ...] = ()
    omitted: tuple[str, ...] = ()
    code: str | None = None


@dataclass(frozen=True)
class BadObject:
    """An object that cannot be read.

    Parameters
    ----------
    source_ref : str
        Its id, or where it stands.
    row : int
        Position in the file; 1 is the first.
    reason : str
        Stable key: vertex_out_of_range, bad_geometry, duplicate_id …
    detail : str
        One sentence: what is wrong and how to mend it.
    """

    source_ref: str
    row: int
    reason: str
    detail: str


def with_parts(whole: CityObject, parts: Iterable[CityObject]) -> CityObject:
    """Join the shapes of its parts to an object; what is inside of a building is left out and told."""
    geometries, omitted = list(whole.geometries), list(whole.omitted)
    name, address = whole.name, whole.address
    for part in parts:
        if part.kind in INTERIOR:
            omitted.append(part.kind)
            continue
        geometries += part.geometries
        omitted += part.omitted
        name, address = name or part.name, address or part.address
    return replace(whole, geometries=tuple(geometries), omitted=tuple(omitted), name=name, address=address)


def best_lod(lods: Iterable[str]) -> str | None:
    """Highest LoD by number, or None where there is none."""
    return max(lods, key=lod_number, default=None)


def lod_number(lod: str) -> float:
    """Give the number of a LoD: 2.2 of ``2.2``; 0 where it is none or not finite."""
    try:
        number = float(lod)
    except ValueError:
        return 0.0
    return number if isfinite(number) else 0.0
