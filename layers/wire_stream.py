"""Integer streams of the wire format: delta, zigzag, and one column of bytes per byte plane.

Neighbours in a city differ by little, so that the difference of one value from the next is small; zigzag folds the
sign into the lowest bit; and bytes of equal weight side by side compress better than whole integers do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from layers.errors import WireError

MAX_PLANES = 4
BITS_PER_PLANE = 8
MAX_NUMBER = 1 << 30
"""Zigzag and the sign leave 31 bits."""
DIGITS = "0123456789"
MAX_PIECES = 8


@dataclass(frozen=True)
class Stream:
    """A named stream: how to read it, and its columns.

    Attributes
    ----------
    spec
        What the decoder needs: ``codec``, ``planes``, ``count``, and what the codec adds. Plain JSON.
    columns
        Physical columns by name, each of the stream's own length.
    """

    spec: Mapping[str, Any]
    columns: Mapping[str, pa.Array]


def integer_stream(name: str, values: NDArray[np.int64], *, delta: bool = True) -> Stream:
    """Encode integers.

    Parameters
    ----------
    name
        Name of the stream; its planes become columns ``name.0`` (lowest byte) and up.
    values
        (n,) int64.
    delta
        Store each value as its difference from the one before.

    Raises
    ------
    WireError
        If a value (or a difference) leaves 31 bits and a sign.
    """
    coded = np.diff(values, prepend=0) if delta and values.size else values
    spec: dict[str, Any] = {"codec": "delta" if delta else "integer", "count": int(values.size)}
    if values.size == 0 or (coded == coded[0]).all():
        return Stream(spec | {"planes": 0, "constant": int(coded[0]) if values.size else 0}, {})
    if np.abs(coded).max() >= MAX_NUMBER:
        raise WireError(f"stream {name!r}: {np.abs(coded).max()} does not fit 31 bits; use smaller ids")
    zigzag = ((coded << 1) ^ (coded >> 63)).astype(np.uint32)
    planes = max(1, -(-int(zigzag.max()).bit_length() // BITS_PER_PLANE))
    raw = np.ascontiguousarray(zigzag).view(np.uint8).reshape(-1, MAX_PLANES)
    columns = {f"{name}.{plane}": pa.array(np.ascontiguousarray(raw[:, plane])) for plane in range(planes)}
    return Stream(spec | {"planes": planes}, columns)


def float_stream(name: str, values: NDArray[np.float64], quantum: float | None) -> Stream:
    """Encode numbers: as multiples of a quantum, or as float32 where there is none.

    Raises
    ------
    WireError
        If a quantum is given and a value is not finite.
    """
    if quantum is None:
        return Stream({"codec": "float32", "count": int(values.size)}, {name: pa.array(values.astype(np.float32))})
    if not np.isfinite(values).all():
        raise WireError(f"stream {name!r} holds a value that is not a number: fill it before encoding")
    whole = integer_stream(name, np.round(values / quantum).astype(np.int64), delta=False)
    return Stream({**whole.spec, "quantum": quantum}, whole.columns)


def text_stream(name: str, values: pa.Array) -> Stream:
    """Encode text: codes of one shape as their numbers, few values as a dictionary, anything else as it is.

    Parameters
    ----------
    name
        Name of the stream.
    values
        String array; a null reads back as empty text.
    """
    text = values.cast(pa.string()).fill_null("")
    shaped = _shaped(name, text)
    if shaped is not None:
        return shaped
    distinct = text.dictionary_encode()
    if len(distinct.dictionary) <= max(64, len(text) // 4):
        codes = integer_stream(name, distinct.indices.to_numpy(zero_copy_only=False).astype(np.int64), delta=False)
        return Stream({**codes.spec, "dictionary": distinct.dictionary.to_pylist()}, codes.columns)
    return Stream({"codec": "text", "count": len(text)}, {name: text})


def _shaped(name: str, text: pa.StringArray) -> Stream | None:
    """Codes of one shape (``110108001B00042``) as a stream per run of digits, or None where shapes differ."""
    pieces = re.findall(r"[0-9]{1,9}|[^0-9]+", text[0].as_py()) if len(text) else []
    numbers = [piece for piece in pieces if piece[0] in DIGITS]
    if not numbers or len(pieces) > MAX_PIECES:
        return None
    shape = "".join(f"([0-9]{{{len(piece)}}})" if piece[0] in DIGITS else re.escape(piece) for piece in pieces)
    if not pc.all(pc.match_substring_regex(text, f"^{shape}$")).as_py():
        return None
    parts: list[str | dict[str, Any]] = []
    columns: dict[str, pa.Array] = {}
    start = 0
    for piece in pieces:
        stop = start + len(piece)
        if piece[0] not in DIGITS:
            parts.append(piece)
        else:
            values = pc.utf8_slice_codeunits(text, start, stop).cast(pa.int64()).to_numpy()
            base = int(values.min())
            if int(values.max()) - base >= MAX_NUMBER:
                return None
            stream = integer_stream(f"{name}/{len(parts)}", values - base)
            parts.append({**stream.spec, "base": base, "width": len(piece)})
            columns |= stream.columns
        start = stop
    return Stream({"codec": "shaped", "count": len(text), "parts": parts}, columns)
