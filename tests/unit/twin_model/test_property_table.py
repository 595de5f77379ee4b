from typing import Any

import pyarrow as pa

from tests.tile_reader import Content, content_of
from twin_model.glb import GlbWriter
from twin_model.property_table import Property, PropertyClass, property_table, schema

CLS = PropertyClass(
    "building",
    (
        Property("code", "STRING", "Code", semantic="ID"),
        Property("name", "STRING", "Name", ""),
        Property("use", "ENUM", "Use"),
        Property("storeys", "UINT16", "Storeys", 0),
        Property("height", "FLOAT32", "Metres"),
    ),
    {"use": ("office", "residential")},
)


def table_of(**columns: list[Any]) -> Content:
    rows = pa.table(
        {
            "code": ["A", "建筑-2"], "name": pa.array([None, "塔"], pa.string()), "use": ["residential", "office"],
            "storeys": pa.array([None, 12], pa.int32()), "height": [3.5, 40.25], **columns,
        }
    )  # fmt: skip
    writer = GlbWriter()
    table = property_table(writer, CLS, rows)
    extension = {"schema": schema(CLS), "propertyTables": [table]}
    return content_of(writer.file({"extensions": {"EXT_structural_metadata": extension}}))


def test_every_column_comes_back_and_what_is_missing_has_its_mark() -> None:
    content = table_of()
    assert content.column("code") == ["A", "建筑-2"]
    assert content.column("name") == ["", "塔"]
    assert content.column("use") == ["residential", "office"]
    assert content.column("storeys") == [0, 12]
    assert content.column("height") == [3.5, 40.25]


def test_a_column_that_says_nothing_is_left_out() -> None:
    content = table_of(name=pa.array([None, None], pa.string()))
    table = content.tree["extensions"]["EXT_structural_metadata"]["propertyTables"][0]
    assert "name" not in table["properties"]
    assert content.column("name") == ["", ""]


def test_a_column_with_a_mark_for_nothing_is_not_required() -> None:
    properties = schema(CLS)["classes"]["building"]["properties"]
    assert properties["code"]["required"] is True
    assert properties["code"]["semantic"] == "ID"
    assert "required" not in properties["storeys"]
    assert properties["storeys"]["noData"] == 0
