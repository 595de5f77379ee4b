"""Chances that hang on a code, not on a row: the same building has the same roof in whatever company."""

import numpy as np
from numpy.typing import NDArray

_CODE_BYTES = 32
_GOLDEN = np.array([0x9E3779B97F4A7C15], dtype=np.uint64)
_MIX = np.array([[0xBF58476D1CE4E5B9], [0x94D049BB133111EB]], dtype=np.uint64)
_SHIFTS = np.array([30, 27, 31, 11], dtype=np.uint64)


def chances(codes: list[str], seed: int, count: int) -> NDArray[np.float64]:
    """(n, count) numbers from 0 to below 1 of codes and a seed, by SplitMix64.

    Parameters
    ----------
    codes : list of str
        At most 32 bytes of each count.
    """
    words = np.array([code.encode() for code in codes], dtype=f"S{_CODE_BYTES}").view(np.uint64)
    state = np.full(len(codes), seed % 2**64, dtype=np.uint64)
    for word in words.reshape(len(codes), _CODE_BYTES // words.itemsize).T:
        state = _mixed(state ^ word)
    steps = np.arange(1, count + 1, dtype=np.uint64)
    mixed = _mixed(state[:, None] + steps * _GOLDEN)
    return np.asarray((mixed >> _SHIFTS[3]).astype(np.float64) * 2.0**-53)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = state + _GOLDEN
    state = (state ^ (state >> _SHIFTS[0])) * _MIX[0]
    state = (state ^ (state >> _SHIFTS[1])) * _MIX[1]
    return np.asarray(state ^ (state >> _SHIFTS[2]))
