"""Contents of tiles: a GLB whose features carry ids (EXT_mesh_features) and a table of what they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.glb import GlbWriter
from twin_model.property_table import PropertyClass, property_table, schema
from twin_model.tile_mesh import TileMesh

GENERATOR = "citydeck"
IMAGE_TYPES = ("image/png", "image/jpeg")
"""What glTF takes for textures."""
POINTS = 0
"""Mode of a primitive that is no triangles."""
SMOOTH = {"magFilter": 9729, "minFilter": 9987}
"""Sampler of textures: linear, by mipmaps from afar, repeated beyond the edges."""
MATT = {"metallicFactor": 0.0, "roughnessFactor": 0.9}


class Placed(Protocol):
    """What has an origin, steps in metres and positions in steps (`twin_model.tile_mesh.TileMesh`)."""

    @property
    def origin(self) -> NDArray[np.float64]:
        """(3,) metres."""

    @property
    def step_m(self) -> float:
        """Metres to a step."""

    @property
    def positions(self) -> NDArray[np.int16] | NDArray[np.float32]:
        """(n, 3) steps."""


@dataclass(frozen=True)
class Image:
    """A texture.

    Parameters
    ----------
    media_type : str
        One of `IMAGE_TYPES`.
    content : bytes
        The file.
    """

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Material:
    """How a part is drawn.

    Parameters
    ----------
    name : str
        For people.
    colour : tuple of float
        Red, green, blue, linear, 0 to 1; multiplied with the image.
    image : Image, optional
        For triangles with texture coordinates.
    """

    name: str
    colour: tuple[float, float, float]
    image: Image | None = None


def tile_glb(
    meshes: Sequence[TileMesh],
    materials: Sequence[Material],
    cls: PropertyClass,
    rows: pa.Table,
    copyright_text: str,
    *,
    double_sided: bool = False,
) -> bytes:
    """Content of a tile.

    Parameters
    ----------
    meshes : sequence of TileMesh
        At least one, each with at least one triangle.
    materials : sequence of Material
        By part.
    cls : PropertyClass
        Class of the features.
    rows : pyarrow.Table
        One row a feature.
    copyright_text : str
        Source and licence, which viewers show.
    double_sided : bool
        Whether to draw triangles from behind as well: for meshes whose surfaces may be turned inside out.
    """
    writer = GlbWriter()
    used = np.unique(np.concatenate([np.unique(each.parts) for each in meshes])).tolist()
    drawn = [_primitives(writer, each, used, rows.num_rows) for each in meshes]
    described = _materials(writer, [materials[part] for part in used], double_sided=double_sided)
    return _file(writer, list(zip(meshes, drawn, strict=True)), described, (cls, rows), copyright_text)


def points_glb(points: Placed, material: Material, cls: PropertyClass, rows: pa.Table, copyright_text: str) -> bytes:
    """Content of a tile of points.

    Parameters
    ----------
    points : Placed
        At least one; each is a feature.
    material : Material
        Of all of them.
    cls, rows, copyright_text
        As `tile_glb` takes them.
    """
    writer = GlbWriter()
    features = {"featureIds": [{"featureCount": rows.num_rows, "attribute": 0, "propertyTable": 0}]}
    numbers = np.arange(rows.num_rows, dtype=np.int32)
    primitive = {
        "attributes": {
            "POSITION": writer.attribute(y_up(points.positions), bounds=True),
            "_FEATURE_ID_0": writer.attribute(_feature_ids(numbers, rows.num_rows)),
        },
        "mode": POINTS,
        "material": 0,
        "extensions": {"EXT_mesh_features": features},
    }
    described = _materials(writer, [material], double_sided=False)
    return _file(writer, [(points, [primitive])], described, (cls, rows), copyright_text)


def _file(
    writer: GlbWriter,
    drawn: Sequence[tuple[Placed, list[dict[str, Any]]]],
    materials: Mapping[str, Any],
    told: tuple[PropertyClass, pa.Table],
    copyright_text: str,
) -> bytes:
    """Put what is drawn, each with its primitives, into a file with the table of its features."""
    table = property_table(writer, *told)
    return writer.file(
        {
            "asset": {"version": "2.0", "generator": GENERATOR, "copyright": copyright_text},
            "extensionsUsed": ["EXT_mesh_features", "EXT_structural_metadata", "KHR_mesh_quantization"],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "extensions": {"EXT_structural_metadata": {"schema": schema(told[0]), "propertyTables": [table]}},
            "scene": 0,
            "scenes": [{"nodes": list(range(len(drawn)))}],
            "nodes": [_node(number, placed) for number, (placed, _) in enumerate(drawn)],
            "meshes": [{"primitives": primitives} for _, primitives in drawn],
            **materials,
        }
    )


def _node(number: int, placed: Placed) -> dict[str, Any]:
    return {"mesh": number, "translation": y_up(placed.origin[None])[0].tolist(), "scale": [placed.step_m] * 3}


def _primitives(writer: GlbWriter, mesh: TileMesh, used: Sequence[int], count: int) -> list[dict[str, Any]]:
    """Write a mesh, and describe what is drawn with each material."""
    attributes = {
        "POSITION": writer.attribute(y_up(mesh.positions), bounds=True),
        "NORMAL": writer.attribute(y_up(mesh.normals), normalized=True),
        "_FEATURE_ID_0": writer.attribute(_feature_ids(mesh.features, count)),
    }
    if mesh.uv is not None:
        attributes["TEXCOORD_0"] = writer.attribute(v_down(mesh.uv))
    shown = len(np.unique(mesh.features))
    features = {"featureIds": [{"featureCount": shown, "attribute": 0, "propertyTable": 0}]}
    return [
        {
            "attributes": attributes,
            "indices": writer.indices(mesh.faces[mesh.parts == part], len(mesh.positions)),
            "material": material,
            "extensions": {"EXT_mesh_features": features},
        }
        for material, part in enumerate(used)
        if (mesh.parts == part).any()
    ]


def y_up(vectors: NDArray[Any]) -> NDArray[Any]:
    """East, north, up as glTF has them: x east, y up, z south."""
    return np.ascontiguousarray(np.stack((vectors[:, 0], vectors[:, 2], -vectors[:, 1]), axis=1))


def _feature_ids(features: NDArray[np.int32], count: int) -> NDArray[Any]:
    # Vertex attributes know no 32-bit integers; float32 tells numbers apart up to 2^24.
    return features.astype(np.uint16 if count <= 1 << 16 else np.float32)


def v_down(uv: NDArray[np.float32]) -> NDArray[np.float32]:
    """Texture coordinates counted from the image's top, as glTF has them, from its bottom; and the inverse."""
    return np.ascontiguousarray(np.stack((uv[:, 0], 1 - uv[:, 1]), axis=1))


def _materials(writer: GlbWriter, materials: Sequence[Material], *, double_sided: bool) -> dict[str, Any]:
    """Materials, and the images that they need."""
    images = [each.image for each in materials if each.image is not None]
    described, texture = [], 0
    for each in materials:
        surface: dict[str, Any] = {"baseColorFactor": [*each.colour, 1.0], **MATT}
        if each.image is not None:
            surface["baseColorTexture"] = {"index": texture}
            texture += 1
        material = {"name": each.name, "pbrMetallicRoughness": surface}
        described.append({**material, "doubleSided": True} if double_sided else material)
    if not images:
        return {"materials": described}
    return {
        "materials": described,
        "textures": [{"source": source, "sampler": 0} for source in range(len(images))],
        "images": [{"bufferView": writer.view(each.content), "mimeType": each.media_type} for each in images],
        "samplers": [SMOOTH],
    }
