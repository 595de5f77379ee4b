"""Panels: what is on screen for what is in the store."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from dash import html
from plotly.utils import PlotlyJSONEncoder

from app import ids
from app.callbacks import panels
from app.callbacks.drawing import Drawn
from app.components.header import header
from app.components.ranking import rank, ranking_panel
from app.context import Context
from tests.unit.app.conftest import case
from twin_model.selection import Everything

At = Callable[[str], Context]
ALWAYS_THERE = [drawn for drawn in panels.DRAWN if drawn.panel not in (ids.DISPLAY, ids.INSPECTOR)]


def shown(component: Any) -> str:
    """All that a component tells the browser."""
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_the_district_shows_its_totals_beside_the_published_ones(at: At) -> None:
    text = shown(panels.draw_kpis(at("")))
    assert text.count("2,040,552") == 2
    assert "公布值 1,857,530" in text
    assert "公布值 91.03%" in text


def test_a_street_has_no_published_totals(at: At) -> None:
    text = shown(panels.draw_kpis(at("?area=110108011")))
    assert "90,000" in text
    assert "公布值" not in text


def test_a_filtered_page_has_no_published_totals(at: At) -> None:
    text = shown(panels.draw_kpis(at("?filter=time(2020-01-01T00:00:00Z,2030-01-01T00:00:00Z)")))
    assert "2,040,552" in text
    assert "公布值" not in text


def test_headline_figures_are_terms_with_their_values(at: At) -> None:
    strip = panels.draw_kpis(at(""))
    lists = [part for part in strip._traverse() if isinstance(part, html.Dl)]
    tiles = [tile for part in lists for tile in part.children]
    assert len(tiles) == 8
    assert all([type(each) for each in tile.children] == [html.Dt, html.Dd, html.Dd] for tile in tiles)


def test_sources_without_a_case_are_named_not_connected_and_machines_get_no_flattery(at: At) -> None:
    text = shown(panels.draw_sources(at("")))
    assert "0.217%" in text
    assert text.count("未接入") >= 2
    assert "1,200 条待接入" in text
    assert "其他" not in text


def test_what_waits_is_told_of_the_whole_district_only(at: At) -> None:
    assert "待接入" in shown(panels.draw_sources(at("")))
    assert "1,200" not in shown(panels.draw_sources(at("?area=110108011")))


def test_a_source_without_a_case_here_is_still_connected(city: Any, at: At) -> None:
    everywhere = city.cases_by_source(None)
    here = [row | ({"reported": 0, "last_reported_at": None} if row["code"] == "VIDEO" else {}) for row in everywhere]
    city.cases_by_source = lambda selection: everywhere if selection == Everything() else here
    text = shown(panels.draw_sources(at("?area=110108011")))
    video = text[text.index("视频监控") :][:400]
    assert '"children": "0", "className": "figure"' in video
    assert "未接入" not in video


def test_the_ranking_follows_the_area_in_focus(at: At) -> None:
    assert "中关村街道" in shown(panels.draw_ranking(at("")))
    text = shown(panels.draw_ranking(at("?area=110108011")))
    assert "社区排名" in text
    assert "科馨社区" in text
    assert "?area=110108011001" in text


def test_a_grid_cell_is_ranked_among_its_neighbours(at: At) -> None:
    text = shown(panels.draw_ranking(at("?area=110108011001001")))
    assert "网格排名" in text
    assert "rank-row current" in text


def test_the_area_in_focus_is_listed_however_far_down_it_ranks(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.components.ranking.MAX_ROWS", 0)
    text = shown(panels.draw_ranking(at("?area=110108011001001")))
    assert text.count("rank-row") == text.count("rank-row current") == 1


@pytest.mark.parametrize(
    ("column", "first"), [("open", "110108012"), ("overdue", "110108012"), ("closing_rate", "110108012")]
)
def test_the_worst_area_is_first_and_one_without_cases_last(at: At, column: str, first: str) -> None:
    rows = rank(panels.ranked(at(""), at("").selection), column)
    assert (rows[0]["code"], rows[-1]["code"]) == (first, "110108013")


def test_a_rise_is_told_with_its_numbers(at: At) -> None:
    text = shown(panels.draw_alerts(at("")))
    assert "海淀街道" in text
    assert "+200%" in text
    assert "中关村街道" not in text


def test_urgent_cases_have_a_shape_a_word_and_a_clock(at: At) -> None:
    text = shown(panels.draw_cases(at("")))
    assert "▲" in text
    assert "已超期" in text
    assert "超 30 小时 30 分" in text


@pytest.mark.parametrize(("stage", "word"), [(80, "作废"), (90, "重复")])
def test_a_case_that_ended_unclosed_says_how(city: Any, at: At, stage: int, word: str) -> None:
    city.newest_cases = lambda _selection, **_params: [case(2, "closed", 3) | {"stage": stage}]
    text = shown(panels.draw_cases(at("?cases=newest")))
    assert word in text
    assert "已结案" not in text
    assert "✓" not in text


def test_a_list_without_a_case_says_only_what_is_true(city: Any, at: At) -> None:
    city.newest_cases = city.most_urgent_cases = lambda _selection, **_params: []
    assert "没有在办案件" in shown(panels.draw_cases(at("")))
    assert "没有在办案件" not in shown(panels.draw_cases(at("?cases=newest")))


def test_a_highlighted_case_shows_its_particulars(at: At) -> None:
    assert "区城管委" not in shown(panels.draw_cases(at("")))
    assert "区城管委" in shown(panels.draw_cases(at("?sel=case:11010820261122000001")))


def test_the_newest_list_is_a_choice(at: At) -> None:
    assert "11010820261122000002" in shown(panels.draw_cases(at("?cases=newest")))


def test_the_trend_has_days_and_means(at: At) -> None:
    text = shown(panels.draw_trend(at("")))
    assert "上报（7 日均）" in text
    assert "2026-11-22" in text


def test_the_table_is_there_only_when_asked_for(at: At) -> None:
    assert panels.draw_area_table(at("")) is None
    assert "110108012" in shown(panels.draw_area_table(at("?panel=table")))


def test_english_pages_have_english_names(at: At) -> None:
    text = shown(header(at("?area=110108011&lang=en"))) + shown(panels.draw_cases(at("?lang=en")))
    assert "Zhongguancun" in text
    assert "Exposed waste" in text
    assert "SIMULATED DATA" in text


def test_the_breadcrumb_leads_up_and_keeps_the_theme(at: At) -> None:
    text = shown(header(at("?area=110108011001&theme=light")))
    assert "?area=110108011&theme=light" in text
    assert '"?theme=light"' in text


def test_an_unknown_area_falls_back_to_the_district_with_a_notice(at: At) -> None:
    ctx = at("?area=999999&junk=1")
    assert ctx.area is not None
    assert ctx.area["code"] == "110108"
    assert len(ctx.notices) == 2
    assert "999999" in ctx.notices[1]


def test_an_empty_store_says_what_to_run(city: Any, at: At) -> None:
    city.empty = True
    ctx = at("")
    for draw in (panels.draw_ranking, panels.draw_cases, panels.draw_trend, panels.draw_alerts):
        assert "citydeck" in shown(draw(ctx)), draw.__name__
    assert "–" in shown(panels.draw_kpis(ctx))


@pytest.mark.parametrize("drawn", ALWAYS_THERE, ids=lambda drawn: drawn.panel)
@pytest.mark.parametrize("search", ["?lang=en", "?lang=zh-CN&area=110108011&theme=light"])
def test_every_panel_has_a_definition_and_a_stamp(at: At, drawn: Drawn, search: str) -> None:
    text = shown(drawn.draw(at(search + "&panel=table")))
    assert "definition" in text
    assert "11-23 00:00" in text or drawn.panel == "kpis"


def test_cases_that_no_ranked_area_holds_are_counted_in_the_ranking(at: At) -> None:
    ctx = at("")
    rows = panels.ranked(ctx, ctx.filter)
    assert "未定位" not in shown(ranking_panel(ctx, rows))
    assert "另有 4,264 件未定位" in shown(ranking_panel(ctx, rows, 4264))
