from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from datastore.registry import Dataset, datasets, find, is_unchanged, register
from datastore.store import Store

ROADS = Dataset(
    name="roads",
    kind="roads",
    title="道路",
    source="roads.geojson",
    source_sha256="aa",
    options_sha256="11",
    licence="ODbL-1.0",
    crs="EPSG:4326",
    simulated=False,
    imported_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    rows_loaded=12,
    rows_rejected=3,
)


def test_a_data_set_reads_back_as_entered(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.write() as con:
        entered = register(con, ROADS)
    with store.read() as cur:
        assert datasets(cur) == [entered] == [replace(ROADS, dataset_id=0, version=1)]


def test_the_same_name_replaces_and_counts_versions(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.write() as con:
        register(con, ROADS)
        other = register(con, replace(ROADS, name="more-roads"))
        again = register(con, replace(ROADS, source_sha256="bb"))
    assert (again.dataset_id, again.version, other.dataset_id) == (0, 2, 1)
    with store.read() as cur:
        assert find(cur, "roads") == again
        assert [each.name for each in datasets(cur)] == ["roads", "more-roads"]


def test_an_unchanged_source_is_recognised_by_its_checksum(store_factory: Callable[..., Store]) -> None:
    store = store_factory()
    with store.write() as con:
        register(con, ROADS)
    with store.read() as cur:
        assert is_unchanged(cur, "roads", "aa", "11")
        assert not is_unchanged(cur, "roads", "bb", "11")
        assert not is_unchanged(cur, "roads", "aa", "22")
        assert not is_unchanged(cur, "paths", "aa", "11")
