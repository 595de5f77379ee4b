"""Models of buildings as tiles show them: textured where they are, and simpler where they are large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin_model.local_frame import metres_per_degree_at
from twin_model.mesh import Mesh
from twin_model.mesh_merge import merged
from twin_model.mesh_simplify import simplified
from twin_model.surface import SurfaceKind
from twin_model.tile_content import Material
from twin_model.tile_mesh import FeatureMesh

WALL, ROOF, OPENING, UNSEEN = 0, 1, 2, 255
MATERIALS = (
    Material("wall", (0.62, 0.60, 0.56)),
    Material("roof", (0.36, 0.30, 0.27)),
    Material("window or door", (0.10, 0.14, 0.19)),
)
"""By part."""
LEVEL = 0.3
"""A surface that nobody named is a roof where its normal rises at least this much."""
SIMPLER_M = 0.5
"""How far simpler models may be from the given ones, metres."""
MANY, TOO_MANY = 1_000, 50_000
"""Triangles from which a model is made simpler, and beyond which that takes too long (about 0.3 ms each)."""
WORTH = 0.5
"""A tile of simpler models is worth having if it has at most this share of the triangles."""

PARTS = np.full(256, WALL, dtype=np.int32)
"""Part of each `SurfaceKind`."""
PARTS[[SurfaceKind.ROOF, SurfaceKind.OUTER_FLOOR]] = ROOF
PARTS[[SurfaceKind.WINDOW, SurfaceKind.DOOR]] = OPENING
PARTS[SurfaceKind.GROUND] = UNSEEN


@dataclass(frozen=True)
class Skin:
    """Textures of a mesh.

    Parameters
    ----------
    texture : (m,) int32
        Number of each triangle's image, -1 without one.
    uv : (m, 3, 2) float32
        Texture coordinates of each triangle's corners, v up.
    """

    texture: NDArray[np.int32]
    uv: NDArray[np.float32]


@dataclass(frozen=True)
class Models:
    """Models of some buildings.

    Parameters
    ----------
    features : (k,) int64
        Row of each one's building.
    origins : (k, 3) float64
        Longitude, latitude (degrees) and height above the ellipsoid (metres) of each one's origin.
    meshes : sequence of Mesh
        Metres east, north and up of the origins.
    skins : sequence of Skin or None
        Of each mesh; None for one without textures.
    """

    features: NDArray[np.integer]
    origins: NDArray[np.float64]
    meshes: Sequence[Mesh]
    skins: Sequence[Skin | None]

    def beside(self, other: "Models") -> "Models":
        """Put others beside these."""
        return Models(
            np.concatenate((self.features, other.features)),
            np.concatenate((self.origins, other.origins)),
            [*self.meshes, *other.meshes],
            [*self.skins, *other.skins],
        )

    @property
    def textures(self) -> list[int]:
        """Numbers of all images that are needed, ascending."""
        used = [np.unique(skin.texture) for skin in self.skins if skin is not None]
        return [number for number in np.unique(np.concatenate([[-1], *used])).tolist() if number >= 0]


def modelled(models: Models, parts: Mapping[int, int] | None = None) -> FeatureMesh:
    """Models of buildings, without their undersides.

    Parameters
    ----------
    models : Models
        At least one.
    parts : mapping of int to int, optional
        Part of the triangles with each texture; those of other textures are drawn in their surface's colour.
    """
    whole = merged(models.meshes, models.features)
    mesh, counts = whole.mesh, np.diff(whole.vertex_start)
    per_metre = np.column_stack((1 / metres_per_degree_at(models.origins[:, 1]), np.ones(len(models.origins))))
    scale, origin = (np.repeat(each, counts, axis=0) for each in (per_metre, models.origins))
    shown = PARTS[mesh.surfaces]
    unnamed = mesh.surfaces == SurfaceKind.UNKNOWN
    if unnamed.any():
        a, b, c = (mesh.vertices[mesh.faces[unnamed, corner]] for corner in range(3))
        across = np.cross(b - a, c - a)
        shown[unnamed] = np.where(across[:, 2] > LEVEL * np.linalg.norm(across, axis=1), ROOF, WALL)
    found = FeatureMesh(origin + mesh.vertices * scale, mesh.faces, shown, whole.face_id)
    return (_textured(found, models, parts) if parts else found).take(shown != UNSEEN)


def simpler(models: Models) -> Models | None:
    """Give the models with the large ones within `SIMPLER_M` of what they were, or None where that saves too little."""
    meshes = [simplified(mesh, SIMPLER_M) if MANY <= len(mesh.faces) <= TOO_MANY else mesh for mesh in models.meshes]
    before, after = (sum(len(mesh.faces) for mesh in some) for some in (models.meshes, meshes))
    return replace(models, meshes=meshes, skins=[None] * len(meshes)) if after <= WORTH * before else None


def _textured(mesh: FeatureMesh, models: Models, parts: Mapping[int, int]) -> FeatureMesh:
    counts = [len(each.faces) for each in models.meshes]
    bare = [Skin(np.full(count, -1, np.int32), np.zeros((count, 3, 2), np.float32)) for count in counts]
    skins = [own or none for own, none in zip(models.skins, bare, strict=True)]
    texture = np.concatenate([skin.texture for skin in skins])
    uv = np.concatenate([skin.uv for skin in skins])
    shown = mesh.parts.copy()
    for number, part in parts.items():
        shown[texture == number] = part
    uv = np.where(np.isin(texture, list(parts))[:, None, None], uv, np.float32(np.nan))
    return FeatureMesh(mesh.positions, mesh.faces, shown, mesh.features, uv)
