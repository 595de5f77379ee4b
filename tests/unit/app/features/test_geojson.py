"""Rows as GeoJSON."""

import json

import pyarrow as pa
import shapely

from app.api.features.geojson import feature_text, geometries, moment
from datastore.queries.features import FeaturePage


def wkb(*shapes: shapely.Geometry | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([shape and shape.wkb for shape in shapes], pa.binary())])


def test_rings_run_as_geojson_wants_them_and_coordinates_are_short() -> None:
    hole = [(1, 1), (2, 1), (2, 2), (1, 2)]
    clockwise = shapely.Polygon([(0, 0), (0, 3.123456789), (3, 3), (3, 0)], [hole])
    (text,) = geometries(wkb(clockwise))
    exterior, interior = json.loads(text)["coordinates"]
    assert shapely.LinearRing(exterior).is_ccw
    assert not shapely.LinearRing(interior).is_ccw
    assert [0, 3.1234568] in exterior


def test_what_has_no_shape_has_a_geometry_of_null() -> None:
    assert geometries(wkb(None, shapely.Point(1, 2))) == ["null", '{"type":"Point","coordinates":[1.0,2.0]}']


def test_a_feature_says_chinese_and_quotes_as_they_are() -> None:
    rows = pa.table({"code": ['a"b\\c'], "name": ["海淀"], "height_m": [1.5], "lods": [["1", "2"]]})
    page = FeaturePage(1, rows.append_column("geom", wkb(shapely.Point(1, 2))))
    text = feature_text(page, [{"rel": "self", "href": "x"}], None)
    feature = json.loads(text)
    assert "海淀" in text
    assert feature["id"] == feature["properties"]["code"] == 'a"b\\c'
    assert feature["properties"]["lods"] == ["1", "2"]
    assert feature["asOf"] is moment(None) is None
