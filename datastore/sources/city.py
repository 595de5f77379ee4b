"""3D city models from files: CityJSON, CityGML and placed models into buildings with shapes, and flat ground."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import shapely

from datastore.settle import settle
from datastore.sources.area_index import build_area_index
from datastore.sources.buildings import import_buildings
from datastore.sources.city_file import CityFile
from datastore.sources.city_format import companions, is_footprints, open_city
from datastore.sources.city_outline import outline_city
from datastore.sources.city_writer import CityWriter
from datastore.sources.errors import SourceError
from datastore.sources.intake import describe, is_unchanged, register_dataset, replace_dataset
from datastore.sources.layer_import import far_from_city
from datastore.sources.options import BuildingOptions, CityOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.store import Store
from twin_model.crs import parse_crs
from twin_model.errors import CrsError


def import_city(
    store: Store, path: Path, options: CityOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import a 3D city model: buildings with every shape they come with, and what lies flat on the ground.

    One object that cannot be read never loses the rest: it goes to the reject list by its id.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        CityJSON, CityJSONSeq, CityGML, a model with its placement, or footprints with heights.
    options : CityOptions
        What the user said.
    now : datetime
        Import time, with its zone.
    progress : Progress, optional
        Hears how far it is.

    Raises
    ------
    SourceError
        If the file cannot be read, its reference system is missing or contradicts the coordinates, or no object is
        usable; the store is as before.
    """
    progress("read", 0.0)
    if is_footprints(path):
        return import_buildings(store, path, _as_buildings(options), now, progress)
    intake = describe(path, "city", options, companions(path, options.placement))
    with store.read() as cur:
        if is_unchanged(cur, intake):
            return ImportReport(intake.name, unchanged=True)
    file = open_city(path, options.placement, options.crs)
    crs = _crs(path, file, options.crs)
    with store.write() as con:
        dataset_id = replace_dataset(con, intake)
        taken = {str(row[0]) for row in con.execute("SELECT code FROM building").fetchall()}
        writer = CityWriter(con, path, file, crs, options, intake.name, dataset_id, build_area_index(con), taken)
        _write(writer, progress)
        progress("store", 0.0)
        writer.rejects.store(con, dataset_id)
        warnings = (*_overruled(path, file, crs), *_far(con, writer), *writer.tally.warnings(path.name), *file.notes)
        outline_city(con, dataset_id)
        settle(con)
        rejected = len(writer.rejects.rows)
        counts = writer.tally.counts()
        note = (file.format, *(f"{what}: {count}" for what, count in counts.items()), *warnings)
        register_dataset(
            con, intake, crs=file.placed_in or crs, counts=(writer.loaded, rejected, 0), warnings=note, now=now
        )
        progress("store", 1.0)
    return ImportReport(
        intake.name,
        loaded=writer.loaded,
        rejected=rejected,
        repaired=writer.tally.states["repaired"],
        reasons=writer.rejects.reasons(),
        counts=counts,
        warnings=warnings,
    )


def _write(writer: CityWriter, progress: Progress) -> None:
    try:
        for thing in writer.file.objects(lambda fraction: progress("read", fraction)):
            writer.add(thing)
        writer.flush()
    except CrsError as error:
        raise SourceError(f"{writer.path.name}: {error}") from None
    if writer.loaded:
        return
    if not writer.rejects.rows:
        kinds = ", ".join(writer.tally.not_drawn) or "none"
        raise SourceError(f"{writer.path.name}: nothing in it is drawn (objects: {kinds}); name a file with buildings")
    _, _, detail, record = writer.rejects.rows[0]
    raise SourceError(
        f"{writer.path.name}: none of its {len(writer.rejects.rows)} objects can be used; {record}: {detail}"
    )


def _crs(path: Path, file: CityFile, asked: str | None) -> str:
    try:
        return parse_crs(file.crs if file.placed_in else asked or file.crs)
    except CrsError as error:
        raise SourceError(f"{path.name}: {error}") from None


def _overruled(path: Path, file: CityFile, crs: str) -> tuple[str, ...]:
    """Warning where the file names a system of its own and another one was taken in its place."""
    if file.placed_in or not file.crs:
        return ()
    try:
        own = parse_crs(file.crs)
    except CrsError:
        return ()
    return (f"{path.name}: says {own} itself; --crs {crs} was taken in its place",) if own != crs else ()


def _far(con: duckdb.DuckDBPyConnection, writer: CityWriter) -> tuple[str, ...]:
    return far_from_city(con, np.array([shapely.box(*writer.extent)], dtype=object), writer.path)


def _as_buildings(options: CityOptions) -> BuildingOptions:
    shared = {name: value for name, value in vars(options).items() if name != "placement"}
    return replace(BuildingOptions(), **shared)
