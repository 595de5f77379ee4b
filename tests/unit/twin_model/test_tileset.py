import numpy as np

from tests.tile_reader import anchor_at
from twin_model.tile_region import Region
from twin_model.tileset import Described, Tile, parent, tiles_below, tileset_json

LEFT, RIGHT = Region(1, 1, 2, 2, 0, 50), Region(2, 1, 3, 2, -3, 20)


def test_a_parent_holds_its_children_and_is_no_less_wrong() -> None:
    tile = parent([Tile(LEFT, 12.0), Tile(RIGHT, 3.0)], 5.0, "REPLACE", "a.glb")
    assert tile.region == Region(1, 1, 3, 2, -3, 50)
    assert tile.error_m == 12.0
    assert len(list(tiles_below(tile))) == 3


def test_the_written_tree_names_what_differs_from_above() -> None:
    inner = parent([Tile(LEFT, 0.0, uri="l.glb"), Tile(RIGHT, 0.0, uri="r.glb", group=1)], 9.0, "REPLACE", "both.glb")
    tree = tileset_json(
        parent([inner], 500.0), anchor_at(116.2, 40.0), Described("城", {"credits": "me"}, ("buildings", "ground"))
    )
    root = tree["root"]
    assert (tree["asset"]["version"], tree["geometricError"]) == ("1.1", 500.0)
    assert root["refine"] == "ADD"
    assert "content" not in root
    child = root["children"][0]
    assert child["refine"] == "REPLACE"
    assert ["refine" in each for each in child["children"]] == [False, False]
    assert [each["content"] for each in child["children"]] == [
        {"uri": "l.glb", "group": 0}, {"uri": "r.glb", "group": 1}
    ]  # fmt: skip
    assert tree["metadata"]["properties"] == {"credits": "me"}
    matrix = np.array(root["transform"]).reshape(4, 4).T
    assert np.allclose(matrix[:3, 3], anchor_at(116.2, 40.0).centre)
