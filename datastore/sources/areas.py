"""Areas from a geodata file: districts, streets, communities or grid cells."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from datastore.sources.area_tree import DERIVED, AreaRow, rebuild_areas, stored_areas
from datastore.sources.errors import SourceError
from datastore.sources.fields import find_fields
from datastore.sources.intake import Intake
from datastore.sources.layer_import import Layer, far_from_city, import_layer, read_layer, require_some
from datastore.sources.options import AreaOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.store import Store
from twin_model.area import CODE_LENGTHS, AreaLevel
from twin_model.building import read_numbers
from twin_model.geometry import check_polygons
from twin_model.stable_code import stable_code

COUNTRY_PREFIX = "156"
"""ISO 3166 number that GB/T 2260 codes carry in some files (156110108); no Chinese code begins with it."""
_KINDS = {"街道": "street", "镇": "town", "地区": "town", "乡": "town", "社区": "community", "村": "village"}


def import_areas(
    store: Store, path: Path, options: AreaOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import areas, derive the district where there is none, and locate everything in the store again.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        GeoJSON, GeoPackage, Shapefile, FlatGeobuf or GeoParquet with polygons.
    options : AreaOptions
        What the user said.
    now : datetime
        Import time, with its zone.
    progress : Progress, optional
        Hears how far it is.

    Raises
    ------
    SourceError
        If the file cannot be read, has no usable record, or its level cannot be told; the store is as before.
    """

    def load(con: duckdb.DuckDBPyConnection, intake: Intake, dataset_id: int) -> tuple[Layer, ImportReport]:
        # The last commit still holds the rows of the data set that is being replaced, so cases can follow their area.
        with store.read() as cur:
            before = stored_areas(cur)
        layer = read_layer(path, options, check_polygons, progress)
        columns = layer.attributes.column_names
        fields = find_fields(path, columns, options.asked_columns, "area")
        codes, codes_made = _codes(layer, fields, options)
        level = options.level or _level_of_codes(path, codes[layer.kept])
        others = [row for row in before if row.dataset_id != dataset_id]
        # Boundaries that somebody drew replace those that were made from points.
        others = [row for row in others if not (row.level is level and row.geom_source == DERIVED)]
        layer.reject_duplicates(codes, {row.code for row in others}, "give each area its own code")
        require_some(layer)
        rows = _rows(layer, fields, codes, level=level, shapes=options.shapes, dataset_id=dataset_id)
        warnings = far_from_city(con, layer.geometry[layer.kept], path)
        progress("locate", 0.0)
        rebuild_areas(con, others + rows, before, dataset_id)
        progress("store", 1.0)
        counts = {level.key: len(layer.kept), **({"codes made": len(layer.kept)} if codes_made else {})}
        return layer, ImportReport(intake.name, fields=fields, counts=counts, warnings=warnings)

    return import_layer(store, path, "areas", options, now=now, load=load)


def _codes(layer: Layer, fields: dict[str, str], options: AreaOptions) -> tuple[NDArray[Any], bool]:
    name = layer.path.name
    if "code" in fields:
        codes = np.array([_plain_code(value) for value in layer.values(fields["code"], kept=False)], dtype=object)
        for index in layer.kept.tolist():
            if not codes[index]:
                layer.reject(index, "missing_id", f"the column {fields['code']} is empty; give the area a code")
        return codes, False
    if "name" not in fields:
        raise SourceError(f"{name}: no column holds a code or a name; name one with --code-field or --name-field")
    if not options.estimate:
        raise SourceError(f"{name}: no column holds a code; name one with --code-field, or make codes with --estimate")
    names = layer.words(fields["name"], kept=False)
    for index in layer.kept.tolist():
        if not names[index]:
            layer.reject(index, "missing_id", f"the column {fields['name']} is empty; give the area a name")
    return np.array([stable_code(value) if value else "" for value in names], dtype=object), True


def _plain_code(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    code = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    plain = code.removeprefix(COUNTRY_PREFIX)
    return plain if plain != code and len(plain) in CODE_LENGTHS and plain.isdigit() else code


def _level_of_codes(path: Path, codes: NDArray[Any]) -> AreaLevel:
    levels = {CODE_LENGTHS.get(len(code)) if code.isdigit() else None for code in map(str, codes)}
    level = levels.pop() if len(levels) == 1 else None
    if level is None:
        there = ", ".join(known.key for known in AreaLevel)
        raise SourceError(f"{path.name}: the codes do not tell the level of the areas; name it with --level: {there}")
    return level


def _rows(
    layer: Layer, fields: dict[str, str], codes: NDArray[Any], *, level: AreaLevel, shapes: str, dataset_id: int
) -> list[AreaRow]:
    names, names_en, kinds, parents = (
        layer.words(fields.get(role), kept=False) for role in ("name", "name_en", "kind", "parent")
    )
    population = read_numbers(layer.values(fields.get("population"), kept=False))
    return [
        AreaRow(
            str(codes[index]),
            names[index] or str(codes[index]),
            level,
            layer.geometry[index],
            shapes,
            dataset_id,
            parent=_plain_code(parents[index]) or None,
            name_en=names_en[index],
            kind=_KINDS.get(kinds[index] or "", kinds[index]),
            population=int(population[index]) if np.isfinite(population[index]) else None,
        )
        for index in layer.kept.tolist()
    ]
