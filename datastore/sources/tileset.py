"""Import of 3D Tiles as a background layer."""

import hashlib
import json
import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from datastore import registry
from datastore.new_directory import new_directory
from datastore.sources.errors import SourceError
from datastore.sources.intake import Intake, register_dataset, replace_dataset
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.sources.tileset_file import LARGEST_JSON, TilesetFiles, resolved, tileset_files
from datastore.store import Store
from twin_model.errors import TwinModelError
from twin_model.tile_region import Region
from twin_model.tileset_reading import check_tileset, is_outside, read_json, root_region, template, trees_within, uris

FOLDER = "tilesets"
"""Directory of tilesets in the data directory."""
START = "tileset.json"
NAME = re.compile(r"[a-z0-9\u3400-\u9fff][a-z0-9_\-\u3400-\u9fff]{0,63}")
ENDINGS = (
    ".json", ".glb", ".gltf", ".b3dm", ".i3dm", ".pnts", ".cmpt", ".geom", ".vctr", ".subtree", ".bin", ".png", ".jpg",
    ".jpeg", ".webp", ".ktx2", ".basis",
)  # fmt: skip
"""Endings of files that belong to tilesets; nothing else is taken."""
BLOCK = 1 << 20
MOST_NAMED = 5
"""Names that a message lists."""
_SPACES = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class TilesetOptions:
    """How to import a tileset.

    Parameters
    ----------
    name, title, licence : str, optional
        Of the data set; the name is also that of the address ``/tiles/<name>/tileset.json``.
    ground_m : float, optional
        Height above the ellipsoid that is drawn at the level of the plain; the lowest of the tileset without it.
    """

    name: str | None = None
    title: str | None = None
    licence: str | None = None
    ground_m: float | None = None


@dataclass
class _Found:
    """Files that a tileset consists of, as they are found."""

    names: dict[str, None] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    region: Region | None = None


