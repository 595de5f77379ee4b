"""Wire tables over HTTP: right rows, right headers, encoded once."""

import gzip
import json
import os
import time
from pathlib import Path
from threading import Event, Thread

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.problems import register_problems
from app.api.table_cache import TableCache
from app.api.tables import table_version, tables_blueprint
from app.api.wire_tables import TABLES
from datastore.store import Store
from tests.unit.layers.wire_reader import Wire, read_wire


class Data:
    """As much of a data manager as tables need."""

    def __init__(self, store: Store) -> None:
        self.store = store


@pytest.fixture
def client(small_store: Store) -> FlaskClient:
    server = Flask("tables")
    server.register_blueprint(tables_blueprint(Data(small_store)))
    register_problems(server)
    return server.test_client()


def wire(client: FlaskClient, address: str) -> Wire:
    return read_wire(client.get(address).data)


OF_ONE = {"case", "models", "model", "components"}
"""Tables that are asked for one thing."""


@pytest.mark.parametrize("name", sorted(set(TABLES) - OF_ONE))
def test_every_table_has_rows(client: FlaskClient, name: str) -> None:
    assert wire(client, f"/api/table/{name}.arrow").head["rows"] > 0


def test_buildings_name_a_grid_cell_that_the_loads_know(client: FlaskClient) -> None:
    cells = set(wire(client, "/api/table/area_load.arrow?level=grid").column("area_id"))
    assert set(wire(client, "/api/table/buildings.arrow").column("grid_id")) <= cells


def test_areas_of_a_parent_are_its_parts_only(client: FlaskClient) -> None:
    codes = wire(client, "/api/table/areas.arrow?level=community&parent=110108011").column("code")
    assert codes
    assert all(code.startswith("110108011") for code in codes)


def test_one_area_is_found_by_its_code(client: FlaskClient) -> None:
    assert wire(client, "/api/table/areas.arrow?code=110108012").column("code") == ["110108012"]


def test_hills_and_the_rest_make_up_the_land_use(client: FlaskClient) -> None:
    rows = [wire(client, f"/api/table/landuse.arrow?kind={kind}").head["rows"] for kind in ("hill", "ground", "")]
    assert rows[0] + rows[1] == rows[2]


def test_a_selection_leaves_out_the_cases_of_other_streets(client: FlaskClient) -> None:
    everything = wire(client, "/api/table/area_load.arrow?level=street").column("open")
    chosen = wire(client, "/api/table/area_load.arrow?level=street&sel=area(110108011)").column("open")
    assert 0 < sum(chosen) < sum(everything)


def test_cases_are_split_into_urgent_ones_and_the_others(client: FlaskClient) -> None:
    urgent, plain, everything = (
        wire(client, f"/api/table/cases.arrow?kind={kind}").column("state") for kind in ("urgent", "open", "")
    )
    assert set(urgent) == {"due_soon", "overdue"}
    assert set(plain) == {"open"}
    assert sorted(everything) == sorted(urgent + plain)


def test_the_latest_case_is_painted_last(client: FlaskClient) -> None:
    states = wire(client, "/api/table/cases.arrow").column("state")
    assert (states[0], states[-1]) == ("open", "overdue")


def test_one_case_is_found_by_its_number(client: FlaskClient) -> None:
    number = wire(client, "/api/table/cases.arrow").column("case_no")[0]
    assert wire(client, f"/api/table/case.arrow?code={number}").column("case_no") == [number]
    assert wire(client, "/api/table/case.arrow?code=none").head["rows"] == 0


def test_labels_have_weights_and_cells_are_named_by_their_end(client: FlaskClient) -> None:
    cells = wire(client, "/api/table/labels.arrow?level=grid&parent=110108011001")
    assert [code[-3:] for code in cells.column("code")] == cells.column("name") == cells.column("name_en")
    assert max(wire(client, "/api/table/labels.arrow").column("weight")) > 1000


