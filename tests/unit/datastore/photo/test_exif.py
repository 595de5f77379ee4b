from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags
from PIL.TiffImagePlugin import IFDRational

from datastore.photo.exif import CameraNotes, read_camera_notes
from tests.photo_files import BASE, GPS, SHOT, clock, exif, fix
from twin_model.photo import TimeRule

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of damaged metadata, which it reads on after

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
NOTHING = CameraNotes(1, None, TimeRule.NONE, None, None)


def notes(block, zone="Asia/Shanghai"):
    return read_camera_notes(block, ZoneInfo(zone), NOW, ahead_s=300)


@pytest.mark.parametrize(
    ("shot", "gps", "hour", "rule"),
    [
        (clock("2026:11:23 10:00:00", "+09:00"), {}, 1, TimeRule.OFFSET),
        (clock("2026:11:23 10:00:00"), {}, 2, TimeRule.CITY),
        (clock("2026:11:23 10:00:00", "  :  "), {}, 2, TimeRule.CITY),
        ({BASE.DateTimeDigitized: "2026:11:23 10:00:00", BASE.OffsetTimeDigitized: "+00:00"}, {}, None, TimeRule.AHEAD),
        ({}, {ExifTags.GPS.GPSDateStamp: "2026:11:23", ExifTags.GPS.GPSTimeStamp: (3, 0, 0)}, 3, TimeRule.SATELLITE),
        (clock("0000:00:00 00:00:00"), {}, None, TimeRule.NONE),
        (clock("    :  :     :  :  "), {}, None, TimeRule.NONE),
        (clock("0001:01:01 00:00:00", "+14:00"), {}, None, TimeRule.NONE),
        ({}, {ExifTags.GPS.GPSDateStamp: "2026:11:23", ExifTags.GPS.GPSTimeStamp: (25, 0, 0)}, None, TimeRule.NONE),
        ({}, {ExifTags.GPS.GPSTimeStamp: (3, 0, 0)}, None, TimeRule.NONE),
    ],
)
def test_when_a_photo_was_taken(shot, gps, hour, rule):
    found = notes(exif(shot=shot, gps=gps))
    expected = None if hour is None else datetime(2026, 11, 23, hour, tzinfo=UTC)
    assert (found.taken_at, found.time_rule) == (expected, rule)


def test_a_clock_without_offset_is_read_in_the_citys_zone():
    assert notes(exif(shot=clock("2026:07:01 10:00:00")), "America/Los_Angeles").taken_at.hour == 17


def test_the_time_of_the_last_change_of_the_file_is_not_when_it_was_taken():
    block = exif(orientation=1)
    assert notes(block) == NOTHING


@pytest.mark.parametrize(("second", "is_believed"), [(59, True), (0, True)])
def test_a_clock_that_is_a_little_ahead_is_believed(second, is_believed):
    assert (notes(exif(shot=clock(f"2026:11:23 12:04:{second:02}"))).taken_at is not None) is is_believed


def test_a_clock_that_is_far_ahead_is_not_believed():
    found = notes(exif(shot=clock("2026:11:23 12:05:01")))
    assert (found.taken_at, found.time_rule) == (None, TimeRule.AHEAD)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_place_is_read_to_a_millimetre(lon, lat):
    found = notes(exif(gps=fix(lon, lat)))
    if found.lon is None:
        assert max(abs(lon), abs(lat)) < 1e-7
    else:
        assert found.lon == pytest.approx(lon, abs=1e-7)
        assert found.lat == pytest.approx(lat, abs=1e-7)


HERE = fix(116.31, 39.98)


@pytest.mark.parametrize(
    "gps",
    [
        fix(0, 0),
        HERE | {ExifTags.GPS.GPSLatitude: (91.0, 0.0, 0.0)},
        HERE | {ExifTags.GPS.GPSLongitude: (180.0, 30.0, 0.0)},
        HERE | {ExifTags.GPS.GPSLatitudeRef: "X"},
        HERE | {ExifTags.GPS.GPSLatitude: (IFDRational(39, 0), IFDRational(0, 0), IFDRational(0, 1))},
        HERE | {ExifTags.GPS.GPSLatitude: 39.98},
        {tag: value for tag, value in HERE.items() if tag != ExifTags.GPS.GPSLongitudeRef},
    ],
)
def test_a_place_that_cannot_be_is_no_place(gps):
    found = notes(exif(gps=gps))
    assert (found.lon, found.lat) == (None, None)


@pytest.mark.parametrize(("written", "read"), [(1, 1), (6, 6), (8, 8), (0, 1), (9, 1)])
def test_which_way_is_up(written, read):
    assert notes(exif(orientation=written)).orientation == read


@pytest.mark.parametrize("block", [None, b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\x7f", "text", 7])
def test_no_block_says_nothing(block):
    assert notes(block) == NOTHING


FULL = exif(orientation=6, shot=clock("2026:11:23 10:00:00", "+08:00"), gps=HERE)


@given(st.lists(st.tuples(st.integers(0, len(FULL) - 1), st.integers(0, 255)), max_size=8), st.integers(0, len(FULL)))
def test_a_damaged_block_never_fails(changes, length):
    block = bytearray(FULL)
    for place, value in changes:
        block[place] = value
    found = notes(bytes(block[:length]))
    assert 1 <= found.orientation <= 8
    assert (found.lon is None) == (found.lat is None)


def test_tags_are_those_of_their_own_directory():
    assert SHOT != GPS
    assert notes(FULL) == CameraNotes(
        6, datetime(2026, 11, 23, 2, tzinfo=UTC), TimeRule.OFFSET, pytest.approx(116.31), pytest.approx(39.98)
    )
