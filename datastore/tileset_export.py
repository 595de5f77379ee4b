"""Export of the city as 3D Tiles 1.1."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from datastore.errors import DatastoreError
from datastore.meta import Meta
from datastore.new_directory import new_directory
from datastore.queries.dataset_levels import dataset_levels
from datastore.queries.tile_components import tile_components
from datastore.registry import Dataset, datasets
from datastore.sources.report import Progress, no_progress
from datastore.store import Store
from datastore.tile_land import read_ground
from datastore.tile_scene import TileBuildings, read_buildings, read_models, read_textures
from twin_model.cim import dataset_cim_level
from twin_model.geocentric import frame_axes, to_geocentric
from twin_model.tile_buildings import block_error_m, block_models, blocks, size_m
from twin_model.tile_content import Material, points_glb, tile_glb
from twin_model.tile_ground import MATERIALS as GROUND_MATERIALS
from twin_model.tile_ground import TILE_ZOOM, ground_class, ground_tiles
from twin_model.tile_mesh import Anchor, FeatureMesh, tile_meshes
from twin_model.tile_models import MATERIALS, SIMPLER_M, Models, modelled, simpler
from twin_model.tile_points import ABOVE_M, LEAF_POINTS, NEAR_ERROR_M, component_class, tile_points
from twin_model.tile_points import MATERIAL as POINT_MATERIAL
from twin_model.tile_region import region_of, union
from twin_model.tile_tree import TreeNode, nodes_below, quadtree
from twin_model.tileset import Described, Tile, parent, tiles_below, tileset_json

TILESET = "tileset.json"
BUILDINGS, GROUND, COMPONENTS = LAYERS = ("buildings", "ground", "components")
MAKER = "citydeck"
"""Stands in the extras of our own tilesets, which a later export may replace."""


CIM_READING = " (levels of CJJ/T 315-2022 in our own reading, by the detail of the shapes)"


class TilesetExportError(DatastoreError):
    """A tileset that cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class TileOptions:
    """What to export, and how.

    Parameters
    ----------
    lod : str
        ``best``: blocks from far, each building's best model from near; ``1``: blocks only.
    ground : bool
        Whether to write the ground: areas, land use and roads.
    height_offset_m : float
        Height of the sources' vertical datum above the ellipsoid, metres.
    force : bool
        Whether to replace a directory that holds something else.
    components : bool
        Whether to write components as points.
    """

    lod: Literal["best", "1"] = "best"
    ground: bool = True
    height_offset_m: float = 0.0
    force: bool = False
    components: bool = True


@dataclass(frozen=True)
class TileReport:
    """What was written.

    Parameters
    ----------
    buildings, models : int
        Buildings, and those that show a model of their own.
    tiles, files, size : int
        Tiles of the tree, files, and their bytes.
    """

    buildings: int
    models: int
    tiles: int
    files: int
    size: int


def export_tileset(store: Store, out: Path, options: TileOptions, progress: Progress = no_progress) -> TileReport:
    """Write the city into a directory, all of it or nothing.

    The same store and options give the same bytes.

    Parameters
    ----------
    store : Store
        Open for reading.
    out : Path
        Directory to make. One that holds an earlier export is replaced.
    options : TileOptions
        What to write.
    progress : function
        Hears ``read``, ``buildings``, ``ground`` and ``components``.

    Raises
    ------
    TilesetExportError
        If there are no buildings, the directory holds something else, or it cannot be written.
    """
    _check_free(out, force=options.force)
    try:
        with store.read() as cur, new_directory(out) as made:
            report = _write_all(store, cur, made.path, options, progress)
            made.put()
    except OSError as error:
        raise TilesetExportError(f"cannot write {out}: {error.strerror or error}") from error
    return report


@dataclass(frozen=True)
class _Work:
    """What writing tiles needs."""

    cur: duckdb.DuckDBPyConnection
    folder: Path
    anchor: Anchor
    buildings: TileBuildings
    options: TileOptions
    credit: str
    progress: Progress


