"""A disk that fills up under a desk: callers are told, readers go on, and with room again so does the desk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from datastore.store import Store
from tests.desk_cases import assert_counted, assert_sound, copied

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("room", "fold_at", "least"),
    [
        pytest.param(60_000, "1TB", 1, id="no room for the engine's log"),
        pytest.param(0, "40KB", 0, id="no room to fold the engine's log into the file"),
    ],
)
def test_a_full_disk_is_told_and_harms_nothing(
    small_data_dir: Path, tmp_path: Path, room: int, fold_at: str, least: int
) -> None:
    data_dir = copied(small_data_dir, tmp_path)
    child = subprocess.run(  # noqa: S603 - our own interpreter and files of this test
        [sys.executable, "-m", "tests.full_disk", str(data_dir), str(room), fold_at],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == 0, child.stdout + child.stderr
    assert child.stdout.count("no room left on the disk") >= least
    assert "taken" in child.stdout
    assert "Traceback" not in child.stderr
    with Store.open(data_dir, threads=2) as store:
        assert_counted(store)
        assert_sound(store)
