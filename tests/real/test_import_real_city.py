"""The importer of city models on real files, which do not ship."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from datastore.sources.city import import_city
from datastore.sources.options import CityOptions
from datastore.store import Store

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CITY = DATA / "city3d"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = [pytest.mark.real, pytest.mark.skipif(not CITY.is_dir(), reason="the real files are not here")]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store", create=True, threads=2) as opened:
        yield opened


def ask(store, sql):
    with store.read() as cur:
        return cur.execute(sql).fetchall()


def extent(store):
    """Mean place, and least and greatest height, of the buildings."""
    return ask(store, "SELECT avg(lon), avg(lat), min(height_m), max(height_m) FROM building")[0]


def test_delft_stands_in_delft_with_its_streets_and_canals(store):
    report = import_city(store, CITY / "cityjson/delft.json", CityOptions(), NOW)
    assert (report.loaded, report.rejected) == (516, 0)
    assert report.counts["not drawn, GenericCityObject"] == 54
    lon, lat, low, high = extent(store)
    assert (lon, lat) == (pytest.approx(4.366, abs=0.004), pytest.approx(52.012, abs=0.002))
    assert 0.5 < low < high < 20
    assert ask(store, "SELECT kind, count(*) FROM landuse GROUP BY 1 ORDER BY 1") == [
        ("green", 126), ("other", 81), ("paved", 146), ("water", 3),
    ]  # fmt: skip
    # The file says each building's ground and roof: the shape is as high as they differ.
    gap = ask(
        store,
        "SELECT max(abs(height_m - (TRY_CAST(attributes->>'measuredHeight' AS DOUBLE) "
        "- TRY_CAST(attributes->>'min-height-surface' AS DOUBLE)))) "
        "FROM building JOIN building_detail USING (building_id)",
    )[0][0]
    assert gap < 0.2
    assert ask(store, "SELECT count(*), count(*) FILTER (lod = '1') FROM building_model") == [(160, 160)]


def test_three_lods_of_ten_houses_are_kept(store):
    report = import_city(store, CITY / "cityjson/multi_lod.json", CityOptions(crs="EPSG:7415"), NOW)
    assert {what: count for what, count in report.counts.items() if "LoD" in what} == {
        "models, LoD 1.2": 10, "models, LoD 1.3": 10, "models, LoD 2.2": 10,
    }  # fmt: skip
    assert report.counts["models valid"] + report.counts.get("models repaired", 0) == 30
    lon, lat, low, high = extent(store)
    assert (lon, lat) == (pytest.approx(5.36, abs=0.02), pytest.approx(51.71, abs=0.02))
    assert 2 < low < high < 15


def test_rotterdam_has_the_one_texture_that_is_there(store):
    report = import_city(store, CITY / "cityjson/rotterdam_subset.json", CityOptions(crs="EPSG:28992"), NOW)
    assert (report.loaded, report.counts["textures taken"], report.counts["textures missing"]) == (16, 1, 73)
    assert ask(store, "SELECT path, media_type FROM building_texture") == [("appearances/0320_4_15.jpg", "image/jpeg")]
    assert ask(store, "SELECT count(*) > 0 FROM building_model WHERE texture_ids IS NOT NULL") == [(True,)]
    lon, lat, *_ = extent(store)
    assert (lon, lat) == (pytest.approx(4.45, abs=0.02), pytest.approx(51.90, abs=0.02))


@pytest.mark.parametrize("name", ["lod2_buildings_v2.json", "lod2_buildings_v3.gml"])
def test_the_hundred_houses_are_the_same_in_both_formats(store, name):
    report = import_city(store, CITY / "citygml" / name, CityOptions(), NOW)
    assert (report.loaded, report.counts["models valid"]) == (100, 100)
    assert ask(store, "SELECT round(sum(volume_m3)), count(DISTINCT building_id) FROM building_model")[0] == (
        pytest.approx(35_183, abs=1), 100,
    )  # fmt: skip
    assert ask(store, "SELECT min(height_m), max(height_m) FROM building") == [(8.0, 12.0)]
    assert ask(store, "SELECT crs, count(*) FROM dataset GROUP BY 1")[0][1] == 1
    assert ask(store, "SELECT name FROM building ORDER BY building_id LIMIT 1") == [("Testcase-0-0_LoD2",)]


def test_the_lod_4_house_keeps_its_address_and_leaves_its_room_out(store):
    report = import_city(store, CITY / "citygml/lod4_building_v2.gml", CityOptions(), NOW)
    assert report.counts["left out, Room"] == 1
    assert ask(store, "SELECT lod, base_m, watertight FROM building_model") == [("3", 112.0, True)]
    assert ask(store, "SELECT address FROM building_detail") == [
        ("Hermann-von-Helmholtz-Platz 1, 76344 Eggenstein-Leopoldshafen, Germany",)
    ]
    assert ask(store, "SELECT height_m, storeys, round(footprint_m2) FROM building") == [(5.0, 1, 50.0)]
    lon, lat, *_ = extent(store)
    assert (lon, lat) == (pytest.approx(8.4367, abs=1e-3), pytest.approx(49.0967, abs=1e-3))


def test_plateau_has_latitude_first_and_attributes_in_japanese(store):
    import_city(store, CITY / "citygml/plateau_52382287_bldg_6697.gml", CityOptions(), NOW)
    found = ask(store, "SELECT lod, count(*), count(*) FILTER (watertight) FROM building_model GROUP BY 1 ORDER BY 1")
    assert found == [
        ("0", 4, 0), ("1", 4, 4),
    ]  # fmt: skip
    assert ask(store, """SELECT DISTINCT attributes->>'$."風致地区"' FROM building_detail""") == [
        ("第1種風致地区（大崩）",)
    ]
    lon, lat, low, high = extent(store)
    assert (lon, lat) == (pytest.approx(138.348, abs=0.002), pytest.approx(34.902, abs=0.002))
    assert 2 < low < high < 20


@pytest.mark.parametrize(
    ("name", "up", "height", "textures"), [("CesiumMilkTruck.glb", "y", 2.58, 1), ("vcs_10748.glb", "z", 116.64, 0)]
)
def test_models_stand_where_they_are_put(store, tmp_path, *, name, up, height, textures):
    place = tmp_path / "place.toml"
    place.write_text(f'longitude = 116.3\nlatitude = 39.96\nanchor = "base"\nup = "{up}"\n', encoding="utf-8")
    import_city(store, CITY / "glb" / name, CityOptions(placement=place), NOW)
    lon, lat, _, high = extent(store)
    assert (lon, lat, high) == (
        pytest.approx(116.3, abs=1e-3),
        pytest.approx(39.96, abs=1e-3),
        pytest.approx(height, abs=0.01),
    )
    assert ask(store, "SELECT count(*) FROM building_texture") == [(textures,)]


def test_of_monaco_only_the_buildings_are_taken(store):
    report = import_city(store, DATA / "geoparquet/monaco_osm.parquet", CityOptions(), NOW)
    assert (report.loaded, report.reasons["not_a_building"]) == (1283, 502)
    lon, lat, low, high = extent(store)
    assert (lon, lat) == (pytest.approx(7.42, abs=0.01), pytest.approx(43.737, abs=0.01))
    assert 0 < low < high == 111
