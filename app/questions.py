"""Questions that pages may ask, by name."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from datastore.queries.area_hull import area_hull
from datastore.queries.area_lookup import breadcrumb
from datastore.queries.areas_ranked import areas_ranked
from datastore.queries.building_by_code import building_by_code
from datastore.queries.building_case_counts import building_case_counts
from datastore.queries.building_cases import building_cases
from datastore.queries.building_components import building_components
from datastore.queries.building_lods import building_lods
from datastore.queries.building_models import building_models
from datastore.queries.building_neighbours import building_neighbours
from datastore.queries.building_trend import building_trend
from datastore.queries.buildings_ranked import buildings_ranked
from datastore.queries.case_by_no import case_by_no
from datastore.queries.case_children import case_children
from datastore.queries.case_list import most_urgent_cases, newest_cases
from datastore.queries.case_registers import case_registers
from datastore.queries.case_totals import case_totals
from datastore.queries.cases_by_source import cases_by_source
from datastore.queries.code_names import code_names
from datastore.queries.component_units import component_units
from datastore.queries.daily_trend import daily_trend
from datastore.queries.dataset_levels import dataset_levels
from datastore.queries.desk_queue_cases import desk_queue_cases, desk_queue_choices
from datastore.queries.desk_queues import desk_queues
from datastore.queries.first_report import first_report
from datastore.queries.levels_below import levels_below
from datastore.queries.load_by_area import load_by_area
from datastore.queries.load_by_building import load_by_building
from datastore.queries.scene_sources import scene_sources
from datastore.queries.search_places import search_places
from datastore.queries.tilesets import tilesets
from twin_model.selection import Selection


def _of_no_selection(ask: Callable[..., pa.Table]) -> Callable[..., pa.Table]:
    """Question that is the same whichever cases are selected."""

    def asked(cursor: Any, _selection: Selection, **params: Any) -> pa.Table:  # noqa: ANN401 - as the query takes them
        return ask(cursor, **params)

    return asked


QUESTIONS: Mapping[str, Callable[..., pa.Table]] = {
    "area_hull": _of_no_selection(area_hull),
    "areas_ranked": areas_ranked,
    "breadcrumb": _of_no_selection(breadcrumb),
    "building_by_code": _of_no_selection(building_by_code),
    "building_case_counts": _of_no_selection(building_case_counts),
    "building_cases": _of_no_selection(building_cases),
    "building_components": _of_no_selection(building_components),
    "building_lods": _of_no_selection(building_lods),
    "building_models": _of_no_selection(building_models),
    "building_neighbours": _of_no_selection(building_neighbours),
    "building_trend": _of_no_selection(building_trend),
    "buildings_ranked": buildings_ranked,
    "case_by_no": _of_no_selection(case_by_no),
    "case_children": _of_no_selection(case_children),
    "case_registers": _of_no_selection(case_registers),
    "case_totals": case_totals,
    "cases_by_source": cases_by_source,
    "code_names": _of_no_selection(code_names),
    "component_units": _of_no_selection(component_units),
    "daily_trend": daily_trend,
    "dataset_levels": _of_no_selection(dataset_levels),
    "desk_queue_cases": _of_no_selection(desk_queue_cases),
    "desk_queue_choices": _of_no_selection(desk_queue_choices),
    "desk_queues": _of_no_selection(desk_queues),
    "first_report": _of_no_selection(first_report),
    "levels_below": _of_no_selection(levels_below),
    "load_by_area": load_by_area,
    "load_by_building": load_by_building,
    "most_urgent_cases": most_urgent_cases,
    "newest_cases": newest_cases,
    "scene_sources": _of_no_selection(scene_sources),
    "search_places": _of_no_selection(search_places),
    "tilesets": _of_no_selection(tilesets),
}
"""Each takes a cursor, a selection and its own parameters, and gives an Arrow table."""
