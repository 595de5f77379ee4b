"""Selections as Ibis predicates, with the selection's two-valued logic kept under SQL's three-valued one.

A leaf on an empty column is NULL in SQL, which a filter drops like false. Only a negation could turn that into
something else, so every negated part is first made false where it is NULL: an unplaced case is in no area, and is in
``not(area(…))``.
"""

from datetime import datetime
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from datastore.queries.bound import Bound
from datastore.queries.ring import Ring, ring_table
from twin_model.selection import (
    And,
    Areas,
    Buildings,
    Classes,
    Everything,
    Not,
    Or,
    Polygon,
    Selection,
    Sources,
    Stages,
    TimeWindow,
    Units,
)
from twin_model.selection_node import stages_of


def select(table: ir.Table, bound: Bound) -> ir.Table:
    """Rows of a table of cases, or of counted cases, that a selection holds.

    Parameters
    ----------
    table : ibis Table
        Holds every column of `columns_of`.
    bound : Bound
        The selection.
    """
    if isinstance(bound.selection, Everything):
        return table
    return table.filter(predicate(table, bound.selection, bound))


def columns_of(bound: Bound) -> frozenset[str]:
    """Columns that a table needs to answer a selection."""
    return _columns(bound.selection, bound)


def predicate(table: ir.Table, node: Selection, bound: Bound) -> ir.BooleanValue:  # noqa: C901, PLR0911 - a branch for each node
    """Predicate of one node of a bound selection."""
    match node:
        case Everything():
            return ibis.literal(value=True)
        case And(parts=parts):
            return reduce(and_, (predicate(table, part, bound) for part in parts))
        case Or(parts=parts):
            return reduce(or_, (predicate(table, part, bound) for part in parts))
        case Not(part=part):
            return ~predicate(table, part, bound).fill_null(False)
        case Areas(codes=codes):
            return _in_areas(table, codes, bound)
        case Buildings(codes=codes):
            return table.building_id.isin(bound.ids_of("building", codes))
        case Sources(codes=codes):
            return table.source_id.isin(bound.ids_of("source", codes))
        case Classes(codes=codes):
            return table.class_id.isin(bound.ids_of("class", codes))
        case Units(codes=codes):
            return table.unit_id.isin(bound.ids_of("unit", codes))
        case Stages():
            return table.stage.isin(sorted(stages_of(node)))
        case TimeWindow():
            return _in_window(table, node, bound)
        case Polygon(ring=ring):
            return _in_ring(table, ring)
    raise TypeError(f"{type(node).__name__} is no selection")


def _columns(node: Selection, bound: Bound) -> frozenset[str]:  # noqa: PLR0911 - one return for each node
    match node:
        case And(parts=parts) | Or(parts=parts):
            return frozenset().union(*(_columns(part, bound) for part in parts))
        case Not(part=part):
            return _columns(part, bound)
        case Areas(codes=codes):
            return frozenset(column for code in codes for column, _ in bound.places(code))
        case TimeWindow():
            return frozenset(["reported_day" if bound.whole_days(node) else "reported_at"])
        case Polygon():
            return frozenset(["case_id"])
        case Buildings() | Sources() | Classes() | Units() | Stages():
            return frozenset([_ID_COLUMNS[type(node)]])
    return frozenset()


_ID_COLUMNS: dict[type[Selection], str] = {
    Buildings: "building_id",
    Sources: "source_id",
    Classes: "class_id",
    Units: "unit_id",
    Stages: "stage",
}


def _in_areas(table: ir.Table, codes: tuple[str, ...], bound: Bound) -> ir.BooleanValue:
    by_column: dict[str, list[int]] = {}
    for code in codes:
        for column, area_id in bound.places(code):
            by_column.setdefault(column, []).append(area_id)
    if not by_column:  # a district without anything below it
        return ibis.literal(value=False)
    return reduce(or_, (table[column].isin(sorted(ids)) for column, ids in sorted(by_column.items())))


def _in_window(table: ir.Table, window: TimeWindow, bound: Bound) -> ir.BooleanValue:
    days = bound.whole_days(window)
    if days is not None:
        return (table.reported_day >= ibis.literal(days[0])) & (table.reported_day < ibis.literal(days[1]))
    start, end = (_utc_literal(moment) for moment in (window.start, window.end))
    return (table.reported_at >= start) & (table.reported_at < end)


def _utc_literal(moment: datetime) -> ir.Scalar:
    return ibis.literal(moment.replace(tzinfo=None), type="timestamp")


def _in_ring(table: ir.Table, ring: Ring) -> ir.BooleanValue:
    """Look the case up among those that `bind` found inside the ring."""
    inside = ibis.table({"case_id": "!int32"}, name=ring_table(ring))
    return table.case_id.isin(inside.case_id)
