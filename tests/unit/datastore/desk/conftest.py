"""Desks over copies of the small demo: one that tests of a module share, and one of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from datastore.desk.desk import Desk
from tests.desk_cases import Clock, change_rules, copied, open_desk, without_audit
from twin_model.rule_book import RuleKind


@pytest.fixture(scope="module")
def office(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that stands for the whole module; its cases are at places that no other test uses."""
    with open_desk(copied(small_data_dir, tmp_path_factory.mktemp("office")), Clock()) as desk:
        change_rules(desk, RuleKind.WORKFLOW, without_audit)
        yield desk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def data_dir(small_data_dir: Path, tmp_path: Path) -> Path:
    return copied(small_data_dir, tmp_path / "own")


@pytest.fixture
def desk(data_dir: Path, clock: Clock) -> Iterator[Desk]:
    """A desk of a test's own."""
    with open_desk(data_dir, clock) as opened:
        yield opened
