"""The workbench in a real browser: queues, keys, filters, one action and many, and the loop from end to end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from selenium.webdriver.common.keys import Keys

from datastore.store import Store
from tests.browser.city_page import MARKS
from tests.browser.desk_city import DeskCity, DeskPage, desk_city
from tests.photo_files import encode, scene
from twin_model.case import CaseStage

pytestmark = MARKS


@pytest.fixture(scope="module")
def town(city: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCity]:
    with desk_city(city.path.parent, tmp_path_factory.mktemp("workbench")) as opened:
        yield opened


@pytest.fixture
def page(browser: Any, serve: Callable[[Flask], str], town: DeskCity) -> DeskPage:
    browser.set_window_size(1600, 900)
    return DeskPage(browser, serve(town.app.server))


def test_it_opens_on_a_queue_that_holds_cases_with_the_first_in_short(page: DeskPage) -> None:
    page.open_cases()
    page.until(lambda: page.rows() > 0 and page.all(".brief-class"))
    assert page.text("li[aria-current] .queue-count") != "0"
    first = page.all(".work-grid .ag-center-cols-container .ag-row")[0].get_attribute("row-id")
    assert first in page.text(".brief-no")
    assert page.errors == []


def test_keys_walk_the_queue_and_back_leads_out_of_it(page: DeskPage) -> None:
    page.open_cases("?queue=open")
    page.until(lambda: page.rows() > 5)
    page.press("j")
    page.until(lambda: page.param("sel"))
    first = page.param("sel")
    page.press("j", "j")
    page.until(lambda: page.param("sel") not in (None, first))
    third = page.param("sel")
    page.until(lambda: third in page.text(".brief-no"))
    page.press("k")
    page.until(lambda: page.param("sel") not in (first, third))
    page.press(Keys.ENTER)
    page.until(lambda: "/case/" in page.driver.current_url and page.all(".step"))
    page.driver.back()
    page.until(lambda: page.param("queue") == "open" and page.rows() > 5)
    assert page.errors == []


def test_words_and_controls_narrow_the_queue_and_stand_in_the_address(page: DeskPage) -> None:
    page.open_cases("?queue=open")
    page.until(lambda: page.rows() > 5)
    before = page.text(".pages .muted")
    page.press("/")
    page.until(lambda: page.driver.switch_to.active_element.get_attribute("id") == "work-search")
    page.press("中关村 暴露垃圾")
    page.until(lambda: page.param("q") == "中关村 暴露垃圾" and page.text(".pages .muted") != before)
    page.until(lambda: "暴露垃圾" in page.text(".work-grid .ag-row[row-index='0']"))
    narrowed = page.text(".pages .muted")
    page.driver.refresh()
    page.until(lambda: page.text(".pages .muted") == narrowed)
    page.click(".switch.clear")
    page.until(lambda: page.param("q") is None and page.text(".pages .muted") == before)
    assert page.errors == []


def test_what_comes_next_is_one_press_and_the_queue_follows(page: DeskPage, town: DeskCity) -> None:
    number = town.returned(lon="116.3244", description="退件重派的案件")
    page.open_cases("?queue=suggested")
    page.until(lambda: page.rows() > 0)
    count = page.text(".queue.current .queue-count")
    assert page.all(".work-grid .act.main")[0].get_attribute("title").startswith("系统建议")
    page.press("j")
    page.until(lambda: page.param("sel") == number)
    page.press("a")
    assert "派遣至" in page.said()
    assert town.file(number).stage is CaseStage.DISPATCHED
    page.until(lambda: page.text(".queue.current .queue-count") != count)
    page.until(lambda: not page.all(f".work-grid .ag-row[row-id='{number}']"))
    assert page.errors == []


def test_the_case_in_front_is_the_one_that_the_cursor_is_on(page: DeskPage, town: DeskCity) -> None:
    made = [town.returned(lon=f"116.32{n}4", lat="39.9770", description="光标跟随") for n in (2, 6)]
    page.open_cases("?queue=open")
    page.until(lambda: page.rows() > 5)
    page.press("j", "j", "j")
    page.until(lambda: page.param("sel"))
    suggested = next(each for each in page.all(".queue") if "queue=suggested" in each.get_attribute("href"))
    page.driver.execute_script("arguments[0].click()", suggested)
    page.until(lambda: page.param("queue") == "suggested" and page.all(f".work-grid .ag-row[row-id='{made[1]}']"))
    first = page.all(".work-grid .ag-center-cols-container .ag-row[row-index='0']")[0].get_attribute("row-id")
    page.until(lambda: first in page.text(".brief-no"))
    assert not page.all(".work-grid .ag-cell-focus")
    page.press("a")
    page.until(lambda: not page.all(f".work-grid .ag-row[row-id='{first}']"))
    assert town.file(first).stage is CaseStage.DISPATCHED
    second = page.all(".work-grid .ag-center-cols-container .ag-row[row-index='0']")[0].get_attribute("row-id")
    page.until(lambda: second in page.text(".brief-no"))
    page.press("j")
    page.until(lambda: page.param("sel") == second)
    page.until(lambda: page.all(f".work-grid .ag-row[row-id='{second}'].chosen"))
    assert page.errors == []


def test_marked_cases_are_done_together(page: DeskPage, town: DeskCity) -> None:
    made = [town.report(lon=f"116.32{n}", description="一并挂账") for n in (1, 5)]
    page.open_cases("?queue=open&q=一并挂账")
    page.until(lambda: page.rows() == 2)
    for row in (0, 1):
        page.click(f".work-grid .ag-row[row-index='{row}'] .ag-checkbox-input")
    page.until(lambda: "已选 2 件" in page.text(".bulk.shown"))
    suspend = next(button for button in page.all(".bulk .act") if "挂账" in button.text)
    page.driver.execute_script("arguments[0].click()", suspend)
    page.until(lambda: page.all(".form"))
    page.click(".form [data-form=send]")
    page.until(lambda: "请填写“理由”" in page.text(".form-said"))
    page.fill(".form textarea", "汛期统一缓办")
    page.click(".form [data-form=send]")
    assert "2 / 2" in page.said()
    assert [town.file(each.case_no).hold for each in made] == ["suspended", "suspended"]
    page.until(lambda: "挂账" in page.text(".work-grid .ag-row[row-index='0']"))
    assert page.errors == []


def test_a_refusal_is_one_sentence_and_changes_nothing(page: DeskPage, town: DeskCity) -> None:
    made = town.report(lon="116.3262", description="将被作废的案件")
    unit = f"{'street' if made.unit.startswith('S') else 'dept'}-{made.unit}"
    page.open_cases(f"?as={unit}&queue=new&q=将被作废的案件")
    page.until(lambda: page.rows() == 1)
    town.void(made.case_no)  # meanwhile, elsewhere
    page.click(".work-grid .act.main")
    assert "已有新进展" in page.said()
    assert page.all(".work-said.failed")
    assert town.file(made.case_no).stage is CaseStage.VOID
    assert page.errors == []


def test_a_case_goes_all_the_way_from_the_workbench(page: DeskPage, town: DeskCity, tmp_path: Any) -> None:
    made = town.report(lon="116.3276", description="走完全程的案件")
    unit = f"{'street' if made.unit.startswith('S') else 'dept'}-{made.unit}"
    page.open_cases(f"?as={unit}&queue=new&q=走完全程的案件")
    page.until(lambda: page.rows() == 1)
    page.click(".work-grid .act.main")
    assert "接收" in page.said()
    page.hush()
    page.open_cases(f"?as={unit}&queue=in_hand&q=走完全程的案件")
    page.until(lambda: page.rows() == 1)
    page.press("j", "a")
    page.until(lambda: page.all(".form"))
    picture = tmp_path / "after.jpg"
    picture.write_bytes(encode(scene(11, (640, 480))))
    page.all(".form input[type=file]")[0].send_keys(str(picture))
    page.until(lambda: page.all(".drop-shown img"))
    page.fill(".form textarea", "已清运")
    page.click(".form [data-form=send]")
    assert "反馈" in page.said()
    assert town.file(made.case_no).photos == 1
    assert town.file(made.case_no).stage is CaseStage.CHECKING  # nobody knows where the photo was taken: somebody looks
    page.hush()
    page.open_cases("?as=operator&queue=to_check&q=走完全程的案件")
    page.until(lambda: page.rows() == 1 and "已清运" in page.text(".brief"))
    page.until(
        lambda: page.driver.execute_script("return document.querySelector('.photo-thumb img')?.naturalWidth > 0")
    )
    page.press("j", "a")
    assert "已结案" in page.said()
    closed = town.file(made.case_no)
    assert closed.stage is CaseStage.CLOSED
    assert closed.score
    assert page.errors == []


def test_a_unit_sees_its_own_queues_and_the_picker_changes_who_acts(page: DeskPage) -> None:
    page.open_cases("?as=dept-D04")
    page.until(lambda: "新派来" in page.text(".queue-list"))
    assert "待立案" not in page.text(".queue-list")
    page.click(".actor-picker input")
    page.until(lambda: page.all(".mantine-Select-option"))
    other = next(each for each in page.all(".mantine-Select-option") if each.text == "信息采集员")
    page.driver.execute_script("arguments[0].click()", other)
    page.until(lambda: page.param("as") == "collector" and "现场核查" in page.text(".queue-list"))
    assert page.errors == []


def test_on_a_phone_the_queue_is_cards_with_their_action(page: DeskPage) -> None:
    page.resize(390, 844)
    page.open_cases("?queue=to_check")
    page.until(lambda: page.all(".card"))
    assert not [each for each in page.all(".work-grid") if each.is_displayed()]
    wide = page.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 390
    page.click(".card .act.main")
    page.until(lambda: page.all(".work-said.shown") or page.all(".form"))
    assert page.errors == []


def test_the_page_speaks_english_and_goes_light(page: DeskPage) -> None:
    page.open_cases("?queue=open&lang=en&theme=light")
    page.until(lambda: page.rows() > 0)
    assert page.text("li[aria-current] .queue-name") == "All open"
    assert page.driver.execute_script("return document.documentElement.dataset.theme") == "light"
    page.press("?")
    page.until(lambda: "Next case" in page.text(".definition"))
    assert page.errors == []


def test_what_happens_elsewhere_is_shown_and_disturbs_nobody(page: DeskPage, town: DeskCity) -> None:
    page.open_cases("?queue=open&sort=oldest")
    page.until(lambda: page.rows() > 5)
    page.press("j", "j", "j")
    page.until(lambda: page.param("sel"))
    page.click(".work-grid .ag-row[row-index='1'] .ag-checkbox-input")
    page.until(lambda: page.all(".work-grid .ag-row-selected[row-index='1']"))
    count, chosen = page.text(".queue.current .queue-count"), page.param("sel")
    town.report(lon="116.3290", lat="39.9741", description="此时别处上报的案件")
    page.until(lambda: page.text(".queue.current .queue-count") != count)
    assert page.param("sel") == chosen
    assert page.all(".work-grid .ag-row-selected[row-index='1']")
    assert page.all(f".work-grid .ag-row[row-id='{chosen}'] .ag-cell-focus")
    assert page.errors == []
