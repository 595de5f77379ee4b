"""The import commands as a user runs them."""

import json
import shutil
from dataclasses import dataclass

import pytest

from app import cli
from datastore.store import FILE_NAME

MAPPING = """
time_zone = "America/Los_Angeles"
[columns]
id = "id"
reported_at = "at"
lon = "lon"
lat = "lat"
class = "kind"
[create]
class = true
"""


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    exit_code: int
    output: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    def call(*args):
        monkeypatch.setattr("sys.argv", ["citydeck", *map(str, args), "--data", str(tmp_path / "data")])
        with pytest.raises(SystemExit) as left:
            cli.main()
        shown = capsys.readouterr()
        return Ran(int(left.value.code or 0), shown.out + shown.err)

    return call


@pytest.fixture
def streets(tmp_path):
    ring = [[116.0, 39.9], [116.1, 39.9], [116.1, 40.0], [116.0, 40.0], [116.0, 39.9]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"code": "110108001", "name": "甲街道"},
    }
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_a_city_is_set_up_and_filled_and_tells_what_it_took(run, streets, tmp_path):
    assert run("init", "--city-name", "旧金山", "--time-zone", "America/Los_Angeles").exit_code == 0
    done = run("import", "areas", streets)
    assert done.exit_code == 0, done.output
    assert "streets: 1 loaded, 0 rejected, 0 unplaced" in done.output
    assert "columns used: code = code, name = name" in done.output
    assert "unchanged" in run("import", "areas", streets).output
    cases, mapping = tmp_path / "cases.csv", tmp_path / "mapping.toml"
    cases.write_text("id,at,lon,lat,kind\n1,2026-01-01 08:00,116.05,39.95,A\n2,never,0,0,A\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    done = run("import", "cases", cases, "--mapping", mapping)
    assert "cases: 1 loaded, 1 rejected, 0 unplaced" in done.output
    assert "rejected, unreadable_time: 1" in done.output


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("import", "areas", "nowhere.geojson"), "the file cannot be read"),
        (("import", "areas", "STREETS", "--crs", "EPSG:4548"), "contradict EPSG:4548"),
        (("import", "areas", "STREETS", "--code-field", "x"), "there is no column 'x' for the code"),
        (("import", "buildings", "STREETS", "--layer", "x"), "there is no layer 'x'"),
        (("import", "roads", "STREETS"), "none of its 1 records can be used"),
        (("import", "landuse", "STREETS", "--crs", "none"), "is no coordinate reference system"),
        (("import", "cases", "STREETS", "--mapping", "none.toml"), "the mapping cannot be read"),
        (("init",), "there is a store in"),
        (("init", "--time-zone", "Beijing"), "'Beijing' is no IANA time zone"),
    ],
)
def test_a_failure_is_one_sentence_and_exit_status_one(run, streets, args, sentence):
    run("init")
    failed = run(*[streets if arg == "STREETS" else arg for arg in args])
    assert failed.exit_code == 1
    assert sentence in failed.output
    assert failed.output.count("\n") == 1
    assert failed.output.startswith("citydeck: ")


def test_an_import_without_a_store_names_the_command_that_makes_one(run, streets):
    failed = run("import", "areas", streets)
    assert failed.exit_code == 1
    assert "citydeck init" in failed.output


def test_an_unknown_level_names_those_that_are_known(run, streets):
    run("init")
    failed = run("import", "areas", streets, "--level", "parish")
    assert failed.exit_code == 2
    assert all(f"'{level}'" in failed.output for level in ("parish", "district", "street", "community", "grid"))


@pytest.mark.parametrize("kind", ["areas", "buildings", "roads", "landuse", "cases"])
def test_nothing_is_imported_into_the_demo_city(*, run, streets, tmp_path, small_data_dir, kind):
    (tmp_path / "data").mkdir()
    store = tmp_path / "data" / FILE_NAME
    shutil.copy(small_data_dir / FILE_NAME, store)
    before = run("stats", "--json", "--fingerprint").output
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    failed = run("import", kind, streets, *(["--mapping", mapping] if kind == "cases" else []))
    assert failed.exit_code == 1
    assert "holds the simulated demo city; import into another directory: citydeck init DIR" in failed.output
    assert failed.output.count("\n") == 1
    assert run("stats", "--json", "--fingerprint").output == before


@pytest.mark.parametrize("command", [("init",), ("demo", "--no-serve", "--cases", "10")])
def test_a_data_directory_that_is_a_file_is_one_sentence(run, tmp_path, command):
    (tmp_path / "data").write_text("ours", encoding="utf-8")
    failed = run(*command)
    assert failed.exit_code == 1
    assert "data cannot be used as a data directory: it is a file; choose another" in failed.output
    assert "Traceback" not in failed.output


def test_a_demo_does_not_take_the_place_of_imported_data(run, streets):
    run("init")
    run("import", "areas", streets)
    failed = run("demo", "--no-serve", "--cases", "10")
    assert failed.exit_code == 1
    assert "holds imported data (streets); choose another directory with --data" in failed.output
    assert "unchanged" in run("import", "areas", streets).output
