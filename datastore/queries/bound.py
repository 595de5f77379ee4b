"""A selection bound to a store: canonical, with the codes that it names looked up. Every query starts here.

This is the one place through which each selection passes on its way to SQL, so it is also where a reader's scope is
to be joined to it with ``&``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import duckdb

from datastore.errors import MetaError, UnknownCodeError
from datastore.meta import zone_of
from datastore.queries.ring import lend_cases_inside
from datastore.queries.tables import LEVEL_COLUMNS
from twin_model.area import AreaLevel
from twin_model.selection import (
    And,
    Areas,
    Buildings,
    Classes,
    Not,
    Or,
    Polygon,
    Selection,
    Sources,
    TimeWindow,
    Units,
    canonical,
)
from twin_model.selection_node import class_matches

Ids = tuple[int, ...]


@dataclass(frozen=True)
class Bound:
    """A canonical selection and what its codes are in one store; equal ones compile to equal SQL.

    Parameters
    ----------
    selection : Selection
        In canonical form.
    areas : tuple of (str, tuple of (str, int))
        By area code: the case columns and ids that hold it and everything below.
    ids : tuple of (str, str, tuple of int)
        Dimension, code and ids of buildings, classes, sources and units.
    days : tuple of (TimeWindow, date, date)
        Windows that are whole local days: first day and the day after the last.
    """

    selection: Selection
    areas: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    ids: tuple[tuple[str, str, Ids], ...] = ()
    days: tuple[tuple[TimeWindow, date, date], ...] = ()

    def places(self, code: str) -> tuple[tuple[str, int], ...]:
        """Case columns and ids of an area."""
        return dict(self.areas)[code]

    def ids_of(self, dimension: str, codes: tuple[str, ...]) -> Ids:
        """Ids of all the codes, sorted."""
        found = {(name, code): ids for name, code, ids in self.ids}
        return tuple(sorted({each for code in codes for each in found[dimension, code]}))

    def whole_days(self, window: TimeWindow) -> tuple[date, date] | None:
        """First day of a window and the day after its last, if it is whole local days."""
        return next(((first, end) for known, first, end in self.days if known == window), None)


def bind(cur: duckdb.DuckDBPyConnection, selection: Selection) -> Bound:
    """Bring a selection into canonical form and look its codes, and what lies in its polygons, up.

    What is inside a polygon is lent to the cursor, so that the bound selection runs on this cursor only.

    Raises
    ------
    UnknownCodeError
        If the store does not hold a code that the selection names.
    """
    form = _canonical(selection)
    leaves = list(_leaves(form))
    windows = [leaf for leaf in leaves if isinstance(leaf, TimeWindow)]
    for ring in {leaf.ring for leaf in leaves if isinstance(leaf, Polygon)}:
        lend_cases_inside(cur, ring)
    return Bound(
        form,
        areas=_areas(cur, _codes(leaves, Areas)),
        ids=(
            *_buildings(cur, _codes(leaves, Buildings)),
            *_exact(cur, "source", "SELECT code, source_id FROM case_source", _codes(leaves, Sources)),
            *_exact(cur, "unit", "SELECT code, unit_id FROM unit", _codes(leaves, Units)),
            *_classes(cur, _codes(leaves, Classes)),
        ),
        days=_days(windows, store_zone(cur)) if windows else (),
    )


def store_zone(cur: duckdb.DuckDBPyConnection) -> ZoneInfo:
    """Time zone of the store's city.

    Raises
    ------
    MetaError
        If the store names none.
    """
    row = cur.execute("SELECT value FROM meta WHERE key = 'time_zone'").fetchall()
    if not row:
        raise MetaError("meta key 'time_zone' is missing; the store was not set up by citydeck")
    return zone_of(row[0][0])


@lru_cache(maxsize=1024)
def _canonical(selection: Selection) -> Selection:
    return canonical(selection)


def _leaves(node: Selection) -> Iterator[Selection]:
    match node:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part=part):
            yield from _leaves(part)
        case _:
            yield node


def _codes(leaves: list[Selection], kind: type[Areas | Buildings | Classes | Sources | Units]) -> tuple[str, ...]:
    return tuple(sorted({code for leaf in leaves if isinstance(leaf, kind) for code in leaf.codes}))


def _exact(
    cur: duckdb.DuckDBPyConnection, dimension: str, query: str, codes: tuple[str, ...]
) -> list[tuple[str, str, Ids]]:
    if not codes:
        return []
    known: dict[str, int] = dict(cur.execute(query).fetchall())
    _need_all(dimension, codes, known)
    return [(dimension, code, (known[code],)) for code in codes]


def _buildings(cur: duckdb.DuckDBPyConnection, codes: tuple[str, ...]) -> list[tuple[str, str, Ids]]:
    if not codes:
        return []
    query = "SELECT code, building_id FROM building WHERE code = ANY(?::VARCHAR[])"
    known: dict[str, int] = dict(cur.execute(query, [list(codes)]).fetchall())
    _need_all("building", codes, known)
    return [("building", code, (known[code],)) for code in codes]


def _classes(cur: duckdb.DuckDBPyConnection, codes: tuple[str, ...]) -> list[tuple[str, str, Ids]]:
    if not codes:
        return []
    rows: list[tuple[str, int]] = cur.execute("SELECT code, class_id FROM case_class").fetchall()
    found = {code: tuple(sorted(each for name, each in rows if class_matches(name, code))) for code in codes}
    _need_all("class", codes, {code: ids for code, ids in found.items() if ids})
    return [("class", code, ids) for code, ids in found.items()]


def _areas(
    cur: duckdb.DuckDBPyConnection, codes: tuple[str, ...]
) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    if not codes:
        return ()
    marks = ", ".join("?" * len(codes))
    rows = cur.execute(f"SELECT code, level, area_id FROM area WHERE code IN ({marks})", list(codes)).fetchall()  # noqa: S608 - marks only
    known = {code: (level, area_id) for code, level, area_id in rows}
    _need_all("area", codes, known)
    return tuple((code, _places(cur, *known[code])) for code in codes)


def _places(cur: duckdb.DuckDBPyConnection, level: int, area_id: int) -> tuple[tuple[str, int], ...]:
    """Columns that hold an area: its own level's, or for a district its children's."""
    if level != AreaLevel.DISTRICT:
        return ((LEVEL_COLUMNS[level], area_id),)
    children = cur.execute(
        "SELECT level, area_id FROM area WHERE parent_id = ? AND level > ? ORDER BY ALL", [area_id, level]
    ).fetchall()
    return tuple((LEVEL_COLUMNS[child_level], child_id) for child_level, child_id in children)


def _days(windows: list[TimeWindow], zone: ZoneInfo) -> tuple[tuple[TimeWindow, date, date], ...]:
    found = []
    for window in windows:
        start, end = window.start.astimezone(zone), window.end.astimezone(zone)
        if all(local == datetime(local.year, local.month, local.day, tzinfo=zone) for local in (start, end)):
            found.append((window, start.date(), end.date()))
    return tuple(found)


def _need_all(dimension: str, codes: tuple[str, ...], known: Mapping[str, object]) -> None:
    missing = tuple(code for code in codes if code not in known)
    if missing:
        raise UnknownCodeError(dimension, missing)
