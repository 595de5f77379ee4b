"""``citydeck import tileset``: 3D Tiles as a background layer."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.importing import Licence, Title, now, run_import
from app.cli.options import DataDir
from datastore.sources.tileset import TilesetOptions, import_tileset


def tileset(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Directory, tileset.json, or zip archive.")],
    *,
    data: DataDir = None,
    name: Annotated[str | None, typer.Option(help="Name, part of its address; the same name replaces it.")] = None,
    title: Title = None,
    licence: Licence = None,
    ground_height: Annotated[
        float | None,
        typer.Option(metavar="M", help="Height above the ellipsoid of the ground (default: the tileset's lowest)."),
    ] = None,
) -> None:
    """Import 3D Tiles to draw behind the city."""
    options = TilesetOptions(name, title, licence, ground_height)
    run_import(data, lambda store, hears: import_tileset(store, source, options, now(), hears))
