import geopandas as gpd
import pytest
import shapely

from datastore.sources.buildings import import_buildings
from datastore.sources.errors import SourceError
from datastore.sources.options import BuildingOptions
from datastore.sources.vector_file import read_vector_file


@pytest.fixture
def frame():
    boxes = [shapely.box(116.0, 39.9, 116.001, 39.901), shapely.box(116.01, 39.9, 116.011, 39.901)]
    return gpd.GeoDataFrame({"name": ["甲楼", "乙楼"]}, geometry=boxes, crs="EPSG:4490")


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp", "fgb", "parquet"])
def test_every_format_gives_the_same_records(tmp_path, frame, ending):
    path = tmp_path / f"b.{ending}"
    frame.to_parquet(path) if ending == "parquet" else frame.to_file(path, encoding="UTF-8")
    file = read_vector_file(path)
    assert sorted(file.attributes["name"].to_pylist()) == ["乙楼", "甲楼"]
    assert shapely.area(file.geometry).sum() == pytest.approx(2e-6)
    assert file.crs is not None


def test_projected_shapefile_comes_in_by_its_own_prj(tmp_path, frame, store, now, ask):
    frame.to_crs("EPSG:4548").to_file(tmp_path / "b.shp", encoding="UTF-8")
    import_buildings(store, tmp_path / "b.shp", BuildingOptions(), now)
    assert ask("SELECT lon, lat FROM building ORDER BY lon")[0] == pytest.approx((116.0005, 39.9005), abs=1e-6)
    assert ask("SELECT crs FROM dataset") == [("EPSG:4548",)]


def test_shapefile_without_prj_asks_for_the_crs_and_takes_it(tmp_path, frame, store, now, ask):
    frame.to_crs("EPSG:4548").to_file(tmp_path / "b.shp", encoding="UTF-8")
    (tmp_path / "b.prj").unlink()
    with pytest.raises(SourceError, match=r"b.shp: the coordinate reference system is missing: name it with --crs"):
        import_buildings(store, tmp_path / "b.shp", BuildingOptions(), now)
    import_buildings(store, tmp_path / "b.shp", BuildingOptions(crs="EPSG:4548"), now)
    assert ask("SELECT count(*) FROM building") == [(2,)]


@pytest.mark.parametrize(("encoding", "keep_cpg"), [("GB18030", True), ("GB18030", False), ("UTF-8", False)])
def test_chinese_attributes_of_shapefiles_are_read_with_and_without_cpg(tmp_path, frame, encoding, keep_cpg):
    frame.to_file(tmp_path / "b.shp", encoding=encoding)
    if not keep_cpg:
        (tmp_path / "b.cpg").unlink()
    assert read_vector_file(tmp_path / "b.shp").attributes["name"].to_pylist() == ["甲楼", "乙楼"]


def test_several_layers_ask_for_one(tmp_path, frame):
    frame.to_file(tmp_path / "b.gpkg", layer="old")
    frame.iloc[:1].to_file(tmp_path / "b.gpkg", layer="new")
    with pytest.raises(SourceError, match=r"name one of its layers with --layer: old, new"):
        read_vector_file(tmp_path / "b.gpkg")
    with pytest.raises(SourceError, match=r"no layer 'x'; the layers are old, new"):
        read_vector_file(tmp_path / "b.gpkg", layer="x")
    assert len(read_vector_file(tmp_path / "b.gpkg", layer="new").geometry) == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.geojson", "", "the file is empty"),
        ("a.geojson", "not json", "not a geodata file"),
        ("a.gpkg", "not sqlite", "not a geodata file"),
        ("a.parquet", "not parquet", "not a GeoParquet file"),
        ("a.zip", "PK", "not a geodata file that is read; convert"),
        ("a.gml", "<!DOCTYPE x>", "not a geodata file that is read; convert"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "holds no record"),
    ],
)
def test_a_file_that_is_no_geodata_is_told_in_one_sentence(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        read_vector_file(path)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere.geojson: the file cannot be read \(No such file"):
        read_vector_file(tmp_path / "nowhere.geojson")


def test_crs_that_contradicts_the_coordinates_leaves_the_store_alone(geojson, square, store, now, content):
    before = content()
    with pytest.raises(SourceError, match=r"layer.geojson: the coordinates contradict EPSG:4548"):
        import_buildings(store, geojson((square(116.0, 39.9), {})), BuildingOptions(crs="EPSG:4548"), now)
    assert content() == before
