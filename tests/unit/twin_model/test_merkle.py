from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.trees import kept, leaves_of, naive_root
from twin_model.errors import LogError
from twin_model.merkle import EMPTY_ROOT, TILE_WIDTH, Frontier, Tile, leaf_hash, node_hash, tile_hashes

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = {
    1: ("6e340b9c", "afa01d"),
    2: ("fac54203", "e3c125"),
    3: ("aeb6bcfe", "06e77"),
    5: ("4e3bbb1f", "64d4"),
    8: ("5dc9da79", "4328"),
}
"""First and last digits of the roots of the first n entries."""


def grown(leaves):
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size):
    root = grown([leaf_hash(entry) for entry in ENTRIES[:size]]).root().hex()
    assert root.startswith(ROOTS[size][0])
    assert root.endswith(ROOTS[size][1])


def test_an_empty_log_has_a_root():
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


def test_a_leaf_is_no_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@given(st.integers(0, 1200))
def test_the_frontier_gives_the_root_of_the_recursive_definition(size):
    leaves = leaves_of(size)
    frontier = grown(leaves)
    assert frontier.size == size
    assert frontier.root() == naive_root(leaves)


@given(st.lists(st.integers(0, 700), max_size=5))
def test_many_at_once_are_the_same_as_one_by_one(parts):
    leaves = leaves_of(sum(parts))
    frontier, at = Frontier(), 0
    for part in parts:
        frontier.extend(leaves[at : at + part])
        at += part
    alone = grown(leaves)
    assert frontier.peaks == alone.peaks
    assert frontier.take_tiles() == alone.take_tiles()


@given(st.integers(0, 1200), st.integers(0, 600))
def test_a_restored_frontier_goes_on_as_if_it_had_never_stopped(size, more):
    leaves = leaves_of(size + more)
    frontier = Frontier.restore(size, kept(leaves[:size]))
    assert frontier.root() == naive_root(leaves[:size])
    assert frontier.take_tiles() == []
    for leaf in leaves[size:]:
        frontier.append(leaf)
    assert frontier.root() == naive_root(leaves)


def test_tiles_of_every_level_are_told_once_as_they_are_completed():
    leaves = leaves_of(TILE_WIDTH)
    frontier = Frontier()
    frontier.extend(leaves)
    first = frontier.take_tiles()
    assert first == [Tile(1, 0, naive_root(leaves))]
    assert frontier.take_tiles() == []
    for _ in range(TILE_WIDTH - 1):
        frontier.append_subtree(8, first[0].hash)
    tiles = frontier.take_tiles()
    assert [(tile.level, tile.index) for tile in tiles[-2:]] == [(1, 255), (2, 0)]
    assert tiles[-1].hash == frontier.root() == tile_hashes([first[0].hash] * TILE_WIDTH)[0]
    for _ in range(TILE_WIDTH - 1):
        frontier.append_subtree(16, tiles[-1].hash)
    assert frontier.take_tiles()[-1].level == 3
    assert frontier.size == 256**3


def test_a_restore_reads_fewer_than_256_hashes_of_a_level():
    asked = []
    size = 256**3 + 5 * 256**2 + 7 * 256 + 9

    def read(level, start, stop):
        asked.append((level, start, stop))
        return [bytes(32)] * (stop - start)

    assert Frontier.restore(size, read).size == size
    assert asked == [
        (3, 0, 1), (2, 256, 261), (1, 256**2 + 5 * 256, 256**2 + 5 * 256 + 7), (0, size - 9, size),
    ]  # fmt: skip


def test_a_missing_hash_is_told():
    with pytest.raises(LogError, match="lacks 1 of the hashes 0 to 2 of level 0"):
        Frontier.restore(3, lambda *_: [bytes(32)] * 2)


def test_what_cannot_be_a_frontier_is_refused():
    with pytest.raises(LogError, match="3 entries has 2 subtrees, not 1"):
        Frontier(3, [bytes(32)])
    with pytest.raises(LogError, match="does not fit at entry 1"):
        Frontier(1, [bytes(32)]).append_subtree(8, bytes(32))
    with pytest.raises(LogError, match="no multiple of 256"):
        tile_hashes([bytes(32)] * 255)
