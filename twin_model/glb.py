"""GLB files: one glTF 2.0 asset in one binary file."""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 8
"""Buffer views begin at multiples of this, as EXT_structural_metadata asks; glTF itself asks for 4."""
ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
COMPONENT_TYPES = {
    np.dtype(np.int8): 5120,
    np.dtype(np.uint8): 5121,
    np.dtype(np.int16): 5122,
    np.dtype(np.uint16): 5123,
    np.dtype(np.uint32): 5125,
    np.dtype(np.float32): 5126,
}
SIZES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
_HEAD = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")


class GlbWriter:
    """Collects accessors and buffer views, and puts them into a file with the rest of the asset."""

    def __init__(self) -> None:
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, Any]] = []
        self._body = bytearray()

    def view(self, content: bytes | memoryview, **keys: int) -> int:
        """Add bytes as a buffer view.

        Returns
        -------
        int
            Index of the buffer view.
        """
        self._body += b"\0" * (-len(self._body) % ALIGNMENT)
        self.views.append({"buffer": 0, "byteOffset": len(self._body), "byteLength": len(content), **keys})
        self._body += content
        return len(self.views) - 1

    def attribute(self, values: NDArray[Any], *, normalized: bool = False, bounds: bool = False) -> int:
        """Add a vertex attribute.

        Parameters
        ----------
        values : (n,) or (n, k) array
            Of a type in `COMPONENT_TYPES`; rows are filled up to multiples of four bytes.
        normalized : bool
            Whether integers stand for 0 … 1 or -1 … 1.
        bounds : bool
            Whether to state the least and the greatest value, as positions must.

        Returns
        -------
        int
            Index of the accessor.
        """
        rows = values.reshape(len(values), -1)
        width = rows.shape[1] * rows.itemsize
        stride = width + -width % 4
        padded = np.zeros((len(rows), stride), dtype=np.uint8)
        padded[:, :width] = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), width)
        view = self.view(padded.tobytes(), byteStride=stride, target=ARRAY_BUFFER)
        accessor = self._accessor(view, rows)
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor["min"], accessor["max"] = rows.min(axis=0).tolist(), rows.max(axis=0).tolist()
        return len(self.accessors) - 1

    def indices(self, faces: NDArray[np.integer], vertices: int) -> int:
        """Add triangles, in the smallest type that reaches every vertex.

        Parameters
        ----------
        faces : (m, 3) int
            Vertex indices.
        vertices : int
            Number of vertices.
        """
        # The greatest value of a type restarts a strip and may not be an index.
        kind = np.uint16 if vertices < np.iinfo(np.uint16).max else np.uint32
        flat = np.ascontiguousarray(faces, dtype=kind).reshape(-1, 1)
        self._accessor(self.view(flat.tobytes(), target=ELEMENT_ARRAY_BUFFER), flat)
        return len(self.accessors) - 1

    def file(self, asset: Mapping[str, Any]) -> bytes:
        """Content of the file.

        Parameters
        ----------
        asset : mapping
            All of the glTF but its accessors, buffer views and buffer.
        """
        body = bytes(self._body) + b"\0" * (-len(self._body) % ALIGNMENT)
        tree = {
            **asset,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(body)}],
        }
        text = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
        # The binary chunk's own content must begin at a multiple of eight too.
        text += b" " * (-(_HEAD.size + _CHUNK.size + len(text) + _CHUNK.size) % ALIGNMENT)
        length = _HEAD.size + 2 * _CHUNK.size + len(text) + len(body)
        head = _HEAD.pack(b"glTF", 2, length) + _CHUNK.pack(len(text), b"JSON")
        return b"".join((head, text, _CHUNK.pack(len(body), b"BIN\0"), body))

    def _accessor(self, view: int, rows: NDArray[Any]) -> dict[str, Any]:
        accessor: dict[str, Any] = {
            "bufferView": view,
            "componentType": COMPONENT_TYPES[rows.dtype],
            "count": len(rows),
            "type": SIZES[rows.shape[1]],
        }
        self.accessors.append(accessor)
        return accessor


def read_glb(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Take a GLB apart into its glTF and its binary chunk.

    Raises
    ------
    ValueError
        If it is no GLB of version 2.
    """
    if len(content) < _HEAD.size + _CHUNK.size or content[:8] != b"glTF" + struct.pack("<I", 2):
        raise ValueError("no GLB of version 2")
    length, _ = _CHUNK.unpack_from(content, _HEAD.size)
    start = _HEAD.size + _CHUNK.size
    tree = json.loads(content[start : start + length])
    return tree, content[start + length + _CHUNK.size :]
