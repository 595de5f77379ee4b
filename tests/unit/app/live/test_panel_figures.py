"""Pushed figures are those that the panels show."""

from collections.abc import Callable
from typing import Any

from app.components.kpis import kpi_strip
from app.context import Context
from app.live.panel_figures import TOTALS, figures_of, panel_figures
from app.live.scope import Scope


def marked(component: Any) -> list[dict[str, Any]]:
    """Marks of every figure in a component that is written anew while the page is open."""
    return [each.to_plotly_json()["props"] for each in component._traverse() if hasattr(each, "data-live")]


def test_the_whole_district_has_totals_sources_and_streets(at: Callable[[str], Context]) -> None:
    figures = panel_figures(at(""))
    assert set(figures["totals"]) == set(TOTALS)
    assert figures["totals"]["open"] == 183_022
    assert figures["sources"]["COLLECTOR"] == [1_724_904, round(1_724_904 / 2_040_552, 7)]
    assert "PUBLIC" not in figures["sources"]
    assert figures["areas"]["110108012"] == [12_000, 3_000, 0.76]
    assert figures["areas"]["110108013"] == [0, 0, None]
    assert (figures["as_of"], figures["stamp"]) == ("2026-11-22T16:00:00Z", "2026-11-23 00:00")


def test_an_area_has_its_own(at: Callable[[str], Context]) -> None:
    figures = panel_figures(at("?area=110108011"))
    assert figures["totals"]["open"] == 9_000
    assert list(figures["areas"]) == ["110108011001"]


def test_a_store_without_cases_has_no_moment(at: Callable[[str], Context], city: Any) -> None:
    city.empty = True
    figures = panel_figures(at(""))
    assert (figures["as_of"], figures["areas"]) == (None, {})
    assert figures["totals"]["closing_rate"] is None


def test_every_mark_on_the_headline_figures_names_a_figure(at: Callable[[str], Context]) -> None:
    ctx = at("?area=110108011")
    figures = panel_figures(ctx)
    strip = kpi_strip(ctx, ctx.query("case_totals", as_of=ctx.as_of).to_pylist()[0])
    paths = [part for mark in marked(strip) for part in mark["data-live"].split("/")]
    assert len(paths) > len(TOTALS)
    for path in paths:
        part, name = path.split(".")
        assert name in figures[part]


def test_the_scope_is_read_as_an_address_is(city: Any) -> None:
    city.store = city
    city.data_version = lambda: 7
    figures = figures_of(city)(Scope("110108011"))
    assert figures["data_version"] == 7
    assert figures["areas"]
