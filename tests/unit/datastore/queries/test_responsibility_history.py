from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa

from datastore.queries.responsibility_history import responsibility_history
from datastore.store import Store
from tests.unit.datastore.queries.conftest import AS_OF, FIRST, UNITS, TinyCity
from twin_model.responsibility import default_document, from_document
from twin_model.responsibility_what_if import what_if

BEGINNING, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

ONE_BY_ONE = """
    SELECT case_id, c.code AS class_code, s.code AS street_code, o.code AS community_code, g.code AS grid_code,
           CASE WHEN k.component_id IS NOT NULL THEN coalesce(w.code, '') END AS owner_code,
           CASE WHEN k.component_id IS NOT NULL THEN coalesce(m.code, '') END AS maintainer_code,
           'S' || s.code AS territory_code, u.code AS unit_code
    FROM cases JOIN case_class c USING (class_id)
    LEFT JOIN area s ON s.area_id = cases.street_id LEFT JOIN area o ON o.area_id = cases.community_id
    LEFT JOIN area g ON g.area_id = cases.grid_id LEFT JOIN component k USING (component_id)
    LEFT JOIN unit w ON w.unit_id = k.owner_unit_id LEFT JOIN unit m ON m.unit_id = k.maintainer_unit_id
    LEFT JOIN unit u ON u.unit_id = cases.unit_id
    ORDER BY case_id
"""


def plain(table: pa.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table.sort_by("case_id").to_pylist()
    return rows


def test_every_case_has_the_codes_that_joining_them_one_by_one_gives(small_store: Store) -> None:
    with small_store.read() as cur:
        table = responsibility_history(cur, BEGINNING, END)
        assert plain(table) == cur.sql(ONE_BY_ONE).to_arrow_table().to_pylist()
    assert {"", None} < set(table["owner_code"].to_pylist())
    assert all(pa.types.is_dictionary(table[name].type) for name in table.column_names[1:])


def test_cases_without_a_place_or_a_unit_have_null_codes(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        rows = plain(responsibility_history(cur, BEGINNING, END))
    for row, case in zip(rows, tiny_city.cases, strict=True):
        street = next((code for code in case.seen.area_codes if len(code) == 9), None)
        assert (row["street_code"], row["territory_code"]) == (street, street and f"S{street}")
        assert row["unit_code"] == case.seen.unit_code
        assert row["owner_code"] is None
    assert {row["unit_code"] for row in rows} == {*UNITS, None}


def test_a_span_holds_its_first_moment_but_not_its_last(tiny_city: TinyCity) -> None:
    first, last = tiny_city.cases[3].seen.reported_at, tiny_city.cases[7].seen.reported_at
    with tiny_city.store.read() as cur:
        assert [row["case_id"] for row in plain(responsibility_history(cur, first, last))] == [3, 4, 5, 6]
        assert responsibility_history(cur, FIRST, FIRST).num_rows == 0


def test_the_default_list_says_of_components_what_the_demo_did(small_store: Store) -> None:
    rules = from_document(default_document())
    with small_store.read() as cur:
        history = responsibility_history(cur, BEGINNING, END)
    component = pa.array([code.startswith("C") for code in history["class_code"].to_pylist()])
    found = what_if(rules, rules, history.filter(component), AS_OF)
    assert (found.moved, found.agreed_after) == (0, found.had_unit)
    assert found.had_unit > 1000


def test_a_store_without_units_has_none_to_tell(store_factory: Callable[..., Store]) -> None:
    with store_factory().read() as cur:
        table = responsibility_history(cur, BEGINNING, END)
    assert table.num_rows == 0
    assert table.column_names[-1] == "unit_code"
