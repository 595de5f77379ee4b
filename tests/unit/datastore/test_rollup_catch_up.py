"""A store whose desk was killed before pages could count its last events counts them when it is opened."""

from datetime import timedelta

import pytest

from datastore.desk.desk import Desk
from datastore.log.tables import log_size
from datastore.meta import read_meta, write_meta
from datastore.rollup import SEQ_KEY, is_behind, refresh_rollups
from datastore.store import Store
from tests.desk_cases import OPERATOR, START, Clock, act, assert_counted, copied, open_desk, report
from twin_model.workflow import Action


@pytest.fixture
def killed(small_data_dir, tmp_path, monkeypatch):
    """Directory of a store whose desk never settled."""
    data_dir = copied(small_data_dir, tmp_path)
    with monkeypatch.context() as stopped:
        stopped.setattr(Desk, "_settle", lambda _desk, **_asked: None)
        with open_desk(data_dir, Clock()) as desk:
            number = desk.do(report(0)).case_no
            act(desk, Action.VOID, OPERATOR, number, reason="误报")
            desk.do(report(1))
            version = desk.store.data_version()
            with desk.store.read() as cur:
                assert is_behind(cur)
    return data_dir, version


def test_a_store_that_is_opened_counts_what_its_log_holds(killed) -> None:
    data_dir, version = killed
    with Store.open(data_dir) as store:
        assert_counted(store)
        assert store.data_version() == version + 1
        with store.read() as cur:
            assert not is_behind(cur)
    with Store.open(data_dir) as store:
        assert store.data_version() == version + 1


def test_a_store_that_is_only_read_is_left_as_it_is(killed) -> None:
    data_dir, version = killed
    with Store.open(data_dir, read_only=True) as store, store.read() as cur:
        assert is_behind(cur)
        assert store.data_version() == version


def test_a_store_that_counts_everything_is_not_counted_again(small_data_dir) -> None:
    with Store.open(small_data_dir, read_only=True) as store, store.read() as cur:
        assert not is_behind(cur)
        assert read_meta(cur).other[SEQ_KEY] == str(log_size(cur))


def test_a_new_store_is_behind_of_nothing(store_factory) -> None:
    with store_factory().write() as con:
        assert not is_behind(con)
        write_meta(con, {SEQ_KEY: "3"})
        assert is_behind(con)
        refresh_rollups(con)
        assert not is_behind(con)


def test_the_present_of_the_data_is_that_of_the_last_settle(small_data_dir, tmp_path) -> None:
    clock = Clock()
    with open_desk(copied(small_data_dir, tmp_path), clock) as desk:
        clock.now += timedelta(hours=3)
        desk.do(report(0))
        desk.close()
        assert desk.store.meta().as_of == START + timedelta(hours=3)
