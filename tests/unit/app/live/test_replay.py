"""The ring gives what came after a place in the log, or says that it cannot."""

from hypothesis import given
from hypothesis import strategies as st

from app.live.replay import Entry, Replay


def entry(seq: int, *areas: str) -> Entry:
    return Entry(seq, areas, b"%d" % seq)


def filled(head: int, seqs: list[int], size: int = 100) -> Replay:
    replay = Replay(head, size)
    for seq in seqs:
        assert replay.add(entry(seq))
    return replay


def seqs(replay: Replay, since: int, **more: int) -> list[int] | None:
    found = replay.since(since, **more)
    return None if found is None else [each.seq for each in found]


def test_what_came_after_is_given_in_order() -> None:
    replay = filled(10, [11, 12, 15])
    assert seqs(replay, 10) == [11, 12, 15]
    assert seqs(replay, 12) == [15]
    assert seqs(replay, 13) == [15]
    assert seqs(replay, 15) == []


def test_a_place_before_the_first_or_in_the_future_is_a_gap() -> None:
    replay = filled(10, [11])
    assert seqs(replay, 9) is None
    assert seqs(replay, 12) is None
    assert replay.reaches(10)
    assert not replay.reaches(12)


def test_what_is_not_past_the_last_is_not_kept() -> None:
    replay = filled(10, [11])
    assert not replay.add(entry(11))
    assert not replay.add(entry(3))
    assert seqs(replay, 10) == [11]


def test_no_more_than_asked_for_is_given() -> None:
    replay = filled(0, list(range(1, 9)))
    assert seqs(replay, 2, limit=3) == [3, 4, 5]
    assert seqs(replay, 2, until=4) == [3, 4]


@given(st.sets(st.integers(1, 400), min_size=1), st.integers(1, 30), st.integers(0, 401))
def test_the_ring_gives_all_or_says_that_it_cannot(places: set[int], size: int, since: int) -> None:
    ordered = sorted(places)
    replay = filled(0, ordered, size)
    found = seqs(replay, since)
    after = [seq for seq in ordered if seq > since]
    assert found in (after, None)
    if len(after) <= size and since <= ordered[-1]:
        assert found == after


def test_the_whole_district_has_everything_and_an_area_what_lies_in_it() -> None:
    placed, unplaced = entry(1, "110", "110001", ""), entry(2, "", "", "")
    assert placed.is_in("")
    assert unplaced.is_in("")
    assert placed.is_in("110001")
    assert not placed.is_in("11")
    assert not unplaced.is_in("110")


def test_what_was_skipped_is_a_gap_and_what_comes_after_is_kept() -> None:
    replay = filled(10, [11, 12])
    replay.skip_to(20)
    assert replay.add(entry(21))
    assert [seqs(replay, since) for since in (12, 20)] == [None, [21]]
    replay.skip_to(15)  # a place that is behind changes nothing but what is kept
    assert (replay.head, seqs(replay, 21)) == (21, [])
