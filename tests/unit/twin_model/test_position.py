import numpy as np
import pytest
from pyproj import Transformer

from twin_model.crs import parse_crs, within_use
from twin_model.errors import CrsError
from twin_model.position import comes_swapped, positions_to_stored

# Published or exactly known places: (coordinates, system, longitude, latitude).
PLACES = [
    ((440017.409, 4425212.630, 51.5), "EPSG:4548", 116.298, 39.959),
    ((600000.0 + 2e6, 200000.0 + 1e6, 540.0), "EPSG:2056", 7.438633, 46.951083),  # Bern, the origin of Swiss surveying
    ((155000.0, 463000.0, 30.0), "EPSG:7415", 5.387204, 52.155172),  # Amersfoort, the origin of Dutch surveying
    ((500000.0, 5538630.703, 100.0), "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", 9.0, 50.0),
    ((138.34722, 34.90089, 12.0), "http://www.opengis.net/def/crs/EPSG/0/6697", 138.34722, 34.90089),
    ((116.3, 39.96, 5.0), "EPSG:4979", 116.3, 39.96),
]


@pytest.mark.parametrize(("xyz", "crs", "lon", "lat"), PLACES)
def test_systems_lead_to_their_places_and_heights_stay(xyz, crs, lon, lat):
    found = positions_to_stored(np.array([xyz]), parse_crs(crs))
    assert found[0] == pytest.approx((lon, lat, xyz[2]), abs=2e-5)


@pytest.mark.parametrize(
    ("crs", "unit_m"),
    [
        ("EPSG:2263+6360", 1200 / 3937),  # plane and heights in US survey feet
        ("EPSG:2263+5703", 1.0),  # plane in feet, heights in metres
        ("EPSG:2263", 1200 / 3937),  # nothing said of heights: as the plane
        ("EPSG:4548", 1.0),
        ("EPSG:4326", 1.0),
        ("GCJ-02", 1.0),
    ],
)
def test_heights_become_metres_whatever_the_system_counts_in(crs, unit_m):
    x, y = (-74.0, 40.7) if crs == "EPSG:4326" else (116.3, 39.96) if crs == "GCJ-02" else (983000.0, 199000.0)
    x, y = (440017.0, 4425212.0) if crs == "EPSG:4548" else (x, y)
    assert positions_to_stored(np.array([[x, y, 100.0]]), crs)[0, 2] == pytest.approx(100 * unit_m)


def test_a_compound_of_parts_without_a_code_of_its_own_is_named_by_them():
    assert parse_crs("urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783") == "EPSG:3068+5783"
    assert parse_crs("EPSG:3068+5783") == "EPSG:3068+5783"


def test_metres_may_be_small_where_a_system_starts_nearby_but_nowhere_else():
    near = positions_to_stored(np.array([[10.0, 20.0, 3.0]]), "EPSG:3068")
    assert within_use(near[:, 0], near[:, 1], "EPSG:3068")
    with pytest.raises(CrsError, match="are degrees, not metres"):
        positions_to_stored(np.array([[116.3, 39.9, 0.0]]), "EPSG:4548")
    with pytest.raises(CrsError, match="are degrees, not metres"):
        positions_to_stored(np.array([[116.3, 39.9, 0.0]]), "EPSG:3857")


def test_geocentric_positions_get_heights_above_the_ellipsoid():
    x, y, z = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform(116.3, 39.96, 77.0)
    assert positions_to_stored(np.array([[x, y, z]]), "EPSG:4978")[0] == pytest.approx((116.3, 39.96, 77.0), abs=1e-6)


@pytest.mark.parametrize(
    ("xy", "crs", "written", "swapped"),
    [
        ((34.9, 138.3), "EPSG:6697", "http://www.opengis.net/def/crs/EPSG/0/6697", True),
        ((138.3, 34.9), "EPSG:6697", "http://www.opengis.net/def/crs/EPSG/0/6697", False),
        ((138.3, 34.9), "EPSG:6697", "EPSG:6697", False),
        ((34.9, 138.3), "EPSG:6697", "EPSG:6697", True),
        ((48.1, 11.5), "EPSG:4258", "urn:ogc:def:crs:EPSG::4258", True),
        ((440017.0, 4425212.0), "EPSG:4548", "urn:ogc:def:crs:EPSG::4548", False),
        ((4425212.0, 440017.0), "EPSG:4548", "urn:ogc:def:crs:EPSG::4548", True),
        ((5.0, 6.0), "EPSG:3068+5783", "urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783", False),
    ],
)
def test_the_order_of_axes_is_the_one_that_leads_into_the_area_of_use(xy, crs, written, swapped):
    positions = np.array([[*xy, 0.0]])
    assert comes_swapped(positions, crs, written) is swapped
