"""Land use from a geodata file of polygons: water, parks, green and hills."""

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
from datastore.sources.options import LanduseOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.sources.scalar import next_key
from datastore.store import Store
from datastore.table import insert_table
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

    def load(con: duckdb.DuckDBPyConnection, intake: Intake, dataset_id: int) -> tuple[Layer, ImportReport]:
        layer = read_layer(path, options, check_polygons, progress)
        asked = {"name": options.name_field, "class": options.class_field, "elevation": options.elevation_field}
        fields = find_fields(path, layer.attributes.column_names, asked, "landuse")
        kept = layer.kept
        elevation = np.nan_to_num(read_numbers(layer.values(fields.get("elevation"))))
        kinds = [KIND_OF.get(str(value).strip().lower(), "other") for value in layer.values(fields.get("class"))]
        table = pa.table(
            {
                "landuse_id": pa.array(np.arange(len(kept)) + next_key(con, "landuse", "landuse_id"), pa.int32()),
                "name": pa.array(layer.words(fields.get("name")), pa.string()),
                "kind": pa.array(kinds, pa.string()),
                "elevation_m": pa.array(elevation, pa.float32()),
                "geom": pa.array(shapely.to_wkb(layer.geometry[kept]), pa.binary()),
            }
        )
        progress("store", 0.0)
        insert_table(con, "landuse", table, dataset_id)
        warnings = far_from_city(con, layer.geometry[kept], path)
        outline_city(con, dataset_id)
        progress("store", 1.0)
        return layer, ImportReport(intake.name, fields=fields, warnings=warnings)

    return import_layer(store, path, "landuse", options, now=now, load=load)
