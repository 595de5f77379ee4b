"""The importers on real files, which do not ship."""

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from datastore.fingerprint import fingerprint
from datastore.meta import write_meta
from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.cases import import_cases
from datastore.sources.landuse import import_landuse
from datastore.sources.options import AreaOptions, BuildingOptions, CaseOptions, LanduseOptions, RoadOptions
from datastore.sources.roads import import_roads
from datastore.store import Store
from twin_model.china_offset import wgs84_to_gcj02
from twin_model.crs import to_metric, to_stored

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path, create=True, threads=2) as opened:
        yield opened


def ask(store, sql):
    with store.read() as cur:
        return cur.execute(sql).fetchall()


def test_haidian_has_29_streets_of_430_9_km2_under_one_district(store):
    with store.write() as con:
        write_meta(con, {"city_name_zh": "海淀区", "city_name_en": "Haidian"})
    report = import_areas(store, DATA / "haidian/haidian_streets_wgs84.geojson", AreaOptions(), NOW)
    assert (report.loaded, report.rejected, report.warnings) == (29, 0, ())
    assert store.meta().metric_crs == "EPSG:4548"
    count, size, people = ask(store, "SELECT count(*), sum(area_m2) / 1e6, sum(population) FROM area WHERE level = 2")[
        0
    ]
    assert (count, round(size, 1), people) == (29, 430.9, 3_133_469)
    assert ask(store, "SELECT code, name, geom_source, population FROM area WHERE level = 1") == [
        ("110108", "海淀区", "derived", 3_133_469)
    ]
    assert ask(store, "SELECT count(*) FROM area WHERE level = 2 AND parent_id = 0") == [(29,)]


def test_zhongguancun_footprints_and_roads_lie_in_their_street(store):
    import_areas(store, DATA / "haidian/haidian_streets_wgs84.geojson", AreaOptions(), NOW)
    buildings = import_buildings(store, DATA / "haidian/zgc_buildings_osm.geojson", BuildingOptions(), NOW)
    roads = import_roads(store, DATA / "haidian/zgc_roads_osm.geojson", RoadOptions(), NOW)
    landuse = import_landuse(store, DATA / "haidian/zgc_landuse.geojson", LanduseOptions(), NOW)
    assert (buildings.loaded, roads.loaded, landuse.loaded) == (697, 645, 1)
    assert buildings.counts == {"height estimated": 697}
    streets = ask(store, "SELECT a.code, count(*) FROM building LEFT JOIN area a ON a.area_id = street_id GROUP BY 1")
    assert streets == [("110108011", 697)]
    assert ask(store, "SELECT kind FROM landuse") == [("park",)]
    assert ask(store, "SELECT count(*) FROM road WHERE class = 'primary'")[0][0] > 0


def test_cbd_heights_come_from_storeys_where_they_are_known(store):
    report = import_buildings(store, DATA / "beijing/beijing_cbd_buildings_osm_WGS84.geojson", BuildingOptions(), NOW)
    assert (report.loaded, report.repaired, report.rejected) == (6016, 23, 0)
    assert report.counts == {"height estimated": 3638, "height levels": 2378}
    assert "height" not in report.fields
    assert ask(store, "SELECT max(height_m), max(storeys) FROM building") == [(324.0, 108)]


def test_points_known_in_both_systems_agree_within_a_metre():
    points = gpd.read_file(DATA / "haidian/haidian_poi_food_2012_GCJ02_and_WGS84.geojson")
    lon, lat = to_stored(points["lon_gcj02"].to_numpy(), points["lat_gcj02"].to_numpy(), "GCJ-02")
    ours = np.column_stack(to_metric(lon, lat, "EPSG:4548"))
    theirs = np.column_stack(to_metric(points.geometry.x.to_numpy(), points.geometry.y.to_numpy(), "EPSG:4548"))
    assert np.hypot(*(ours - theirs).T).max() < 1.0


def test_haidian_shifted_to_gcj02_comes_back_within_a_millimetre(store, tmp_path):
    frame = gpd.read_file(DATA / "haidian/haidian_district_cnmaps_converted_WGS84.geojson")[
        ["name", "adcode", "geometry"]
    ]
    original = frame.geometry[0]
    shifted = shapely.transform(original, lambda xy: np.column_stack(wgs84_to_gcj02(*xy.T)))
    frame.set_geometry([shifted], crs="EPSG:4326").to_file(tmp_path / "gcj.gpkg")
    import_areas(store, tmp_path / "gcj.gpkg", AreaOptions(crs="GCJ-02"), NOW)
    stored = shapely.from_wkb(ask(store, "SELECT ST_AsWKB(geom) FROM area WHERE level = 1")[0][0])
    assert shapely.hausdorff_distance(stored, original) < 1e-8


def test_san_francisco_loads_every_request_and_maps_none_at_zero(store):
    with store.write() as con:
        write_meta(con, {"city_name_en": "San Francisco", "time_zone": "America/Los_Angeles"})
    options = CaseOptions(mapping=ROOT / "docs/mappings/sf311.toml")
    report = import_cases(store, DATA / "cases/sf311_10000.csv", options, NOW)
    assert (report.loaded, report.rejected, report.unplaced) == (10_000, 0, 4_264)
    assert report.counts == {"classes made": 61, "units made": 200, "areas derived": 116}
    assert ask(store, "SELECT count(*) FROM cases WHERE lon IS NULL AND street_id IS NULL") == [(4_264,)]
    assert ask(store, "SELECT count(*) FROM cases WHERE abs(lon) < 1 OR abs(lat) < 1") == [(0,)]
    assert ask(store, "SELECT count(*) FROM cases WHERE lon IS NOT NULL AND street_id IS NULL") == [(0,)]
    assert ask(store, "SELECT count(*) FROM cases WHERE stage = 70") == [(9_630,)]
    assert ask(store, "SELECT count(*) FROM area WHERE level = 2 AND geom_source = 'derived'") == [(116,)]
    assert store.meta().metric_crs == "EPSG:32610"
    with store.read() as cur:
        before = fingerprint(cur)
    assert import_cases(store, DATA / "cases/sf311_10000.csv", options, NOW).unchanged
    with store.read() as cur:
        assert fingerprint(cur) == before
