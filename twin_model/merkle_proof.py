"""Proofs of a Merkle log (RFC 9162 §2.1.3 and §2.1.4): an entry is in it; a later log holds an earlier one."""

from collections.abc import Callable, Sequence

from twin_model.errors import LogError
from twin_model.merkle import EMPTY_ROOT, TILE_HEIGHT, TileReader, node_hash

NodeSource = Callable[[int, int], bytes]
"""``(height, index)`` -> hash of the complete subtree of 2^height leaves that begins at leaf ``index * 2^height``."""


def nodes_of_tiles(read: TileReader) -> NodeSource:
    """Nodes of a log from its tiles: what lies between two levels is hashed up from the lower one."""

    def node(height: int, index: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        start, stop = index << above, (index + 1) << above
        hashes = read(level, start, stop)
        if len(hashes) != stop - start:
            raise LogError(f"the log lacks hashes {start} to {stop - 1} of level {level}; run citydeck verify")
        return _complete(list(hashes))

    return node


def root_of(size: int, node: NodeSource) -> bytes:
    """Root of the first ``size`` leaves."""
    return EMPTY_ROOT if size == 0 else _range_hash(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeSource) -> tuple[bytes, ...]:
    """Prove that a leaf is in the log of the first ``size`` leaves (§2.1.3.1).

    Parameters
    ----------
    index : int
        The leaf, from 0.
    size : int
        Leaves of the log.
    node : NodeSource
        Asked for about 2 log2(size) complete subtrees.

    Raises
    ------
    LogError
        If there is no such leaf.
    """
    if not 0 <= index < size:
        raise LogError(f"entry {index} is not in a log of {size} entries")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(_range_hash(middle, stop, node))
            stop = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    return tuple(reversed(path))


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Root that an inclusion proof leads to (§2.1.3.2), or None where the proof cannot be one of this place."""
    if not 0 <= index < size:
        return None
    at, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            value = node_hash(step, value)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            value = node_hash(value, step)
        at >>= 1
        last >>= 1
    return value if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the leaf is entry ``index`` of the log with that size and root (§2.1.3.2)."""
    return root_of_inclusion(leaf, index, size, path) == root


def consistency_proof(first: int, second: int, node: NodeSource) -> tuple[bytes, ...]:
    """Prove that the log of ``second`` leaves begins with that of ``first`` (§2.1.4.1).

    Raises
    ------
    LogError
        Unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise LogError(f"a log of {second} entries cannot be shown to continue one of {first}")
    path: list[bytes] = []
    start, stop, known = 0, second, True
    size = first
    while size != stop:
        middle = start + _split(stop - start)
        if size <= middle:
            path.append(_range_hash(middle, stop, node))
            stop = middle
        else:
            path.append(_range_hash(start, middle, node))
            start, known = middle, False
    if not known:
        path.append(_range_hash(start, stop, node))
    return tuple(reversed(path))


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the second log begins with the first (§2.1.4.2)."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    at, last = first - 1, second - 1
    while at & 1:
        at >>= 1
        last >>= 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        at >>= 1
        last >>= 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """Largest power of two below a size of 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def _range_hash(start: int, stop: int, node: NodeSource) -> bytes:
    """Hash of leaves ``start`` to ``stop - 1``; start is a multiple of the power of two at or above their number."""
    parts: list[bytes] = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        parts.append(node(height, start >> height))
        start += 1 << height
    value = parts.pop()
    while parts:
        value = node_hash(parts.pop(), value)
    return value


def _complete(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
