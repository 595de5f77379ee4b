import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from datastore.queries.tilesets import tilesets
from datastore.registry import datasets
from datastore.sources import tileset_file
from datastore.sources.errors import SourceError
from datastore.sources.tileset import TilesetOptions, import_tileset
from datastore.store import Store
from twin_model.glb import GlbWriter

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
REGION = [2.0296, 0.6973, 2.0300, 0.6975, 43.0, 90.0]


def write_tileset(folder: Path, *uris: str, image: str | None = None, **changes: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    children = [{"boundingVolume": {"region": REGION}, "geometricError": 0, "content": {"uri": uri}} for uri in uris]
    root = {"boundingVolume": {"region": REGION}, "geometricError": 9, "children": children}
    tree = {"asset": {"version": "1.1"}, "geometricError": 99, "root": root, **changes}
    (folder / "tileset.json").write_text(json.dumps(tree), encoding="utf-8")
    (folder / "a.glb").write_bytes(GlbWriter().file({"images": [{"uri": image}]} if image else {}))
    return folder


@pytest.fixture
def store(store_factory: Callable[..., Store]) -> Store:
    return store_factory()


def take(store: Store, path: Path, **options: Any) -> Any:
    return import_tileset(store, path, TilesetOptions(**options), NOW)


def kept(store: Store, name: str) -> list[str]:
    folder = store.path.parent / "tilesets" / name
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_tileset_is_copied_with_all_that_it_names_and_nothing_else(store: Store, tmp_path: Path) -> None:
    source = write_tileset(tmp_path / "Old Town", "a.glb", "sub/tileset.json", image="旧城.png")
    write_tileset(source / "sub", "a.glb")
    (source / "旧城.png").write_bytes(b"png")
    (source / "diary.txt").write_text("mine")
    report = take(store, source, licence="CC0")
    assert (report.dataset, report.loaded, report.warnings) == ("old-town", 5, ())
    assert kept(store, "old-town") == ["a.glb", "sub/a.glb", "sub/tileset.json", "tileset.json", "旧城.png"]
    with store.read() as cur:
        row = tilesets(cur).to_pylist()[0]
        dataset = datasets(cur)[0]
    assert (row["name"], row["ground_m"]) == ("old-town", 43.0)
    assert row["west"] == pytest.approx(116.2875, abs=1e-3)
    assert (dataset.kind, dataset.licence, dataset.rows_loaded) == ("tileset", "CC0", 5)


def test_the_same_again_changes_nothing_and_another_replaces_it(store: Store, tmp_path: Path) -> None:
    source = write_tileset(tmp_path / "town", "a.glb", "b.glb")
    (source / "b.glb").write_bytes(b"b")
    take(store, source)
    assert take(store, source).unchanged
    write_tileset(source, "a.glb")
    assert not take(store, source).unchanged
    assert kept(store, "town") == ["a.glb", "tileset.json"]
    with store.read() as cur:
        assert [(each.name, each.version) for each in datasets(cur)] == [("town", 2)]


def test_an_archive_is_read_wherever_the_tileset_lies_in_it(store: Store, tmp_path: Path) -> None:
    source = write_tileset(tmp_path / "town", "a.glb")
    packed = tmp_path / "town.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in source.iterdir():
            archive.write(path, f"export/{path.name}")
    take(store, packed, ground_m=40.0)
    assert kept(store, "town") == ["a.glb", "tileset.json"]


def test_implicit_tiles_are_taken_by_their_pattern(store: Store, tmp_path: Path) -> None:
    source = write_tileset(tmp_path / "town", "c/{level}/{x}-{y}.glb")
    for name in ("c/0/0-0.glb", "c/1/1-0.glb", "c/1/other.glb"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(b"x")
    take(store, source)
    assert kept(store, "town") == ["c/0/0-0.glb", "c/1/1-0.glb", "tileset.json"]


@pytest.mark.parametrize(
    "uri",
    ["https://tiles.example/a.glb", "//tiles.example/a.glb", "../secret.glb", "sub/../../secret.glb", "/etc/a.glb"],
)
def test_what_leads_outside_is_refused_by_its_address(store: Store, tmp_path: Path, uri: str) -> None:
    (tmp_path / "secret.glb").write_bytes(b"secret")
    source = write_tileset(tmp_path / "town", "a.glb", uri)
    with pytest.raises(SourceError, match="outside") as fault:
        take(store, source)
    assert uri in str(fault.value)
    assert not (store.path.parent / "tilesets" / "town").exists()


@pytest.mark.parametrize("image", ["http://images.example/roof.png", "../../roof.png", "%2e%2e/roof.png"])
def test_textures_that_lead_outside_are_refused(store: Store, tmp_path: Path, image: str) -> None:
    with pytest.raises(SourceError, match="outside"):
        take(store, write_tileset(tmp_path / "town", "a.glb", image=image))


def test_links_are_not_followed(store: Store, tmp_path: Path) -> None:
    source = write_tileset(tmp_path / "town", "b.glb", "inner/c.glb")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "c.glb").write_bytes(b"secret")
    (source / "b.glb").symlink_to(elsewhere / "c.glb")
    (source / "inner").symlink_to(elsewhere)
    report = take(store, source)
    assert kept(store, "town") == ["tileset.json"]
    assert "b.glb, inner/c.glb" in report.warnings[0]


def test_missing_files_are_told_and_the_rest_is_taken(store: Store, tmp_path: Path) -> None:
    report = take(store, write_tileset(tmp_path / "town", "a.glb", "gone.glb", "run.sh"))
    assert report.loaded == 2
    assert "gone.glb, run.sh" in report.warnings[0]


def test_a_tileset_without_a_place_is_kept_but_not_drawn(store: Store, tmp_path: Path) -> None:
    root = {"boundingVolume": {"box": [0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9]}, "geometricError": 1}
    report = take(store, write_tileset(tmp_path / "town", root=root))
    assert "no place on the Earth" in report.warnings[0]
    with store.read() as cur:
        assert tilesets(cur).num_rows == 0


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tileset_file, "FREE_BYTES", 1000)
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(write_tileset(tmp_path / "town", "a.glb") / "tileset.json", "tileset.json")
        archive.writestr("a.glb", b"\0" * 2_000_000)
    with pytest.raises(SourceError, match="unpack to"):
        take(store, packed)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("tileset.json", b"{", "no JSON, line 1"),
        ("tileset.json", b"{}", "asset.version"),
        ("town.zip", b"PK no archive", "not a sound zip"),
    ],
)
def test_what_is_no_tileset_says_why(store: Store, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said):
        take(store, tmp_path / name, name="town")


def test_a_directory_without_a_tileset_and_one_that_is_not_there_say_so(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no tileset\.json"):
        take(store, tmp_path / "empty")
    with pytest.raises(SourceError, match="no such file"):
        take(store, tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "A B", ""])
def test_a_name_that_is_no_part_of_an_address_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    source = write_tileset(tmp_path / "town", "a.glb")
    if name:
        with pytest.raises(SourceError, match="--name"):
            take(store, source, name=name)
    else:
        assert take(store, source, name=name).dataset == "town"


def test_an_export_under_the_name_is_not_replaced(store: Store, tmp_path: Path) -> None:
    (store.path.parent / "tilesets" / "city").mkdir(parents=True)
    with pytest.raises(SourceError, match="choose another name"):
        take(store, write_tileset(tmp_path / "town", "a.glb"), name="city")
