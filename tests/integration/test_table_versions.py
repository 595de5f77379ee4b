"""A case that comes in makes pages ask for tables of cases anew, and for no table of the city; an import for all."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.problems import register_problems
from app.api.tables import FOREVER, table_address, table_version, tables_blueprint
from app.api.wire_tables import TABLES
from datastore.desk.desk import Desk
from datastore.sources.buildings import import_buildings
from datastore.sources.options import BuildingOptions
from datastore.store import Store
from layers.table_address import OF_CASES
from tests.desk_cases import START, Clock, copied, open_desk, report, settled


class Data:
    """As much of a data manager as tables need."""

    def __init__(self, store: Store) -> None:
        self.store = store


@pytest.fixture
def desk(small_data_dir: Path, tmp_path: Path):
    with open_desk(copied(small_data_dir, tmp_path / "own"), Clock()) as opened:
        yield opened


def addresses(store: Store) -> dict[str, str]:
    return {name: table_address(Data(store)).of(name) for name in TABLES}


def client_of(store: Store) -> FlaskClient:
    server = Flask("tables")
    server.register_blueprint(tables_blueprint(Data(store)))
    register_problems(server)
    return server.test_client()


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def test_a_settle_changes_the_addresses_of_tables_of_cases_only(desk: Desk) -> None:
    before = addresses(desk.store)
    desk.do(report(0))
    settled(desk)
    assert changed(before, addresses(desk.store)) == OF_CASES < set(TABLES)


def test_an_import_changes_the_addresses_of_all_tables(tmp_path: Path) -> None:
    ring = [[116.4, 39.9], [116.401, 39.9], [116.401, 39.901], [116.4, 39.9]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"code": "b1"}}
    path = tmp_path / "more.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with Store.open(tmp_path / "empty", create=True) as store:
        before = addresses(store)
        import_buildings(store, path, BuildingOptions(), START)
        assert changed(before, addresses(store)) == set(TABLES)


def test_what_is_behind_an_address_of_before_is_not_kept_for_ever(desk: Desk) -> None:
    client = client_of(desk.store)
    before = addresses(desk.store)
    desk.do(report(0))
    settled(desk)
    after = addresses(desk.store)
    for name in ("cases", "areas"):
        assert client.get(after[name]).headers["Cache-Control"] == FOREVER
    assert client.get(before["areas"]).headers["Cache-Control"] == FOREVER
    assert client.get(before["cases"]).headers["Cache-Control"] == "no-cache"
    assert client.get(before["cases"]).headers["ETag"] == client.get(after["cases"]).headers["ETag"]


def test_the_stamp_of_all_that_the_store_holds_changes_with_either(desk: Desk) -> None:
    data = Data(desk.store)
    before = table_version(data)
    desk.do(report(0))
    settled(desk)
    middle = table_version(data)
    with desk.store.write():
        pass
    assert len({before, middle, table_version(data)}) == 3
