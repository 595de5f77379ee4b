import json
from collections.abc import Callable

from datastore.fingerprint import TABLES, fingerprint
from datastore.stats import stats
from datastore.store import Store
from tests.conftest import SMALL_PLAN


def test_stats_of_the_demo_add_up(small_store: Store) -> None:
    with small_store.read() as cur:
        found = stats(cur)
    cases = found["cases"]
    assert cases["reported"] == SMALL_PLAN.cases == sum(cases["by_source"].values()) == sum(cases["by_stage"].values())
    assert cases["closed"] == cases["by_stage"]["CLOSED"]
    assert sum(cases["joined"].values()) == SMALL_PLAN.cases
    assert min(cases["joined"].values()) > 0
    assert sum(found["models"].values()) <= found["buildings"]
    assert found["areas"]["district"] == 1
    assert found["areas"]["street"] == 2
    assert found["areas"]["grid"] > found["areas"]["community"] > 2
    assert all(found[key] > 0 for key in ("buildings", "components", "roads", "landuse", "units", "classes"))
    assert [each["kind"] for each in found["datasets"]] == [
        "areas", "buildings", "roads", "landuse", "components", "cases",
    ]  # fmt: skip
    assert found["city"]["demo"] is True
    assert "fingerprint" not in found


def test_stats_of_an_empty_store_are_zeros(store_factory: Callable[..., Store]) -> None:
    with store_factory().read() as cur:
        found = stats(cur)
    assert found["cases"]["reported"] == 0
    assert found["cases"]["last_reported_at"] is None
    assert found["areas"] == {"district": 0, "street": 0, "community": 0, "grid": 0}
    assert found["cases"]["joined"] == {"inside": 0, "near": 0, "none": 0}
    assert found["models"] == {}
    assert found["datasets"] == []


def test_stats_are_json(small_store: Store) -> None:
    with small_store.read() as cur:
        found = stats(cur, fingerprint=True)
    assert json.loads(json.dumps(found)) == found
    assert set(found["fingerprint"]) == {*TABLES, "all"}


def test_a_fingerprint_tells_values_apart_and_not_their_order(store_factory: Callable[..., Store]) -> None:
    rows = [(1, "a", "甲", "A", "other"), (2, "b", "乙", "B", "other")]
    prints = []
    for name, content in {
        "there": rows,
        "back": rows[::-1],
        "changed": [rows[0], (2, "b", "乙", "b", "other")],
    }.items():
        store = store_factory(name)
        with store.write() as con:
            con.executemany("INSERT INTO unit VALUES (?, ?, ?, ?, ?)", content)
        with store.read() as cur:
            prints.append(fingerprint(cur))
    there, back, changed = prints
    assert there == back
    assert {name for name in there if there[name] != changed[name]} == {"unit", "all"}
