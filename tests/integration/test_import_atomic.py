"""Whatever ends an import early, the store holds exactly what it held before."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datastore.fingerprint import fingerprint
from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.cases import import_cases
from datastore.sources.options import AreaOptions, BuildingOptions, CaseOptions
from datastore.store import Store

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MAPPING = """
time_zone = "Asia/Shanghai"
[columns]
id = "id"
reported_at = "at"
lon = "lon"
lat = "lat"
class = "kind"
area = "area"
[create]
class = true
areas = "street"
"""
SMALL, LARGE = 300, 300_000

CHILD = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from datastore.errors import DatastoreError
from datastore.sources.cases import import_cases
from datastore.sources.options import CaseOptions
from datastore.store import Store

def hear(step, fraction):
    print(step, flush=True)

data, file, mapping, limit = sys.argv[1:]
with Store.open(Path(data)) as store:
    if int(limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        import_cases(store, Path(file), CaseOptions(mapping=Path(mapping)), datetime(2026, 6, 1, tzinfo=UTC), hear)
    except KeyboardInterrupt:
        sys.exit(130)
    except DatastoreError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
"""


def write_cases(path, count):
    lines = ["id,at,lon,lat,kind,area"]
    for i in range(count):
        place = f"{116 + i % 97 / 1000:.3f},{39.9 + i % 89 / 1000:.3f}"
        lines.append(f"{i},2026-05-{1 + i % 28:02d} 08:00:00,{place},k{i % 7},{'北' if i % 2 else '南'}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def square(west, south, side):
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def write_squares(path, codes, side):
    features = [
        {"type": "Feature", "geometry": square(116 + i * side, 39.9, side), "properties": {"code": code}}
        for i, code in enumerate(codes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.fixture
def filled(tmp_path, mapping):
    """Data directory of a store with a few cases, derived areas and a building."""
    data = tmp_path / "store"
    with Store.open(data, create=True, threads=2) as store:
        import_cases(store, write_cases(tmp_path / "cases.csv", SMALL), CaseOptions(mapping=mapping), NOW)
        import_buildings(store, write_squares(tmp_path / "buildings.geojson", ["b1"], 0.001), BuildingOptions(), NOW)
    return data


def content(store):
    with store.read() as cur:
        registry = cur.execute("SELECT * FROM dataset ORDER BY ALL").fetchall()
        rejects = cur.execute("SELECT * FROM reject ORDER BY ALL").fetchall()
        meta = cur.execute("SELECT * FROM meta ORDER BY ALL").fetchall()
        return fingerprint(cur), registry, rejects, meta


def content_of(data):
    with Store.open(data, threads=2) as store:
        return content(store)


class InterruptedAt:
    """Progress that presses Ctrl-C at the n-th call."""

    def __init__(self, call):
        self.left = call

    def __call__(self, _step, _fraction):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def interrupt_everywhere(store, work):
    """Run the work again and again, interrupted at each later point, until it gets through."""
    before = content(store)
    for call in range(1, 50):
        try:
            work(InterruptedAt(call))
        except KeyboardInterrupt:
            assert content(store) == before
        else:
            return call - 1
    pytest.fail("the work never got through")


def test_an_interrupt_at_any_step_of_any_import_leaves_the_store_as_it_was(filled, tmp_path, mapping):
    areas = write_squares(tmp_path / "areas.geojson", ["110108001", "110108002"], 0.05)
    more = write_squares(tmp_path / "buildings.geojson", ["b1", "b2"], 0.002)
    changed = write_cases(tmp_path / "cases.csv", SMALL + 1)
    with Store.open(filled, threads=2) as store:
        points = [
            interrupt_everywhere(
                store, lambda hear: import_cases(store, changed, CaseOptions(mapping=mapping), NOW, hear)
            ),
            interrupt_everywhere(store, lambda hear: import_buildings(store, more, BuildingOptions(), NOW, hear)),
            interrupt_everywhere(store, lambda hear: import_areas(store, areas, AreaOptions(), NOW, hear)),
        ]
        assert min(points) >= 4
        assert store.data_version() == 2 + len(points)


def run_child(data, file, mapping, limit=0):
    return subprocess.Popen(  # noqa: S603 - our own interpreter and files of this test
        [sys.executable, "-c", CHILD, str(data), str(file), str(mapping), str(limit)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("step", ["read", "check", "locate", "store"])
def test_a_real_interrupt_leaves_the_store_as_it_was(filled, tmp_path, mapping, step):
    before = content_of(filled)
    large = write_cases(tmp_path / "large.csv", LARGE)
    child = run_child(filled, large, mapping)
    for line in child.stdout:
        if line.strip() == step:
            child.send_signal(signal.SIGINT)
            break
    _, errors = child.communicate(timeout=120)
    assert child.returncode == 130, errors
    assert content_of(filled) == before


def test_a_full_disk_is_told_in_one_sentence_and_leaves_the_store_as_it_was(filled, tmp_path, mapping):
    before = content_of(filled)
    large = write_cases(tmp_path / "large.csv", LARGE)
    room = (filled / "city.duckdb").stat().st_size + 65_536
    child = run_child(filled, large, mapping, limit=room)
    _, errors = child.communicate(timeout=120)
    assert child.returncode == 1, errors
    assert "room" in errors
    assert "Traceback" not in errors
    assert content_of(filled) == before


def test_a_file_that_breaks_half_way_leaves_the_store_as_it_was(filled, tmp_path, mapping):
    before = content_of(filled)
    broken = write_cases(tmp_path / "broken.csv", LARGE)
    with broken.open("ab") as file:
        file.write(b"9999999,2026-05-01 08:00:00,116,39.9,\xff\xfe,x\n")
    child = run_child(filled, broken, mapping)
    _, errors = child.communicate(timeout=120)
    assert child.returncode == 1, errors
    assert errors.startswith("broken.csv: cannot be read as utf-8 text")
    assert content_of(filled) == before
