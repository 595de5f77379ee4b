"""Tilesets of 3D Tiles 1.1: a tree of tiles, each with a region, an error in metres and maybe a GLB."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from twin_model.tile_mesh import Anchor
from twin_model.tile_region import Region, union

Refine = Literal["ADD", "REPLACE"]
VERSION = "1.1"


@dataclass(frozen=True)
class Tile:
    """A tile and what refines it.

    Parameters
    ----------
    region : Region
        Holds the content, and the children's regions.
    error_m : float
        How far what is shown may be from the truth while the children are not shown: 0 for the whole truth.
    refine : str
        Whether children replace the content or are added to it.
    uri : str or None
        Address of the content beside ``tileset.json``.
    group : int
        Index of the layer that the content belongs to.
    children : tuple of Tile
    """

    region: Region
    error_m: float
    refine: Refine = "REPLACE"
    uri: str | None = None
    group: int = 0
    children: "tuple[Tile, ...]" = ()


@dataclass(frozen=True)
class Described:
    """What a tileset says of itself.

    Parameters
    ----------
    title : str
        For people.
    properties : mapping of str to str
        Metadata of the whole tileset: name -> text.
    layers : sequence of str
        Name of each group of contents.
    """

    title: str
    properties: Mapping[str, str]
    layers: Sequence[str]


def parent(children: Sequence[Tile], error_m: float, refine: Refine = "ADD", uri: str | None = None) -> Tile:
    """Tile above others: its region holds theirs, and its error is no less than any of theirs.

    Parameters
    ----------
    children : sequence of Tile
        At least one.
    error_m : float
        Error of the content, metres.
    refine : str
        As in `Tile`.
    uri : str, optional
        Content of its own; it must lie in what the children hold.
    """
    error = max(error_m, *(each.error_m for each in children))
    return Tile(union(each.region for each in children), error, refine, uri, children[0].group, tuple(children))


def tiles_below(tile: Tile) -> Iterator[Tile]:
    """Tile and everything below it, each before its children."""
    yield tile
    for child in tile.children:
        yield from tiles_below(child)


def tileset_json(root: Tile, anchor: Anchor, described: Described) -> dict[str, Any]:
    """Content of ``tileset.json``.

    Parameters
    ----------
    root : Tile
        Of the whole tree.
    anchor : Anchor
        Where the contents' metres are counted from.
    described : Described
        Metadata.
    """
    about = {name: {"type": "STRING", "required": True} for name in described.properties}
    layer = {"name": {"type": "STRING", "required": True, "semantic": "NAME"}}
    return {
        "asset": {"version": VERSION, "extras": {"title": described.title, **described.properties}},
        "schema": {
            "id": "citydeck_tileset",
            "classes": {"tileset": {"properties": about}, "layer": {"properties": layer}},
        },
        "metadata": {"class": "tileset", "properties": dict(described.properties)},
        "groups": [{"class": "layer", "properties": {"name": name}} for name in described.layers],
        "geometricError": root.error_m,
        "root": {"transform": anchor.matrix(), **_node(root, None)},
    }


def _node(tile: Tile, inherited: Refine | None) -> dict[str, Any]:
    node: dict[str, Any] = {
        "boundingVolume": {"region": tile.region.in_radians()},
        "geometricError": round(tile.error_m, 3),
    }
    if tile.refine != inherited:
        node["refine"] = tile.refine
    if tile.uri is not None:
        node["content"] = {"uri": tile.uri, "group": tile.group}
    if tile.children:
        node["children"] = [_node(child, tile.refine) for child in tile.children]
    return node
