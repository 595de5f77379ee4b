"""Buildings as blocks and meshes in a real browser: one or the other, found, styled and filtered alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from selenium import webdriver

from app.components.deck import DECK_ROOT
from datastore.store import Store
from layers.buildings import BuildingLook, Condition
from layers.scene import Scene
from layers.style import Intensity
from layers.sunlight import Sun
from layers.table_address import TableAddress
from tests.browser.deck_page import Page, click, near_scene, open_page, point_at

pytestmark = [
    pytest.mark.browser,
    # The Selenium that dash[testing] pins calls a method that urllib3 means to drop.
    pytest.mark.filterwarnings("ignore:HTTPResponse.getheader:DeprecationWarning"),
]

ONLY = frozenset({"buildings"})


def twin(store: Store, **changes: Any) -> Scene:
    """Buildings of the small demo from near, coloured by their own load."""
    scene = near_scene(store)
    return replace(scene, parts=ONLY, building_intensity=Intensity("open", (1, 2, 4)), **changes)


@pytest.fixture
def page(browser: webdriver.Chrome, serve: Callable[[Flask], str], small_store: Store) -> Page:
    return open_page(browser, serve, small_store, twin(small_store))


def blocks_left_out(page: Page) -> int:
    """Buildings that are not drawn as blocks."""
    return int(
        page.run(
            """const layer = window.citydeck.bridge().deck.props.layers.find(({id}) => id === 'buildings');
            const {data} = layer.props;
            const {value} = data.attributes.getElevation;
            let out = 0;
            for (let i = 0; i < data.length; i++) if (value[data.startIndices[i]] < 0) out++;
            return out;"""
        )
    )


def mesh_layers(state: dict[str, Any]) -> dict[str, int]:
    return {layer["id"]: layer["count"] for layer in state["layers"] if layer["id"].startswith("buildings-")}


def test_from_near_buildings_are_meshes_and_exactly_those_are_no_blocks(page: Page) -> None:
    state = page.ready()
    assert state["models"]["tiles"] > 0
    assert sum(mesh_layers(state).values()) == state["models"]["buildings"] == blocks_left_out(page)
    assert page.errors() == []


def found_at(page: Page, spot: tuple[int, int]) -> dict[str, Any]:
    """What lies at a place of the canvas: the layer that drew it, and what a click on it would tell."""
    return dict(
        page.run(
            """const [x, y] = arguments;
            const bridge = window.citydeck.bridge();
            const info = bridge.deck.pickObject({x, y, radius: bridge.deck.props.pickingRadius});
            const found = info && bridge.picked(info);
            return {drawn: info?.layer.id, kind: found?.layer.kind, code: found?.values.code};""",
            *spot,
        )
    )


def test_the_same_building_is_found_as_a_mesh_and_as_a_block(page: Page) -> None:
    page.ready()
    spot = point_at(page, "高度")
    mesh = found_at(page, spot)
    page.show(replace(page.scene, look=BuildingLook(detail=False)))
    state = page.ready()
    assert mesh_layers(state) == {}
    assert blocks_left_out(page) == 0
    block = found_at(page, spot)
    assert mesh["drawn"].startswith("buildings-")
    assert block["drawn"] == "buildings"
    assert (mesh["kind"], mesh["code"]) == (block["kind"], block["code"])
    assert mesh["kind"] == "building"


def test_meshes_come_and_go_with_the_distance(page: Page) -> None:
    near = page.ready()["models"]["buildings"]
    page.run("window.citydeck.bridge().camera.moveTo({...window.citydeck.state().view, zoom: 13}, false)")
    page.until("return window.citydeck.state().models.tiles === 0")
    assert blocks_left_out(page) == 0
    requests = page.run("return window.citydeck.state().models.requests")
    page.run("window.citydeck.bridge().camera.moveTo({...window.citydeck.state().view, zoom: 17}, false)")
    page.until("return window.citydeck.state().models.tiles > 0")
    state = page.ready()
    assert 0 < blocks_left_out(page) == state["models"]["buildings"] <= near
    assert state["models"]["requests"] == requests


def test_a_camera_between_the_two_zooms_does_not_switch_to_and_fro(page: Page) -> None:
    switched = page.chrome.execute_async_script(
        """const done = arguments[0];
        import('/assets/js/mesh_tiles.js').then(({MeshTiles}) => {
          const tiles = new MeshTiles(() => {});
          tiles.take({tiles: 't', models: 'm', from: 15.4, until: 15.15, budget: 1e9});
          const tile = 27000 * 32768 + 12400;
          const table = {rows: 1, meshes: null};
          tiles.loaded.set(tile, {tile, table, bytes: 10});
          const column = (value) => ({values: [value]});
          const index = {rows: 1, columns: new Map([['tile', column(tile)], ['bytes', column(10)]])};
          const lon = ((27000.5 / 32768) * 360) - 180;
          const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * 12400.5) / 32768))) * 180) / Math.PI;
          const shown = (zoom) => {
            const view = {longitude: lon, latitude: lat, zoom, pitch: 0, width: 900, height: 640};
            const viewport = new deck.WebMercatorViewport(view);
            tiles.choose(index, viewport, zoom);
            return tiles.shown.has(tile);
          };
          done([15, 15.2, 15.3, 15.45, 15.3, 15.2, 15.1, 15.2].map(shown));
        });"""
    )
    assert switched == [False, False, False, True, True, True, False, False]


def test_another_look_asks_for_no_geometry(page: Page) -> None:
    page.ready()
    page.until("return !performance.getEntriesByType('resource').some((entry) => entry.responseEnd === 0)")
    before = len(page.asked)
    look = BuildingLook(
        exaggeration=2, rise=True, glow=True, chosen="", sun=Sun(200, 40), where=(Condition("overdue", 1),)
    )
    page.show(replace(page.scene, look=look, building_intensity=Intensity("overdue", (1, 2))))
    page.ready()
    tables = [path for path in page.asked[before:] if path.startswith("/api/table/")]
    assert tables
    assert all("building_load" in path for path in tables)


def test_what_does_not_meet_the_conditions_is_faded_or_left_out_at_both_levels_of_detail(page: Page) -> None:
    whole = page.ready()
    tall = (Condition("height_m", 20.0),)
    page.show(replace(page.scene, look=BuildingLook(where=tall)))
    faded = page.ready()
    assert mesh_layers(faded) == mesh_layers(whole)
    assert blocks_left_out(page) == whole["models"]["buildings"]
    page.show(replace(page.scene, look=BuildingLook(where=tall, isolate=True)))
    page.ready()
    kept = page.run(
        """const {tables, factory} = window.citydeck.bridge();
        const table = [...tables.resident.values()].find(({columns}) => columns.has('height_m'));
        const heights = table.columns.get('height_m').values;
        const {growth} = [...factory.buildings.looks.values()].at(-1).look;
        return heights.every((height, row) => (height >= 20) === (growth[row] > 0));"""
    )
    assert kept
    hidden = page.run(
        """return window.citydeck.bridge().deck.props.layers.filter(({id}) => id.startsWith('buildings-'))
          .some(({props}) => props.scales.some((scale) => scale < 0));"""
    )
    assert hidden
    assert blocks_left_out(page) > whole["models"]["buildings"]


def test_the_chosen_building_has_the_accent_and_an_outline(page: Page) -> None:
    page.ready()
    code = click(page, point_at(page, "高度"))["code"]
    page.show(replace(page.scene, building=code))
    state = page.ready()
    assert {"chosen-building", "chosen-building-halo"} <= {layer["id"] for layer in state["layers"]}
    rings = page.run(
        """return window.citydeck.bridge().deck.props.layers.find(({id}) => id === 'chosen-building').props.data"""
    )
    assert len(rings) >= 1
    assert page.errors() == []


def test_shadows_come_and_go_without_an_error(page: Page) -> None:
    page.ready()
    plain = frame(page)
    page.show(replace(page.scene, look=BuildingLook(sun=Sun(230, 35, shadows=True))))
    page.ready()
    shaded = frame(page)
    page.show(page.scene)
    page.ready()
    assert plain != shaded != frame(page)
    told = [entry["message"] for entry in page.chrome.get_log("browser")]
    assert [message for message in told if "Binding" in message or "deck:" in message] == []


def frame(page: Page) -> str:
    """What the canvas shows, as a picture."""
    return str(page.chrome.find_element("css selector", f"#{DECK_ROOT} canvas").screenshot_as_base64)


def test_meshes_stay_within_their_budget(page: Page) -> None:
    state = page.ready()["models"]
    budget = int(state["bytes"] * 0.6)
    page.show(replace(page.scene, mesh_budget_bytes=budget))
    small = page.ready()["models"]
    assert small["budget"] == budget
    assert small["bytes"] <= budget
    assert small["tiles"] < state["tiles"]
    assert blocks_left_out(page) == small["buildings"]


def test_meshes_come_back_after_a_lost_context_without_a_request(page: Page) -> None:
    before = page.ready()
    asked = len(page.asked)
    page.run(
        f"document.querySelector('#{DECK_ROOT} canvas').getContext('webgl2').getExtension('WEBGL_lose_context')"
        ".loseContext()"
    )
    page.until("return window.citydeck.state().contextsLost === 1")
    after = page.ready()
    assert mesh_layers(after) == mesh_layers(before) != {}
    assert not [path for path in page.asked[asked:] if "models" in path or "buildings" in path]


def test_a_tile_that_fails_leaves_its_buildings_as_blocks(page: Page) -> None:
    page.ready()
    page.broken.add("/api/table/models.arrow")
    page.show(replace(page.scene, tables=TableAddress("later")))  # the browser keeps what it had of the other version
    page.until("return window.citydeck.state().models.failed > 0")
    state = page.ready()
    assert state["models"]["failed"] > 0
    assert mesh_layers(state) == {}
    assert blocks_left_out(page) == 0
