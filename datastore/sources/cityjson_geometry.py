"""Geometries of CityJSON objects: boundaries, semantics and textures as flat arrays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datastore.sources.cityjson_vertices import Vertices
from twin_model.city_object import LodGeometry
from twin_model.errors import TwinModelError
from twin_model.surface import SurfaceKind, surface_kind

_SURFACES = ("MultiSurface", "CompositeSurface")
_SOLIDS = ("MultiSolid", "CompositeSolid")
_MATRIX = (4, 4)


class BoundaryError(TwinModelError):
    """A geometry that cannot be read.

    Parameters
    ----------
    reason : str
        Stable key for the reject list.
    message : str
        What is wrong and how to mend it.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Shapes:
    """What the geometries of a file refer to.

    Parameters
    ----------
    vertices : Vertices
        Of the file, or of one feature.
    images : sequence of str
        Paths of its textures.
    texture_vertices : (t, 2) float64
        Texture coordinates.
    theme : str or None
        Which of several appearances is taken; the first where an object does not have it.
    templates : sequence of mapping
        Geometries that instances repeat.
    template_vertices : Vertices
        Vertices of the templates.
    """

    vertices: Vertices
    images: Sequence[str] = ()
    texture_vertices: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    theme: str | None = None
    templates: Sequence[Mapping[str, Any]] = ()
    template_vertices: Vertices | None = None


@dataclass
class _Flat:
    """Rings of one body while they are read."""

    index: list[int] = field(default_factory=list)
    ring_sizes: list[int] = field(default_factory=list)
    polygon_sizes: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    textures: list[int] = field(default_factory=list)
    corners: list[int] = field(default_factory=list)


def read_geometry(geometry: Mapping[str, Any], shapes: Shapes) -> tuple[list[LodGeometry], str | None]:
    """Bodies of a CityJSON geometry, and its type where it is none that is drawn (points and lines).

    Parameters
    ----------
    geometry : mapping
        As found.
    shapes : Shapes
        What it refers to.

    Raises
    ------
    BoundaryError
        If it is nested wrongly, or names a vertex that is not there.
    """
    kind = geometry.get("type")
    try:
        if kind == "GeometryInstance":
            return _instance(geometry, shapes)
        if kind in _SURFACES:
            return [_body(geometry, shapes, [geometry["boundaries"]], (), solid=False)], None
        if kind == "Solid":
            return [_body(geometry, shapes, geometry["boundaries"], (), solid=True)], None
        if kind in _SOLIDS:
            each = enumerate(geometry["boundaries"])
            return [_body(geometry, shapes, shells, (place,), solid=True) for place, shells in each], None
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError) as error:
        if isinstance(error, BoundaryError):
            raise
        raise BoundaryError(
            "bad_geometry", f"its {kind} is not nested as CityJSON says ({error}); export the object again"
        ) from None
    return [], str(kind)


def _instance(geometry: Mapping[str, Any], shapes: Shapes) -> tuple[list[LodGeometry], str | None]:
    """Bodies of a template that is put in a place."""
    which, (anchor,) = geometry["template"], geometry["boundaries"]
    if shapes.template_vertices is None or not 0 <= which < len(shapes.templates):
        raise BoundaryError("bad_geometry", f"there is no geometry template {which}; export the object again")
    inner = Shapes(shapes.template_vertices, shapes.images, shapes.texture_vertices, shapes.theme)
    bodies, other = read_geometry(shapes.templates[which], inner)
    matrix = np.array(geometry["transformationMatrix"], dtype=np.float64).reshape(_MATRIX)
    offset = _positions(shapes.vertices, [anchor])[0]
    return [
        LodGeometry(**{**vars(body), "positions": body.positions @ matrix[:3, :3].T + matrix[:3, 3] + offset})
        for body in bodies
    ], other


def _body(
    geometry: Mapping[str, Any], shapes: Shapes, shells: Sequence[Any], path: tuple[int, ...], *, solid: bool
) -> LodGeometry:
    """One body; `path` leads to it in the semantics and textures of its geometry."""
    flat = _Flat()
    _flatten(flat, shells)
    depth = path if solid else None
    _add_kinds(flat, geometry.get("semantics"), [len(shell) for shell in shells], depth)
    lod = geometry.get("lod")
    images: tuple[str, ...] = ()
    texture, uv = None, None
    themes = geometry.get("texture")
    if shapes.images and isinstance(themes, dict) and themes:
        theme = themes.get(shapes.theme, next(iter(themes.values())))
        values = theme.get("values") if isinstance(theme, dict) else None
        images, texture, uv = _textures(flat, _nested(values, depth), shapes)
    return LodGeometry(
        "" if lod is None else f"{lod:g}" if isinstance(lod, float) else str(lod),
        _positions(shapes.vertices, flat.index),
        np.concatenate(([0], np.cumsum(flat.ring_sizes, dtype=np.int64))),
        np.concatenate(([0], np.cumsum(flat.polygon_sizes, dtype=np.int64))),
        np.array(flat.kinds, dtype=np.uint8),
        solid,
        images,
        texture,
        uv,
    )


