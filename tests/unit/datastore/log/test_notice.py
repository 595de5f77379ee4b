import json
from datetime import UTC, datetime

import pytest

from datastore.log.notice import append_notice
from datastore.log.tables import log_size
from datastore.log.verify import verify
from datastore.meta import write_meta
from datastore.rollup import SEQ_KEY, is_behind
from twin_model.canonical_json import CanonicalJsonError

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def append(con, **data):
    return append_notice(con, "rules", actor="admin", moment=NOW, data=data)


def test_entries_follow_one_another_and_the_log_verifies(store_factory):
    store = store_factory()
    for count in range(300):  # more than one tile holds
        with store.write() as con:
            assert append(con, count=count) == count
    with store.read() as cur:
        assert verify(cur, None).findings == ()
        entry, moment = cur.execute("SELECT entry, moment FROM case_event WHERE seq = 7").fetchall()[0]
    assert json.loads(entry) == {
        "actor": "admin", "at": "2026-11-23T02:30:00.000000Z", "case": "", "data": {"count": 7}, "kind": "rules",
        "prev": "", "v": 1,
    }  # fmt: skip
    assert moment == NOW.replace(tzinfo=None)


def test_what_was_counted_stays_counted(store_factory):
    store = store_factory()
    with store.write() as con:
        append(con)
        append(con)
        assert not is_behind(con)


def test_what_was_not_counted_is_not_taken_for_counted(store_factory):
    store = store_factory()
    with store.write() as con:
        append(con)
        write_meta(con, {SEQ_KEY: "0"})
        append(con)
        assert is_behind(con)


def test_what_cannot_be_written_leaves_the_log_as_it_was(store_factory):
    store = store_factory()
    with pytest.raises(CanonicalJsonError), store.write() as con:
        append(con, share=0.5)
    with store.read() as cur:
        assert log_size(cur) == 0
