"""Roads from a geodata file of lines."""

from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import shapely

from datastore.sources.city_outline import outline_city
from datastore.sources.fields import find_fields
from datastore.sources.intake import Intake
from datastore.sources.layer_import import Layer, far_from_city, import_layer, read_layer
from datastore.sources.options import RoadOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.sources.scalar import next_key
from datastore.store import Store
from datastore.table import insert_table
from twin_model.building import read_numbers
from twin_model.geometry import check_lines

WIDTHS_M = {
    "motorway": 28.0,
    "trunk": 24.0,
    "primary": 20.0,
    "secondary": 16.0,
    "tertiary": 12.0,
    "residential": 8.0,
    "service": 5.0,
    "path": 2.5,
}
"""Class -> width that a road without one is drawn with, metres; placeholders of ours."""
MAX_WIDTH_M = 120.0
_ALIASES = {
    "residential": "unclassified living_street road",
    "service": "track busway track_grade1 track_grade2",
    "path": "footway pedestrian cycleway steps bridleway corridor track_grade3 track_grade4 track_grade5 construction",
}
CLASS_OF = {word: kind for kind, words in _ALIASES.items() for word in words.split()} | {
    kind: kind for kind in WIDTHS_M
}
UNKNOWN_CLASS = "service"


def import_roads(
    store: Store, path: Path, options: RoadOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import road lines with their class and width.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        GeoJSON, GeoPackage, Shapefile, FlatGeobuf or GeoParquet with lines.
    options : RoadOptions
        What the user said.
    now : datetime
        Import time, with its zone.
    progress : Progress, optional
        Hears how far it is.

    Raises
    ------
    SourceError
        If the file cannot be read or has no usable record; the store is as before.
    """

    def load(con: duckdb.DuckDBPyConnection, intake: Intake, dataset_id: int) -> tuple[Layer, ImportReport]:
        layer = read_layer(path, options, check_lines, progress)
        asked = {"name": options.name_field, "class": options.class_field, "width": options.width_field}
        fields = find_fields(path, layer.attributes.column_names, asked, "road")
        kept = layer.kept
        classes = [road_class(value) for value in layer.values(fields.get("class"))]
        width = read_numbers(layer.values(fields.get("width")))
        usual = np.array([WIDTHS_M[kind] for kind in classes])
        sane = (width > 0) & (width <= MAX_WIDTH_M)
        table = pa.table(
            {
                "road_id": pa.array(np.arange(len(kept)) + next_key(con, "road", "road_id"), pa.int32()),
                "name": pa.array(layer.words(fields.get("name")), pa.string()),
                "class": pa.array(classes, pa.string()),
                "width_m": pa.array(np.where(sane, width, usual), pa.float32()),
                "geom": pa.array(shapely.to_wkb(layer.geometry[kept]), pa.binary()),
            }
        )
        progress("store", 0.0)
        insert_table(con, "road", table, dataset_id)
        warnings = far_from_city(con, layer.geometry[kept], path)
        outline_city(con, dataset_id)
        progress("store", 1.0)
        return layer, ImportReport(intake.name, fields=fields, warnings=warnings)

    return import_layer(store, path, "roads", options, now=now, load=load)


def road_class(value: object) -> str:
    """Class as stored of a source's word: links count as their road, an unknown word as ``service``."""
    return CLASS_OF.get(str(value).strip().lower().removesuffix("_link"), UNKNOWN_CLASS)
