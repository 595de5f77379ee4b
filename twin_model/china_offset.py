"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps: forward, and inverse by iteration.

The formulas are public but unofficial. A one-step inverse misses by up to 2.4 m in Beijing, so the inverse here
repeats the forward shift until it returns to where it began.
"""

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
LonLat = tuple[Degrees, Degrees]

KRASOVSKY_A_M = 6378245.0
"""Semi-major axis that the GCJ-02 shift is defined on, metres."""
KRASOVSKY_EE = 0.00669342162296594323
"""First eccentricity squared that the GCJ-02 shift is defined on."""
CHINA_LON = (72.004, 137.8347)
CHINA_LAT = (0.8293, 55.8271)
"""The rectangle in which web maps apply the shift, degrees; outside it GCJ-02 is the identity."""

BD09_OFFSET_LON = 0.0065
BD09_OFFSET_LAT = 0.006
BD09_RADIANS = np.pi * 3000.0 / 180.0
INVERSE_TOLERANCE = 1e-12
INVERSE_ROUNDS = 20


def in_shifted_china(lon: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    """Which points lie in the rectangle that GCJ-02 shifts."""
    return (lon >= CHINA_LON[0]) & (lon <= CHINA_LON[1]) & (lat >= CHINA_LAT[0]) & (lat <= CHINA_LAT[1])


def wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> LonLat:
    """Shift WGS 84 (or CGCS2000) to GCJ-02.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees.

    Returns
    -------
    (n,) float64, (n,) float64
        Longitude and latitude in GCJ-02, degrees; unchanged outside China.
    """
    shift_lon, shift_lat = _gcj02_shift(lon, lat)
    inside = in_shifted_china(lon, lat)
    return np.where(inside, lon + shift_lon, lon), np.where(inside, lat + shift_lat, lat)


def gcj02_to_wgs84(lon: Degrees, lat: Degrees) -> LonLat:
    """Undo the GCJ-02 shift by fixed-point iteration, to better than 1e-9 degrees.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, GCJ-02.
    """
    inside = in_shifted_china(lon, lat)
    guess_lon, guess_lat = lon, lat
    for _ in range(INVERSE_ROUNDS):
        shift_lon, shift_lat = _gcj02_shift(guess_lon, guess_lat)
        next_lon, next_lat = lon - shift_lon, lat - shift_lat
        step = np.maximum(np.abs(next_lon - guess_lon), np.abs(next_lat - guess_lat))
        guess_lon, guess_lat = next_lon, next_lat
        if not np.any(step[inside & np.isfinite(step)] > INVERSE_TOLERANCE):
            break
    return np.where(inside, guess_lon, lon), np.where(inside, guess_lat, lat)


def gcj02_to_bd09(lon: Degrees, lat: Degrees) -> LonLat:
    """Shift GCJ-02 to BD-09, degrees; this step has no border."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD09_RADIANS)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD09_RADIANS)
    return radius * np.cos(angle) + BD09_OFFSET_LON, radius * np.sin(angle) + BD09_OFFSET_LAT


def bd09_to_gcj02(lon: Degrees, lat: Degrees) -> LonLat:
    """Undo the BD-09 shift by fixed-point iteration, to better than 1e-9 degrees."""
    guess_lon, guess_lat = lon - BD09_OFFSET_LON, lat - BD09_OFFSET_LAT
    for _ in range(INVERSE_ROUNDS):
        again_lon, again_lat = gcj02_to_bd09(guess_lon, guess_lat)
        miss_lon, miss_lat = again_lon - lon, again_lat - lat
        guess_lon, guess_lat = guess_lon - miss_lon, guess_lat - miss_lat
        miss = np.maximum(np.abs(miss_lon), np.abs(miss_lat))
        if not np.any(miss[np.isfinite(miss)] > INVERSE_TOLERANCE):
            break
    return guess_lon, guess_lat


def wgs84_to_bd09(lon: Degrees, lat: Degrees) -> LonLat:
    """Shift WGS 84 to BD-09, degrees."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: Degrees, lat: Degrees) -> LonLat:
    """Undo both shifts of BD-09, degrees."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _gcj02_shift(lon: Degrees, lat: Degrees) -> LonLat:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    flattening = 1.0 - KRASOVSKY_EE * np.sin(phi) ** 2
    meridian_m = KRASOVSKY_A_M * (1.0 - KRASOVSKY_EE) / (flattening * np.sqrt(flattening))
    parallel_m = KRASOVSKY_A_M / np.sqrt(flattening) * np.cos(phi)
    return np.degrees(east / parallel_m), np.degrees(north / meridian_m)
