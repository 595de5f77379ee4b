import pytest

from datastore.log.tables import insert_tiles, log_size
from datastore.log.tail import LogTail
from tests.unit.datastore.log.conftest import HISTORY, Writer
from twin_model.errors import LogError
from twin_model.merkle import Frontier, leaf_hash


def test_the_tail_begins_where_the_log_ends(history):
    with history.read() as cur:
        tail = LogTail.open(cur)
        assert tail.size == log_size(cur) == HISTORY
        entries = cur.execute("SELECT entry FROM log_entry ORDER BY seq").fetchall()
    frontier = Frontier()
    frontier.extend([leaf_hash(entry.encode()) for (entry,) in entries])
    assert tail.root() == frontier.root()


def test_live_events_continue_the_log_of_history(history):
    with history.write() as con:
        writer = Writer(con)
        seqs = [writer.event(number, "note", text="…") for number in range(100)]
        assert seqs == list(range(HISTORY, HISTORY + 100))
        assert con.execute("SELECT max(tile) FROM log_tile").fetchall() == [(2,)]
        opened = LogTail.open(con)
        assert (opened.size, opened.root()) == (writer.tail.size, writer.tail.root())


def test_completed_tiles_are_told_once(history):
    with history.write() as con:
        tail = LogTail.open(con)
        for number in range(HISTORY, 1024):
            assert tail.append(leaf_hash(b"")) == number
        assert [(tile.level, tile.index) for tile in tail.take_tiles()] == [(1, 2), (1, 3)]
        assert tail.take_tiles() == []
        insert_tiles(con, [])


def test_a_log_that_lacks_a_tile_cannot_be_continued(history):
    with history.write() as con:
        con.execute("DELETE FROM log_tile WHERE tile = 1")
        with pytest.raises(LogError, match="lacks 1 of the hashes 0 to 1 of level 1; run citydeck verify"):
            LogTail.open(con)
