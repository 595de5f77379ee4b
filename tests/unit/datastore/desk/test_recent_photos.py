"""Photos that came lately: a copy of one of another case is found, one's own is none."""

import pytest

from datastore.desk import recent_photos
from datastore.desk.recent_photos import RecentPhotos
from tests.desk_cases import photo

MINE, OTHER = photo("mine"), photo("other")


def test_nothing_is_like_a_photo_where_there_is_no_other() -> None:
    assert RecentPhotos().nearest(MINE, "1") is None
    assert RecentPhotos([("1", MINE.dhash)]).nearest(MINE, "1") is None


def test_the_most_similar_photo_of_another_case_counts() -> None:
    known = RecentPhotos([("1", MINE.dhash), ("2", OTHER.dhash)])
    assert known.nearest(MINE, "3") == 0
    assert known.nearest(MINE, "1") == (MINE.dhash ^ OTHER.dhash).bit_count()
    known.add("4", MINE.dhash ^ 0b101)
    assert known.nearest(MINE, "1") == 2


def test_only_so_many_are_kept_the_oldest_going_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_photos, "KEPT", 2)
    known = RecentPhotos([("1", MINE.dhash), ("2", OTHER.dhash)])
    assert known.nearest(MINE, "9") == 0
    known.add("3", OTHER.dhash)
    assert known.nearest(MINE, "9") == (MINE.dhash ^ OTHER.dhash).bit_count()
