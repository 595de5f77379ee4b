"""Tilesets of others: which files they name, and where on the Earth they are."""

import json
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin_model.errors import TwinModelError
from twin_model.geocentric import SEMI_MAJOR_M, from_geocentric
from twin_model.tile_region import Region, from_radians

VERSIONS = ("1.0", "1.1")
URI_KEYS = ("uri", "url", "schemaUri")
OPAQUE = ("extras",)
"""Members whose content belongs to nobody's format."""
OUTSIDE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\)")
"""Begins with a scheme or a host."""
NEAR_EARTH = 0.9
"""A place nearer to the Earth's centre than this share of its radius is no place on it."""
_GLB = re.compile(rb"glTF[\x01\x02]\0\0\0")
_GLB_LENGTH, _GLB_HEAD = 12, 20
"""Where the length of a GLB's JSON stands and where its JSON begins, in both versions of GLB."""
_I3DM = struct.Struct("<4s7I")
_SUBTREE_HEAD = 24
_TEMPLATE = re.compile(r"\\\{(?:level|x|y|z)\\\}")


class TilesetError(TwinModelError):
    """A tileset that is none; the message says where and why."""


def read_json(name: str, content: bytes) -> dict[str, Any]:
    """JSON object of a file.

    Raises
    ------
    TilesetError
        If it is none.
    """
    try:
        tree = json.loads(content)
    except RecursionError as error:
        raise TilesetError(f"{name}: nested too deep to be read") from error
    except json.JSONDecodeError as error:
        raise TilesetError(f"{name}: no JSON, line {error.lineno}, column {error.colno}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise TilesetError(f"{name}: not in UTF-8, byte {error.start}") from error
    if not isinstance(tree, dict):
        raise TilesetError(f"{name}: not an object")
    return tree


def check_tileset(name: str, tree: Mapping[str, Any]) -> None:
    """Check what every tileset must have.

    Raises
    ------
    TilesetError
        If it is missing or of another kind.
    """
    asset, root = tree.get("asset"), tree.get("root")
    if not isinstance(asset, dict) or asset.get("version") not in VERSIONS:
        raise TilesetError(f"{name}: asset.version is not one of {', '.join(VERSIONS)}")
    if not isinstance(root, dict):
        raise TilesetError(f"{name}: there is no root tile")
    for where, holder in (("geometricError", tree), ("root.geometricError", root)):
        if not isinstance(holder.get("geometricError"), int | float) or holder["geometricError"] < 0:
            raise TilesetError(f"{name}: {where} is not a number of metres")
    if not isinstance(root.get("boundingVolume"), dict):
        raise TilesetError(f"{name}: root.boundingVolume is missing")


def uris(tree: object) -> Iterator[str]:
    """Every address that a tileset, a glTF or a subtree names, less the data that it holds itself."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in URI_KEYS and isinstance(inner, str):
                    if not inner.startswith("data:"):
                        yield inner
                elif key not in OPAQUE:
                    waiting.append(inner)
        elif isinstance(value, list):
            waiting.extend(value)


def is_outside(uri: str) -> bool:
    """Whether an address leads to another server, or from the root of this one or of the disk."""
    return bool(OUTSIDE.match(uri)) or uri.startswith(("/", "\\"))


def template(uri: str) -> re.Pattern[str] | None:
    """Pattern of the files that a template of implicit tiling stands for, or None for a plain address."""
    escaped = re.escape(uri)
    pattern = _TEMPLATE.sub(r"\\d+", escaped)
    return re.compile(pattern) if pattern != escaped else None


def trees_within(name: str, content: bytes) -> Iterator[dict[str, Any]]:
    """JSON that a content holds: of a glTF, of each GLB in it (as in b3dm, i3dm and cmpt), of a subtree.

    Raises
    ------
    TilesetError
        If a part of it cannot be read.
    """
    if name.lower().endswith((".json", ".gltf")):
        yield read_json(name, content)
        return
    if content[:4] == b"subt":
        (length,) = struct.unpack_from("<Q", content, 8)
        yield read_json(name, content[_SUBTREE_HEAD : _SUBTREE_HEAD + length])
        return
    if content[:4] == b"i3dm" and len(content) >= _I3DM.size:
        *_, end, first, second, third, fourth, embedded = _I3DM.unpack_from(content)
        if not embedded:
            yield {
                "uri": content[_I3DM.size + first + second + third + fourth : end]
                .decode("utf-8", "replace")
                .strip("\0 ")
            }
    for found in _GLB.finditer(content):
        start = found.start()
        (length,) = struct.unpack_from("<I", content.ljust(start + _GLB_HEAD, b"\0"), start + _GLB_LENGTH)
        yield read_json(name, content[start + _GLB_HEAD : start + _GLB_HEAD + length])


def root_region(tree: Mapping[str, Any]) -> Region | None:
    """Where the root tile is; None if that is no place on the Earth.

    Parameters
    ----------
    tree : mapping
        A tileset that `check_tileset` took.

    Raises
    ------
    TilesetError
        If the bounding volume is none.
    """
    root = tree["root"]
    volume = root["boundingVolume"]
    kind = next((each for each in ("region", "box", "sphere") if each in volume), None)
    try:
        values = np.array(volume[kind], dtype=np.float64) if kind else np.zeros(0)
        matrix = np.array(root.get("transform", np.eye(4).T.ravel()), dtype=np.float64).reshape(4, 4).T
    except (ValueError, TypeError) as error:
        raise TilesetError("root: the bounding volume or the transform holds something else than numbers") from error
    if len(values) != {"region": 6, "box": 12, "sphere": 4}.get(kind or "", -1) or not np.isfinite(values).all():
        raise TilesetError("root: the bounding volume is no region, box or sphere of finite numbers")
    if kind == "region":
        return from_radians(values.tolist())
    corners = _corners(values if kind == "box" else np.concatenate((values[:3], *(np.eye(3) * values[3]))))
    placed = corners @ matrix[:3, :3].T + matrix[:3, 3]
    if (np.linalg.norm(placed, axis=1) < NEAR_EARTH * SEMI_MAJOR_M).any():
        return None
    places = from_geocentric(placed)
    (west, south, low), (east, north, high) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return Region(west, south, east, north, low, high)


def _corners(box: NDArray[np.float64]) -> NDArray[np.float64]:
    signs = np.array([(a, b, c) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
    return np.asarray(box[:3] + signs @ box[3:].reshape(3, 3))
