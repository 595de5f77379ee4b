"""Roads from a geodata file of lines."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from datastore.sources.built_layer import Built, Incoming, import_built
from datastore.sources.options import RoadOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.store import Store
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
    return import_built(
        store, path, options, kind="roads", table="road", check=check_lines, build=_build, now=now, progress=progress
    )


def _build(file: Incoming) -> Built:
    classes = [road_class(value) for value in file.layer.values(file.fields.get("class"))]
    width = read_numbers(file.layer.values(file.fields.get("width")))
    usual = np.array([WIDTHS_M[kind] for kind in classes])
    sane = (width > 0) & (width <= MAX_WIDTH_M)
    return Built(
        {
            "class": pa.array(classes, pa.string()),
            "width_m": pa.array(np.where(sane, width, usual), pa.float32()),
        }
    )


def road_class(value: object) -> str:
    """Class as stored of a source's word: links count as their road, an unknown word as ``service``."""
    return CLASS_OF.get(str(value).strip().lower().removesuffix("_link"), UNKNOWN_CLASS)
