import numpy as np
import pytest
import shapely

from datastore.meta import write_meta
from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.landuse import import_landuse
from datastore.sources.options import AreaOptions, BuildingOptions, LanduseOptions, RoadOptions
from datastore.sources.roads import import_roads
from twin_model.geometry import geometry_to_metric

METRIC = "EPSG:4548"
LINE = {"type": "LineString", "coordinates": [[116.0, 39.9], [116.02, 39.9]]}


@pytest.fixture
def outline(store):
    """Shape of the one area that the store has."""

    def read():
        with store.read() as cur:
            ((wkb,),) = cur.execute("SELECT ST_AsWKB(geom) FROM area").fetchall()
        return shapely.from_wkb(wkb)

    return read


def test_a_store_of_buildings_only_has_a_district_around_them(store, geojson, square, *, now, ask, outline):
    file = geojson((square(116.0, 39.9, 0.001), {}), (square(116.01, 39.91, 0.001), {}))
    import_buildings(store, file, BuildingOptions(), now)
    assert ask("SELECT code, name, name_en, level, geom_source FROM area") == [
        ("CITY", "某区", "Some District", 1, "derived")
    ]
    assert ask("SELECT value FROM meta WHERE key = 'metric_crs'") == [(METRIC,)]
    shapes = shapely.from_wkb([row[0] for row in ask("SELECT ST_AsWKB(geom) FROM building")])
    hull = shapely.convex_hull(shapely.union_all(geometry_to_metric(shapes, METRIC)))
    district = geometry_to_metric(np.array([outline()], dtype=object), METRIC)[0]
    assert shapely.hausdorff_distance(shapely.boundary(district), shapely.boundary(hull)) == pytest.approx(150, abs=1)


def test_buildings_in_a_derived_district_have_no_street(store, geojson, square, now, ask):
    import_buildings(store, geojson((square(116.0, 39.9, 0.001), {})), BuildingOptions(), now)
    assert ask("SELECT street_id, community_id, grid_id FROM building") == [(None, None, None)]


def test_roads_and_land_use_alone_have_a_district_too_and_it_grows_with_them(
    store, geojson, square, *, now, ask, outline
):
    import_roads(store, geojson((LINE, {"highway": "trunk"}), name="roads.geojson"), RoadOptions(), now)
    roads_only = outline()
    import_landuse(
        store, geojson((square(116.05, 39.9), {"class": "park"}), name="parks.geojson"), LanduseOptions(), now
    )
    assert outline().contains(shapely.buffer(roads_only, -1e-5))
    assert outline().contains(shapely.box(116.05, 39.9, 116.06, 39.91))
    assert ask("SELECT count(*) FROM area") == [(1,)]


def test_a_district_shrinks_when_its_data_set_is_replaced(store, geojson, square, now, outline):
    far = geojson((square(116.0, 39.9, 0.001), {}), (square(116.1, 39.9, 0.001), {}))
    import_buildings(store, far, BuildingOptions(), now)
    near = geojson((square(116.0, 39.9, 0.001), {}))
    import_buildings(store, near, BuildingOptions(), now)
    assert outline().bounds[2] < 116.01


def test_areas_that_are_imported_take_the_place_of_a_derived_district(store, geojson, square, *, now, ask, two_streets):
    import_buildings(store, geojson((square(116.004, 39.904, 0.001), {})), BuildingOptions(), now)
    import_areas(store, two_streets, AreaOptions(), now)
    assert ask("SELECT code FROM area ORDER BY area_id") == [("110108",), ("110108001",), ("110108002",)]
    assert ask("SELECT s.code FROM building b JOIN area s ON s.area_id = b.street_id") == [("110108001",)]


def test_a_store_that_has_areas_keeps_them_when_buildings_come(store, geojson, square, *, now, ask, two_streets):
    import_areas(store, two_streets, AreaOptions(), now)
    before = ask("SELECT code, ST_AsWKB(geom) FROM area ORDER BY area_id")
    import_buildings(store, geojson((square(116.1, 39.9, 0.001), {})), BuildingOptions(), now)
    assert ask("SELECT code, ST_AsWKB(geom) FROM area ORDER BY area_id") == before


def test_a_city_without_a_name_is_called_by_its_code(store, geojson, square, now, ask):
    with store.write() as con:
        write_meta(con, {"city_name_zh": "", "city_name_en": ""})
    import_buildings(store, geojson((square(116.0, 39.9, 0.001), {})), BuildingOptions(), now)
    assert ask("SELECT name FROM area") == [("CITY",)]