def _write_all(
    store: Store, cur: duckdb.DuckDBPyConnection, folder: Path, options: TileOptions, progress: Progress
) -> TileReport:
    meta, sets = store.meta(), datasets(cur)
    progress("read", 0.0)
    found = read_buildings(cur, meta.as_of, options.height_offset_m)
    if not len(found.ids):
        raise TilesetExportError(f"{store.path} holds no buildings; import some first: citydeck import buildings")
    buildings = found if options.lod == "best" else found.as_blocks()
    anchor = _anchor(buildings)
    work = _Work(cur, folder, anchor, buildings, options, _credit(sets), progress)
    branches = [_building_tiles(work), *_ground_tiles(work), *_component_tiles(work)]
    # Nothing is shown by the root itself, so that it is refined from wherever it is seen.
    root = parent(branches, union(each.region for each in branches).diagonal_m)
    described = Described(_title(meta), _about(cur, meta, sets, buildings, options), LAYERS)
    tree = tileset_json(root, anchor, described)
    (folder / TILESET).write_text(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    tiles = sum(1 for _ in tiles_below(root))
    return TileReport(len(buildings.ids), int(buildings.modelled.sum()), tiles, len(sizes), sum(sizes))


def _building_tiles(work: _Work) -> Tile:
    """Write the contents of the buildings' tree."""
    (work.folder / BUILDINGS).mkdir()
    buildings, footprints = work.buildings, work.buildings.footprints
    tree = quadtree(buildings.places, size_m(footprints))
    nodes = list(nodes_below(tree))
    total, done = sum(len(node.members) for node in nodes), 0
    leaves = [node.members for node in nodes if not node.children and buildings.modelled[node.members].any()]
    models = read_models(work.cur, buildings, leaves, work.options.height_offset_m)

    def tile(node: TreeNode) -> Tile:
        nonlocal done
        name = f"{BUILDINGS}/{node.zoom}-{node.x}-{node.y}"
        children = [tile(child) for child in node.children]
        made = blocks(footprints.take(node.members), np.arange(len(node.members)))
        error = node.missing_m
        if not children and buildings.modelled[node.members].any():
            detail, error = _detail(work, name, node.members, *next(models))
            children = [detail]
        _write(work, f"{name}.glb", node.members, made)
        done += len(node.members)
        work.progress(BUILDINGS, done / total)
        region = region_of(made.positions)
        return parent(children, error, "REPLACE", f"{name}.glb") if children else Tile(region, 0.0, uri=f"{name}.glb")

    return tile(tree)


def _detail(work: _Work, name: str, chosen: NDArray[np.int64], models: Models, watertight: bool) -> tuple[Tile, float]:
    """Write the best models of a leaf, simpler ones above them where they are large; tell how wrong its blocks are."""
    footprints = work.buildings.footprints.take(chosen)
    error = block_error_m(modelled(models), footprints.base_m + footprints.height_m)
    rest = np.flatnonzero(~work.buildings.modelled[chosen])
    whole = models.beside(block_models(footprints.take(rest), rest))
    textures = read_textures(work.cur, models.textures)
    parts = {number: len(MATERIALS) + place for place, number in enumerate(textures)}
    materials = [*MATERIALS, *textures.values()]
    shown = modelled(whole, parts)
    _write(work, f"{name}-detail.glb", chosen, shown, materials, double_sided=not watertight)
    detail = Tile(region_of(shown.positions), 0.0, uri=f"{name}-detail.glb")
    simple = simpler(whole)
    if simple is None:
        return detail, error
    shown = modelled(simple)
    _write(work, f"{name}-simple.glb", chosen, shown, MATERIALS, double_sided=not watertight)
    region = union((detail.region, region_of(shown.positions)))
    return Tile(region, SIMPLER_M, uri=f"{name}-simple.glb", children=(detail,)), error


def _write(
    work: _Work,
    name: str,
    chosen: NDArray[np.int64],
    mesh: FeatureMesh,
    materials: Sequence[Material] = MATERIALS,
    *,
    double_sided: bool = False,
) -> None:
    made = tile_meshes(mesh, work.anchor)
    rows = work.buildings.rows.take(chosen)
    content = tile_glb(made, materials, work.buildings.cls, rows, work.credit, double_sided=double_sided)
    (work.folder / name).write_bytes(content)


def _ground_tiles(work: _Work) -> list[Tile]:
    """Write the ground, where there is any: one tile above all of its pieces."""
    work.progress(GROUND, 0.0)
    shapes = read_ground(work.cur) if work.options.ground else None
    if shapes is None or not len(shapes.shape):
        return []
    (work.folder / GROUND).mkdir()
    cls, materials, tiles = ground_class(shapes.rows), list(GROUND_MATERIALS.values()), []
    for (x, y), rows, mesh in ground_tiles(shapes, work.buildings.ground_m):
        name = f"{GROUND}/{TILE_ZOOM}-{x}-{y}.glb"
        made = tile_meshes(mesh, work.anchor)
        content = tile_glb(made, materials, cls, shapes.rows.take(rows), work.credit)
        (work.folder / name).write_bytes(content)
        tiles.append(Tile(region_of(mesh.positions), 0.0, uri=name, group=LAYERS.index(GROUND)))
    return [parent(tiles, union(each.region for each in tiles).diagonal_m)] if tiles else []


def _component_tiles(work: _Work) -> list[Tile]:
    """Write components, where there are any, as points that are seen from near."""
    work.progress(COMPONENTS, 0.0)
    table = tile_components(work.cur) if work.options.components else None
    if table is None or not table.num_rows:
        return []
    (work.folder / COMPONENTS).mkdir()
    cls = component_class(table)
    places = np.stack((table["lon"].to_numpy(), table["lat"].to_numpy()), axis=1)
    floating = np.column_stack((places, np.full(len(places), work.buildings.ground_m + ABOVE_M)))

    def tile(node: TreeNode) -> Tile:
        if node.children:
            return parent([tile(child) for child in node.children], NEAR_ERROR_M)
        name = f"{COMPONENTS}/{node.zoom}-{node.x}-{node.y}.glb"
        points, rows = tile_points(floating[node.members], work.anchor), table.take(node.members)
        (work.folder / name).write_bytes(points_glb(points, POINT_MATERIAL, cls, rows, work.credit))
        shown = Tile(region_of(floating[node.members]), 0.0, uri=name, group=LAYERS.index(COMPONENTS))
        # A tile without content keeps its points away until one is near.
        return parent([shown], NEAR_ERROR_M)

    return [tile(quadtree(places, np.zeros(len(places)), leaf=LEAF_POINTS))]


def _anchor(buildings: TileBuildings) -> Anchor:
    west, south = buildings.places.min(axis=0)
    east, north = buildings.places.max(axis=0)
    lon, lat = float(west + east) / 2, float(south + north) / 2
    return Anchor(to_geocentric(np.array([[lon, lat, 0.0]]))[0], frame_axes(lon, lat))


def _title(meta: Meta) -> str:
    return meta.city_name_zh or meta.city_name_en or "city"


def _credit(sets: list[Dataset]) -> str:
    """Give sources and licences in one line, which viewers show."""
    shown = [each for each in sets if each.kind in ("areas", "buildings", "city", "roads", "landuse", "components")]
    lines = [f"{each.title} ({each.licence}{', simulated' if each.simulated else ''})" for each in shown]
    return "; ".join(dict.fromkeys(lines))


def _about(
    cur: duckdb.DuckDBPyConnection, meta: Meta, sets: list[Dataset], buildings: TileBuildings, options: TileOptions
) -> Mapping[str, str]:
    simulated = any(each.simulated for each in sets)
    levels = {row["title"]: dataset_cim_level(row).level for row in dataset_levels(cur).to_pylist()}
    return {
        "maker": MAKER,
        "simulated": "true: no building stands for a real one" if simulated else "false",
        "credits": _credit(sets),
        "cimLevels": "; ".join(f"{title}: CIM{level}" for title, level in levels.items() if level) + CIM_READING,
        "lods": ", ".join(buildings.cls.words["lod"]),
        "asOf": meta.as_of.isoformat() if meta.as_of else "",
        "heights": f"vertical datum of the source {options.height_offset_m:+g} m, as heights above the ellipsoid",
    }


def _check_free(out: Path, *, force: bool) -> None:
    if not out.exists() or force:
        return
    if not out.is_dir():
        raise TilesetExportError(f"{out} is a file; name a directory")
    if any(out.iterdir()) and not _is_ours(out / TILESET):
        raise TilesetExportError(f"{out} holds something else; name another directory, or replace it with --force")


def _is_ours(tileset: Path) -> bool:
    try:
        tree = json.loads(tileset.read_text(encoding="utf-8"))
        return bool(tree["asset"]["extras"]["maker"] == MAKER)
    except (OSError, ValueError, KeyError, TypeError):
        return False
