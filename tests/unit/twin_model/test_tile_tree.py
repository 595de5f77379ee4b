import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin_model.tile_tree import nodes_below, quadtree

PLACES = st.lists(st.tuples(st.floats(-179, 179), st.floats(-84, 84), st.floats(1, 300)), min_size=1, max_size=120)


@given(places=PLACES)
def test_every_building_is_in_one_leaf_and_tiles_above_show_the_largest(
    places: list[tuple[float, float, float]],
) -> None:
    table = np.array(places)
    tree = quadtree(table[:, :2], table[:, 2], leaf=5, inner=6)
    leaves = [node for node in nodes_below(tree) if not node.children]
    assert sorted(np.concatenate([leaf.members for leaf in leaves]).tolist()) == list(range(len(table)))
    for node in nodes_below(tree):
        below = np.concatenate([leaf.members for leaf in nodes_below(node) if not leaf.children])
        assert set(node.members.tolist()) <= set(below.tolist())
        if node.children:
            missing = sorted(set(below.tolist()) - set(node.members.tolist()))
            assert len(node.members) <= 6
            assert table[node.members, 2].min() >= table[missing, 2].max() == node.missing_m
            assert all(child.zoom > node.zoom for child in node.children)


@given(places=PLACES)
def test_leaves_hold_few_buildings_unless_they_share_a_place(places: list[tuple[float, float, float]]) -> None:
    table = np.array(places)
    for node in nodes_below(quadtree(table[:, :2], table[:, 2], leaf=5)):
        if not node.children and len(node.members) > 5:
            assert np.ptp(table[node.members, 0]) < 360 / 2**22
        assert not (node.children and len(node.children) == 1)


def test_no_two_tiles_have_one_name() -> None:
    dice = np.random.default_rng(3)
    places = dice.uniform((116.0, 39.8), (116.4, 40.2), (5000, 2))
    nodes = [(node.zoom, node.x, node.y) for node in nodes_below(quadtree(places, dice.uniform(3, 99, 5000)))]
    assert len(nodes) == len(set(nodes)) > 10
