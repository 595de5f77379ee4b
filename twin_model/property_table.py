"""Property tables of EXT_structural_metadata: what each feature of a tile is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twin_model.glb import GlbWriter

PropertyType = Literal["STRING", "ENUM", "UINT16", "UINT32", "FLOAT32", "FLOAT64"]
NUMBERS = {"UINT16": pa.uint16(), "UINT32": pa.uint32(), "FLOAT32": pa.float32(), "FLOAT64": pa.float64()}


@dataclass(frozen=True)
class Property:
    """One column.

    Parameters
    ----------
    name : str
        Identifier.
    kind : str
        ``STRING``, ``ENUM`` (few texts, one byte each) or a type of numbers.
    description : str
        What it says, with its unit.
    no_data : str, int or None
        What stands where there is no value; None for a column that always has one.
    semantic : str, optional
        Of the 3D Metadata Semantic Reference: ``ID``, ``NAME``.
    """

    name: str
    kind: PropertyType
    description: str
    no_data: str | int | None = None
    semantic: str | None = None


@dataclass(frozen=True)
class PropertyClass:
    """Class of features: its columns, and the words of those that are enumerated.

    Parameters
    ----------
    name : str
        Identifier.
    properties : sequence of Property
        In order.
    words : mapping of str to sequence of str
        Property name -> all the texts that an enumerated column of the tileset has.
    """

    name: str
    properties: Sequence[Property]
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)


def schema(cls: PropertyClass) -> dict[str, Any]:
    """Give the schema of EXT_structural_metadata with one class."""
    enums = {
        name: {"valueType": "UINT8", "values": [{"name": word, "value": value} for value, word in enumerate(words)]}
        for name, words in cls.words.items()
    }
    tree: dict[str, Any] = {
        "id": f"citydeck_{cls.name}",
        "classes": {cls.name: {"properties": {each.name: _described(each) for each in cls.properties}}},
    }
    return {**tree, "enums": enums} if enums else tree


def property_table(writer: GlbWriter, cls: PropertyClass, rows: pa.Table) -> dict[str, Any]:
    """Write a table's columns into buffer views, and describe them.

    Parameters
    ----------
    writer : GlbWriter
        Takes the buffer views.
    cls : PropertyClass
        What the columns are.
    rows : pyarrow.Table
        One row a feature, with a column for each property.
    """
    columns = {each.name: _written(writer, cls, each, rows[each.name].combine_chunks()) for each in cls.properties}
    return {
        "class": cls.name,
        "count": rows.num_rows,
        "properties": {name: column for name, column in columns.items() if column},
    }


def _described(each: Property) -> dict[str, Any]:
    kind: dict[str, Any]
    if each.kind == "ENUM":
        kind = {"type": "ENUM", "enumType": each.name}
    elif each.kind == "STRING":
        kind = {"type": "STRING"}
    else:
        kind = {"type": "SCALAR", "componentType": each.kind}
    described: dict[str, Any] = {"description": each.description, **kind}
    if each.semantic:
        described["semantic"] = each.semantic
    return {**described, "required": True} if each.no_data is None else {**described, "noData": each.no_data}


def _written(writer: GlbWriter, cls: PropertyClass, each: Property, column: pa.Array) -> dict[str, Any]:
    filled = column if each.no_data is None else pc.fill_null(column, pa.scalar(each.no_data).cast(column.type))
    if each.kind == "STRING":
        return _strings(writer, filled)
    if each.kind == "ENUM":
        codes = pc.index_in(filled, pa.array(list(cls.words[each.name]), pa.string()))
        return {"values": writer.view(codes.to_numpy(zero_copy_only=False).astype(np.uint8).tobytes())}
    numbers = filled.cast(NUMBERS[each.kind], safe=False).to_numpy(zero_copy_only=False)
    return {"values": writer.view(np.ascontiguousarray(numbers).tobytes())}


def _strings(writer: GlbWriter, texts: pa.Array) -> dict[str, Any]:
    encoded = [value.encode() for value in texts.to_pylist()]
    content = b"".join(encoded)
    if not content:  # a buffer view may not be empty: a column that says nothing is left out
        return {}
    kind = np.dtype(np.uint16 if len(content) <= np.iinfo(np.uint16).max else np.uint32)
    offsets = np.concatenate(([0], np.cumsum([len(value) for value in encoded]))).astype(kind)
    return {
        "values": writer.view(content),
        "stringOffsets": writer.view(offsets.tobytes()),
        "stringOffsetType": kind.name.upper(),
    }
