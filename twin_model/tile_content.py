"""Contents of tiles: a GLB whose features carry ids (EXT_mesh_features) and a table of what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.glb import GlbWriter
from twin_model.property_table import PropertyClass, property_table, schema
from twin_model.tile_mesh import TileMesh

GENERATOR = "citydeck"
MATT = {"metallicFactor": 0.0, "roughnessFactor": 0.9}


@dataclass(frozen=True)
class Material:
    """How a part is drawn.

    Parameters
    ----------
    name : str
        For people.
    colour : tuple of float
        Red, green, blue, linear, 0 to 1.
    """

    name: str
    colour: tuple[float, float, float]


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
    drawn = [{"primitives": _primitives(writer, each, used, rows.num_rows)} for each in meshes]
    table = property_table(writer, cls, rows)
    return writer.file(
        {
            "asset": {"version": "2.0", "generator": GENERATOR, "copyright": copyright_text},
            "extensionsUsed": ["EXT_mesh_features", "EXT_structural_metadata", "KHR_mesh_quantization"],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "extensions": {"EXT_structural_metadata": {"schema": schema(cls), "propertyTables": [table]}},
            "scene": 0,
            "scenes": [{"nodes": list(range(len(meshes)))}],
            "nodes": [_node(number, each) for number, each in enumerate(meshes)],
            "meshes": drawn,
            "materials": [_material(materials[part], double_sided=double_sided) for part in used],
        }
    )


def _node(number: int, mesh: TileMesh) -> dict[str, Any]:
    return {"mesh": number, "translation": y_up(mesh.origin[None])[0].tolist(), "scale": [mesh.step_m] * 3}


def _primitives(writer: GlbWriter, mesh: TileMesh, used: Sequence[int], count: int) -> list[dict[str, Any]]:
    """Write a mesh, and describe what is drawn with each material."""
    attributes = {
        "POSITION": writer.attribute(y_up(mesh.positions), bounds=True),
        "NORMAL": writer.attribute(y_up(mesh.normals), normalized=True),
        "_FEATURE_ID_0": writer.attribute(_feature_ids(mesh.features, count)),
    }
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


def z_up(vectors: NDArray[Any]) -> NDArray[Any]:
    """East, north, up of glTF's axes; the inverse of `y_up`."""
    return np.ascontiguousarray(np.stack((vectors[:, 0], -vectors[:, 2], vectors[:, 1]), axis=1))


def _feature_ids(features: NDArray[np.int32], count: int) -> NDArray[Any]:
    # Vertex attributes know no 32-bit integers; float32 tells numbers apart up to 2^24.
    return features.astype(np.uint16 if count <= 1 << 16 else np.float32)


def _material(material: Material, *, double_sided: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": material.name,
        "pbrMetallicRoughness": {"baseColorFactor": [*material.colour, 1.0], **MATT},
    }
    return {**described, "doubleSided": True} if double_sided else described
