"""Columns of many cases as codes, and the distinct combinations in them: one answer serves all that are alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_TABLE_LIMIT = 1 << 22
"""Possible combinations up to which a table of flags finds those that occur; it is faster than sorting."""


@dataclass(frozen=True)
class Coded:
    """A column as places in a short list of values.

    Parameters
    ----------
    place : (n,) int64
        Place of each row's value.
    values : tuple
        Texts, or None for what is missing.
    """

    place: NDArray[np.int64]
    values: tuple[str | None, ...]

    def map_values(self, change: Callable[[str | None], str | None]) -> "Coded":
        """Change the values; those that become equal are one from then on."""
        changed = [change(value) for value in self.values]
        values = tuple(dict.fromkeys(changed))
        where = {value: place for place, value in enumerate(values)}
        return Coded(np.array([where[value] for value in changed], np.int64)[self.place], values)


def code_column(column: pa.ChunkedArray | pa.Array) -> Coded:
    """Code a column of texts, plain or dictionary-encoded; missing values come last among the values.

    Parameters
    ----------
    column : pyarrow.ChunkedArray or pyarrow.Array
        Of strings.
    """
    whole = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_null(whole.type):
        whole = whole.cast(pa.string())
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    chunk = whole.unify_dictionaries().combine_chunks()
    array = chunk.chunk(0) if isinstance(chunk, pa.ChunkedArray) else chunk
    values = [None if value is None else str(value) for value in array.dictionary.to_pylist()]
    indices = pc.fill_null(array.indices, len(values)) if array.null_count else array.indices
    coded = Coded(indices.to_numpy(zero_copy_only=False).astype(np.int64), (*values, None))
    return coded if len(set(coded.values)) == len(coded.values) else coded.map_values(lambda value: value)


def distinct_rows(columns: Sequence[Coded]) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
    """Find the combinations of values that occur.

    Parameters
    ----------
    columns : sequence of Coded
        One length; at least one.

    Returns
    -------
    (n,) int64
        Combination of each row, from 0.
    tuple of (k,) int64
        For each column, the place of its value in each combination.
    """
    key, size = columns[0].place, len(columns[0].values)
    parts: list[tuple[NDArray[np.int64], ...]] = [(np.arange(size),)]
    for column in columns[1:]:
        width = len(column.values)
        key, found = _dense(key * width + column.place, size * width)
        before = parts[-1]
        parts.append((*(part[found // width] for part in before), found % width))
        size = len(found)
    dense, found = _dense(key, size)
    return dense, tuple(part[found] for part in parts[-1])


def _dense(key: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the number of each row's key among those that occur, in their order, and these keys."""
    if size > _TABLE_LIMIT:
        found, place = np.unique(key, return_inverse=True)
        return place.astype(np.int64).reshape(-1), found
    occurs = np.zeros(size, np.bool_)
    occurs[key] = True
    found = np.flatnonzero(occurs)
    number = np.zeros(size, np.int64)
    number[found] = np.arange(len(found))
    return number[key], found
