"""Questions that pages may ask, by name."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from datastore.queries.area_hull import area_hull
from datastore.queries.area_lookup import breadcrumb
from datastore.queries.areas_ranked import areas_ranked
from datastore.queries.case_by_no import case_by_no
from datastore.queries.case_list import most_urgent_cases, newest_cases
from datastore.queries.case_totals import case_totals
from datastore.queries.cases_by_source import cases_by_source
from datastore.queries.daily_trend import daily_trend
from datastore.queries.first_report import first_report
from datastore.queries.levels_below import levels_below
from datastore.queries.load_by_area import load_by_area
from datastore.queries.scene_sources import scene_sources
from twin_model.selection import Selection


def _trail(cursor: Any, _selection: Selection, code: str) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
    return breadcrumb(cursor, code)


def _case(cursor: Any, _selection: Selection, case_no: str) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
    return case_by_no(cursor, case_no)


def _hull(cursor: Any, _selection: Selection, code: str) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
    return area_hull(cursor, code)


def _sources(cursor: Any, _selection: Selection) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
    return scene_sources(cursor)


def _levels(cursor: Any, _selection: Selection, code: str) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
    return levels_below(cursor, code)


def _first(cursor: Any, _selection: Selection) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
    return first_report(cursor)


QUESTIONS: Mapping[str, Callable[..., pa.Table]] = {
    "area_hull": _hull,
    "areas_ranked": areas_ranked,
    "breadcrumb": _trail,
    "case_by_no": _case,
    "case_totals": case_totals,
    "cases_by_source": cases_by_source,
    "daily_trend": daily_trend,
    "first_report": _first,
    "levels_below": _levels,
    "load_by_area": load_by_area,
    "most_urgent_cases": most_urgent_cases,
    "newest_cases": newest_cases,
    "scene_sources": _sources,
}
"""Each takes a cursor, a selection and its own parameters, and gives an Arrow table."""
