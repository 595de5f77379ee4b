"""Hypothesis strategies for selections."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from twin_model.case import CaseStage
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
from twin_model.selection_ring import without_repeats


def code_tuples(codes: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), min_size=1, max_size=4).map(tuple)


def windows(first: datetime, hours: int) -> st.SearchStrategy[TimeWindow]:
    """Windows that start and end on the hour, half of them on a whole day after ``first``."""
    offsets = st.integers(0, hours) | st.integers(0, hours // 24).map(lambda days: days * 24)
    pairs = st.tuples(offsets, offsets).filter(lambda pair: pair[0] != pair[1]).map(sorted)
    return pairs.map(lambda pair: TimeWindow(*(first + timedelta(hours=offset) for offset in pair)))


def rings(
    west: float = 116.0, south: float = 40.0, size: float = 1.125
) -> st.SearchStrategy[tuple[tuple[float, float], ...]]:
    """Rings, often crossing themselves and repeating corners, some of which lie on sixteenths of a degree."""
    step = st.integers(0, 18).map(lambda number: number / 16) | st.floats(0, size, allow_subnormal=False)
    corner = st.tuples(step, step).map(lambda pair: (west + pair[0], south + pair[1]))
    ring = st.lists(corner, min_size=3, max_size=7)
    repeated = st.lists(corner, min_size=1, max_size=3).flatmap(
        lambda corners: st.lists(st.sampled_from(corners), min_size=3, max_size=9)
    )
    return (ring | repeated).map(tuple).filter(lambda ring: len(without_repeats(ring)) >= 3)


def leaves(
    *,
    areas: Sequence[str] = ("110108", "110108011", "110108011005", "110108011005007"),
    classes: Sequence[str] = ("E01", "E0101", "E0102", "C0101"),
    sources: Sequence[str] = ("VIDEO", "COLLECTOR", "PUBLIC"),
    units: Sequence[str] = ("W01", "水务(局)", "a~b, c"),
    buildings: Sequence[str] = ("B1", "建筑-2", "{NL:~3, (x)}"),
    first: datetime = datetime(2026, 1, 1, 16, tzinfo=UTC),
    hours: int = 480,
) -> st.SearchStrategy[Selection]:
    stages = ["OPEN", *CaseStage.__members__]
    return st.one_of(
        st.just(Everything()),
        code_tuples(areas).map(Areas),
        code_tuples(buildings).map(Buildings),
        code_tuples(classes).map(Classes),
        code_tuples(sources).map(Sources),
        code_tuples(units).map(Units),
        code_tuples(stages).map(Stages),
        windows(first, hours),
        rings().map(Polygon),
    )


def selections(base: st.SearchStrategy[Selection] | None = None) -> st.SearchStrategy[Selection]:
    """Trees of selections."""
    return st.recursive(
        leaves() if base is None else base,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, max_size=3).map(tuple).map(And),
            st.lists(inner, max_size=3).map(tuple).map(Or),
        ),
        max_leaves=7,
    )
