import struct

import numpy as np
import pytest

from tests.tile_reader import content_of
from twin_model.glb import ALIGNMENT, GlbWriter, read_glb


def test_attributes_come_back_as_they_went_in_and_rows_fill_four_bytes() -> None:
    writer = GlbWriter()
    normals = np.array([[127, 0, 0], [0, -127, 0], [0, 0, 1]], dtype=np.int8)
    index = writer.attribute(normals, normalized=True)
    content = content_of(writer.file({"asset": {"version": "2.0"}}))
    assert content.accessor(index).tolist() == normals.tolist()
    assert content.tree["bufferViews"][0]["byteStride"] == 4
    assert content.tree["accessors"][index]["normalized"] is True


def test_every_view_begins_at_a_multiple_of_eight_in_the_file() -> None:
    writer = GlbWriter()
    for size in (1, 3, 8, 13):
        writer.view(b"x" * size)
    data = writer.file({"asset": {"version": "2.0", "generator": "大"}})
    tree, body = read_glb(data)
    start = len(data) - len(body)
    assert all((start + view["byteOffset"]) % ALIGNMENT == 0 for view in tree["bufferViews"])
    assert struct.unpack_from("<I", data, 8)[0] == len(data)
    assert tree["asset"]["generator"] == "大"


@pytest.mark.parametrize(("vertices", "width"), [(100, "<u2"), (65_535, "<u4"), (70_000, "<u4")])
def test_indices_take_the_smallest_type_that_is_no_restart(vertices: int, width: str) -> None:
    writer = GlbWriter()
    index = writer.indices(np.array([[0, 1, vertices - 1]]), vertices)
    content = content_of(writer.file({"asset": {"version": "2.0"}}))
    assert content.accessor(index).ravel().tolist() == [0, 1, vertices - 1]
    assert content.accessor(index).dtype == np.dtype(width)


def test_something_else_than_a_glb_is_refused() -> None:
    with pytest.raises(ValueError, match="no GLB"):
        read_glb(b"b3dm" + b"\0" * 40)