def _flatten(flat: _Flat, shells: Sequence[Any]) -> None:
    for shell in shells:
        for polygon in shell:
            flat.polygon_sizes.append(len(polygon))
            for ring in polygon:
                flat.ring_sizes.append(len(ring))
                flat.index += ring


def _positions(vertices: Vertices, index: Sequence[int]) -> NDArray[np.float64]:
    wanted = np.array(index) if len(index) else np.zeros(0, dtype=np.int64)
    if wanted.ndim != 1 or wanted.dtype.kind != "i":
        raise BoundaryError("bad_geometry", "a ring holds something else than numbers of vertices; export it again")
    count = len(vertices.stored)
    outside = (wanted < 0) | (wanted >= count)
    if outside.any():
        raise BoundaryError(
            "vertex_out_of_range",
            f"it names vertex {wanted[outside][0]}, the file has {count} (0 to {count - 1}); export the object again",
        )
    positions = vertices.at(wanted)
    if not np.isfinite(positions).all():
        bad = wanted[~np.isfinite(positions).all(axis=1)][0]
        raise BoundaryError(
            "bad_coordinates", f"its vertex {bad} is not three finite numbers; correct it in the source"
        )
    return positions


def _add_kinds(flat: _Flat, semantics: object, sizes: Sequence[int], path: tuple[int, ...] | None) -> None:
    """Kind of each polygon; unknown where the semantics do not say or do not fit."""
    flat.kinds = [int(SurfaceKind.UNKNOWN)] * sum(sizes)
    if not isinstance(semantics, dict) or not isinstance(semantics.get("surfaces"), list):
        return
    kinds = [int(surface_kind(each.get("type"))) if isinstance(each, dict) else 0 for each in semantics["surfaces"]]
    values = _nested(semantics.get("values"), path)
    position = 0
    for size, shell in zip(sizes, values, strict=False):
        for place, value in enumerate(shell[:size] if isinstance(shell, list) else ()):
            if type(value) is int and 0 <= value < len(kinds):
                flat.kinds[position + place] = kinds[value]
        position += size


def _nested(values: object, path: tuple[int, ...] | None) -> Sequence[Any]:
    """Values shell by shell; `path` is None for surfaces that are in no shell."""
    if path is None:
        return [values]
    for place in path:
        if not isinstance(values, list) or place >= len(values):
            return ()
        values = values[place]
    return values if isinstance(values, list) else ()


def _textures(
    flat: _Flat, shells: Sequence[Any], shapes: Shapes
) -> tuple[tuple[str, ...], NDArray[np.int32] | None, NDArray[np.float64] | None]:
    """Images, each polygon's image and each corner's coordinates; empty where no polygon has any."""
    ring_start = np.concatenate(([0], np.cumsum(flat.ring_sizes)))
    first_ring = np.concatenate(([0], np.cumsum(flat.polygon_sizes)))
    texture = np.full(len(flat.polygon_sizes), -1, dtype=np.int32)
    uv = np.full((len(flat.index), 2), np.nan)
    used: dict[int, int] = {}
    for polygon, place, image, corners in _mapped_rings(shells):
        ring = int(first_ring[polygon]) + place
        wanted = np.array(corners, dtype=np.int64)
        fits = ring < first_ring[polygon + 1] and len(wanted) == flat.ring_sizes[ring]
        known = bool(len(wanted)) and wanted.min() >= 0 and wanted.max() < len(shapes.texture_vertices)
        if fits and known and 0 <= image < len(shapes.images):
            texture[polygon] = used.setdefault(image, len(used))
            uv[ring_start[ring] : ring_start[ring + 1]] = shapes.texture_vertices[wanted]
    if not used:
        return (), None, None
    return tuple(shapes.images[image] for image in used), texture, uv


def _mapped_rings(shells: Sequence[Any]) -> Iterator[tuple[int, int, int, list[int]]]:
    """Polygon, ring, image and texture coordinates of each ring that has a texture."""
    polygon = -1
    for shell in shells:
        for rings in shell if isinstance(shell, list) else ():
            polygon += 1
            for place, ring in enumerate(rings if isinstance(rings, list) else ()):
                if isinstance(ring, list) and len(ring) > 1 and all(type(each) is int for each in ring):
                    yield polygon, place, ring[0], ring[1:]
