"""Merkle trees by the word of RFC 9162, to compare with."""

from hashlib import sha256

from twin_model.merkle import TILE_WIDTH, leaf_hash, node_hash, tile_hashes


def naive_root(leaves):
    """RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def leaves_of(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


def kept(leaves):
    """Reader of everything that a store keeps of a log."""
    levels = [leaves]
    while len(levels[-1]) >= TILE_WIDTH:
        whole = len(levels[-1]) // TILE_WIDTH * TILE_WIDTH
        levels.append(tile_hashes(levels[-1][:whole]))
    return lambda level, start, stop: levels[level][start:stop]
