import json
import re
import struct
from typing import Any

import numpy as np
import pytest

from twin_model.geocentric import frame_axes, to_geocentric
from twin_model.glb import GlbWriter
from twin_model.tileset_reading import (
    TilesetError,
    check_tileset,
    is_outside,
    read_json,
    root_region,
    template,
    trees_within,
    uris,
)

REGION = [2.03, 0.69, 2.04, 0.70, -5, 300]


def tree(**changes: Any) -> dict[str, Any]:
    root = {"boundingVolume": {"region": REGION}, "geometricError": 10, "content": {"uri": "a.glb"}}
    return {"asset": {"version": "1.1"}, "geometricError": 100, "root": root, **changes}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asset": {"version": "0.0"}}, "asset.version"),
        ({"asset": 3}, "asset.version"),
        ({"root": None}, "no root tile"),
        ({"geometricError": "much"}, "geometricError"),
        ({"root": {"geometricError": -1}}, "root.geometricError"),
        ({"root": {"geometricError": 1}}, "boundingVolume"),
    ],
)
def test_what_every_tileset_needs_is_asked_for(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(TilesetError, match=re.escape(said)):
        check_tileset("tileset.json", tree(**changes))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"asset": {\n "version" 1}}', "line 2, column 12"),
        (b"[" * 100_000, "too deep"),
        (b"[1]", "not an object"),
        (b'{"a": "\xff"}', "UTF-8"),
    ],
)
def test_broken_json_says_where(content: bytes, said: str) -> None:
    with pytest.raises(TilesetError, match=re.escape(said)):
        read_json("tileset.json", content)


def test_every_address_is_found_wherever_it_stands() -> None:
    found = tree(
        schemaUri="schema.json",
        extras={"url": "of nobody"},
        root={"contents": [{"uri": "a.glb"}, {"url": "b.b3dm"}], "children": [{"content": {"uri": "c/tileset.json"}}]},
        images=[{"uri": "data:image/png;base64,AA"}],
    )
    assert sorted(uris(found)) == ["a.glb", "b.b3dm", "c/tileset.json", "schema.json"]


@pytest.mark.parametrize(
    "uri", ["http://a/b.glb", "//a/b.glb", "file:///etc/passwd", "/a.glb", "C:\\a.glb", "\\\\a\\b"]
)
def test_addresses_that_lead_elsewhere_are_known(uri: str) -> None:
    assert is_outside(uri)


@pytest.mark.parametrize("uri", ["a.glb", "../a.glb", "./b/c.glb?v=1", "建筑/a.glb"])
def test_addresses_beside_the_file_are_inside(uri: str) -> None:
    assert not is_outside(uri)


def test_a_template_stands_for_its_files() -> None:
    pattern = template("content/{level}/{x}_{y}.glb")
    assert pattern is not None
    assert pattern.fullmatch("content/3/12_7.glb")
    assert not pattern.fullmatch("content/3/12_7xglb")
    assert template("content/a.glb") is None


def glb(asset: dict[str, Any]) -> bytes:
    return GlbWriter().file(asset)


def test_addresses_within_binary_contents_are_found() -> None:
    inner = glb({"images": [{"uri": "roof.png"}]})
    b3dm = b"b3dm" + struct.pack("<6I", 1, 28 + len(inner), 0, 0, 0, 0) + inner
    i3dm = b"i3dm" + struct.pack("<7I", 1, 32 + 8, 0, 0, 0, 0, 0) + b"tree.glb"
    listing = json.dumps({"buffers": [{"uri": "a.bin"}]}).encode()
    subtree = b"subt" + struct.pack("<IQQ", 1, len(listing), 0) + listing
    found = [list(uris(list(trees_within(name, data)))) for name, data in (("a.glb", inner), ("a.b3dm", b3dm))]
    assert found == [["roof.png"], ["roof.png"]]
    assert list(uris(list(trees_within("a.i3dm", i3dm)))) == ["tree.glb"]
    assert list(uris(list(trees_within("a.subtree", subtree)))) == ["a.bin"]


def test_a_region_says_where_the_tileset_is() -> None:
    region = root_region(tree())
    assert region is not None
    assert (region.west, region.high_m) == (pytest.approx(np.degrees(2.03)), 300)


def test_a_box_with_a_transform_is_found_on_the_earth() -> None:
    matrix = np.eye(4)
    matrix[:3, :3] = frame_axes(116.3, 39.9)
    matrix[:3, 3] = to_geocentric(np.array([(116.3, 39.9, 20.0)]))[0]
    root = {
        "boundingVolume": {"box": [0, 0, 10, 100, 0, 0, 0, 50, 0, 0, 0, 10]}, "geometricError": 1,
        "transform": matrix.T.ravel().tolist(),
    }  # fmt: skip
    region = root_region(tree(root=root))
    assert region is not None
    assert region.middle == (pytest.approx(116.3, abs=1e-6), pytest.approx(39.9, abs=1e-6))
    assert (region.low_m, region.high_m) == (pytest.approx(20, abs=0.01), pytest.approx(40, abs=0.01))


def test_a_tileset_about_its_own_origin_is_nowhere() -> None:
    assert root_region(tree(root={"boundingVolume": {"sphere": [0, 0, 0, 9]}, "geometricError": 1})) is None


@pytest.mark.parametrize("volume", [{"region": [1, 2]}, {"box": ["a"] * 12}, {}, {"sphere": [0, 0, 0, float("nan")]}])
def test_a_volume_that_is_none_is_refused(volume: dict[str, Any]) -> None:
    with pytest.raises(TilesetError, match="bounding volume"):
        root_region(tree(root={"boundingVolume": volume, "geometricError": 1}))
