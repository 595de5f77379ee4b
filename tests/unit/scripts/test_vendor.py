"""The vendored browser libraries are the ones that their record names."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "scripts" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["vendor"] = module
    spec.loader.exec_module(module)
    return module


def test_every_vendored_file_is_as_recorded(vendor: ModuleType) -> None:
    assert vendor.differences() == []


def test_an_altered_a_missing_and_a_strange_file_are_found(vendor: ModuleType, tmp_path: Path) -> None:
    copy = tmp_path / "vendor"
    shutil.copytree(ROOT / "assets" / "vendor", copy)
    altered, missing, *_ = sorted(copy.glob("*.js"))
    altered.write_bytes(altered.read_bytes() + b"\n")
    missing.unlink()
    (copy / "strange.js").write_text("")
    found = " | ".join(vendor.differences(copy))
    assert f"{altered.name} differs" in found
    assert f"{missing.name} is missing" in found
    assert "strange.js is not recorded" in found


def test_every_package_has_its_licence_beside_it() -> None:
    licences = {path.stem for path in (ROOT / "assets" / "vendor").glob("*.LICENSE")}
    scripts = {path.name.removesuffix(".min.js") for path in (ROOT / "assets" / "vendor").glob("*.min.js")}
    assert scripts == licences
