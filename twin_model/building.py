"""Buildings: how high a footprint stands, and how that is known."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STOREY_HEIGHT_M = 3.0
MAX_HEIGHT_M = 1000.0
"""No building is higher; a larger value is a slip of the source, metres."""
MAX_STOREYS = 300

FOOTPRINT_STOREYS = ((400.0, 1), (700.0, 2), (1000.0, 3), (1500.0, 4), (2500.0, 7), (5000.0, 8), (np.inf, 12))
"""Footprint below (m²) -> storeys: rounded means of 2,378 mapped buildings of central Beijing with known storeys."""

_NUMBER = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*(?:m|米|层|F|f|层楼|storeys?|floors?)?\s*$")


@dataclass(frozen=True)
class BuildingHeights:
    """Heights of buildings, one entry a footprint.

    Parameters
    ----------
    height_m : (n,) float64
        Above the ground, metres.
    source : (n,) object
        ``measured``, ``levels`` or ``estimated``.
    storeys : (n,) int16
        As given, else from the height, 3 m each; at least 1.
    refused : (n,) object
        What a given height or number of storeys was when it made no sense, else the empty string.
    """

    height_m: NDArray[np.float64]
    source: NDArray[Any]
    storeys: NDArray[np.int16]
    refused: NDArray[Any]


def read_numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers of values as sources write them: ``12``, ``"12.5"``, ``"12 m"``, ``"6层"``; not-a-number otherwise."""
    return np.array([_read_number(value) for value in values], dtype=np.float64)


def building_heights(
    footprint_m2: NDArray[np.float64], heights: NDArray[Any] | None = None, levels: NDArray[Any] | None = None
) -> BuildingHeights:
    """Height of each building: as measured, else storeys × 3 m, else estimated from its footprint.

    Values of 0 and less, above 1,000 m or above 300 storeys count as missing and are reported in `refused`.

    Parameters
    ----------
    footprint_m2 : (n,) float64
        Area of the footprint, square metres.
    heights, levels : (n,) object, optional
        The source's height (metres) and number of storeys, as found.
    """
    count = len(footprint_m2)
    refused = np.full(count, "", dtype=object)
    measured = _sane(heights, MAX_HEIGHT_M, "height", refused, count)
    storeys = _sane(levels, MAX_STOREYS, "storeys", refused, count)
    limits = np.array([limit for limit, _ in FOOTPRINT_STOREYS])
    guesses = np.array([guess for _, guess in FOOTPRINT_STOREYS], dtype=np.float64)
    guess = guesses[np.minimum(np.searchsorted(limits, footprint_m2, side="right"), len(guesses) - 1)]
    has_height, has_levels = np.isfinite(measured), np.isfinite(storeys)
    height = np.where(has_height, measured, STOREY_HEIGHT_M * np.where(has_levels, storeys, guess))
    source = np.where(has_height, "measured", np.where(has_levels, "levels", "estimated")).astype(object)
    counted = np.where(has_levels, storeys, np.where(has_height, height / STOREY_HEIGHT_M, guess))
    return BuildingHeights(height, source, np.maximum(np.round(counted), 1).astype(np.int16), refused)


def _sane(
    values: NDArray[Any] | None, largest: float, name: str, refused: NDArray[Any], count: int
) -> NDArray[np.float64]:
    if values is None:
        return np.full(count, np.nan)
    numbers = read_numbers(values)
    given = np.array([not _is_blank(value) for value in values], dtype=bool)
    sane = (numbers > 0) & (numbers <= largest)
    for index in np.flatnonzero(given & ~sane):
        refused[index] = f"{name} {values[index]!r}"
    return np.where(sane, numbers, np.nan)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value)) or not str(value).strip()


def _read_number(value: object) -> float:
    if _is_blank(value):
        return float("nan")
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return float(value)
    found = _NUMBER.match(str(value))
    return float(found.group(1)) if found else float("nan")
