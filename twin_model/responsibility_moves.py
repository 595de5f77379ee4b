"""Cases that another list of responsibilities moves, counted by everything that matters to those who plan for it."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from twin_model.case_columns import Coded, code_column, distinct_rows
from twin_model.responsibility import Responsibilities
from twin_model.responsibility_many import group_cases, lead_groups

COLUMNS = ("from_unit", "to_unit", "class_code", "street_code")


def count_moves(before: Responsibilities, after: Responsibilities, cases: pa.Table, at: datetime) -> pa.Table:
    """Count the cases that the second list gives to another unit than the first.

    Parameters
    ----------
    before, after : Responsibilities
    cases : pyarrow.Table
        Columns as `twin_model.responsibility_many.assign_many` takes them, with ``street_code``.
    at : datetime
        Aware; both lists are asked as of this moment.

    Returns
    -------
    pyarrow.Table
        from_unit, to_unit, class_code, street_code (null for cases without one), cases (int64): most first, then by
        code.

    Raises
    ------
    ResponsibilityError
        If a column that the lists need is missing.
    """
    groups = group_cases(cases, (before, after), at)
    old, new = lead_groups(before, groups), lead_groups(after, groups)
    place = {unit: number for number, unit in enumerate(new.leads)}
    was = np.array([place.setdefault(unit, len(place)) for unit in old.leads], np.int64)[old.lead]
    rows = np.flatnonzero((was != new.lead)[groups.group])
    units = tuple(place)
    columns = [
        Coded(was[groups.group[rows]], units),
        Coded(new.lead[groups.group[rows]], units),
        *(code_column(cases[name].take(pa.array(rows))) for name in COLUMNS[2:]),
    ]
    group, places = distinct_rows(columns)
    values = [
        pa.array([column.values[each] for each in found.tolist()], pa.string())
        for column, found in zip(columns, places, strict=True)
    ]
    counted = np.bincount(group, minlength=len(places[0])).astype(np.int64)
    table = pa.table([*values, pa.array(counted)], names=[*COLUMNS, "cases"])
    return table.sort_by([("cases", "descending"), *((name, "ascending") for name in COLUMNS)])
