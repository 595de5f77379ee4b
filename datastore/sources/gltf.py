"""glTF 2.0 and GLB models: the triangles of their scene with texture coordinates and images."""

import base64
import binascii
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from datastore.sources.errors import SourceError
from datastore.sources.texture_file import NoTexture, texture_place

_MAGIC, _JSON_CHUNK, _BIN_CHUNK = b"glTF", b"JSON", b"BIN\0"
_COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_READ = {"KHR_mesh_quantization", "KHR_materials_unlit", "KHR_texture_transform", "EXT_texture_webp"}
"""Extensions that a file may require."""
_DEEPEST = 200


@dataclass(frozen=True)
class GltfModel:
    """Triangles of a scene, each with corners of its own.

    Parameters
    ----------
    corners : (m, 3, 3) float64
        Positions of the corners of each triangle, y up.
    uv : (m, 3, 2) float64
        Texture coordinates, v up; not-a-number without any.
    texture : (m,) int32
        Position in `images` of each triangle's image; -1 without one.
    images : tuple of str
        Names of the images: paths, or ``image-<n>`` for one in the file.
    embedded : mapping of str to bytes
        Images that are in the file.
    """

    corners: NDArray[np.float64]
    uv: NDArray[np.float64]
    texture: NDArray[np.int32]
    images: tuple[str, ...]
    embedded: Mapping[str, bytes] = field(default_factory=dict)


def read_gltf(path: Path) -> GltfModel:
    """Read a glTF or GLB file.

    Parameters
    ----------
    path : Path
        The file; buffers that it names are read from its own folder only.

    Raises
    ------
    SourceError
        If it is broken, needs an extension that is not read, or names a buffer outside its folder.
    """
    raw = path.read_bytes()
    try:
        text, binary = _chunks(raw) if raw[:4] == _MAGIC else (raw, None)
        document = json.loads(text)
        _check(document, path.name)
        buffers = [_buffer(each, binary, path) for each in document.get("buffers", [])]
        return _model(document, buffers)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{path.name}: broken JSON in line {error.lineno}, column {error.colno}; export it again"
        ) from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, UnicodeDecodeError, struct.error) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path.name}: not a glTF model that can be read ({error}); export it again") from None


def _chunks(raw: bytes) -> tuple[bytes, bytes | None]:
    version, length = struct.unpack_from("<II", raw, 4)
    if version != 2 or length > len(raw):  # noqa: PLR2004 - the only version there is
        raise ValueError("a GLB of version 2 that is all there is wanted")
    text, binary, at = b"", None, 12
    while at + 8 <= length:
        size = struct.unpack_from("<I", raw, at)[0]
        kind, body = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + size]
        if kind == _JSON_CHUNK:
            text = body
        elif kind == _BIN_CHUNK and binary is None:
            binary = body
        at += 8 + size + (-size % 4)
    return text, binary


def _check(document: Any, name: str) -> None:  # noqa: ANN401 - any JSON
    version = str(document["asset"]["version"])
    if not version.startswith("2."):
        raise SourceError(f"{name}: glTF version {version[:20]} is not read; export it as glTF 2.0")
    needed = sorted(set(document.get("extensionsRequired", [])) - _READ)
    if needed:
        raise SourceError(f"{name}: it needs {', '.join(needed)}, which is not read; export it without compression")


def _buffer(buffer: Mapping[str, Any], binary: bytes | None, path: Path) -> bytes:
    uri = buffer.get("uri")
    if uri is None:
        if binary is None:
            raise ValueError("its binary chunk is not there")
        return binary
    data = _data_uri(uri)
    if data is not None:
        return data
    place = texture_place(path.parent, unquote(uri))
    if isinstance(place, NoTexture):
        raise SourceError(f"{path.name}: its buffer {uri[:120]!r} is {place.why}; put it beside the model")
    try:
        return place.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: its buffer {uri[:120]!r} cannot be read ({error.strerror})") from None


def _data_uri(uri: str) -> bytes | None:
    if not uri.startswith("data:"):
        return None
    try:
        return base64.b64decode(uri.partition(",")[2], validate=True)
    except binascii.Error as error:
        raise ValueError(f"a data URI is broken: {error}") from None


def _model(document: Mapping[str, Any], buffers: Sequence[bytes]) -> GltfModel:
    names, embedded = _images(document, buffers)
    corners, uvs, textures = [np.zeros((0, 3, 3))], [np.zeros((0, 3, 2))], [np.zeros(0, dtype=np.int32)]
    for mesh, matrix in _placed_meshes(document):
        for primitive in document["meshes"][mesh]["primitives"]:
            attributes = primitive["attributes"]
            positions = _accessor(document, buffers, attributes["POSITION"])
            faces = _faces(document, buffers, primitive, len(positions))
            image = _image_of(document, primitive)
            uv = np.full((len(positions), 2), np.nan)
            if image >= 0 and "TEXCOORD_0" in attributes:
                uv = _accessor(document, buffers, attributes["TEXCOORD_0"]) * (1, -1) + (0, 1)
            moved = positions @ matrix[:3, :3].T + matrix[:3, 3]
            mirrored = np.linalg.det(matrix[:3, :3]) < 0
            turned = faces[:, ::-1] if mirrored else faces
            corners.append(moved[turned])
            uvs.append(uv[turned])
            textures.append(np.full(len(faces), image, dtype=np.int32))
    return GltfModel(np.concatenate(corners), np.concatenate(uvs), np.concatenate(textures), names, embedded)


