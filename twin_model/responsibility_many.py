"""Dispatch by list for many cases at once: cases that are alike to the list are assigned once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.area import AreaLevel, level_of_code
from twin_model.case_columns import Coded, code_column, distinct_rows
from twin_model.class_pattern import kind_of_class
from twin_model.errors import ResponsibilityError
from twin_model.responsibility import Responsibilities, ResponsibilityQuestion, assign_lead

CLASS_COLUMN = "class_code"
AREA_COLUMNS = ("street_code", "community_code", "grid_code")
UNIT_COLUMNS = ("owner_code", "maintainer_code", "territory_code")
CONDITION_COLUMN = "condition"
"""Columns of cases that a list looks at; all but the class may be left out, which is as good as unknown."""

_FIELD = {
    "class_code": "class_code",
    "street_code": "street",
    "community_code": "community",
    "grid_code": "grid",
    "owner_code": "owner",
    "maintainer_code": "maintainer",
    "territory_code": "territory",
    "condition": "condition",
}
_MAY_BE_NONE = ("owner", "maintainer")
_COLUMN_BY_LEVEL = {
    AreaLevel.DISTRICT: "street_code",
    AreaLevel.STREET: "street_code",
    AreaLevel.COMMUNITY: "community_code",
    AreaLevel.GRID: "grid_code",
}


@dataclass(frozen=True, eq=False)
class CaseGroups:
    """Cases grouped by all that a list looks at.

    Parameters
    ----------
    group : (n,) int64
        Group of each case.
    questions : tuple of ResponsibilityQuestion
        What a case of each group asks.
    """

    group: NDArray[np.int64]
    questions: tuple[ResponsibilityQuestion, ...]


@dataclass(frozen=True, eq=False)
class GroupLeads:
    """What a list answers to each group of cases.

    Parameters
    ----------
    leads, rule_ids : tuple of str
        Values that occur.
    lead, rule : (k,) int64
        Place of each group's answer in them.
    fallback : (k,) bool
        Whether a backstop decided.
    """

    leads: tuple[str, ...]
    rule_ids: tuple[str, ...]
    lead: NDArray[np.int64]
    rule: NDArray[np.int64]
    fallback: NDArray[np.bool_]


def assign_many(
    rules: Responsibilities, cases: pa.Table, at: datetime
) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Find who leads each of many cases, as `twin_model.responsibility.assign` does for one.

    Parameters
    ----------
    rules : Responsibilities
    cases : pyarrow.Table
        Texts, best dictionary-encoded: ``class_code`` and, where known, ``street_code``, ``community_code``,
        ``grid_code``, ``owner_code`` (``""`` for a component without an owner, null for no component),
        ``maintainer_code``, ``territory_code``, ``condition``. Other columns are not looked at.
    at : datetime
        Aware; moment at which the list is asked.

    Returns
    -------
    lead, rule_id : pyarrow.DictionaryArray
        In the order of the cases.

    Raises
    ------
    ResponsibilityError
        If there is no class, or a rule asks for an area of a level that the cases have no column for.
    """
    groups = group_cases(cases, (rules,), at)
    found = lead_groups(rules, groups)
    return (
        _dictionary(found.lead[groups.group], found.leads),
        _dictionary(found.rule[groups.group], found.rule_ids),
    )


def group_cases(cases: pa.Table, lists: Iterable[Responsibilities], at: datetime) -> CaseGroups:
    """Group cases by all that any of the lists looks at.

    Parameters
    ----------
    cases : pyarrow.Table
        As `assign_many` takes them.
    lists : iterable of Responsibilities
    at : datetime
        Aware.

    Raises
    ------
    ResponsibilityError
        If there is no class, or a rule asks for an area of a level that the cases have no column for.
    """
    if CLASS_COLUMN not in cases.column_names or cases[CLASS_COLUMN].null_count:
        raise ResponsibilityError(f"the cases to assign have no {CLASS_COLUMN}, or some lack it; give each its class")
    areas = _areas_asked_for(lists, cases.column_names)
    names = [name for name in _FIELD if name in cases.column_names]
    coded = [_coded(cases, name, areas) for name in names]
    group, places = distinct_rows(coded)
    values = [
        [column.values[place] for place in of_group.tolist()] for column, of_group in zip(coded, places, strict=True)
    ]
    fields = [_FIELD[name] for name in names]
    rows = zip(*values, strict=True)
    questions = tuple(_question(dict(zip(fields, row, strict=True)), at) for row in rows)
    return CaseGroups(group, questions)


def lead_groups(rules: Responsibilities, groups: CaseGroups) -> GroupLeads:
    """Ask a list about each group of cases.

    Parameters
    ----------
    rules : Responsibilities
        One of those that the cases were grouped for.
    groups : CaseGroups
    """
    leads: dict[str, int] = {}
    rule_ids: dict[str, int] = {}
    count = len(groups.questions)
    lead, rule, fallback = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, np.bool_)
    for place, question in enumerate(groups.questions):
        unit, rule_id, backstop = assign_lead(rules, question)
        lead[place] = leads.setdefault(unit, len(leads))
        rule[place] = rule_ids.setdefault(rule_id, len(rule_ids))
        fallback[place] = backstop
    return GroupLeads(tuple(leads), tuple(rule_ids), lead, rule, fallback)


def _areas_asked_for(lists: Iterable[Responsibilities], columns: list[str]) -> tuple[str, ...]:
    asked = {rule.area: rule.rule_id for rules in lists for rule in rules.rules if rule.area}
    for area, rule_id in asked.items():
        column = _COLUMN_BY_LEVEL[level_of_code(area)]
        if column not in columns:
            raise ResponsibilityError(f"rule {rule_id} asks for area {area}, but the cases have no {column}; add it")
    return tuple(sorted(asked, key=len, reverse=True))


def _coded(cases: pa.Table, name: str, areas: tuple[str, ...]) -> Coded:
    """Code a column; of an area only what the rules ask for remains, so that thousands of cells become a few."""
    column = code_column(cases[name])
    if name not in AREA_COLUMNS:
        return column
    return column.map_values(
        lambda code: next((area for area in areas if code is not None and code.startswith(area)), None)
    )


def _question(values: dict[str, str | None], at: datetime) -> ResponsibilityQuestion:
    class_code = values.pop("class_code") or ""
    known = {name: value for name, value in values.items() if value is not None or name in _MAY_BE_NONE}
    return ResponsibilityQuestion(class_code, kind_of_class(class_code), at, **known)  # type: ignore[arg-type]  # None only where it may be


def _dictionary(place: NDArray[np.int64], values: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), pa.array(values, pa.string()))