def test_cases_say_their_state_and_class_in_words(client: FlaskClient) -> None:
    cases = wire(client, "/api/table/cases.arrow")
    assert set(cases.column("state")) <= {"open", "due_soon", "overdue"}
    assert all(cases.column("class_zh"))


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_table_travels_compressed_as_the_browser_asks(client: FlaskClient, coding: str, unpack: object) -> None:
    plain = client.get("/api/table/buildings.arrow").data
    packed = client.get("/api/table/buildings.arrow", headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert unpack(packed.data) == plain  # type: ignore[operator]
    assert len(packed.data) < len(plain)


def test_a_table_of_this_version_may_be_kept_for_ever(client: FlaskClient, small_store: Store) -> None:
    version = table_version(Data(small_store), "roads")
    assert "immutable" in client.get(f"/api/table/roads.arrow?v={version}").headers["Cache-Control"]
    assert client.get("/api/table/roads.arrow?v=0-old").headers["Cache-Control"] == "no-cache"


def test_an_unchanged_table_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/api/table/roads.arrow")
    again = client.get("/api/table/roads.arrow", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/api/table/palaces.arrow", 404, "palaces"),
        ("/api/table/areas.arrow?level=galaxy", 400, "galaxy"),
        ("/api/table/area_load.arrow?sel=area(", 400, "position 6"),
        ("/api/table/area_load.arrow?sel=area(999)", 400, "999"),
        ("/api/table/area_load.arrow?level=district", 400, "street, community or grid"),
        ("/api/table/area_columns.arrow?level=district", 400, "street, community or grid"),
        ("/api/table/areas.arrow?code=999", 400, "999"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_problem(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert said in json.loads(answer.data)["detail"]


def test_an_answer_is_made_once_and_found_on_disk_after_a_restart(tmp_path: Path) -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"table"

    for cache in (TableCache(tmp_path / "cache"), TableCache(tmp_path / "cache")):
        for _ in range(2):
            assert cache.get("key", lambda cache=cache: cache.lasting(b"rows", "br", make)) == b"table"
    assert len(made) == 1


def test_a_directory_that_cannot_be_written_is_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache").write_text("a file, where a directory is wanted")
    assert TableCache(tmp_path / "cache").lasting(b"rows", "br", lambda: b"table") == b"table"
    assert "cannot be written" in caplog.text


def test_keys_that_fail_leave_nothing_behind(tmp_path: Path) -> None:
    cache = TableCache(tmp_path)

    def fail() -> bytes:
        raise ValueError("no such table")

    for key in range(10):
        with pytest.raises(ValueError, match="no such table"):
            cache.get(str(key), fail)
    assert cache.under_way == 0
    assert cache.get("3", lambda: b"table") == b"table"


def test_who_waits_for_a_key_that_fails_makes_it_alone(tmp_path: Path) -> None:
    cache, begun, finish = TableCache(tmp_path), Event(), Event()
    made: list[bytes] = []

    def fail() -> bytes:
        begun.set()
        assert finish.wait(10)
        raise ValueError("first time")

    def make() -> bytes:
        made.append(b"table")
        return b"table"

    def first() -> None:
        with pytest.raises(ValueError, match="first time"):
            cache.get("key", fail)

    threads = [Thread(target=first), *(Thread(target=cache.get, args=("key", make)) for _ in range(3))]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    finish.set()
    for thread in threads:
        thread.join(10)
    assert (len(made), cache.under_way, cache.held_bytes) == (1, 0, 5)


def test_an_answer_that_is_made_again_counts_once(tmp_path: Path) -> None:
    cache = TableCache(tmp_path)
    cache.get("key", lambda: cache.get("other", lambda: b"12345") + b"678")
    cache.remember("key", b"1234")
    assert cache.held_bytes == 9


def test_old_files_go_and_one_that_is_being_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.table_cache.DISK_FILES", 2)
    cache = TableCache(tmp_path)
    for name, age_s in (("writing.br.7-7.part", 5), ("left.br.6-6.part", 9000), ("old.br", 3000), ("new.br", 100)):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (time.time() - age_s,) * 2)
    assert cache.lasting(b"rows", "br", lambda: b"table") == b"table"
    kept = {file.name for file in tmp_path.iterdir()}
    assert {"writing.br.7-7.part", "new.br"} < kept
    assert len(kept) == 3


def test_a_file_that_goes_while_the_oldest_are_looked_for_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [*found(self, pattern), self / "gone.br"])
    assert TableCache(tmp_path).lasting(b"rows", "br", lambda: b"table") == b"table"
    assert caplog.text == ""


def test_the_load_of_buildings_is_one_measure_of_those_that_have_any(client: FlaskClient) -> None:
    load = wire(client, "/api/table/building_load.arrow?metric=overdue")
    assert set(load.head["columns"]) == {"building_id", "overdue"}
    assert min(load.column("overdue")) > 0
    ids = wire(client, "/api/table/buildings.arrow").column("building_id")
    assert set(load.column("building_id")) <= set(ids)


def test_a_measure_that_there_is_not_is_told_to_the_client(client: FlaskClient) -> None:
    answer = client.get("/api/table/building_load.arrow?metric=mood")
    assert answer.status_code == 400
    assert "'mood' is not one of open" in answer.json["detail"]


def test_each_tile_gives_the_models_that_the_list_of_tiles_promises(client: FlaskClient) -> None:
    tiles = wire(client, "/api/table/model_tiles.arrow")
    ids: list[int] = []
    for tile, models in zip(tiles.column("tile"), tiles.column("models"), strict=True):
        found = wire(client, f"/api/table/models.arrow?tile={tile}").column("building_id")
        assert len(found) == models
        ids += found
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(wire(client, "/api/table/buildings.arrow").column("building_id"))


@pytest.mark.parametrize("tile", ["", "x", "-1", "1.5", "１", str(4**15), "9" * 30])
def test_a_tile_that_is_none_is_told_to_the_client(client: FlaskClient, tile: str) -> None:
    assert client.get(f"/api/table/models.arrow?tile={tile}").status_code == 400


def test_one_building_gives_its_model_with_its_ground_and_the_kinds_of_its_surfaces(client: FlaskClient) -> None:
    tile = wire(client, "/api/table/model_tiles.arrow").column("tile")[0]
    building = wire(client, f"/api/table/models.arrow?tile={tile}").column("building_id")[0]
    buildings = wire(client, "/api/table/buildings.arrow")
    code = buildings.column("code")[buildings.column("building_id").index(building)]
    model = wire(client, f"/api/table/model.arrow?code={code}")
    assert model.column("code") == [code]
    assert {1, 2, 3} <= set(model.geometry("surfaces"))
    assert wire(client, "/api/table/model.arrow?code=nowhere").head["rows"] == 0
