"""Surfaces of CityGML objects: GML polygons, however they are nested and referred to, as flat arrays."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datastore.sources.citygml_texture import RingTexture
from datastore.sources.cityjson_geometry import BoundaryError
from twin_model.city_object import LodGeometry
from twin_model.surface import SurfaceKind, surface_kind

GML_ID = re.compile(r"^\{http://www\.opengis\.net/gml(/3\.2)?\}id$")
HREF = "{http://www.w3.org/1999/xlink}href"

_POLYGONS = {"Polygon", "PolygonPatch", "Triangle", "Rectangle"}
_AXES = 3
_DEEPEST = 100
_MOST_POLYGONS = 1_000_000
"""Of one object: references to references to references double with each step."""


def local(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Name of an element without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def gml_id(element: Any) -> str | None:  # noqa: ANN401 - lxml has no types
    """Give the gml:id of an element; None without one."""
    return next((value for name, value in element.attrib.items() if GML_ID.match(name)), None)


@dataclass(frozen=True)
class Polygon:
    """One polygon as found.

    Parameters
    ----------
    ref : str or None
        Its gml:id.
    rings : tuple of (k, 3) float64
        Outer ring first, not closed.
    textures : tuple of RingTexture or None
        One a ring.
    """

    ref: str | None
    rings: tuple[NDArray[np.float64], ...]
    textures: tuple[RingTexture | None, ...]


@dataclass
class SurfaceReader:
    """Reads the polygons of one object.

    Parameters
    ----------
    thing : lxml element
        The object: references are looked up in it.
    textures : mapping
        Id of a ring -> its texture.
    dimension : int
        Numbers to a position where a ring does not say.
    unresolved : int
        References so far that lead nowhere.
    """

    thing: Any
    textures: Mapping[str, RingTexture]
    dimension: int = _AXES
    unresolved: int = 0
    _ids: dict[str, Any] | None = field(default=None)
    _visited: int = 0

    def polygons(self, element: Any, *, flipped: bool = False, depth: int = 0) -> Iterator[Polygon]:  # noqa: ANN401 - lxml has no types
        """Polygons in and below an element, in order; those that it refers to as well."""
        if depth > _DEEPEST:
            raise BoundaryError(
                "bad_geometry", "its surfaces refer to one another in a circle; export the object again"
            )
        self._visited += 1
        if self._visited > _MOST_POLYGONS:
            raise BoundaryError("bad_geometry", "its surfaces refer to one another too often; export the object again")
        name = local(element)
        if name in _POLYGONS:
            polygon = self._polygon(element)
            yield _turned(polygon) if flipped else polygon
            return
        if name == "OrientableSurface" and element.get("orientation") == "-":
            flipped = not flipped
        href = element.get(HREF)
        if href:
            target = self._by_id(href)
            if target is None:
                self.unresolved += 1
            else:
                yield from self.polygons(target, flipped=flipped, depth=depth + 1)
        for child in element:
            yield from self.polygons(child, flipped=flipped, depth=depth + 1)

    def _by_id(self, href: str) -> Any:  # noqa: ANN401 - lxml has no types
        if self._ids is None:
            self._ids = {ref: element for element in self.thing.iter() if (ref := gml_id(element)) is not None}
        return self._ids.get(href.removeprefix("#"))

    def _polygon(self, element: Any) -> Polygon:  # noqa: ANN401 - lxml has no types
        rings = [ring for ring in element.iter() if local(ring) == "LinearRing"]
        read = [self._ring(ring) for ring in rings]
        textures = tuple(self.textures.get(gml_id(ring) or "") for ring in rings)
        return Polygon(gml_id(element), tuple(read), textures)

    def _ring(self, element: Any) -> NDArray[np.float64]:  # noqa: ANN401 - lxml has no types
        """Corners of a ring, not closed: of a posList, of single positions, or of GML 2 coordinates."""
        texts, dimension = [], element.get("srsDimension")
        for part in element.iter():
            if local(part) in {"posList", "pos", "coordinates"}:
                texts.append((part.text or "").replace(",", " "))
                dimension = part.get("srsDimension") or dimension
        try:
            numbers = np.array(" ".join(texts).split(), dtype=np.float64)
            corners = numbers.reshape(-1, int(dimension or self.dimension))
        except ValueError:
            raise BoundaryError(
                "bad_geometry", "a ring is no list of positions of three numbers; export the object again"
            ) from None
        if corners.shape[1] not in (_AXES - 1, _AXES):
            raise BoundaryError(
                "bad_geometry",
                f"a ring has {corners.shape[1]} numbers to a position; export the object in two or three",
            )
        if corners.shape[1] == _AXES - 1:
            corners = np.column_stack((corners, np.zeros(len(corners))))
        if not np.isfinite(corners).all():
            raise BoundaryError("bad_coordinates", "a coordinate is not a finite number; correct it in the source")
        return corners[:-1] if len(corners) > 1 and (corners[0] == corners[-1]).all() else corners


def body_of(lod: str, polygons: Sequence[tuple[Polygon, SurfaceKind]], *, solid: bool) -> LodGeometry | None:
    """Body of polygons; None where none has three corners."""
    kept = [(polygon, kind) for polygon, kind in polygons if polygon.rings and len(polygon.rings[0]) >= _AXES]
    if not kept:
        return None
    rings = [ring for polygon, _ in kept for ring in polygon.rings]
    images, texture, uv = _textures([polygon for polygon, _ in kept])
    return LodGeometry(
        lod,
        np.concatenate(rings),
        np.concatenate(([0], np.cumsum([len(ring) for ring in rings], dtype=np.int64))),
        np.concatenate(([0], np.cumsum([len(polygon.rings) for polygon, _ in kept], dtype=np.int64))),
        np.array([kind for _, kind in kept], dtype=np.uint8),
        solid,
        images,
        texture,
        uv,
    )


def kind_of(element: Any) -> SurfaceKind:  # noqa: ANN401 - lxml has no types
    """Kind of a boundary surface."""
    return surface_kind(local(element))


def _turned(polygon: Polygon) -> Polygon:
    return Polygon(
        polygon.ref,
        tuple(ring[::-1] for ring in polygon.rings),
        tuple(None if each is None else RingTexture(each.image, each.uv[::-1]) for each in polygon.textures),
    )


def _textures(
    polygons: Sequence[Polygon],
) -> tuple[tuple[str, ...], NDArray[np.int32] | None, NDArray[np.float64] | None]:
    """Images, each polygon's image and each corner's coordinates; a polygon needs them on all of its rings."""
    images: dict[str, int] = {}
    texture = np.full(len(polygons), -1, dtype=np.int32)
    uv: list[NDArray[np.float64]] = []
    for at, polygon in enumerate(polygons):
        mapped = [_fitting(each, ring) for each, ring in zip(polygon.textures, polygon.rings, strict=True)]
        first = polygon.textures[0]
        whole = first is not None and all(each is not None for each in mapped)
        if whole and first is not None:
            texture[at] = images.setdefault(first.image, len(images))
        uv += [
            each if whole and each is not None else np.full((len(ring), 2), np.nan)
            for each, ring in zip(mapped, polygon.rings, strict=True)
        ]
    return (tuple(images), texture, np.concatenate(uv)) if images else ((), None, None)


def _fitting(texture: RingTexture | None, ring: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Texture coordinates of a ring's corners; None where there are not as many."""
    if texture is None:
        return None
    return texture.uv if len(texture.uv) == len(ring) else None