def import_tileset(
    store: Store, path: Path, options: TilesetOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Copy a tileset into the data directory and register it, all of it or nothing.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        Directory with ``tileset.json``, a tileset's JSON file, or a zip archive.
    options : TilesetOptions
        Name and height.
    now : datetime
        With its zone.
    progress : function
        Hears ``read`` and ``store``.

    Raises
    ------
    SourceError
        If it is no tileset, leads outside of its folder, or its name is taken.
    """
    files = tileset_files(path)
    name = _name(path, options)
    progress("read", 0.0)
    try:
        found = _closure(files)
    except TwinModelError as error:
        raise SourceError(f"{path}: {error}") from error
    if found.outside:
        raise SourceError(f"{path}: leads outside of its folder: {_listed(found.outside)}; nothing was imported")
    intake = _intake(files, found, path, name, options)
    with store.read() as cur:
        earlier = registry.find(cur, name)
        if earlier is not None and earlier.kind != "tileset":
            raise SourceError(f"{path}: the name {name!r} belongs to {earlier.kind}; choose another with --name")
        if registry.is_unchanged(cur, name, intake.source_sha256, intake.options_sha256):
            return ImportReport(name, unchanged=True)
    target = store.path.parent / FOLDER / name
    if target.exists() and earlier is None:
        raise SourceError(f"{path}: {target} is there already, from an export; choose another name with --name")
    warnings = _warnings(found)
    try:
        with new_directory(target) as made:
            size = _copy(files, found, made.path, progress)
            with store.write() as con:
                dataset_id = replace_dataset(con, intake)
                register_dataset(
                    con, intake, crs="EPSG:4978", counts=(len(found.names), 0, 0), warnings=warnings, now=now
                )
                con.execute(
                    "INSERT INTO tileset VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [name, _ground(found.region, options), *_sides(found.region), size, dataset_id],
                )
                made.put()
    except OSError as error:
        raise SourceError(f"{path}: cannot be copied to {target}: {error.strerror or error}") from error
    return ImportReport(name, loaded=len(found.names), warnings=warnings, counts={"bytes": size})


def _closure(files: TilesetFiles) -> _Found:
    """Every file that the first one leads to."""
    found = _Found()
    waiting = [files.start]
    while waiting:
        name = waiting.pop()
        if name in found.names:
            continue
        found.names[name] = None
        for uri in _uris(files, name, found):
            waiting += _targets(files, name, uri, found)
    return found


def _uris(files: TilesetFiles, name: str, found: _Found) -> list[str]:
    """Addresses that a file names; a first tileset also tells where it is."""
    if not _may_name(name):
        return []
    if name.lower().endswith((".json", ".gltf")) and files.sizes[name] > LARGEST_JSON:
        raise SourceError(f"{name}: {files.sizes[name]:,} bytes of JSON are too many; split the tileset")
    with files.open(name) as file:
        content = file.read()
    if name == files.start:
        tree = read_json(name, content)
        check_tileset(name, tree)
        found.region = root_region(tree)
    return [uri for tree in trees_within(name, content) for uri in uris(tree)]


def _may_name(name: str) -> bool:
    return name.lower().endswith((".json", ".gltf", ".glb", ".b3dm", ".i3dm", ".cmpt", ".subtree"))


def _targets(files: TilesetFiles, name: str, uri: str, found: _Found) -> list[str]:
    place = None if is_outside(uri) else resolved(name, unquote(uri))
    if place is None:
        found.outside.append(uri)
        return []
    pattern = template(place)
    if pattern is not None:
        return [each for each in files.sizes if pattern.fullmatch(each)]
    if place not in files.sizes or PurePosixPath(place).suffix.lower() not in ENDINGS:
        found.missing.append(place)
        return []
    return [place]


def _copy(files: TilesetFiles, found: _Found, folder: Path, progress: Progress) -> int:
    """Copy the files, the first one under its usual name, and give their size."""
    size = 0
    for done, name in enumerate(found.names):
        target = folder / (START if name == files.start else name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.open(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        size += target.stat().st_size
        progress("store", (done + 1) / len(found.names))
    return size


def _intake(files: TilesetFiles, found: _Found, path: Path, name: str, options: TilesetOptions) -> Intake:
    digest = hashlib.sha256()
    for each in sorted(found.names):
        digest.update(each.encode() + b"\0")
        content = hashlib.sha256()
        with files.open(each) as file:
            while block := file.read(BLOCK):
                content.update(block)
        digest.update(content.digest())
    said = {"title": options.title, "licence": options.licence, "ground_m": options.ground_m}
    return Intake(
        "tileset", name, options.title or name, options.licence or registry.UNSTATED, path.name, digest.hexdigest(),
        hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip


def _name(path: Path, options: TilesetOptions) -> str:
    usual = path.parent.name if path.name == START else path.stem
    name = options.name or _SPACES.sub("-", usual.lower()).strip("-")
    if not NAME.fullmatch(name):
        raise SourceError(
            f"{path}: {name!r} cannot be part of an address; choose a name of small letters, digits and - with --name"
        )
    return name


def _warnings(found: _Found) -> tuple[str, ...]:
    said = []
    if found.missing:
        said.append(
            f"{len(found.missing)} files that it names are missing or of no known kind: {_listed(found.missing)}"
        )
    if found.region is None:
        said.append("its root has no place on the Earth, so that it is not shown on the map; give it a transform")
    return tuple(said)


def _listed(names: list[str]) -> str:
    distinct = sorted(set(names))
    more = f" and {len(distinct) - MOST_NAMED} more" if len(distinct) > MOST_NAMED else ""
    return ", ".join(distinct[:MOST_NAMED]) + more


def _ground(region: Region | None, options: TilesetOptions) -> float:
    if options.ground_m is not None:
        return options.ground_m
    return 0.0 if region is None else region.low_m


def _sides(region: Region | None) -> tuple[float | None, ...]:
    return (None,) * 4 if region is None else (region.west, region.south, region.east, region.north)
