"""Single models with a placement: glTF, GLB, OBJ, STL and PLY, each one building."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray

from datastore.sources.city_file import CityFile, CityObjects
from datastore.sources.errors import SourceError
from datastore.sources.gltf import GltfModel, read_gltf
from datastore.sources.placement_file import PlacedModel, read_placement
from twin_model.city_object import CityObject, LodGeometry
from twin_model.crs import STORED_CRS
from twin_model.placement import placed

_GLTF, _PLAIN = (".glb", ".gltf"), (".obj", ".stl", ".ply")
MODELS = (*_GLTF, *_PLAIN)
"""Endings of models."""


def placement_of(path: Path, asked: Path | None) -> Path:
    """Where the placement of a model is written: what the user named, else its name with ``.toml``."""
    return asked or path.with_suffix(".toml")


def open_model(path: Path, placement: Path | None, crs: str | None) -> CityFile:
    """Read a model and its placement.

    Parameters
    ----------
    path : Path
        The model.
    placement : Path, optional
        Its placement; default: the model's name with ``.toml``.
    crs : str, optional
        Reference system of the place, over what the placement says.

    Raises
    ------
    SourceError
        If either cannot be read, or the model has no triangle.
    """
    gltf = path.suffix.lower() in _GLTF
    said = read_placement(placement_of(path, placement), crs, "y" if gltf else "z")
    model = read_gltf(path) if gltf else _read_plain(path)
    if not len(model.corners):
        raise SourceError(f"{path.name}: there is no triangle in it; export its surfaces")
    if not np.isfinite(model.corners).all():
        raise SourceError(f"{path.name}: a position is not three finite numbers; export it again")

    def objects(progress: Callable[[float], None]) -> CityObjects:
        yield _building(path, model, said)
        progress(1.0)

    name = path.suffix[1:].upper() if not gltf else "glTF 2.0"
    return CityFile(name, STORED_CRS, objects, embedded=model.embedded, placed_in=said.crs)


def _building(path: Path, model: GltfModel, said: PlacedModel) -> CityObject:
    count = len(model.corners)
    used = sorted(set(model.texture[model.texture >= 0].tolist()))
    place = np.full(max(len(model.images), 1) + 1, -1, dtype=np.int32)
    place[used] = np.arange(len(used))
    body = LodGeometry(
        said.lod,
        placed(model.corners.reshape(-1, 3), said.placement),
        np.arange(count + 1) * 3,
        np.arange(count + 1),
        np.zeros(count, dtype=np.uint8),
        solid=True,
        images=tuple(model.images[at] for at in used),
        texture=place[model.texture] if used else None,
        uv=model.uv.reshape(-1, 2) if used else None,
    )
    return CityObject(
        said.code or path.stem,
        "Building",
        1,
        said.attributes,
        said.name,
        said.address,
        (body,),
        code=said.code,
    )


def _read_plain(path: Path) -> GltfModel:
    """OBJ, STL or PLY; materials are not read, so that no other file is opened."""
    kind = path.suffix.lower()[1:]
    options: dict[str, Any] = {"skip_materials": True} if kind == "obj" else {}
    try:
        found = trimesh.load_mesh(BytesIO(path.read_bytes()), file_type=kind, process=False, **options)
        mesh = found.to_mesh() if isinstance(found, trimesh.Scene) else found
        corners = np.asarray(mesh.vertices, dtype=np.float64)[np.asarray(mesh.faces, dtype=np.int64)]
    except Exception as error:  # noqa: BLE001 - a broken file may break the reader anywhere
        raise SourceError(f"{path.name}: not a model that can be read ({error}); export it again") from None
    return GltfModel(corners.reshape(-1, 3, 3), _no_uv(len(corners)), np.full(len(corners), -1, dtype=np.int32), ())


def _no_uv(count: int) -> NDArray[np.float64]:
    return np.full((count, 3, 2), np.nan)
