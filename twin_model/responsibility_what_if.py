"""What another list of responsibilities would have done with past cases: who gives up how many to whom."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.case_columns import Coded, code_column
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import Responsibilities
from twin_model.responsibility_many import CaseGroups, GroupLeads, group_cases, lead_groups

UNIT_COLUMN = "unit_code"
"""Column of the unit that had the case; null where none had it."""

EXAMPLES = 5
"""Cases named for each flow."""


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Comparison of two lists over past cases.

    Parameters
    ----------
    cases : int
        Cases compared.
    moved : int
        Those that the second list gives to another unit than the first.
    fallback_before, fallback_after : int
        Cases that a backstop decides under each list.
    had_unit : int
        Cases whose unit is recorded.
    agreed_before, agreed_after : int
        Of these, those whose unit is the one that each list names.
    flows : pyarrow.Table
        from_unit, to_unit, cases (int64), examples (list of int64, rows of the input): moved cases, most first.
    by_unit : pyarrow.Table
        unit_code, before, after, gained, lost (int64): cases of each unit that either list names, by code.
    by_class : pyarrow.Table
        class_code, cases, moved (int64), by code.
    by_street : pyarrow.Table
        street_code (null for cases without one), cases, moved (int64), by code, null last.
    from_history : pyarrow.Table
        from_unit (null where none is recorded), to_unit, cases (int64), examples: the recorded unit against the second
        list, where they differ, most first.
    """

    cases: int
    moved: int
    fallback_before: int
    fallback_after: int
    had_unit: int
    agreed_before: int
    agreed_after: int
    flows: pa.Table
    by_unit: pa.Table
    by_class: pa.Table
    by_street: pa.Table
    from_history: pa.Table


def what_if(before: Responsibilities, after: Responsibilities, cases: pa.Table, at: datetime) -> WhatIf:
    """Compare what two lists say of past cases.

    Parameters
    ----------
    before, after : Responsibilities
    cases : pyarrow.Table
        Columns as `twin_model.responsibility_many.assign_many` takes them, and ``unit_code``, the unit that had the
        case (null for none).
    at : datetime
        Aware; both lists are asked as of this moment, whenever the cases were reported.

    Raises
    ------
    ResponsibilityError
        If a column that the comparison needs is missing.
    """
    if UNIT_COLUMN not in cases.column_names:
        raise ResponsibilityError(f"the cases to compare have no {UNIT_COLUMN}; add the unit that had each")
    groups = group_cases(cases, (before, after), at)
    old, new = lead_groups(before, groups), lead_groups(after, groups)
    units = sorted({*old.leads, *new.leads})
    lead = {unit: place for place, unit in enumerate(units)}
    was, becomes = (np.array([lead[unit] for unit in each.leads], np.int64)[each.lead] for each in (old, new))
    size = np.bincount(groups.group, minlength=len(groups.questions))
    moved = was != becomes
    history = _History(cases, groups, units)
    return WhatIf(
        cases=cases.num_rows,
        moved=int(size[moved].sum()),
        fallback_before=_sum(size, old),
        fallback_after=_sum(size, new),
        had_unit=int(np.count_nonzero(history.recorded)),
        agreed_before=history.agreed(was),
        agreed_after=history.agreed(becomes),
        flows=_flows(groups, size, was, becomes, units),
        by_unit=_by_unit(size, was, becomes, units),
        by_class=_by(code_column(cases["class_code"]), "class_code", groups, moved),
        by_street=_by(_streets(cases), "street_code", groups, moved),
        from_history=history.flows(becomes),
    )


