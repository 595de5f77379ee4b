"""Names of codes: every class, source, unit and area but grid cells."""

from datastore.queries.code_names import code_names
from datastore.store import Store


def test_every_code_but_those_of_grid_cells_has_its_name(small_store: Store) -> None:
    with small_store.read() as cur:
        rows = code_names(cur).to_pylist()
        counts = {
            kind: cur.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]  # noqa: S608
            for kind, table in (("class", "case_class"), ("source", "case_source"), ("unit", "unit"))
        }
    found = {kind: sum(row["kind"] == kind for row in rows) for kind in counts}
    assert found == counts
    names = {row["code"]: row["name"] for row in rows if row["kind"] == "area"}
    assert names["110108011"] == "中关村街道"
    assert max(map(len, names)) == 12