def _placed_meshes(document: Mapping[str, Any]) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Meshes of the scene with the matrix that places each."""
    nodes = document.get("nodes", [])
    scenes = document.get("scenes", [])
    roots = scenes[document.get("scene", 0)].get("nodes", []) if scenes else _roots(nodes)
    waiting = [(root, np.eye(4), 0) for root in reversed(roots)]
    while waiting:
        at, above, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError("its nodes hold one another in a circle")
        matrix = above @ _matrix(nodes[at])
        if "mesh" in nodes[at]:
            yield nodes[at]["mesh"], matrix
        waiting += [(child, matrix, depth + 1) for child in reversed(nodes[at].get("children", []))]


def _roots(nodes: Sequence[Mapping[str, Any]]) -> list[int]:
    below = {child for node in nodes for child in node.get("children", [])}
    return [at for at in range(len(nodes)) if at not in below]


def _matrix(node: Mapping[str, Any]) -> NDArray[np.float64]:
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    x, y, z, w = np.array(node.get("rotation", (0, 0, 0, 1)), dtype=np.float64)
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= np.array(node.get("scale", (1, 1, 1)), dtype=np.float64)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def _faces(
    document: Mapping[str, Any], buffers: Sequence[bytes], primitive: Mapping[str, Any], count: int
) -> NDArray[np.int64]:
    """(m, 3) corners of the triangles of a primitive; none of points and lines."""
    mode = primitive.get("mode", _TRIANGLES)
    if mode not in (_TRIANGLES, _STRIP, _FAN):
        return np.zeros((0, 3), dtype=np.int64)
    index = np.arange(count)
    if "indices" in primitive:
        index = _accessor(document, buffers, primitive["indices"])[:, 0].astype(np.int64)
    if len(index) and index.max() >= count:
        raise ValueError(f"a triangle names vertex {index.max()} of {count}")
    if mode == _TRIANGLES:
        return index[: len(index) // 3 * 3].reshape(-1, 3)
    step = np.arange(max(len(index) - 2, 0))
    if mode == _FAN:
        return np.column_stack((index[np.zeros_like(step)], index[step + 1], index[step + 2]))
    odd = step % 2
    return np.column_stack((index[step], index[step + 1 + odd], index[step + 2 - odd]))


def _accessor(document: Mapping[str, Any], buffers: Sequence[bytes], at: int) -> NDArray[np.float64]:
    """(n, k) values of an accessor."""
    accessor = document["accessors"][at]
    if "sparse" in accessor:
        raise ValueError("sparse accessors are not read")
    kind, width, count = np.dtype(_COMPONENTS[accessor["componentType"]]), _WIDTHS[accessor["type"]], accessor["count"]
    if "bufferView" not in accessor:
        return np.zeros((count, width))
    view = document["bufferViews"][accessor["bufferView"]]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    stride = view.get("byteStride") or kind.itemsize * width
    buffer = buffers[view["buffer"]]
    if count < 0 or start < 0 or (count and start + stride * (count - 1) + kind.itemsize * width > len(buffer)):
        raise ValueError(f"accessor {at} reaches beyond its buffer")
    values = np.ndarray((count, width), kind, buffer, start, (stride, kind.itemsize)).astype(np.float64)
    return values / np.iinfo(kind).max if accessor.get("normalized") and kind.kind in "iu" else values


def _images(document: Mapping[str, Any], buffers: Sequence[bytes]) -> tuple[tuple[str, ...], dict[str, bytes]]:
    """Names of the images, and those that are in the file."""
    names, embedded = [], {}
    for at, image in enumerate(document.get("images", [])):
        uri = image.get("uri")
        inside = _data_uri(uri) if uri is not None else _view(document, buffers, image["bufferView"])
        names.append(unquote(uri) if inside is None else f"image-{at}")
        if inside is not None:
            embedded[names[-1]] = inside
    return tuple(names), embedded


def _view(document: Mapping[str, Any], buffers: Sequence[bytes], at: int) -> bytes:
    view = document["bufferViews"][at]
    start = view.get("byteOffset", 0)
    return bytes(buffers[view["buffer"]][start : start + view["byteLength"]])


def _image_of(document: Mapping[str, Any], primitive: Mapping[str, Any]) -> int:
    """Image of a primitive's material; -1 without one."""
    if "material" not in primitive:
        return -1
    material = document["materials"][primitive["material"]]
    texture = material.get("pbrMetallicRoughness", {}).get("baseColorTexture", {}).get("index")
    if texture is None:
        return -1
    found = document["textures"][texture]
    webp = found.get("extensions", {}).get("EXT_texture_webp", {}).get("source")
    return int(found.get("source", -1) if webp is None else webp)
