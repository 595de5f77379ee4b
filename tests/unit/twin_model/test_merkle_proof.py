import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.trees import kept, leaves_of, naive_root
from twin_model.errors import LogError
from twin_model.merkle import node_hash
from twin_model.merkle_proof import (
    consistency_proof,
    inclusion_proof,
    nodes_of_tiles,
    root_of,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 700)


def nodes(leaves):
    return nodes_of_tiles(kept(leaves))


def naive_path(index, leaves):
    """RFC 9162 §2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(first, leaves, known):
    """RFC 9162 §2.1.4.1, word for word."""
    if first == len(leaves):
        return [] if known else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if first <= k:
        return [*naive_subproof(first, leaves[:k], known), naive_root(leaves[k:])]
    return [*naive_subproof(first - k, leaves[k:], False), naive_root(leaves[:k])]


@given(SIZES, st.data())
def test_an_inclusion_proof_is_that_of_the_definition_and_holds(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, nodes(leaves))
    assert list(path) == naive_path(index, leaves)
    assert verify_inclusion(leaves[index], index, size, path, naive_root(leaves))


@given(SIZES, st.data())
def test_an_inclusion_proof_holds_for_nothing_else(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    root = naive_root(leaves)
    path = list(inclusion_proof(index, size, nodes(leaves)))
    assert not verify_inclusion(bytes(32), index, size, path, root)
    assert not verify_inclusion(leaves[index], index, size, [*path, bytes(32)], root)
    assert not verify_inclusion(leaves[index], index, size, path, bytes(32))
    assert not verify_inclusion(leaves[index], size, size, path, root)
    if path:
        assert not verify_inclusion(leaves[index], index, size, path[:-1], root)
        step = data.draw(st.integers(0, len(path) - 1))
        path[step] = node_hash(path[step], path[step])
        assert not verify_inclusion(leaves[index], index, size, path, root)


@given(SIZES, st.data())
def test_a_consistency_proof_is_that_of_the_definition_and_holds(second, data):
    leaves = leaves_of(second)
    first = data.draw(st.integers(1, second))
    path = consistency_proof(first, second, nodes(leaves))
    assert list(path) == naive_subproof(first, leaves, True)
    assert verify_consistency(first, second, naive_root(leaves[:first]), naive_root(leaves), path)


@given(SIZES, st.data())
def test_a_log_that_was_rewritten_has_no_consistency_proof(second, data):
    leaves = leaves_of(second)
    first = data.draw(st.integers(1, second))
    changed = data.draw(st.integers(0, first - 1))
    rewritten = [*leaves[:changed], bytes(32), *leaves[changed + 1 :]]
    path = consistency_proof(first, second, nodes(rewritten))
    roots = naive_root(leaves[:first]), naive_root(rewritten)
    assert not verify_consistency(first, second, *roots, path)
    honest = consistency_proof(first, second, nodes(leaves))
    assert not verify_consistency(first, second, *roots, honest)
    assert not verify_consistency(first, second, naive_root(leaves[:first]), naive_root(leaves), [*honest, bytes(32)])


@given(st.integers(0, 700))
def test_the_root_of_any_earlier_size_can_be_had(size):
    leaves = leaves_of(700)
    assert root_of(size, nodes(leaves)) == naive_root(leaves[:size])


def test_what_cannot_be_proven_is_refused():
    with pytest.raises(LogError, match="entry 3 is not in a log of 3 entries"):
        inclusion_proof(3, 3, nodes(leaves_of(3)))
    with pytest.raises(LogError, match="cannot be shown to continue"):
        consistency_proof(4, 3, nodes(leaves_of(4)))
    with pytest.raises(LogError, match="lacks hashes"):
        inclusion_proof(0, 4, nodes_of_tiles(lambda *_: []))


@pytest.mark.parametrize(("first", "second", "path"), [(0, 3, []), (3, 2, []), (1, 2, []), (2, 2, [bytes(32)])])
def test_a_proof_that_cannot_be_one_does_not_hold(first, second, path):
    assert not verify_consistency(first, second, bytes(32), bytes(32), path)
