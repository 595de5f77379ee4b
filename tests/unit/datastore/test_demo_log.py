from datastore.log.import_leaves import append_imports, number_history
from datastore.log.tables import log_size, tile_reader
from datastore.log.verify import verify
from datastore.store import Store
from twin_model.merkle import Frontier


def test_every_case_of_the_demo_has_its_leaf(small_store):
    with small_store.read() as cur:
        cases = cur.execute("SELECT count(*) FROM cases").fetchall()[0][0]
        assert log_size(cur) == cases
        assert cur.execute(
            "SELECT count(*) FROM cases WHERE log_first <> case_id OR log_last <> case_id"
        ).fetchall() == [(0,)]
        report = verify(cur, None)
    assert report.ok
    assert report.size == cases


def test_leaves_that_are_hashed_on_the_way_are_those_of_the_stored_cases(small_store, tmp_path):
    """The generator's tables and the store's give the same history."""
    with small_store.read() as cur:
        names = ("case_class", "unit", "component", "cases")
        tables = {name: cur.sql(f"FROM {name}").to_arrow_table() for name in names}
        root = Frontier.restore(log_size(cur), tile_reader(cur)).root()
    with Store.open(tmp_path, create=True, threads=1) as store, store.write() as con:
        con.execute("DELETE FROM case_class")
        for name, rows in tables.items():
            con.register("rows", rows)
            con.execute(f"INSERT INTO {name} BY NAME FROM rows")
            con.unregister("rows")
        con.execute("UPDATE cases SET log_first = NULL, log_last = NULL")
        number_history(con)
        assert append_imports(con).root() == root
