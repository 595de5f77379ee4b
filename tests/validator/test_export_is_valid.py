"""Exported tilesets under the validators of Khronos and Cesium, where they are installed (scripts/validators.sh)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from datastore.store import Store
from datastore.tileset_export import TileOptions, export_tileset

HERE = Path(__file__).parent
NODE = shutil.which("node")
TILES_VALIDATOR = shutil.which("3d-tiles-validator", path=str(HERE / "node_modules" / ".bin")) or shutil.which(
    "3d-tiles-validator"
)


@pytest.fixture(scope="module")
def folder(small_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("valid") / "city"
    export_tileset(small_store, out, TileOptions())
    return out


@pytest.mark.skipif(
    not NODE or not (HERE / "node_modules" / "gltf-validator").is_dir(), reason="gltf-validator is not installed"
)
def test_every_content_is_valid_gltf(folder: Path) -> None:
    contents = [str(path) for path in sorted(folder.rglob("*.glb"))]
    assert len(contents) > 10
    done = subprocess.run([str(NODE), str(HERE / "check.mjs"), *contents], capture_output=True, text=True, check=False)  # noqa: S603 - of ours
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.skipif(TILES_VALIDATOR is None, reason="3d-tiles-validator is not installed")
def test_the_tileset_is_valid(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [str(TILES_VALIDATOR), "-t", str(folder / "tileset.json"), "-r", str(report)]
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - of ours
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["numErrors"], found["numWarnings"]) == (0, 0)
