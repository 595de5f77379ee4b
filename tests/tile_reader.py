"""Reads exported tilesets as another client would, with pyproj in place of our own geodesy."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from twin_model.geocentric import frame_axes, to_geocentric
from twin_model.glb import read_glb
from twin_model.tile_mesh import Anchor

TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
TO_GEOGRAPHIC = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)


@dataclass(frozen=True)
class Content:
    """A GLB: its glTF and binary chunk."""

    tree: dict[str, Any]
    body: bytes

    @property
    def meshes(self) -> list[dict[str, Any]]:
        """By node."""
        return [self.tree["meshes"][node["mesh"]] for node in self.tree["nodes"]]

    @property
    def primitives(self) -> list[dict[str, Any]]:
        return [primitive for mesh in self.meshes for primitive in mesh["primitives"]]

    def accessor(self, index: int) -> NDArray[Any]:
        accessor = self.tree["accessors"][index]
        view = self.tree["bufferViews"][accessor["bufferView"]]
        kind, width = np.dtype(TYPES[accessor["componentType"]]), WIDTHS[accessor["type"]]
        stride = view.get("byteStride", kind.itemsize * width)
        rows = np.frombuffer(self.body, np.uint8, accessor["count"] * stride, view["byteOffset"]).reshape(-1, stride)
        return np.ascontiguousarray(rows[:, : kind.itemsize * width]).view(kind)

    def attribute(self, name: str) -> NDArray[Any]:
        """Values of the vertices of all meshes, as they are written."""
        return np.concatenate([self.accessor(mesh["primitives"][0]["attributes"][name]) for mesh in self.meshes])

    def column(self, name: str) -> list[Any]:
        table = self.tree["extensions"]["EXT_structural_metadata"]["propertyTables"][0]
        cls = self.tree["extensions"]["EXT_structural_metadata"]["schema"]["classes"][table["class"]]
        described, written = cls["properties"][name], table["properties"].get(name)
        if written is None:
            return [described["noData"]] * table["count"]
        values = self._view(written["values"])
        if described["type"] == "STRING":
            kind = {"UINT16": "<u2", "UINT32": "<u4"}[written["stringOffsetType"]]
            offsets = np.frombuffer(self._view(written["stringOffsets"]), kind).tolist()
            return [values[a:b].decode() for a, b in itertools.pairwise(offsets)]
        if described["type"] == "ENUM":
            words = self.tree["extensions"]["EXT_structural_metadata"]["schema"]["enums"][name]["values"]
            return [words[code]["name"] for code in values]
        numbers = {"FLOAT32": "<f4", "FLOAT64": "<f8", "UINT16": "<u2", "UINT32": "<u4"}
        return np.frombuffer(values, numbers[described["componentType"]]).tolist()

    def metres(self) -> NDArray[np.float64]:
        """Vertices in metres east, north, up of the tileset's origin."""
        found = []
        for node, mesh in zip(self.tree["nodes"], self.meshes, strict=True):
            raw = self.accessor(mesh["primitives"][0]["attributes"]["POSITION"]).astype(np.float64)
            x, y, z = (raw * node["scale"] + node["translation"]).T
            found.append(np.stack((x, -z, y), axis=1))
        return np.concatenate(found)

    def triangles(self) -> NDArray[np.int64]:
        """Corners of all meshes' triangles, counted in `attribute`."""
        found, start = [], 0
        for mesh in self.meshes:
            found += [start + self.accessor(each["indices"]).reshape(-1, 3) for each in mesh["primitives"]]
            start += len(self.accessor(mesh["primitives"][0]["attributes"]["POSITION"]))
        return np.concatenate(found)

    def _view(self, index: int) -> bytes:
        view = self.tree["bufferViews"][index]
        return self.body[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]


def anchor_at(lon: float, lat: float) -> Anchor:
    return Anchor(to_geocentric(np.array([[lon, lat, 0.0]]))[0], frame_axes(lon, lat))


def content_of(data: bytes) -> Content:
    return Content(*read_glb(data))


@dataclass(frozen=True)
class Read:
    """A tileset in a directory."""

    folder: Path
    tree: dict[str, Any]

    @property
    def matrix(self) -> NDArray[np.float64]:
        return np.array(self.tree["root"]["transform"]).reshape(4, 4).T

    def tiles(self, tile: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        tile = tile or self.tree["root"]
        yield tile
        for child in tile.get("children", ()):
            yield from self.tiles(child)

    def content(self, tile: dict[str, Any]) -> Content:
        return content_of((self.folder / tile["content"]["uri"]).read_bytes())

    def places(self, content: Content) -> NDArray[np.float64]:
        """Longitude, latitude (degrees) and height of a content's vertices."""
        metres = content.metres() @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        return np.stack(TO_GEOGRAPHIC.transform(*metres.T), axis=1)


def read_tileset(folder: Path) -> Read:
    return Read(folder, json.loads((folder / "tileset.json").read_text(encoding="utf-8")))
