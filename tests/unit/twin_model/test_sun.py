"""The sun: published positions, and what must hold anywhere."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.errors import TwinModelError
from twin_model.sun import refraction_deg, sun_position

MOUNTAIN = timezone(timedelta(hours=-7))
BEIJING = timezone(timedelta(hours=8))


def test_the_example_of_the_solar_position_algorithm_is_met() -> None:
    """Reda and Andreas, NREL/TP-560-34302: azimuth 194.34024, zenith 50.11162 at 820 mbar."""
    azimuth, altitude = sun_position(-105.1786, 39.742476, datetime(2003, 10, 17, 12, 30, 30, tzinfo=MOUNTAIN))
    assert azimuth == pytest.approx(194.34024, abs=0.01)
    assert altitude == pytest.approx(90 - 50.11162, abs=0.01)


@pytest.mark.parametrize(
    ("moment", "altitude"),
    [  # solstices and equinox: noon altitude is 90 - latitude + declination
        (datetime(2026, 6, 21, 4, 16, tzinfo=UTC), 90 - 39.96 + 23.436),
        (datetime(2026, 12, 21, 4, 13, tzinfo=UTC), 90 - 39.96 - 23.436),
        (datetime(2026, 3, 20, 4, 22, tzinfo=UTC), 90 - 39.96 - 0.17),
    ],
)
def test_at_noon_the_sun_stands_in_the_south_as_high_as_the_season_has_it(moment: datetime, altitude: float) -> None:
    found = sun_position(116.3, 39.96, moment)
    assert found[0] == pytest.approx(180, abs=1)
    assert found[1] == pytest.approx(altitude, abs=0.05)


def test_sunrise_and_sunset_of_beijing_are_those_of_the_almanac() -> None:
    """1 January 2026: the upper rim rises at 07:36 and sets at 16:59; the centre is 16 minutes of arc lower."""
    for hour, minute in ((7, 36), (16, 59)):
        _, altitude = sun_position(116.39, 39.91, datetime(2026, 1, 1, hour, minute, tzinfo=BEIJING))
        assert altitude == pytest.approx(-16 / 60, abs=0.2)


@given(lon=st.floats(-180, 180), lat=st.floats(-89, 89), hours=st.integers(-438_000, 438_000))
def test_the_sun_is_always_somewhere(lon: float, lat: float, hours: int) -> None:
    azimuth, altitude = sun_position(lon, lat, datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
    assert 0 <= azimuth <= 360
    assert -90 <= altitude <= 90.01


def test_the_air_lifts_the_sun_by_half_a_degree_at_the_horizon_and_not_overhead() -> None:
    assert refraction_deg(0.0) == pytest.approx(0.48, abs=0.01)
    assert refraction_deg(90.0) == 0


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(TwinModelError, match="no time zone"):
        sun_position(0, 0, datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused
