"""A building's own page: what is on it for what is in the store."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.callbacks import building as page
from app.components.building_cases import state_of
from app.components.building_view import building_scene_of, lod_of
from app.components.building_words import flattened, reasons
from app.components.header import header
from app.context import Context
from app.i18n import catalogue
from layers.building_scene import building_spec
from layers.table_address import TableAddress
from tests.unit.app.conftest import AS_OF, BUILDING, case
from tests.unit.app.test_panels import shown
from twin_model.case import CaseState

At = Callable[[str], Context]
HOUSE, BLOCK = f"/building/{BUILDING}", "/building/B-1"


@pytest.fixture(autouse=True)
def _a_version_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.components.building_view.table_address", lambda _data: TableAddress("7-abc"))


@pytest.mark.parametrize("drawn", page.DRAWN, ids=lambda drawn: drawn.panel)
@pytest.mark.parametrize("address", [HOUSE, f"{HOUSE}?lang=en&theme=light", BLOCK])
def test_every_panel_has_a_definition(at_building: At, drawn: page.Drawn, address: str) -> None:
    glue = "&" if "?" in address else "?"
    assert "definition" in shown(drawn.draw(at_building(f"{address}{glue}panel=table")))


@pytest.mark.parametrize("drawn", page.DRAWN, ids=lambda drawn: drawn.panel)
def test_a_building_that_is_not_there_has_no_panels(at_building: At, drawn: page.Drawn) -> None:
    assert drawn.draw(at_building("/building/nowhere?panel=table")) is None


def test_the_breadcrumb_leads_from_the_district_to_the_building(at_building: At) -> None:
    ctx = at_building(HOUSE)
    assert [row["code"] for row in ctx.trail] == ["110108", "110108011", "110108011001", "110108011001001"]
    text = shown(header(ctx))
    assert '"/?area=110108011"' in text
    assert "科馨社区12号楼" in text


def test_figures_are_marked_where_they_are_estimates(at_building: At) -> None:
    text = shown(page.draw_kpis(at_building(HOUSE)))
    assert "4,500 m²" in text
    assert "推算：基底×层数" in text
    assert "12,345 m³" in text
    assert "LoD 2.2 网格" in text
    assert "推算：基底×高度" in shown(page.draw_kpis(at_building(BLOCK)))


def test_attributes_of_the_source_are_told_as_they_are(at_building: At) -> None:
    text = shown(page.draw_facts(at_building(HOUSE)))
    for part in ("示例公司", "roof.shape", "gabled", "way/12", "EPSG:7415", "CC-BY 4.0", "CIM3", "48.5 m"):
        assert part in text, part


def test_a_block_claims_no_more_than_a_block(at_building: At) -> None:
    text = shown(page.draw_facts(at_building(BLOCK)))
    assert "CIM2" in text
    assert "LoD 1" in text


def test_each_model_says_its_state_and_why(at_building: At) -> None:
    text = shown(page.draw_models(at_building(HOUSE)))
    for part in ("已修复", "面朝向不一", "保留原样", "有开口边", "lod=1.2", '"className": "current"'):
        assert part in text, part
    assert "由轮廓与高度生成" in shown(page.draw_models(at_building(BLOCK)))


@pytest.mark.parametrize(
    ("address", "lod"),
    [(HOUSE, "2.2"), (f"{HOUSE}?lod=1.2", "1.2"), (f"{HOUSE}?lod=3.1", "2.2"), (f"{HOUSE}?lod=0", "2.2"), (BLOCK, "")],
)
def test_the_best_model_is_in_view_unless_the_address_names_one(at_building: At, address: str, lod: str) -> None:
    ctx = at_building(address)
    assert ctx.building is not None
    assert lod_of(ctx, ctx.building) == lod


@pytest.mark.parametrize("address", [HOUSE, f"{HOUSE}?place=alone", BLOCK, f"{BLOCK}?sun=2026-06-21T15:00&theme=light"])
def test_the_scene_is_about_the_building(at_building: At, address: str) -> None:
    ctx = at_building(address)
    scene = building_scene_of(ctx, (1920, 1080))
    assert scene is not None
    assert scene.code == ctx.building_code
    assert scene.in_place == ("alone" not in address)
    assert building_spec(scene)["layers"]


def test_cases_are_told_with_their_state_and_distance(at_building: At) -> None:
    text = shown(page.draw_cases(at_building(HOUSE)))
    for part in ("处置中", "距 3 m", "建筑内", "超 30 小时 30 分", "已结案", "sel=case:11010820261122000001"):
        assert part in text, part
    assert "没有案件" in shown(page.draw_cases(at_building(BLOCK)))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"stage": 70}, CaseState.CLOSED),
        ({"stage": 90}, CaseState.CLOSED),
        ({"deadline_at": None}, CaseState.OPEN),
        ({"deadline_at": AS_OF + timedelta(hours=5)}, CaseState.OPEN),
        ({"deadline_at": AS_OF + timedelta(hours=3)}, CaseState.DUE_SOON),
        ({"deadline_at": AS_OF}, CaseState.DUE_SOON),
        ({"deadline_at": AS_OF - timedelta(minutes=1)}, CaseState.OVERDUE),
    ],
)
def test_the_state_of_a_case_follows_from_its_stage_and_deadline(changes: dict[str, object], state: CaseState) -> None:
    assert state_of(case(1, "", 1) | changes, AS_OF) is state


def test_what_is_near_is_a_choice(at_building: At) -> None:
    text = shown(page.draw_near(at_building(HOUSE)))
    assert "/building/B-1" in text
    assert "在办 2" in text
    components = shown(page.draw_near(at_building(f"{HOUSE}?near=components")))
    assert "路灯" in components
    assert "破损" in components


def test_the_months_are_a_chart_and_a_table(at_building: At) -> None:
    assert "2026-11" in shown(page.draw_trend(at_building(HOUSE)))
    assert page.draw_months(at_building(HOUSE)) is None
    table = shown(page.draw_months(at_building(f"{HOUSE}?panel=table")))
    assert table.count('"scope": "row"') == page.MONTHS
    assert "没有案件" in shown(page.draw_trend(at_building(BLOCK)))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (None, {}),
        ("{", {}),
        ("[1]", {}),
        ('{"a": {"b": {"c": 1}}, "d": [1, 2], "e": null, "f": ""}', {"a.b.c": "1", "d": "[1, 2]"}),
        ('{"名称": "楼", "flat": true}', {"名称": "楼", "flat": "true"}),
    ],
)
def test_attributes_are_unfolded(text: str | None, lines: dict[str, str]) -> None:
    assert flattened(text) == lines


def test_reasons_are_words_and_an_unknown_one_stays_readable() -> None:
    assert reasons(catalogue("en"), "open_edges, new_fault") == "open edges, new fault"
    assert reasons(catalogue("zh-CN"), None) == ""
