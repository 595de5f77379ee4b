"""Duplicates among many cases at once: new ones against those that are there and against each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from twin_model.case import CaseStage
from twin_model.case_columns import Coded, code_column
from twin_model.duplicate import SCALE_STEP_DEG, DuplicateRules, scale_at
from twin_model.errors import DuplicateError

CHUNK = 1 << 21
"""Pairs measured at once."""

RESULT_SCHEMA = pa.schema(
    [
        pa.field("original_no", pa.string()),
        pa.field("via_no", pa.string()),
        pa.field("rule_id", pa.string()),
        pa.field("distance_m", pa.float64()),
        pa.field("elapsed_h", pa.float64()),
        pa.field("same_component", pa.bool_()),
    ]
)
"""Columns of `twin_model.duplicate.Match`; all null for a case that is no duplicate."""

_NEEDED = ("case_no", "class_code", "stage", "reported_at", "lon", "lat")
_COLUMNS = {
    "case_no": pa.string(),
    "class_code": pa.string(),
    "stage": pa.uint8(),
    "reported_at": pa.timestamp("us"),
    "closed_at": pa.timestamp("us"),
    "lon": pa.float64(),
    "lat": pa.float64(),
    "component": pa.string(),
    "parent_no": pa.string(),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FOREVER = 1 << 61
_SMALLEST_CELL_M = 1.0
_MARGIN = 1.0001
"""Cells are that much wider than the distance, so that rounding puts no neighbour two cells away."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Cases:
    """Existing cases, then new ones, as arrays.

    ``place`` is that in the order of report, then number: it tells earlier from later. ``until`` is the last moment at
    which a case takes duplicates if nothing is granted after closing; ``parent`` the row that it is a duplicate of, its
    own row if it is none, -1 if that is not known; ``component`` tells class and component in one number, -1 without.
    """

    number: pa.Array
    class_code: Coded
    at: Ints
    place: Ints
    until: Ints
    parent: Ints
    component: Ints
    lon: Floats
    lat: Floats
    candidate: NDArray[np.bool_]

    @cached_property
    def has_place(self) -> NDArray[np.bool_]:
        """Whether a case has a place."""
        return np.asarray(np.isfinite(self.lon) & np.isfinite(self.lat))

    @cached_property
    def moments(self) -> Ints:
        """Times of report, in order."""
        return np.sort(self.at)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Reports and earlier ones near them; ``square_m2`` is -1 where one has no place."""

    case: Ints
    other: Ints
    square_m2: Floats
    same_component: NDArray[np.bool_]

    def only(self, which: NDArray[np.bool_] | Ints) -> "_Pairs":
        return _Pairs(self.case[which], self.other[which], self.square_m2[which], self.same_component[which])


def find_originals_many(rules: DuplicateRules, new: pa.Table, existing: pa.Table) -> pa.Table:
    """Find the case that each of many new ones is about again.

    Gives what `twin_model.duplicate.find_original` gives if the new cases are taken one after the other, by time of
    report, then number, each among all the existing and those taken before; of several reports of one thing the first
    is so the original of all. New cases that are void or duplicates already are not looked at, but count as existing.

    Parameters
    ----------
    rules : DuplicateRules
    new, existing : pyarrow.Table
        Columns ``case_no``, ``class_code``, ``stage``, ``reported_at`` (timestamp, UTC), ``lon``, ``lat`` (degrees,
        EPSG:4490; null without a place); optionally ``closed_at``, ``component``, ``parent_no``.

    Returns
    -------
    pyarrow.Table
        One row a new case, columns of `RESULT_SCHEMA`.

    Raises
    ------
    DuplicateError
        If a column is missing, a case lacks its number, class, stage or time, or two have the same number.
    """
    cases = _read(new, existing)
    rule_of, rows = _rules_of(rules, cases)
    found = [
        pairs
        for rule in rows
        for pairs in (
            _near_in_place(cases, np.flatnonzero(rule_of == rule), *_limits(rules, rule)),
            _of_component(cases, np.flatnonzero(rule_of == rule), _limits(rules, rule)[1]),
        )
    ]
    pairs = _ranked(cases, _together(found))
    grace = np.array([_microseconds(rule.closed_within_h) for rule in rules.rules] or [0], np.int64)
    pairs, original = _resolve(cases, pairs, grace[rule_of])
    return _result(cases, pairs, original, [rules.rules[rule].rule_id for rule in rule_of[pairs.case].tolist()], new)


def _limits(rules: DuplicateRules, rule: int) -> tuple[float, int]:
    return rules.rules[rule].distance_m, _microseconds(rules.rules[rule].within_h)


def _microseconds(hours: float) -> int:
    return timedelta(hours=hours) // _MICROSECOND


def _read(new: pa.Table, existing: pa.Table) -> _Cases:
    table = pa.concat_tables([_conform(existing, "existing"), _conform(new, "new")])
    number = table["case_no"].combine_chunks()
    _check_numbers(number.slice(existing.num_rows), number.slice(0, existing.num_rows))
    at = table["reported_at"].cast(pa.int64()).to_numpy()
    stage = table["stage"].to_numpy()
    closed_at = pc.fill_null(table["closed_at"].cast(pa.int64()), -_FOREVER).to_numpy()
    until = np.where(stage < CaseStage.CLOSED, _FOREVER, np.where(stage == CaseStage.CLOSED, closed_at, -_FOREVER))
    duplicate = stage == CaseStage.DUPLICATE
    candidate = np.arange(table.num_rows) >= existing.num_rows
    classes, component = code_column(table["class_code"]), code_column(table["component"])
    nothing = np.array([not value for value in component.values])
    return _Cases(
        number=number,
        class_code=classes,
        at=at,
        place=_places(at, number),
        until=until.astype(np.int64),
        parent=_parents(table["parent_no"], number, duplicate),
        component=np.where(nothing[component.place], -1, component.place * len(classes.values) + classes.place),
        lon=pc.fill_null(table["lon"], np.nan).to_numpy(),
        lat=pc.fill_null(table["lat"], np.nan).to_numpy(),
        candidate=candidate & ~duplicate & (stage != CaseStage.VOID),
    )


def _check_numbers(new: pa.Array, existing: pa.Array) -> None:
    again = existing.filter(pc.is_in(existing, value_set=new))
    if len(again) == 0 and pc.count_distinct(new).as_py() < len(new):
        counted = pc.value_counts(new)
        again = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    if len(again):
        raise DuplicateError(f"case {again[0].as_py()} is twice among the cases to compare; give each once")


def _places(at: Ints, number: pa.Array) -> Ints:
    """Place of each case in the order of report, then number."""
    order = np.argsort(at, kind="stable")
    ordered = at[order]
    same = ordered[1:] == ordered[:-1]
    tied = np.flatnonzero(np.concatenate(([False], same)) | np.concatenate((same, [False])))  # few need their numbers
    rows = pa.table({"at": ordered[tied], "number": number.take(pa.array(order[tied]))})
    order[tied] = order[tied][pc.sort_indices(rows, [("at", "ascending"), ("number", "ascending")]).to_numpy()]
    place = np.empty(len(at), np.int64)
    place[order] = np.arange(len(at))
    return place


def _conform(table: pa.Table, name: str) -> pa.Table:
    missing = [column for column in _NEEDED if column not in table.column_names]
    if missing:
        raise DuplicateError(f"the {name} cases have no column {missing[0]}; add it")
    for column in _NEEDED[:4]:
        if table[column].null_count:
            raise DuplicateError(f"{table[column].null_count} of the {name} cases have no {column}; give it to each")
    columns = {
        column: _plain(table[column], kind) if column in table.column_names else pa.nulls(table.num_rows, kind)
        for column, kind in _COLUMNS.items()
    }
    return pa.table(columns)


def _plain(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):  # its unit first: the zone is only a name, the value is UTC
        column = column.cast(pa.timestamp("us", column.type.tz))
    return column.cast(kind)


def _parents(parent_no: pa.ChunkedArray, number: pa.Array, duplicate: NDArray[np.bool_]) -> Ints:
    """Rows that duplicates come down to in the end: not duplicates themselves, or -1."""
    parent = np.arange(len(number))
    if not duplicate.any():
        return parent
    which = np.flatnonzero(duplicate)
    found = pc.fill_null(pc.index_in(parent_no.combine_chunks().take(pa.array(which)), number), -1).to_numpy()
    parent[which] = found
    for _ in range(len(which).bit_length()):  # each round doubles how far up a row looks
        parent = np.where(parent < 0, -1, parent[parent])
    ends_nowhere = (parent >= 0) & duplicate[parent]  # a circle
    return np.where(ends_nowhere, -1, parent)


def _rules_of(rules: DuplicateRules, cases: _Cases) -> tuple[Ints, list[int]]:
    """Rule for each candidate, -1 without one, and those that occur."""
    where = {rule.rule_id: place for place, rule in enumerate(rules.rules)}
    rule_of = np.full(len(cases.at), -1, np.int64)
    candidates = np.flatnonzero(cases.candidate)
    class_of = cases.class_code.place[candidates]
    for place, code in enumerate(cases.class_code.values):
        of_class = candidates[class_of == place]
        for rule in reversed(rules.candidates(code or "") if len(of_class) else ()):
            begin = -_FOREVER if rule.valid_from is None else (rule.valid_from - _EPOCH) // _MICROSECOND
            end = _FOREVER if rule.valid_to is None else (rule.valid_to - _EPOCH) // _MICROSECOND
            at = cases.at[of_class]
            rule_of[of_class[(begin <= at) & (at < end)]] = where[rule.rule_id]
    return rule_of, [rule for rule in np.unique(rule_of).tolist() if rule >= 0]


def _near_in_place(cases: _Cases, reports: Ints, distance_m: float, within: int) -> _Pairs:
    """Pairs of reports and earlier ones of their class within a distance, one of them without a component."""
    reports = reports[cases.has_place[reports]]
    if not len(reports):
        return _together([])
    of_class = np.zeros(len(cases.class_code.values), np.bool_)
    of_class[cases.class_code.place[reports]] = True
    among = np.flatnonzero(cases.has_place & of_class[cases.class_code.place] & _in_reach(cases, reports, within))
    scale, cell, height = _cells(cases, reports, among, distance_m)
    groups = _Groups(cases, among, cell[among])
    reports = reports[np.argsort(cell[reports], kind="stable")]  # neighbours are then looked up together
    found = []
    for step in (right * height + up for right in (-1, 0, 1) for up in (-1, 0, 1)):
        for case, other in groups.earlier(reports, cell[reports] + step, within):
            square = _square(cases, scale, case, other)
            near = square <= distance_m * distance_m
            near &= (cases.component[case] < 0) | (cases.component[other] < 0)
            found.append(_Pairs(case[near], other[near], square[near], np.zeros(int(near.sum()), np.bool_)))
    return _together(found)


def _of_component(cases: _Cases, reports: Ints, within: int) -> _Pairs:
    """Pairs of reports and earlier ones of their class about the same component."""
    reports = reports[cases.component[reports] >= 0]
    if not len(reports):
        return _together([])
    among = np.flatnonzero((cases.component >= 0) & _in_reach(cases, reports, within))
    groups = _Groups(cases, among, cases.component[among])
    scale = _scales(cases.lat, reports)
    found = []
    for case, other in groups.earlier(reports, cases.component[reports], within):
        square = _square(cases, scale, case, other)
        square = np.where(np.isfinite(square), square, -1.0)
        found.append(_Pairs(case, other, square, np.ones(len(case), np.bool_)))
    return _together(found)


def _in_reach(cases: _Cases, reports: Ints, within: int) -> NDArray[np.bool_]:
    """Whether a case is early and late enough for any of the reports."""
    at = cases.at[reports]
    return np.asarray((cases.at >= at.min() - within) & (cases.at <= at.max()))


def _square(cases: _Cases, scale: Floats, case: Ints, other: Ints) -> Floats:
    x = (cases.lon[other] - cases.lon[case]) * scale[case, 0]
    y = (cases.lat[other] - cases.lat[case]) * scale[case, 1]
    return np.asarray(x * x + y * y)


class _Groups:
    """Cases by a key (a cell, a component), in the order of report within each."""

    def __init__(self, cases: _Cases, rows: Ints, key: Ints) -> None:
        self._cases = cases
        self._keys, group = np.unique(key, return_inverse=True)
        place = group.reshape(-1) * len(cases.at) + cases.place[rows]
        order = np.argsort(place)
        self._rows, self._place = rows[order], place[order]

    def earlier(self, reports: Ints, keys: Ints, within: int) -> Iterator[tuple[Ints, Ints]]:
        """Pairs of reports and earlier cases, by at most some microseconds, under the key of each; in chunks."""
        cases = self._cases
        group = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        there = self._keys[group] == keys
        case, base = reports[there], group[there] * len(cases.at)
        oldest = np.searchsorted(cases.moments, cases.at[case] - within)
        first = np.searchsorted(self._place, base + oldest)
        size = np.maximum(np.searchsorted(self._place, base + cases.place[case]) - first, 0)
        some = np.flatnonzero(size)
        case, first, size = case[some], first[some], size[some]
        upto = np.cumsum(size)
        begin, done = 0, 0
        while begin < len(case):
            stop = max(int(np.searchsorted(upto, done + CHUNK, side="right")), begin + 1)
            part = slice(begin, stop)
            start = np.repeat(first[part] - (upto[part] - size[part] - done), size[part])
            yield np.repeat(case[part], size[part]), self._rows[start + np.arange(len(start))]
            begin, done = stop, int(upto[stop - 1])


def _cells(cases: _Cases, reports: Ints, among: Ints, distance_m: float) -> tuple[Floats, Ints, int]:
    """Scale by row, cell by row (class, column, row in one number), and the step from one column to the next."""
    scale = _scales(cases.lat, reports)
    east, north = scale[reports].min(axis=0)
    size_m = max(distance_m, _SMALLEST_CELL_M) * _MARGIN
    column = np.floor(cases.lon[among] * east / size_m).astype(np.int64)
    row = np.floor(cases.lat[among] * north / size_m).astype(np.int64)
    column -= column.min() - 1  # an empty column and row all around: no neighbour wraps
    row -= row.min() - 1
    width, height = int(column.max()) + 2, int(row.max()) + 2
    cell = np.full(len(cases.at), -1, np.int64)
    cell[among] = (cases.class_code.place[among] * width + column) * height + row
    return scale, cell, height


def _scales(lat: Floats, rows: Ints) -> Floats:
    """(n, 2) metres to a degree at the latitude of some of n rows, NaN elsewhere."""
    scale = np.full((len(lat), 2), np.nan)
    placed = rows[np.isfinite(lat[rows])]
    band = np.floor(lat[placed] / SCALE_STEP_DEG).astype(np.int64)
    if len(band):
        lowest = int(band.min())
        of_band = np.array([scale_at(each) for each in range(lowest, int(band.max()) + 1)])
        scale[placed] = of_band[band - lowest]
    return scale


def _together(pairs: list[_Pairs]) -> _Pairs:
    if not pairs:
        none = np.empty(0, np.int64)
        return _Pairs(none, none, np.empty(0), np.empty(0, np.bool_))
    return _Pairs(
        np.concatenate([each.case for each in pairs]),
        np.concatenate([each.other for each in pairs]),
        np.concatenate([each.square_m2 for each in pairs]),
        np.concatenate([each.same_component for each in pairs]),
    )


def _ranked(cases: _Cases, pairs: _Pairs) -> _Pairs:
    """Pairs by report, in the order of time; of each report the same component first, then the nearest and earliest."""
    place = cases.place
    order = np.lexsort((place[pairs.other], pairs.square_m2, ~pairs.same_component, place[pairs.case]))
    return pairs.only(order)


def _resolve(cases: _Cases, pairs: _Pairs, grace: Ints) -> tuple[_Pairs, Ints]:
    """Take the first pair of each report whose original still takes duplicates: those pairs, and the originals."""
    parent = cases.parent
    settled = ~cases.candidate[np.maximum(parent[pairs.other], 0)]  # what that comes down to cannot change any more
    original = parent[pairs.other]
    open_then = cases.until[original] + grace[pairs.case] >= cases.at[pairs.case]
    takes = (original >= 0) & (cases.place[original] < cases.place[pairs.case]) & (open_then | ~settled)
    pairs, settled = pairs.only(takes), settled[takes]
    chosen: list[int] = []
    originals: list[int] = []
    became: dict[int, int] = {}
    case, other = pairs.case.tolist(), parent[pairs.other].tolist()
    at, until = (cases.at[pairs.case] - grace[pairs.case]).tolist(), cases.until
    last = -1
    for row, (report, found) in enumerate(zip(case, other, strict=True)):
        if report == last:
            continue
        root = became.get(found, found)
        if settled[row] or until[root] >= at[row]:
            became[report] = root
            chosen.append(row)
            originals.append(root)
            last = report
    return pairs.only(np.array(chosen, np.int64)), np.array(originals, np.int64)


def _result(cases: _Cases, pairs: _Pairs, original: Ints, rule_ids: list[str], new: pa.Table) -> pa.Table:
    found = np.full(new.num_rows, -1, np.int64)
    found[pairs.case - (len(cases.at) - new.num_rows)] = np.arange(len(pairs.case))
    take = pa.array(found, mask=found < 0)
    metres = np.sqrt(np.maximum(pairs.square_m2, 0.0))
    columns = [
        cases.number.take(pa.array(original)),
        cases.number.take(pa.array(pairs.other)),
        pa.array(rule_ids, pa.string()),
        pa.array(metres, mask=pairs.square_m2 < 0),
        pa.array((cases.at[pairs.case] - cases.at[pairs.other]) / _microseconds(1.0)),
        pa.array(pairs.same_component),
    ]
    return pa.Table.from_arrays([column.take(take) for column in columns], schema=RESULT_SCHEMA)
