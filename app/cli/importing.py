"""``citydeck import``: areas, buildings, city models, roads, land use and cases from files."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.cli.options import DataDir
from app.settings import load_settings
from datastore.sources.areas import import_areas
from datastore.sources.buildings import import_buildings
from datastore.sources.cases import import_cases
from datastore.sources.city import import_city
from datastore.sources.landuse import import_landuse
from datastore.sources.options import (
    AreaOptions,
    BuildingOptions,
    CaseOptions,
    CityOptions,
    LanduseOptions,
    RoadOptions,
)
from datastore.sources.report import ImportReport
from datastore.sources.report import Progress as Hears
from datastore.sources.roads import import_roads
from datastore.store import Store
from twin_model.area import AreaLevel

import_app = typer.Typer(help="Import files; a failure leaves the store as it was.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="File to import.")]
Name = Annotated[str | None, typer.Option(help="Name of the data set; the same name replaces it (default: file name).")]
Title = Annotated[str | None, typer.Option(help="Title for people.")]
Licence = Annotated[str | None, typer.Option(help="Licence of the data (default: unstated).")]
Crs = Annotated[str | None, typer.Option(help="CRS of the file: EPSG:4490, EPSG:4548, GCJ-02, BD-09 …")]
LayerName = Annotated[str | None, typer.Option("--layer", help="Layer, where the file holds several.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of a Shapefile's attributes.")]
CodeField = Annotated[str | None, typer.Option(help="Column of the code.")]
NameField = Annotated[str | None, typer.Option(help="Column of the name.")]
ClassField = Annotated[str | None, typer.Option(help="Column of the class.")]


class LevelName(StrEnum):
    """Levels as the command line writes them."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


@import_app.command("areas")
def areas(
    file: File,
    *,
    data: DataDir = None,
    name: Name = None,
    title: Title = None,
    licence: Licence = None,
    crs: Crs = None,
    layer: LayerName = None,
    encoding: Encoding = None,
    level: Annotated[LevelName | None, typer.Option(help="Level of the areas (default: by code length).")] = None,
    code_field: CodeField = None,
    name_field: NameField = None,
    name_en_field: Annotated[str | None, typer.Option(help="Column of the English name.")] = None,
    kind_field: Annotated[str | None, typer.Option(help="Column of the kind.")] = None,
    population_field: Annotated[str | None, typer.Option(help="Column of the population.")] = None,
    parent_field: Annotated[str | None, typer.Option(help="Column of the parent's code or name.")] = None,
    estimate: Annotated[bool, typer.Option("--estimate", help="Make codes from the names.")] = False,
    schematic: Annotated[bool, typer.Option("--schematic", help="The boundaries are schematic, not surveyed.")] = False,
) -> None:
    """Import districts, streets, communities or grid cells."""
    options = AreaOptions(
        name, title, licence, crs, layer, encoding,
        AreaLevel[level.name] if level else None,
        code_field, name_field, name_en_field, kind_field, population_field, parent_field,
        estimate=estimate, shapes="schematic" if schematic else "surveyed",
    )  # fmt: skip
    run_import(data, lambda store, hears: import_areas(store, file, options, now(), hears))


@import_app.command("buildings")
def buildings(
    file: File,
    *,
    data: DataDir = None,
    name: Name = None,
    title: Title = None,
    licence: Licence = None,
    crs: Crs = None,
    layer: LayerName = None,
    encoding: Encoding = None,
    code_field: CodeField = None,
    name_field: NameField = None,
    height_field: Annotated[str | None, typer.Option(help="Column of the height, metres.")] = None,
    levels_field: Annotated[str | None, typer.Option(help="Column of the number of storeys.")] = None,
    use_field: Annotated[str | None, typer.Option(help="Column of the use.")] = None,
) -> None:
    """Import building footprints with their heights."""
    options = BuildingOptions(
        name, title, licence, crs, layer, encoding, code_field, name_field, height_field, levels_field, use_field
    )
    run_import(data, lambda store, hears: import_buildings(store, file, options, now(), hears))


