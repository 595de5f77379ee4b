"""Shared fixtures: a small demo store to read, and empty stores to write; and how properties are tried."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from datastore.demo_store import build_demo
from datastore.store import Store
from twin_model.demo.plan import DemoPlan, no_progress

settings.register_profile("citydeck", deadline=None)  # how long an example takes depends on the machine
settings.load_profile("citydeck")

SMALL_PLAN = DemoPlan(anchor_day=date(2026, 11, 23), cases=20_000, streets=("110108011", "110108012"))
"""Two streets of the demo city with 20,000 cases."""

BUILT_AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def small_plan() -> DemoPlan:
    return SMALL_PLAN


@pytest.fixture(scope="session")
def small_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data directory of the small demo; copy it before writing to it."""
    data_dir = tmp_path_factory.mktemp("small")
    build_demo(data_dir, SMALL_PLAN, no_progress, now=BUILT_AT)
    return data_dir


@pytest.fixture(scope="session")
def small_store(small_data_dir: Path) -> Iterator[Store]:
    """The small demo, open for reading for the whole session."""
    with Store.open(small_data_dir, read_only=True) as store:
        yield store


@pytest.fixture
def store_factory(tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Make empty stores, each in a directory of its own; they are closed after the test."""
    opened: list[Store] = []

    def make(name: str = "store") -> Store:
        opened.append(Store.open(tmp_path / name, create=True))
        return opened[-1]

    yield make
    for store in opened:
        store.close()
