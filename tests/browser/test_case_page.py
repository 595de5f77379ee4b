"""The page of one case in a real browser: where it stands, its story, why, its proof, and what can be done there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from datastore.store import Store
from tests.browser.city_page import MARKS
from tests.browser.desk_city import DeskCity, DeskPage, desk_city
from tests.photo_files import encode, exif, fix, scene
from twin_model.case import CaseStage

pytestmark = MARKS


@pytest.fixture(scope="module")
def town(city: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCity]:
    with desk_city(city.path.parent, tmp_path_factory.mktemp("case")) as opened:
        yield opened


@pytest.fixture
def page(browser: Any, serve: Callable[[Flask], str], town: DeskCity) -> DeskPage:
    browser.set_window_size(1600, 900)
    return DeskPage(browser, serve(town.app.server))


def unit_actor(unit: str) -> str:
    return f"{'street' if unit.startswith('S') else 'dept'}-{unit}"


def test_it_tells_where_the_case_stands_why_and_that_the_log_is_intact(page: DeskPage, town: DeskCity) -> None:
    made = town.report(description="路边有暴露垃圾")
    page.open_case(made.case_no)
    assert [page.text(f".step:nth-child({n})").split()[0] for n in (1, 2, 3)] == ["✓", "✓", "✓"]
    assert "处置" in page.text(".step.current")
    assert [each.text for each in page.all(".event-title")][:2] == ["上报", "立案"]
    assert page.all(".losers .loser")
    assert "权责清单第 1 版" in page.text(".panel-case_unit")
    page.until(lambda: "✓" in page.text(".proof-verdict") or "○" in page.text(".proof-verdict"))
    page.click(".proof-more summary")
    assert '"path"' in page.text(".proof-json")
    page.until(lambda: page.driver.execute_script("return (window.citydeck?.state()?.layers ?? []).length > 0"))
    assert page.errors == []


def test_the_loop_is_walked_on_the_page_itself(page: DeskPage, town: DeskCity, tmp_path: Any) -> None:
    made = town.report(lon="116.3262", description="在案件页办完")
    here = unit_actor(made.unit)
    page.open_case(made.case_no, f"?as={here}")
    page.press("a")
    assert "接收" in page.said()
    page.until(lambda: "接收" in page.text(".event:last-child .event-title"))
    page.hush()
    page.press("a")
    page.until(lambda: page.all(".form"))
    near = tmp_path / "near.jpg"
    near.write_bytes(encode(scene(21, (640, 480)), exif=exif(gps=fix(116.3262, 39.9781))))
    page.all(".form input[type=file]")[0].send_keys(str(near))
    page.until(lambda: page.all(".drop-shown img"))
    page.fill(".form textarea", "已清运")
    page.click(".form [data-form=send]")
    assert "反馈" in page.said()
    page.until(lambda: "在案件处" in page.text(".verdict.near") and "已清运" in page.text(".event-details"))
    page.until(
        lambda: page.driver.execute_script("return document.querySelector('.photo-figure img')?.naturalWidth > 0")
    )
    page.hush()
    page.open_case(made.case_no, "?as=operator")
    page.press("a")
    assert "已结案" in page.said()
    page.until(lambda: len(page.all(".step.done")) == 7)
    assert town.file(made.case_no).stage is CaseStage.CLOSED
    assert page.errors == []


def test_a_form_asks_for_what_is_missing_and_escape_closes_it(page: DeskPage, town: DeskCity) -> None:
    made = town.report(lon="116.3276", description="先问理由")
    page.open_case(made.case_no)
    suspend = next(button for button in page.all(".act-others .act") if "挂账" in button.text)
    page.driver.execute_script("arguments[0].click()", suspend)
    page.until(lambda: page.driver.switch_to.active_element.tag_name == "textarea")
    page.press("\ue00c")
    page.until(lambda: not page.all(".form"))
    assert town.file(made.case_no).hold == ""
    assert page.errors == []


def test_a_case_of_history_says_so(page: DeskPage, town: DeskCity) -> None:
    with town.desk.store.read() as cur:
        (number,) = cur.execute(
            "SELECT case_no FROM cases WHERE stage = 70 AND log_first IS NOT NULL LIMIT 1"
        ).fetchone()
    page.open_case(number)
    assert "历史案件" in page.text(".event.import")
    assert "批量导入" in page.text(".event.import")
    assert page.errors == []


def test_who_reported_is_shown_to_the_centre_only(page: DeskPage, town: DeskCity) -> None:
    made = town.report(lon="116.3290", description="有上报人", private={"name": "王某", "phone": "13800000000"})
    page.open_case(made.case_no, "?as=operator")
    page.until(lambda: "13800000000" in page.text(".panel-case_facts"))
    page.open_case(made.case_no, f"?as={unit_actor(made.unit)}")
    assert "仅中心可见" in page.text(".panel-case_facts")
    assert "13800000000" not in page.driver.page_source
    assert page.errors == []


def test_a_case_that_is_not_the_actors_to_see_is_not_there(page: DeskPage, town: DeskCity) -> None:
    made = town.report(lon="116.3304", description="别人的案件")
    page.driver.get(f"{page.url}/case/{made.case_no}?as=dept-D16")
    page.until(lambda: "404" in page.text("h1"))
    assert "别人的案件" not in page.driver.page_source


def test_the_command_page_leads_to_it_and_it_leads_back(page: DeskPage, town: DeskCity) -> None:
    made = town.report(lon="116.3318", description="从指挥页打开")
    page.open(f"?sel=case:{made.case_no}&cases=newest")
    page.click(".case-list li.current .go-out")
    page.until(lambda: f"/case/{made.case_no}" in page.driver.current_url and page.all(".step"))
    page.driver.back()
    page.until(lambda: page.all(".case-list li.current"))
    page.click(".site-nav .nav-link:nth-child(2)")
    page.until(lambda: "/cases" in page.driver.current_url and page.all(".queue"))
    assert page.errors == []
