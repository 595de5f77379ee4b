"""Where the sun stands."""

from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin, tan

from twin_model.errors import TwinModelError

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
DAYS_A_CENTURY = 36_525.0
SECONDS_A_DAY = 86_400.0
ZENITH_DEG = 85.0
"""Altitude above which refraction is nothing."""


def sun_position(lon: float, lat: float, moment: datetime) -> tuple[float, float]:
    """Azimuth and altitude of the sun's centre.

    The low-precision series of Meeus, *Astronomical Algorithms*, ch. 25, as NOAA's solar calculator uses them, with
    NOAA's refraction at sea level. Good to about 0.01° of the sun's place between 1950 and 2050; near the horizon the
    air bends light by more or less than the formula says, a few hundredths of a degree.

    Parameters
    ----------
    lon, lat : float
        Degrees, EPSG:4490.
    moment : datetime
        Aware.

    Returns
    -------
    tuple of float
        Azimuth, degrees clockwise from north, 0 to 360; altitude as it is seen, degrees above the horizon.

    Raises
    ------
    TwinModelError
        If the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise TwinModelError(f"{moment.isoformat()} has no time zone: the sun needs to know which moment it is")
    days = (moment - J2000).total_seconds() / SECONDS_A_DAY
    century = days / DAYS_A_CENTURY
    declination, right_ascension = _equatorial(century)
    sidereal = 280.46061837 + 360.98564736629 * days + 0.000387933 * century**2
    hour_angle = radians(sidereal + lon) - right_ascension
    phi = radians(lat)
    altitude = asin(sin(phi) * sin(declination) + cos(phi) * cos(declination) * cos(hour_angle))
    azimuth = atan2(sin(hour_angle), cos(hour_angle) * sin(phi) - tan(declination) * cos(phi))
    return (degrees(azimuth) + 180) % 360, degrees(altitude) + refraction_deg(degrees(altitude))


def _equatorial(century: float) -> tuple[float, float]:
    """Apparent declination and right ascension of the sun, radians, by Julian centuries from J2000."""
    mean_longitude = 280.46646 + century * (36_000.76983 + century * 0.0003032)
    anomaly = radians(357.52911 + century * (35_999.05029 - 0.0001537 * century))
    centre = (
        (1.914602 - century * (0.004817 + 0.000014 * century)) * sin(anomaly)
        + (0.019993 - 0.000101 * century) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * century)
    longitude = radians(mean_longitude + centre - 0.00569 - 0.00478 * sin(node))
    obliquity = 23.43929111 - century * (0.0130041667 + century * (1.6389e-7 - century * 5.0361e-7))
    tilt = radians(obliquity + 0.00256 * cos(node))
    return asin(sin(tilt) * sin(longitude)), atan2(cos(tilt) * sin(longitude), cos(longitude))


def refraction_deg(altitude_deg: float) -> float:
    """How much higher the air makes the sun seem, degrees, by its true altitude (NOAA)."""
    if altitude_deg > ZENITH_DEG:
        return 0.0
    slope = tan(radians(altitude_deg))
    if altitude_deg > 5:  # noqa: PLR2004 - limits of NOAA's pieces
        seconds = 58.1 / slope - 0.07 / slope**3 + 0.000086 / slope**5
    elif altitude_deg > -0.575:  # noqa: PLR2004 - see above
        h = altitude_deg
        seconds = 1735 + h * (-518.2 + h * (103.4 + h * (-12.79 + h * 0.711)))
    else:
        seconds = -20.774 / slope
    return seconds / 3600
