"""Case numbers by the million: 6 administrative digits, the local day, and a sequence within the day."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.case import CASE_NO_LENGTH

_ZERO = ord("0")


def case_numbers(district: str, days: Sequence[date], day_index: NDArray[np.int64]) -> pa.Array:
    """Write case numbers.

    Parameters
    ----------
    district : str
        Administrative code, 6 digits.
    days : sequence of datetime.date
        Local days.
    day_index : (n,) int64
        Position of each case's day in ``days``, ascending; the sequence counts from 1 in each day.

    Returns
    -------
    pyarrow.StringArray
        (n,) of 20 digits each, ascending.
    """
    n = len(day_index)
    prefix = "".join(f"{district}{day:%Y%m%d}" for day in days).encode("ascii")
    prefixes = np.frombuffer(prefix, np.uint8).reshape(len(days), -1)
    text = np.empty((n, CASE_NO_LENGTH), np.uint8)
    text[:, : prefixes.shape[1]] = prefixes[day_index]
    first = np.searchsorted(day_index, np.arange(len(days)))
    sequence = np.arange(n) - first[day_index] + 1
    for column in range(CASE_NO_LENGTH - 1, prefixes.shape[1] - 1, -1):
        sequence, digit = np.divmod(sequence, 10)
        text[:, column] = _ZERO + digit
    offsets = np.arange(0, CASE_NO_LENGTH * (n + 1), CASE_NO_LENGTH, dtype=np.int32)
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(text))
