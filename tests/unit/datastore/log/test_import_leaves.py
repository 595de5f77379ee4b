import numpy as np
import pytest

from datastore.log import import_leaves
from datastore.log.import_entry import COLUMNS
from datastore.log.import_leaves import append_imports, hash_imports, number_history
from datastore.log.tables import log_size, tile_reader
from tests.unit.datastore.log.conftest import HISTORY, put_cases
from twin_model.merkle import Frontier, leaf_hash


def leaves(cur):
    return [
        leaf_hash(entry.encode()) for (entry,) in cur.execute("SELECT entry FROM log_entry ORDER BY seq").fetchall()
    ]


def test_every_case_of_an_earlier_release_gets_a_leaf_in_its_order(history):
    with history.read() as cur:
        assert log_size(cur) == HISTORY
        assert cur.execute(
            "SELECT count(*) FROM cases WHERE log_first = case_id AND log_last = case_id"
        ).fetchall() == [(HISTORY,)]
        entries = cur.execute("SELECT seq, case_key, kind, case_no FROM log_entry ORDER BY seq").fetchall()
        assert entries[3][:3] == (3, 3, "import")
        assert [row[3] for row in entries] == [
            no for (no,) in cur.execute("SELECT case_no FROM cases ORDER BY case_id").fetchall()
        ]


def test_tiles_and_leaf_heads_are_those_of_the_entries(history):
    with history.read() as cur:
        frontier = Frontier()
        frontier.extend(leaves(cur))
        kept = cur.execute("SELECT level, tile, hash FROM log_tile ORDER BY level, tile").fetchall()
        assert kept == [(tile.level, tile.index, tile.hash) for tile in frontier.take_tiles()]
        assert len(kept) == 2
        heads = cur.execute("SELECT leaf_head FROM case_import ORDER BY seq").fetchall()
        assert [head for (head,) in heads] == [int.from_bytes(leaf[:8], "big") for leaf in leaves(cur)]


@pytest.mark.parametrize("batch", [37, 256, 1000])
def test_batches_do_not_show(store, monkeypatch, batch):
    monkeypatch.setattr(import_leaves, "BATCH", batch)
    with store.write() as con:
        put_cases(con, 300)
        number_history(con)
        grown = append_imports(con)
        put_cases(con, 400, 300)
        assert number_history(con) == 400
        grown = append_imports(con)
        frontier = Frontier()
        frontier.extend(leaves(con))
        assert (grown.size, grown.root()) == (700, frontier.root())
        assert Frontier.restore(700, tile_reader(con)).root() == grown.root()
        assert con.execute("SELECT count(*) FROM log_tile").fetchall() == [(2,)]


def test_nothing_new_appends_nothing(history):
    with history.write() as con:
        assert number_history(con) == 0
        assert append_imports(con).size == HISTORY
        assert log_size(con) == HISTORY


def test_rows_that_are_in_no_table_yet_hash_alike(history, monkeypatch):
    monkeypatch.setattr(import_leaves, "BATCH", 300)
    with history.read() as cur:
        rows = cur.sql(f"SELECT {', '.join(COLUMNS)} FROM case_import ORDER BY seq").to_arrow_table()  # noqa: S608 - SQL of ours
        kept = cur.sql("SELECT leaf_head FROM case_import ORDER BY seq").to_arrow_table()["leaf_head"].to_numpy()
        frontier = Frontier()
        np.testing.assert_array_equal(hash_imports(cur, rows, frontier), kept)
        assert frontier.root() == Frontier.restore(HISTORY, tile_reader(cur)).root()


def test_an_empty_store_has_an_empty_log(store):
    with store.write() as con:
        assert number_history(con) == 0
        assert append_imports(con).size == log_size(con) == 0