class _History:
    """The recorded unit of each case beside the units that lists name."""

    def __init__(self, cases: pa.Table, groups: CaseGroups, units: list[str]) -> None:
        column = code_column(cases[UNIT_COLUMN])
        everyone = list(dict.fromkeys([*units, *column.values]))  # the lists' units keep their places
        where = {unit: place for place, unit in enumerate(everyone)}
        self._everyone = everyone
        self._units = units
        self._unit = np.array([where[unit] for unit in column.values], np.int64)[column.place]
        self._group = groups.group
        self._pair = self._group * len(everyone) + self._unit
        self._count = np.bincount(self._pair, minlength=len(groups.questions) * len(everyone))
        self.recorded = self._unit != where[None]

    def agreed(self, lead: NDArray[np.int64]) -> int:
        """Count the cases whose recorded unit is the one named for their group."""
        return int(self._count[np.arange(len(lead)) * len(self._everyone) + lead].sum())

    def flows(self, lead: NDArray[np.int64]) -> pa.Table:
        """Count recorded units against those named, where they differ."""
        kind = np.flatnonzero(self._count)
        group, unit = np.divmod(kind, len(self._everyone))
        differs = unit != lead[group]
        first = _first_rows(self._pair, len(self._count))[kind[differs]]
        ends = (unit[differs], lead[group[differs]])
        return _flow_table(ends, self._count[kind[differs]], first, (self._everyone, self._units))


def _flows(
    groups: CaseGroups, size: NDArray[np.int64], was: NDArray[np.int64], becomes: NDArray[np.int64], units: list[str]
) -> pa.Table:
    moved = np.flatnonzero(was != becomes)
    first = _first_rows(groups.group, len(groups.questions))[moved]
    return _flow_table((was[moved], becomes[moved]), size[moved], first, (units, units))


def _flow_table(
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    count: NDArray[np.int64],
    first: NDArray[np.int64],
    names: tuple[list[str | None], list[str]] | tuple[list[str], list[str]],
) -> pa.Table:
    """Sum counts by both ends; the examples are first rows of groups, so that they show different cases."""
    width = max(len(names[1]), 1)
    flow, inverse = np.unique(ends[0] * width + ends[1], return_inverse=True)
    place = inverse.reshape(-1)
    cases = np.bincount(place, weights=count, minlength=len(flow)).astype(np.int64)
    order = np.lexsort((first, place))
    examples = np.split(first[order], np.searchsorted(place[order], np.arange(1, len(flow))))
    most = np.lexsort((flow, -cases))
    source, target = np.divmod(flow[most], width)
    return pa.table(
        {
            "from_unit": pa.array([names[0][each] for each in source.tolist()], pa.string()),
            "to_unit": pa.array([names[1][each] for each in target.tolist()], pa.string()),
            "cases": pa.array(cases[most]),
            "examples": pa.array([examples[each][:EXAMPLES].tolist() for each in most.tolist()], pa.list_(pa.int64())),
        }
    )


def _by_unit(size: NDArray[np.int64], was: NDArray[np.int64], becomes: NDArray[np.int64], units: list[str]) -> pa.Table:
    stays = np.bincount(was, weights=size * (was == becomes), minlength=len(units)).astype(np.int64)
    had = np.bincount(was, weights=size, minlength=len(units)).astype(np.int64)
    gets = np.bincount(becomes, weights=size, minlength=len(units)).astype(np.int64)
    return pa.table(
        {"unit_code": pa.array(units, pa.string()), "before": had, "after": gets, "gained": gets - stays}
        | {"lost": had - stays}
    )


def _by(column: Coded, name: str, groups: CaseGroups, moved: NDArray[np.bool_]) -> pa.Table:
    twice = np.bincount(column.place * 2 + moved[groups.group], minlength=2 * len(column.values)).reshape(-1, 2)
    present = [place for place in range(len(column.values)) if twice[place].any()]
    present.sort(key=lambda place: (column.values[place] is None, column.values[place] or ""))
    counts = twice[present].reshape(-1, 2)
    return pa.table(
        {
            name: pa.array([column.values[place] for place in present], pa.string()),
            "cases": pa.array(counts.sum(axis=1)),
            "moved": pa.array(counts[:, 1]),
        }
    )


def _streets(cases: pa.Table) -> Coded:
    if "street_code" in cases.column_names:
        return code_column(cases["street_code"])
    return Coded(np.zeros(cases.num_rows, np.int64), (None,))


def _first_rows(group: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Row at which each group first occurs."""
    first = np.full(count, len(group), np.int64)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return first


def _sum(size: NDArray[np.int64], leads: GroupLeads) -> int:
    return int(size[leads.fallback].sum())
