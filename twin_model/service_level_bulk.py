"""Service levels of cases by the million."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin_model.calendar import WorkCalendar
from twin_model.errors import ServiceLevelError
from twin_model.service_level import ServiceLevels, chosen, codes_holding
from twin_model.service_level_rule import ServiceLevelRule
from twin_model.work_clock import WorkClock, due_many
from twin_model.zone_time import micros_of, moment_of, wall_micros


class Encoded(NamedTuple):
    """A column of texts as a dictionary and keys.

    Parameters
    ----------
    values : sequence of str
        Dictionary.
    keys : (n,) integer
        Places in it; -1 stands for the empty text.
    """

    values: Sequence[str]
    keys: NDArray[np.integer]


def choose_many(
    levels: ServiceLevels,
    class_codes: Encoded,
    area_codes: Encoded,
    at: NDArray[np.int64] | datetime,
    conditions: Encoded | None = None,
) -> tuple[NDArray[np.int32], tuple[ServiceLevelRule, ...]]:
    """Choose the rules of many cases; equal to `twin_model.service_level.choose` of each.

    Rules are chosen once for each class, group of areas, condition and stretch of time that occurs, where a group is
    the areas that the list does not tell apart, and a stretch is a time in which no rule or season begins or ends.

    Parameters
    ----------
    levels : ServiceLevels
    class_codes, area_codes : Encoded
        Of n cases.
    at : (n,) int64, or datetime
        When the cases were filed, microseconds since 1970 in UTC, or one aware moment for all.
    conditions : Encoded, optional
        Default: none is recorded.

    Returns
    -------
    indices : (n,) int32
        Places in `rules`.
    rules : tuple of ServiceLevelRule
        Those of the list in its order, then its fallback.

    Raises
    ------
    ServiceLevelError
        If the columns differ in length or a key has no value.
    CalendarError
        If a moment is naive or centuries away.
    """
    count = len(class_codes.keys)
    moments = np.full(count, micros_of(at), np.int64) if isinstance(at, datetime) else np.asarray(at, np.int64)
    marks = conditions or Encoded((), np.full(count, -1))
    for name, column in (("classes", class_codes), ("areas", area_codes), ("conditions", marks)):
        _check(name, column, count)
    if len(moments) != count:
        raise ServiceLevelError(f"{len(moments)} moments for {count} cases; give one moment, or one each")
    rules = (*levels.rules, levels.fallback)
    if not count:
        return np.empty(0, np.int32), rules
    groups, group_of_area = area_groups(levels, area_codes.values)
    breaks = turning_points(levels, int(moments.min()), int(moments.max()))
    shape = len(marks.values) + 1, len(class_codes.values) + 1, len(groups), len(breaks) + 1
    cell = np.zeros(count, np.int64)
    for size, key in zip(
        shape,
        (
            marks.keys + 1,
            class_codes.keys + 1,
            group_of_area[area_codes.keys],
            np.searchsorted(breaks, moments, "right"),
        ),
        strict=True,
    ):
        cell = cell * size + key
    names, conditions_named = ("", *class_codes.values), ("", *marks.values)
    samples = [int(moments.min()), *breaks.tolist()]
    place = {rule.rule_id: number for number, rule in enumerate(rules)}
    table = np.zeros(int(np.prod(shape)), np.int32)
    for used in np.flatnonzero(np.bincount(cell, minlength=len(table))):
        mark, class_key, group, stretch = (int(each) for each in np.unravel_index(used, shape))
        texts = (names[class_key], conditions_named[mark], groups[group])
        table[used] = place[chosen(levels, *texts, moment_of(samples[stretch])).rule_id]
    return table[cell], rules


def deadline_many(
    rules: Sequence[ServiceLevelRule], indices: NDArray[np.integer], calendar: WorkCalendar, filed: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Moments at which many cases are due; equal to `twin_model.service_level.deadline` of each.

    Parameters
    ----------
    rules : sequence of ServiceLevelRule
    indices : (n,) integer
        Places in `rules`, as `choose_many` gives them.
    calendar : WorkCalendar
    filed : (n,) int64
        Microseconds since 1970 in UTC.

    Returns
    -------
    (n,) int64
        Microseconds since 1970 in UTC.

    Raises
    ------
    CalendarError
        If a moment cannot be counted with.
    """
    limits = np.array([rule.limit for rule in rules], np.float64)
    clocks = list(WorkClock)
    clock_of_case = np.array([clocks.index(rule.clock) for rule in rules], np.int8)[indices]
    deadlines = np.empty(len(filed), np.int64)
    for place, clock in enumerate(clocks):
        chosen = np.flatnonzero(clock_of_case == place)
        deadlines[chosen] = due_many(calendar, clock, filed[chosen], limits[indices[chosen]])
    return deadlines


def turning_points(levels: ServiceLevels, first: int, last: int) -> NDArray[np.int64]:
    """Moments within a time at which rules or their seasons begin or end; microseconds since 1970 in UTC, ascending."""
    found = {micros for micros in _turns(levels, first, last) if first < micros <= last}
    return np.array(sorted(found), np.int64)


def _turns(levels: ServiceLevels, first: int, last: int) -> Iterator[int]:
    years = range(moment_of(first).year - 1, moment_of(last).year + 2)
    for rule in levels.rules:
        yield from (micros_of(edge) for edge in (rule.valid_from, rule.valid_to) if edge is not None)
        if rule.season is not None:
            yield from (wall_micros(levels.zone, day) for year in years for day in rule.season.turns(year))


def area_groups(levels: ServiceLevels, values: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Group areas by the smallest listed area that holds them; the last entry stands for the empty text."""
    listed = {row.area for row in levels.area_kinds} | {rule.area for rule in levels.rules}
    smallest = [next((code for code in codes_holding(value) if code in listed), "") for value in (*values, "")]
    groups = sorted(set(smallest))
    place = {group: number for number, group in enumerate(groups)}
    return groups, np.array([place[group] for group in smallest], np.int64)


def _check(name: str, column: Encoded, count: int) -> None:
    if len(column.keys) != count:
        raise ServiceLevelError(f"{len(column.keys)} {name} for {count} cases; give one each")
    if count and not (column.keys.min() >= -1 and column.keys.max() < len(column.values)):
        raise ServiceLevelError(f"a key of the {name} has none of the {len(column.values)} values; encode them anew")
