"""A source's own id is found at once, however many there are."""

from collections.abc import Callable

from datastore.store import Store


def test_ids_of_reports_are_looked_up_without_a_look_through_all_of_them(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.write() as con:
        con.execute("INSERT INTO intake_ref SELECT 1, 'ref-' || i, 'K' || i FROM range(100_000) t(i)")
    asked = "SELECT source_id, source_ref, token FROM intake_ref WHERE source_ref IN (?, ?)"
    with store.read() as cur:
        assert len(cur.execute(asked, ["ref-7", "ref-99999"]).fetchall()) == 2
        plan = cur.execute(f"EXPLAIN ANALYZE {asked}", ["ref-7", "ref-99999"]).fetchall()[0][1]
    assert "Index Scan" in plan
