"""A server that is killed in the middle of its work has lost nothing that it acknowledged."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from datastore.log.tables import log_size
from datastore.store import Store
from tests.desk_cases import assert_counted, assert_sound, copied, open_desk

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("CITYDECK_KILLS", "5"))
MOST_LINES = 200


def lines_until_killed(data_dir: Path, begun: int, lines: int) -> list[str]:
    """Acknowledgements of a writer that is killed once it has given so many, and of what it gave by then."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and files of this test
        [sys.executable, "-m", "tests.killed_writer", str(data_dir), str(begun)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    heard = list(heard_before(child.stdout, lines))
    child.kill()
    rest, errors = child.communicate(timeout=60)
    assert heard, errors
    assert "Traceback" not in errors, errors
    # The last line may have been cut in the middle.
    return [line for line in (*heard, *rest.splitlines(keepends=True)) if line.endswith("\n")]


def heard_before(output: Iterator[str], lines: int) -> Iterator[str]:
    for _, line in zip(range(lines + 1), output, strict=False):
        yield line


@pytest.fixture
def data_dir(small_data_dir: Path, tmp_path: Path) -> Path:
    return copied(small_data_dir, tmp_path / "killed")


def test_what_was_acknowledged_survives_every_kill(data_dir: Path) -> None:
    chance = Random(20261130)  # noqa: S311 - no secret
    acknowledged: dict[int, str] = {}
    candidates: set[str] = set()
    for kill in range(KILLS):
        for line in lines_until_killed(data_dir, kill * 10_000, chance.randint(1, MOST_LINES)):
            word, _, no = line.strip().partition(" ")
            if word == "candidate":
                candidates.add(no)
            elif word != "open":
                acknowledged[int(word)] = no
        with Store.open(data_dir, threads=2) as store:
            assert_kept(store, acknowledged, candidates)
            assert_counted(store)
            assert_sound(store, signed=False)
    with open_desk(data_dir, lambda: datetime.now(UTC)):
        pass  # it signs what the kills left unsigned
    with Store.open(data_dir, threads=2) as store:
        assert_sound(store)


def assert_kept(store: Store, acknowledged: dict[int, str], candidates: set[str]) -> None:
    """Every acknowledged event is in the log, of its case; every candidate waits."""
    with store.read() as cur:
        found = dict(cur.execute("SELECT seq, case_no FROM case_event").fetchall())
        waiting = {no for (no,) in cur.execute("SELECT candidate_no FROM candidate").fetchall()}
        assert log_size(cur) > max(acknowledged, default=0)
    assert {seq: found.get(seq) for seq in acknowledged} == acknowledged
    assert candidates <= waiting
