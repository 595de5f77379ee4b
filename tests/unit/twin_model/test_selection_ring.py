"""Rings: one form for every way to walk round, found in bounded work."""

from dataclasses import dataclass
from functools import total_ordering
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.test_selection_canonical import cases
from twin_model.selection import Polygon, SelectableCase, canonical, matches
from twin_model.selection_ring import least_turn, without_repeats

few = st.lists(st.integers(0, 2), min_size=1, max_size=12)
places = st.tuples(st.integers(0, 3).map(lambda n: 116 + n / 2), st.integers(0, 3).map(lambda n: 40 + n / 2))


@total_ordering
@dataclass(frozen=True)
class Counted:
    """A corner that counts how often it is looked at."""

    number: int
    looks: ClassVar[list[int]] = []

    def __lt__(self, other: "Counted") -> bool:
        self.looks.append(1)
        return self.number < other.number

    def __eq__(self, other: object) -> bool:
        self.looks.append(1)
        return isinstance(other, Counted) and self.number == other.number

    __hash__ = None  # type: ignore[assignment]  # nobody keeps these


@given(few)
def test_the_least_turn_is_the_least_of_all_turns(ring: list[int]) -> None:
    turns = [tuple(way[start:] + way[:start]) for way in (ring, ring[::-1]) for start in range(len(ring))]
    assert least_turn(ring) == min(turns)


@pytest.mark.parametrize(
    "ring", [[0, 1] * 500, [0, 0, 1] * 333, [0] * 1000, [1] * 500 + [0] * 500, [0, 1] * 499 + [0, 2]]
)
def test_the_least_turn_of_many_equal_corners_takes_few_looks(ring: list[int]) -> None:
    Counted.looks.clear()
    least_turn([Counted(number) for number in ring])
    assert len(Counted.looks) < 16 * len(ring)


@given(few)
def test_no_corner_follows_itself(ring: list[int]) -> None:
    kept = without_repeats(ring)
    assert all(a != b for a, b in pairwise((*kept, kept[0]) if len(kept) > 1 else kept))
    assert set(kept) == set(ring)


@given(
    st.lists(places, min_size=3, max_size=6).filter(lambda ring: len(without_repeats(ring)) > 2),
    st.lists(st.integers(1, 4), min_size=6, max_size=6),
    st.integers(0, 30),
    st.booleans(),
    st.lists(cases, min_size=1, max_size=8),
)
def test_repeated_corners_change_neither_meaning_nor_form(
    ring: list[tuple[float, float]], times: list[int], turn: int, back: bool, among: list[SelectableCase]
) -> None:
    walked = [corner for corner, often in zip(ring, times, strict=False) for _ in range(often)]
    walked = walked[turn % len(walked) :] + walked[: turn % len(walked)]
    plain, repeated = Polygon(tuple(ring)), Polygon(tuple(walked[::-1] if back else walked))
    assert canonical(plain) == canonical(repeated)
    assert [matches(canonical(repeated), case) for case in among] == [matches(plain, case) for case in among]