@import_app.command("city")
def city(
    file: File,
    *,
    data: DataDir = None,
    name: Name = None,
    title: Title = None,
    licence: Licence = None,
    crs: Crs = None,
    layer: LayerName = None,
    encoding: Encoding = None,
    placement: Annotated[
        Path | None, typer.Option(metavar="TOML", help="Where a model stands (default: its name with .toml).")
    ] = None,
    name_field: NameField = None,
    height_field: Annotated[str | None, typer.Option(help="Attribute of the height, metres.")] = None,
    levels_field: Annotated[str | None, typer.Option(help="Attribute of the number of storeys.")] = None,
    use_field: Annotated[str | None, typer.Option(help="Attribute of the use.")] = None,
) -> None:
    """Import a 3D city model: CityJSON, CityGML, glTF, OBJ, STL, PLY, or footprints with heights."""
    options = CityOptions(
        name, title, licence, crs, layer, encoding, placement, name_field, height_field, levels_field, use_field
    )
    run_import(data, lambda store, hears: import_city(store, file, options, now(), hears))


@import_app.command("roads")
def roads(
    file: File,
    *,
    data: DataDir = None,
    name: Name = None,
    title: Title = None,
    licence: Licence = None,
    crs: Crs = None,
    layer: LayerName = None,
    encoding: Encoding = None,
    name_field: NameField = None,
    class_field: ClassField = None,
    width_field: Annotated[str | None, typer.Option(help="Column of the width, metres.")] = None,
) -> None:
    """Import road lines."""
    options = RoadOptions(name, title, licence, crs, layer, encoding, name_field, class_field, width_field)
    run_import(data, lambda store, hears: import_roads(store, file, options, now(), hears))


@import_app.command("landuse")
def landuse(
    file: File,
    *,
    data: DataDir = None,
    name: Name = None,
    title: Title = None,
    licence: Licence = None,
    crs: Crs = None,
    layer: LayerName = None,
    encoding: Encoding = None,
    name_field: NameField = None,
    class_field: ClassField = None,
    elevation_field: Annotated[str | None, typer.Option(help="Column of the elevation of the top, metres.")] = None,
) -> None:
    """Import water, parks, green and hills."""
    options = LanduseOptions(name, title, licence, crs, layer, encoding, name_field, class_field, elevation_field)
    run_import(data, lambda store, hears: import_landuse(store, file, options, now(), hears))


@import_app.command("cases")
def cases(
    file: File,
    *,
    mapping: Annotated[Path, typer.Option(metavar="TOML", help="Which column is what; see docs/mappings.")],
    data: DataDir = None,
    name: Name = None,
    title: Title = None,
    licence: Licence = None,
    crs: Crs = None,
) -> None:
    """Import cases from CSV or Parquet."""
    options = CaseOptions(mapping, name, title, licence, crs)
    run_import(data, lambda store, hears: import_cases(store, file, options, now(), hears))


def summary(report: ImportReport) -> list[str]:
    """Lines that tell what an import did."""
    if report.unchanged:
        return [f"{report.dataset}: unchanged, this file is in the store already"]
    lines = [f"{report.dataset}: {report.loaded} loaded, {report.rejected} rejected, {report.unplaced} unplaced"]
    if report.repaired:
        lines.append(f"  repaired: {report.repaired}")
    lines += [f"  rejected, {reason}: {count}" for reason, count in report.reasons.items()]
    lines += [f"  {what}: {count}" for what, count in report.counts.items()]
    if report.fields:
        lines.append("  columns used: " + ", ".join(f"{role} = {column}" for role, column in report.fields.items()))
    return lines + [f"  note: {warning}" for warning in report.warnings]


def now() -> datetime:
    """Moment of an import."""
    return datetime.now(UTC)


def run_import(data: Path | None, work: Callable[[Store, Hears], ImportReport]) -> None:
    """Do an import on the store that the settings name, with a progress bar, and print its report."""
    settings = load_settings(data=data)
    columns = (
        SpinnerColumn(), TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    # Rich ends a bar with an empty line even where it shows none, so nothing at all is written to a pipe.
    bar = Progress(*columns, console=Console(stderr=True, quiet=not sys.stderr.isatty()), transient=True)
    with Store.open(settings.data) as store, bar:
        task = bar.add_task("import", total=1.0)
        report = work(store, lambda step, fraction: bar.update(task, description=step, completed=fraction))
    for line in summary(report):
        typer.echo(line)
