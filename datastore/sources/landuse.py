"""Land use from a geodata file of polygons: water, parks, green and hills."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from datastore.sources.built_layer import Built, Incoming, import_built
from datastore.sources.options import LanduseOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.store import Store
from twin_model.building import read_numbers
from twin_model.geometry import check_polygons

_KINDS = {
    "water": "water river riverbank lake reservoir basin pond wetland canal 水域 水系 河流 湖泊",
    "park": "park garden nature_reserve recreation_ground pitch 公园",
    "green": "green forest wood grass meadow scrub orchard farmland allotments cemetery village_green 绿地 林地",
    "hill": "hill mountain peak ridge 山",
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
"""Source's word -> kind as stored; anything else is ``other``."""


def import_landuse(
    store: Store, path: Path, options: LanduseOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import land use polygons with their kind and elevation.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        GeoJSON, GeoPackage, Shapefile, FlatGeobuf or GeoParquet with polygons.
    options : LanduseOptions
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
        store,
        path,
        options,
        kind="landuse",
        table="landuse",
        check=check_polygons,
        build=_build,
        now=now,
        progress=progress,
    )


def _build(file: Incoming) -> Built:
    elevation = np.nan_to_num(read_numbers(file.layer.values(file.fields.get("elevation"))))
    words = file.layer.values(file.fields.get("class"))
    kinds = [KIND_OF.get(str(word).strip().lower(), "other") for word in words]
    return Built({"kind": pa.array(kinds, pa.string()), "elevation_m": pa.array(elevation, pa.float32())})
