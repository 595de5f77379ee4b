from hypothesis import given
from hypothesis import strategies as st

from app.simulate.habits import habits_of


@given(st.text(max_size=12), st.integers(0, 2**32))
def test_habits_are_shares_and_a_pace_that_is_no_standstill(unit, seed):
    habits = habits_of(unit, seed)
    assert 0.4 <= habits.pace <= 2.5
    for share in (habits.returns, habits.photos, habits.reuses, habits.late, habits.asks, habits.notes):
        assert 0 <= share <= 1
    assert habits == habits_of(unit, seed)


def test_each_unit_has_its_own():
    assert len({habits_of(f"D{number:02d}", 1).pace for number in range(16)}) == 16
    assert habits_of("D01", 1) != habits_of("D01", 2)
