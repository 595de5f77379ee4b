import pytest

from datastore.queries.case_by_no import case_by_no
from datastore.store import Store
from tests.unit.datastore.queries.conftest import TinyCity


def test_every_number_of_the_demo_is_found(small_store: Store) -> None:
    with small_store.read() as cur:
        numbers = [number for (number,) in cur.execute("SELECT case_no FROM cases USING SAMPLE 20").fetchall()]
        assert [case_by_no(cur, number)["case_no"].to_pylist() for number in numbers] == [[each] for each in numbers]


@pytest.mark.parametrize("number", ["", "no-99999", "11010820261345000001", "1" * 20, "'; DROP TABLE cases"])
def test_an_unknown_number_finds_nothing(small_store: Store, number: str) -> None:
    with small_store.read() as cur:
        assert case_by_no(cur, number).num_rows == 0


def test_a_number_of_another_form_is_found_too(tiny_city: TinyCity) -> None:
    with tiny_city.store.read() as cur:
        assert case_by_no(cur, "no-00007")["stage"].to_pylist() == [int(tiny_city.cases[7].seen.stage)]
