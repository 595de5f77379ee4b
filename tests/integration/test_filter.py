"""A filter in the address reaches every panel, and one that cannot be used is said and dropped."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask_caching import Cache
from plotly.utils import PlotlyJSONEncoder

from app.callbacks import panels
from app.components.header import filter_chip
from app.context import Context, read_context
from app.data import DataManager
from app.questions import QUESTIONS
from datastore.store import Store


@pytest.fixture
def read(small_store: Store) -> Callable[[str], Context]:
    data = DataManager(small_store, Cache(Flask("test"), config={"CACHE_TYPE": "SimpleCache"}), QUESTIONS)
    return lambda search: read_context(search, data)


def reported(ctx: Context) -> int:
    return int(ctx.query("case_totals", as_of=ctx.as_of).to_pylist()[0]["reported"])


def test_every_figure_follows_the_filter(read: Callable[[str], Context]) -> None:
    sources = {row["code"]: row["reported"] for row in read("").query("cases_by_source").to_pylist()}
    filtered = read("?filter=source(ASSESSMENT)")
    assert 0 < reported(filtered) == sources["ASSESSMENT"] < reported(read(""))
    ranked = panels.ranked(filtered, filtered.filter)
    assert sum(row["reported"] for row in ranked) == sources["ASSESSMENT"]


def test_filter_and_area_are_met_together(read: Callable[[str], Context]) -> None:
    both = read("?area=110108011&filter=source(ASSESSMENT)")
    assert 0 < reported(both) < min(reported(read("?area=110108011")), reported(read("?filter=source(ASSESSMENT)")))


def test_the_source_list_keeps_every_source_and_marks_the_chosen_one(read: Callable[[str], Context]) -> None:
    drawn = json.dumps(panels.draw_sources(read("?filter=source(ASSESSMENT)")), cls=PlotlyJSONEncoder)
    assert drawn.count('"aria-pressed": "true"') == 1
    assert drawn.count('"aria-pressed": "false"') >= 1


def test_the_header_names_the_filter_in_the_pages_language(read: Callable[[str], Context]) -> None:
    assert "考评上报" in str(filter_chip(read("?filter=source(ASSESSMENT)")))
    assert "Assessment" in str(filter_chip(read("?filter=source(ASSESSMENT)&lang=en")))
    assert filter_chip(read("")) is None


def test_a_code_that_the_store_does_not_hold_is_said_and_dropped(read: Callable[[str], Context]) -> None:
    ctx = read("?filter=source(CARRIER-PIGEON)")
    assert ctx.state.filter == ""
    assert ctx.notices == ("地址中的筛选条件无法使用，页面显示全部案件：数据中没有来源 CARRIER-PIGEON。",)
    (english,) = read("?filter=source(CARRIER-PIGEON)&lang=en").notices
    assert "The data hold no source CARRIER-PIGEON." in english
