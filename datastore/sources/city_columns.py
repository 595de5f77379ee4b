"""Rows of the store for the objects of a city model."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.sources.area_index import AreaIndex
from datastore.sources.buildings import USE_OF
from datastore.sources.fields import COMMON_NAMES
from datastore.sources.options import CityOptions
from twin_model.building import building_heights
from twin_model.building_model import BuildingModel
from twin_model.city_object import CityObject, lod_number
from twin_model.mesh_tile import tile_of

FLAT_M = 0.5
"""A shape that is lower has no height of its own: a roof's outline, a plate, metres."""

_LEVELS = ("storeysaboveground", *COMMON_NAMES["building.levels"])
_USES = ("use", "usage", "function", "building:use", "用途")
_NOT_PLAIN = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True)
class Placed:
    """A building on its way into the store.

    Parameters
    ----------
    building_id : int
        Its key.
    code : str
        Unique in the store.
    thing : CityObject
        As read.
    footprint : shapely geometry
        EPSG:4490.
    footprint_m2 : float
        Its area.
    models : tuple of BuildingModel
        LoDs upwards; none where it came without a shape.
    """

    building_id: int
    code: str
    thing: CityObject
    footprint: Any
    footprint_m2: float
    models: tuple[BuildingModel, ...]

    @property
    def best(self) -> BuildingModel | None:
        """Model of the highest LoD above 0; None where there is none that stands up."""
        solid = [model for model in self.models if lod_number(model.lod) > 0 and model.height_m >= FLAT_M]
        return solid[-1] if solid else None


def code_of(dataset: str, ref: str) -> str:
    """Code of a building: the data set and the source's id, without signs that an address would have to escape."""
    return f"{dataset}-{_NOT_PLAIN.sub('-', ref).strip('-') or 'building'}"


def building_table(placed: Sequence[Placed], options: CityOptions, index: AreaIndex) -> pa.Table:
    """Rows of ``building``."""
    best = [each.best for each in placed]
    given = [_lower(each.thing.attributes) for each in placed]
    heights = [
        model.height_m if model else _found(said, options.height_field, COMMON_NAMES["building.height"])
        for model, said in zip(best, given, strict=True)
    ]
    levels = [_found(said, options.levels_field, _LEVELS) for said in given]
    found = building_heights(np.array([each.footprint_m2 for each in placed]), _objects(heights), _objects(levels))
    source = np.where([model is not None for model in best], "model", found.source.astype(str))
    source = np.where(found.refused != "", found.source.astype(str), source)
    point = shapely.point_on_surface(np.array([each.footprint for each in placed], dtype=object))
    lon, lat = shapely.get_x(point), shapely.get_y(point)
    return pa.table(
        {
            "building_id": pa.array([each.building_id for each in placed], pa.int32()),
            "code": pa.array([each.code for each in placed], pa.string()),
            "name": pa.array(
                [
                    _text(_found(said, options.name_field, ())) or each.thing.name
                    for each, said in zip(placed, given, strict=True)
                ],
                pa.string(),
            ),
            "use": pa.array([_use(_found(said, options.use_field, _USES)) for said in given], pa.string()),
            "height_m": pa.array(found.height_m, pa.float32()),
            "height_source": pa.array(source.tolist(), pa.string()),
            "storeys": pa.array(found.storeys, pa.int16()),
            "footprint_m2": pa.array([each.footprint_m2 for each in placed], pa.float32()),
            "lon": pa.array(lon),
            "lat": pa.array(lat),
            **index.keys(lon, lat),
            "geom": pa.array([shapely.to_wkb(each.footprint) for each in placed], pa.binary()),
        }
    )


