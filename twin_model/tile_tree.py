"""Quadtree of buildings: everything in the leaves, the largest of it in the tiles above."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin_model.mesh_tile import MAX_LATITUDE

LEAF_BUILDINGS = 500
INNER_BUILDINGS = 500
DEEPEST = 22
"""Web map zoom of the smallest cells, about 10 m across: more than a leaf's fill in one of them share one place."""


@dataclass(frozen=True)
class TreeNode:
    """A cell of the tree: a web map tile.

    Parameters
    ----------
    zoom, x, y : int
        The web map tile.
    members : (n,) int64
        Buildings that the tile shows: all of a leaf's, the largest of an inner one's.
    missing_m : float
        Size of the largest building below that the tile does not show, metres; 0 for a leaf.
    children : tuple of TreeNode
    """

    zoom: int
    x: int
    y: int
    members: NDArray[np.int64]
    missing_m: float
    children: "tuple[TreeNode, ...]"


def quadtree(
    places: NDArray[np.float64],
    size_m: NDArray[np.float64],
    *,
    leaf: int = LEAF_BUILDINGS,
    inner: int = INNER_BUILDINGS,
) -> TreeNode:
    """Tree over the places of buildings, down to leaves of at most `leaf`.

    Parameters
    ----------
    places : (n, 2) float64
        Longitude and latitude, degrees; at least one.
    size_m : (n,) float64
        How large each building is, metres: larger ones are seen from further.
    leaf, inner : int
        Most buildings of a leaf, and of a tile above.
    """
    across = (places[:, 0] + 180) / 360
    phi = np.radians(np.clip(places[:, 1], -MAX_LATITUDE, MAX_LATITUDE))
    down = (1 - np.arcsinh(np.tan(phi)) / np.pi) / 2
    cells = np.clip(np.floor(np.stack((across, down), axis=1) * 2**DEEPEST), 0, 2**DEEPEST - 1).astype(np.int64)

    def node(chosen: NDArray[np.int64]) -> TreeNode:
        zoom = _common_zoom(cells[chosen])
        x, y = (int(number) for number in cells[chosen[0]] >> (DEEPEST - zoom))
        if len(chosen) <= leaf or zoom == DEEPEST:
            return TreeNode(zoom, x, y, chosen, 0.0, ())
        quarter = (cells[chosen] >> (DEEPEST - zoom - 1)) & 1
        which = quarter[:, 1] * 2 + quarter[:, 0]
        children = tuple(node(chosen[which == each]) for each in np.unique(which))
        # Equal sizes keep the order of the table, so that the same store gives the same tiles.
        largest = chosen[np.argsort(-size_m[chosen], kind="stable")]
        count = min(inner, len(chosen) // 2)
        return TreeNode(zoom, x, y, np.sort(largest[:count]), float(size_m[largest[count]]), children)

    return node(np.arange(len(places), dtype=np.int64))


def _common_zoom(cells: NDArray[np.int64]) -> int:
    """Zoom of the smallest cell that holds all of some cells of the deepest zoom."""
    apart = int(np.bitwise_or.reduce((cells ^ cells[0]).ravel()))
    return DEEPEST - apart.bit_length()


def nodes_below(node: TreeNode) -> Iterator[TreeNode]:
    """Node and everything below it, each before its children."""
    yield node
    for child in node.children:
        yield from nodes_below(child)
