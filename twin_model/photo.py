"""Photos of cases: what is known of one, how two are compared, and whether one was taken where it should have been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

HASH_SHAPE = (8, 9)
"""Rows and columns of the grey image that is hashed: 8 differences a row."""

LEAST_SIGNS = 5
"""A hash with fewer set, or fewer unset, bits comes of a picture that shows next to nothing: fog, a lens cap."""

_HASH_BITS = 64


class TimeRule(StrEnum):
    """How the moment of a photo was found."""

    OFFSET = "offset"
    """The camera wrote its offset from UTC."""
    CITY = "city"
    """The camera wrote its clock only; it is read in the city's time zone."""
    SATELLITE = "satellite"
    """Only the satellites' time was written, which is UTC."""
    AHEAD = "ahead"
    """The camera's clock is ahead of ours, so its moment is not believed."""
    NONE = ""
    """No moment was written."""


class PlaceVerdict(StrEnum):
    """Whether a photo was taken where its case is."""

    NEAR = "near"
    FAR = "far"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PhotoLimits:
    """What is taken, and how it is kept.

    Parameters
    ----------
    max_bytes : int
        Of what is received.
    max_pixels : int
        Width times height of what is received.
    max_side_px, small_side_px : int
        Longer side of the stored photo and of its small copy, pixels; neither is ever enlarged.
    quality : int
        Of the stored JPEG, 1…95.
    ahead_s : int
        How far a camera's clock may be ahead of ours and still be believed, seconds.
    """

    max_bytes: int = 12 << 20
    max_pixels: int = 50_000_000
    max_side_px: int = 2048
    small_side_px: int = 320
    quality: int = 85
    ahead_s: int = 300


DEFAULT_LIMITS = PhotoLimits()


@dataclass(frozen=True)
class PhotoFacts:
    """What is known of one photo.

    Parameters
    ----------
    sha256, received_sha256 : str
        SHA-256 (hex) of the stored file, and of the bytes as they came, which are not kept.
    received_format : str
        ``JPEG``, ``PNG`` or ``WEBP``.
    width, height, bytes : int
        Of the stored file, pixels and bytes.
    taken_at : datetime or None
        Aware, UTC, to the second; None where it is not known.
    time_rule : TimeRule
        How it was found.
    lon, lat : float or None
        Where the camera was by its own word, degrees, EPSG:4490 (WGS 84 is treated as equal).
    distance_m : float or None
        From there to the case's place, metres; None where either is not known.
    dhash : int
        64 bits of `difference_hash`.
    sharpness : float
        Of `sharpness`; low for a blurred photo.
    """

    sha256: str
    received_sha256: str
    received_format: str
    width: int
    height: int
    bytes: int
    taken_at: datetime | None
    time_rule: TimeRule
    lon: float | None
    lat: float | None
    distance_m: float | None
    dhash: int
    sharpness: float


@dataclass(frozen=True)
class Nearest:
    """The earlier photo that is most like another one.

    Parameters
    ----------
    index : int
        Place in the sequence that was searched; the first of several.
    bits : int
        Hamming distance, 0…64.
    """

    index: int
    bits: int


def difference_hash(grey: NDArray[np.uint8]) -> int:
    """64-bit difference hash (dHash): whether each pixel is brighter than its left neighbour.

    It survives rescaling, recompression and changes of brightness; a mirrored, turned or cropped copy has another one.

    Parameters
    ----------
    grey : (8, 9) uint8
        The upright picture, shrunk.

    Returns
    -------
    int
        Row by row, the first pixel in the highest bit. Equal to ``imagehash.dhash``.

    Raises
    ------
    ValueError
        If the shape is another.

    References
    ----------
    Krawetz, N. (2013). Kind of like that. The Hacker Factor Blog.
    """
    if grey.shape != HASH_SHAPE:
        raise ValueError(f"the picture to hash is {grey.shape}; shrink it to {HASH_SHAPE}")
    brighter = grey[:, 1:] > grey[:, :-1]
    return int.from_bytes(np.packbits(brighter).tobytes(), "big")


def sharpness(grey: NDArray[np.uint8]) -> float:
    """Sharpness of a picture: the variance of its Laplacian, 0 for a picture of one colour.

    Parameters
    ----------
    grey : (h, w) uint8
        The picture, in a size that is the same for all that are compared.

    References
    ----------
    Pech-Pacheco, J. L. et al. (2000). Diatom autofocusing in brightfield microscopy: a comparative study. ICPR.
    """
    if min(grey.shape) < 3:  # noqa: PLR2004 - a pixel and its two neighbours
        return 0.0
    value = grey.astype(np.float32)
    inner = value[1:-1, 1:-1]
    laplacian = value[:-2, 1:-1] + value[2:, 1:-1] + value[1:-1, :-2] + value[1:-1, 2:] - 4 * inner
    return float(laplacian.var())


def hamming(one: int, other: int) -> int:
    """Bits in which two hashes differ, 0…64."""
    return (one ^ other).bit_count()


def is_telling(dhash: int) -> bool:
    """Whether a hash tells pictures apart; pictures that show next to nothing are all alike."""
    return LEAST_SIGNS <= dhash.bit_count() <= _HASH_BITS - LEAST_SIGNS


def reuse(dhash: int, earlier: Sequence[int] | NDArray[np.uint64]) -> Nearest | None:
    """Find the photo among earlier ones that is most like another one.

    Parameters
    ----------
    dhash : int
        64 bits of `difference_hash`.
    earlier : (n,) sequence of int, or uint64
        Of the earlier photos.

    Returns
    -------
    Nearest or None
        None where there is no earlier one.
    """
    hashes = np.asarray(earlier, dtype=np.uint64)
    if not len(hashes):
        return None
    bits = np.bitwise_count(hashes ^ np.uint64(dhash))
    index = int(bits.argmin())
    return Nearest(index, int(bits[index]))


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Geodesic distance of two places on the ellipsoid of CGCS2000, metres; degrees, EPSG:4490."""
    return float(Geod(ellps="GRS80").inv(lon, lat, other_lon, other_lat)[2])


def place_verdict(distance_m: float | None, near_m: float) -> PlaceVerdict:
    """Whether a photo was taken where its case is.

    Parameters
    ----------
    distance_m : float or None
        From the camera to the case's place, metres; None where either is not known.
    near_m : float
        Distance that still counts as the place, metres: a satellite fix between houses is tens of metres off, and a
        case's place is that of the thing, not of the one who looks at it.
    """
    if distance_m is None:
        return PlaceVerdict.UNKNOWN
    return PlaceVerdict.NEAR if distance_m <= near_m else PlaceVerdict.FAR
