import numpy as np
import pytest

from twin_model.crs import from_metric, metric_crs_for, parse_crs, to_metric, to_stored
from twin_model.errors import CrsError

BEIJING = np.array([116.298]), np.array([39.959])
METRES = np.array([440017.409]), np.array([4425212.630])


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("EPSG:4490", "EPSG:4490"),
        ("4548", "EPSG:4548"),
        ("gcj02", "GCJ-02"),
        ("GCJ-02", "GCJ-02"),
        ("bd09", "BD-09"),
        ("WGS84", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
    ],
)
def test_names_that_people_write_become_one_name(given, canonical):
    assert parse_crs(given) == canonical


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_missing_crs_is_named_with_the_option_that_mends_it(missing):
    with pytest.raises(CrsError, match=r"missing: name it with --crs"):
        parse_crs(missing)


@pytest.mark.parametrize("unknown", ["EPSG:999999", "ours", "Mars 2000"])
def test_unknown_crs_is_named_with_examples(unknown):
    with pytest.raises(CrsError, match=rf"'{unknown}' is no coordinate reference system.*EPSG:4548"):
        parse_crs(unknown)


def test_beijing_metres_become_degrees_by_the_known_point():
    lon, lat = to_stored(*METRES, "EPSG:4548")
    assert lon[0] == pytest.approx(116.298, abs=1e-8)
    assert lat[0] == pytest.approx(39.959, abs=1e-8)


def test_zone_numbered_easting_is_read_by_its_own_system():
    lon, _ = to_stored(METRES[0] + 39_000_000, METRES[1], "EPSG:4527")
    assert lon[0] == pytest.approx(116.298, abs=1e-8)


def test_metres_go_there_and_back():
    again = from_metric(*to_metric(*BEIJING, "EPSG:4548"), "EPSG:4548")
    assert again[0][0] == pytest.approx(116.298, abs=1e-9)
    assert again[1][0] == pytest.approx(39.959, abs=1e-9)


def test_gcj02_is_undone():
    lon, lat = to_stored(np.array([116.30407660469037]), np.array([39.96025932017854]), "GCJ-02")
    assert (lon[0], lat[0]) == pytest.approx((116.298, 39.959), abs=1e-9)


def test_metres_claimed_as_degrees_are_told():
    with pytest.raises(CrsError, match=r"contradict EPSG:4490: 440017.4, 4425212.6 are metres.*--crs EPSG:4548"):
        to_stored(*METRES, "EPSG:4490")


def test_degrees_claimed_as_metres_are_told():
    with pytest.raises(CrsError, match=r"contradict EPSG:4548: 116.298, 39.959 are degrees.*--crs EPSG:4490"):
        to_stored(*BEIJING, "EPSG:4548")


@pytest.mark.parametrize("crs", ["EPSG:4326", "GCJ-02", "BD-09"])
def test_latitude_before_longitude_is_told(crs):
    with pytest.raises(CrsError, match="are latitude then longitude; swap"):
        to_stored(BEIJING[1], BEIJING[0], crs)


def test_wrong_zone_is_told_by_its_area_of_use():
    with pytest.raises(CrsError, match=r"outside its area of use.*EPSG:4548 or EPSG:4527"):
        to_stored(METRES[0] + 39_000_000, METRES[1], "EPSG:4548")


def test_missing_coordinates_do_not_count_against_a_system():
    lon, lat = to_stored(np.array([np.nan, 116.0]), np.array([np.nan, 39.0]), "EPSG:4490")
    assert np.isnan(lon[0])
    assert np.isnan(lat[0])
    assert lon[1] == 116.0


@pytest.mark.parametrize(
    ("extent", "crs"),
    [
        ((116.04, 39.88, 116.39, 40.16), "EPSG:4548"),
        ((113.8, 22.4, 114.6, 22.9), "EPSG:4547"),
        ((103.9, 30.5, 104.2, 30.8), "EPSG:4544"),
        ((-122.52, 37.70, -122.36, 37.83), "EPSG:32610"),
        ((151.0, -34.0, 151.3, -33.7), "EPSG:32756"),
    ],
)
def test_metric_system_follows_the_extent(extent, crs):
    assert metric_crs_for(*extent) == crs


def test_extent_off_the_globe_is_refused():
    with pytest.raises(CrsError, match="not on the globe"):
        metric_crs_for(400000, 4400000, 500000, 4500000)