def detail_table(placed: Sequence[Placed]) -> pa.Table:
    """Rows of ``building_detail``."""
    bases = [each.best or next(iter(each.models), None) for each in placed]
    return pa.table(
        {
            "building_id": pa.array([each.building_id for each in placed], pa.int32()),
            "source_ref": pa.array([each.thing.source_ref for each in placed], pa.string()),
            "address": pa.array([each.thing.address for each in placed], pa.string()),
            "base_m": pa.array([None if model is None else model.frame.base_m for model in bases], pa.float64()),
            "attributes": pa.array(
                [json.dumps(each.thing.attributes, ensure_ascii=False, default=str) for each in placed], pa.string()
            ),
        }
    )


def model_table(placed: Sequence[Placed], texture_id: Mapping[str, int]) -> pa.Table:
    """Rows of ``building_model``.

    Parameters
    ----------
    placed : sequence of Placed
        Buildings.
    texture_id : mapping
        Path of a texture -> its key; -1 for one that was not taken.
    """
    rows = [(each, model) for each in placed for model in each.models]
    points = shapely.point_on_surface(np.array([each.footprint for each, _ in rows], dtype=object))
    textures = [_texture_columns(model, texture_id) for _, model in rows]
    models = [model for _, model in rows]
    return pa.table(
        {
            "building_id": pa.array([each.building_id for each, _ in rows], pa.int32()),
            "lod": pa.array([model.lod for model in models], pa.string()),
            "tile": pa.array(tile_of(shapely.get_x(points), shapely.get_y(points)), pa.int32()),
            "lon": pa.array([model.frame.lon for model in models], pa.float64()),
            "lat": pa.array([model.frame.lat for model in models], pa.float64()),
            "base_m": pa.array([model.frame.base_m for model in models], pa.float64()),
            "vertices": pa.array([_bytes(model.mesh.vertices, "<f4") for model in models], pa.binary()),
            "faces": pa.array([_bytes(model.mesh.faces, "<u4") for model in models], pa.binary()),
            "surfaces": pa.array([_bytes(model.mesh.surfaces, "u1") for model in models], pa.binary()),
            "texture_ids": pa.array([ids for ids, _ in textures], pa.binary()),
            "uv": pa.array([uv for _, uv in textures], pa.binary()),
            "state": pa.array([model.report.state for model in models], pa.string()),
            "reason": pa.array([model.report.reason for model in models], pa.string()),
            "watertight": pa.array([bool(model.report.watertight) for model in models], pa.bool_()),
            "volume_m3": pa.array([model.report.volume_m3 for model in models], pa.float64()),
            "surface_m2": pa.array([model.report.surface_m2 for model in models], pa.float64()),
        }
    )


def _texture_columns(model: BuildingModel, texture_id: Mapping[str, int]) -> tuple[bytes | None, bytes | None]:
    if model.texture is None or model.uv is None:
        return None, None
    keys = np.array([*(texture_id[image] for image in model.images), -1], dtype=np.int32)
    ids = keys[model.texture]
    return (_bytes(ids, "<i4"), _bytes(model.uv, "<f4")) if (ids >= 0).any() else (None, None)


def _bytes(values: NDArray[Any], kind: str) -> bytes:
    return np.ascontiguousarray(values, dtype=kind).tobytes()


def _objects(values: Sequence[object]) -> NDArray[Any]:
    # The extra entry keeps numpy from making a number array of it.
    return np.array([*values, None], dtype=object)[:-1]


def _lower(attributes: Mapping[str, object]) -> dict[str, object]:
    return {str(key).lower(): value for key, value in attributes.items()}


def _found(said: Mapping[str, object], asked: str | None, names: Sequence[str]) -> object:
    """Value of the attribute that the user named, else of the first common name that is there."""
    if asked is not None:
        return said.get(asked.lower())
    return next((said[name] for name in names if not isinstance(said.get(name), (type(None), list, dict))), None)


def _text(value: object) -> str | None:
    return str(value).strip() or None if isinstance(value, (str, int, float)) else None


def _use(value: object) -> str | None:
    """Use in the store's words; a code of a code list that is not known here says nothing."""
    word = _text(value)
    if word is None or not any(letter.isalpha() for letter in word) or any(letter.isdigit() for letter in word):
        return None
    return USE_OF.get(word.lower(), "other")
