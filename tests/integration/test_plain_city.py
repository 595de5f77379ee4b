"""Cities as imports make them: codes of their own, levels that are not there, no deadlines, a day that is not over."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_caching import Cache
from plotly.utils import PlotlyJSONEncoder

from app.api.problems import register_problems
from app.api.tables import tables_blueprint
from app.callbacks import panels
from app.components.scene import scene_of
from app.context import Context, read_context
from app.data import DataManager
from app.questions import QUESTIONS
from datastore.store import Store
from layers.scene import scene_spec
from tests.plain_city import PLAIN_STREETS, fill_plain_city
from tests.unit.layers.wire_reader import read_wire
from twin_model.area import AreaLevel
from twin_model.mesh_tile import tile_of

Stores = Callable[..., Store]
HOURS_AGO = (2, 5, 7, 20, 30, 38, 26, 900, 901)
"""Of the as-of moment, 15:41: three cases on the day that is not over, four on the one before it, two long ago."""

MISSION = (-122.42, 37.76)


def shown(component: Any) -> str:
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


def manager(store: Store) -> DataManager:
    return DataManager(store, Cache(Flask("test"), config={"CACHE_TYPE": "SimpleCache"}), QUESTIONS)


@pytest.fixture
def plain(store_factory: Stores) -> Store:
    store = store_factory()
    fill_plain_city(store, HOURS_AGO)
    return store


@pytest.fixture
def read(plain: Store) -> Callable[[str], Context]:
    data = manager(plain)
    return lambda search: read_context(search, data)


@pytest.fixture
def client(plain: Store) -> FlaskClient:
    server = Flask("tables")
    server.register_blueprint(tables_blueprint(manager(plain)))
    register_problems(server)
    return server.test_client()


def addresses(spec: Any) -> set[str]:
    """Every table address in a spec; one that the browser ends with a mesh tile ends with one of the city."""
    if isinstance(spec, str):
        whole = f"{spec}{tile_of(*MISSION)}" if spec.endswith("tile=") else spec
        return {whole} if spec.startswith("/api/table/") else set()
    parts = spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ()
    return set().union(*map(addresses, parts))


@pytest.mark.parametrize("search", ["", "?area=MISSION", "?area=MISSION&layers=grid_buildings_columns"])
def test_every_table_of_the_scene_is_answered(read: Callable[[str], Context], client: FlaskClient, search: str) -> None:
    scene = scene_of(read(search))
    assert scene is not None
    wanted = addresses(scene_spec(scene))
    assert len(wanted) > 5
    failed = {address: answer.text for address in wanted if (answer := client.get(address)).status_code != 200}
    assert failed == {}


def test_a_street_without_parts_is_shown_among_its_neighbours(
    read: Callable[[str], Context], client: FlaskClient
) -> None:
    scene = scene_of(read("?area=MISSION"))
    assert scene is not None
    assert (scene.level, scene.focus) == (AreaLevel.STREET, "MISSION")
    layers = {layer["id"]: layer for layer in scene_spec(scene)["layers"]}
    assert read_wire(client.get(layers["focus-line"]["data"]).data).column("code") == ["MISSION"]
    assert read_wire(client.get(layers["areas"]["data"]).data).column("code") == list(PLAIN_STREETS)
    loads = read_wire(client.get(layers["areas"]["style"]["url"]).data)
    assert loads.column("open") == [3, 3, 3]
    assert read_wire(client.get(layers["open-cases"]["data"]).data).head["rows"] == 3


def test_a_street_without_parts_is_ranked_among_its_neighbours(read: Callable[[str], Context]) -> None:
    ctx = read("?area=MISSION")
    assert [row["code"] for row in panels.ranked(ctx, ctx.filter)] == list(PLAIN_STREETS)
    text = shown(panels.draw_ranking(ctx))
    assert "街镇排名" in text
    assert text.count("rank-row current") == 1


def test_a_city_without_communities_goes_from_streets_to_cells(plain: Store) -> None:
    with plain.write() as con:
        con.execute(
            "INSERT INTO area (area_id, code, level, parent_id, name, geom_source, dataset_id) "
            "VALUES (9, 'CELL-1', 4, 2, 'CELL-1', 'none', 0)"
        )
    ctx = read_context("?area=MISSION", manager(plain))
    assert ctx.levels == (AreaLevel.GRID,)
    assert "网格排名" in shown(panels.draw_ranking(ctx))
    assert "CELL-1" in shown(panels.draw_ranking(ctx))


def test_open_cases_without_a_deadline_are_listed_by_their_age(read: Callable[[str], Context]) -> None:
    ctx = read("")
    rows = ctx.query("most_urgent_cases", as_of=ctx.as_of, limit=40).to_pylist()
    assert [row["case_no"] for row in rows[:2]] == ["no-00008", "no-00007"]
    assert len(rows) == len(HOURS_AGO)
    assert shown(panels.draw_cases(ctx)).count("无时限") >= len(HOURS_AGO)


def test_the_full_day_is_the_last_one_that_is_over(read: Callable[[str], Context]) -> None:
    ctx = read("")
    (totals,) = ctx.query("case_totals", as_of=ctx.as_of).to_pylist()
    assert (totals["day"].isoformat(), totals["day_reported"]) == ("2018-01-23", 4)
    trend = ctx.query("daily_trend", as_of=ctx.as_of, days=90).to_pylist()
    assert (trend[-1]["day"].isoformat(), trend[-1]["reported"]) == ("2018-01-23", 4)
    assert "01-23" in shown(panels.draw_kpis(ctx))
    assert ctx.meta.today is not None
    assert ctx.meta.today.isoformat() == "2018-01-23"


@pytest.mark.parametrize(("oldest", "said"), [(34 * 24, "不足 35 日"), (36 * 24, "新增")])
def test_nothing_rises_before_there_is_a_past_to_compare_with(store_factory: Stores, oldest: int, said: str) -> None:
    store = store_factory()
    fill_plain_city(store, [oldest, *range(1, 100)])
    assert said in shown(panels.draw_alerts(read_context("?area=CITY", manager(store))))


def test_an_import_without_cases_has_no_last_day(store_factory: Stores) -> None:
    store = store_factory()
    fill_plain_city(store, [])
    with store.write() as con:
        con.execute("DELETE FROM meta WHERE key = 'as_of'")
    text = shown(panels.draw_kpis(read_context("", manager(store))))
    assert "完整日\\n–" in text
    assert text.count('"–"') >= 3
