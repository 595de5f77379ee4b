"""``citydeck export tiles``: the city as 3D Tiles 1.1."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.cli.options import DataDir
from app.settings import load_settings
from datastore.sources.tileset import FOLDER
from datastore.store import Store
from datastore.tileset_export import TileOptions, export_tileset

OWN = "city"
"""Name of the export that the server serves."""


class Lod(StrEnum):
    """Detail of buildings as the command line writes it."""

    BEST = "best"
    BLOCKS = "1"


def export_tiles(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Directory to make (default: tilesets/city in the data).")
    ] = None,
    *,
    data: DataDir = None,
    lod: Annotated[Lod, typer.Option(help="Each building's best model from near, or blocks only.")] = Lod.BEST,
    ground: Annotated[bool, typer.Option("--ground/--no-ground", help="Areas, land use and roads as well.")] = True,
    components: Annotated[
        bool, typer.Option("--components/--no-components", help="Components as points, seen from near.")
    ] = True,
    height_offset: Annotated[
        float, typer.Option(metavar="M", help="Height of the sources' vertical datum above the ellipsoid.")
    ] = 0.0,
    force: Annotated[bool, typer.Option("--force", help="Replace a directory that holds something else.")] = False,
) -> None:
    """Write the city as 3D Tiles 1.1: for CesiumJS and others, and for this server's /tiles."""
    settings = load_settings(data=data)
    out = directory or settings.data / FOLDER / OWN
    columns = (
        SpinnerColumn(), TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    bar = Progress(*columns, console=Console(stderr=True, quiet=not sys.stderr.isatty()), transient=True)
    options = TileOptions("best" if lod is Lod.BEST else "1", ground, height_offset, force, components)
    with Store.open(settings.data, read_only=True) as store, bar:
        task = bar.add_task("read", total=1.0)
        report = export_tileset(
            store, out, options, lambda step, fraction: bar.update(task, description=step, completed=fraction)
        )
    typer.echo(
        f"{out}: {report.buildings:,} buildings ({report.models:,} with models), {report.tiles:,} tiles in "
        f"{report.files:,} files, {report.size / 1e6:,.1f} MB"
    )
