"""Buildings from a geodata file of footprints."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.sources.area_index import build_area_index
from datastore.sources.city_outline import outline_city
from datastore.sources.fields import find_fields
from datastore.sources.intake import Intake
from datastore.sources.layer_import import (
    NAMED_ROWS,
    Layer,
    area_m2,
    far_from_city,
    import_layer,
    metric_crs_of,
    read_layer,
    require_some,
)
from datastore.sources.options import BuildingOptions
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.sources.scalar import next_key
from datastore.store import Store
from datastore.table import insert_table
from twin_model.building import BuildingHeights, building_heights
from twin_model.geometry import check_polygons

_USES = {
    "residential": "residential apartments house detached terrace semidetached_house dormitory bungalow 住宅 居住",
    "commercial": "commercial retail supermarket mall shop kiosk hotel restaurant 商业",
    "office": "office government_office 办公",
    "education": "education school university college kindergarten library 教育",
    "industrial": "industrial warehouse factory manufacture 工业",
    "civic": "civic public government hospital church temple train_station stadium museum 公共",
    "village": "village farm 农村",
}
USE_OF = {word: use for use, words in _USES.items() for word in words.split()}
"""Source's word -> use as stored; anything else is ``other``, and ``yes`` says nothing."""


def import_buildings(
    store: Store, path: Path, options: BuildingOptions, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import footprints with their heights: measured, else from storeys, else estimated from the footprint.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        GeoJSON, GeoPackage, Shapefile, FlatGeobuf or GeoParquet with polygons.
    options : BuildingOptions
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
        fields = find_fields(path, layer.attributes.column_names, _asked(options), "building")
        codes = _codes(layer, fields, options, intake.name)
        taken = {str(row[0]) for row in con.execute("SELECT code FROM building").fetchall()}
        layer.reject_duplicates(codes, taken, "give each building its own id")
        require_some(layer)
        kept = layer.kept
        metric = metric_crs_of(con, layer.geometry[kept])
        footprint = area_m2(layer.geometry[kept], metric)
        heights = building_heights(footprint, layer.values(fields.get("height")), layer.values(fields.get("levels")))
        progress("locate", 0.0)
        table = _table(con, layer, fields, codes, footprint=footprint, heights=heights)
        progress("store", 0.0)
        insert_table(con, "building", table, dataset_id)
        sources, sizes = np.unique(heights.source, return_counts=True)
        counts = {f"height {source}": int(size) for source, size in zip(sources, sizes, strict=True)}
        warnings = (*far_from_city(con, layer.geometry[kept], path), *_refused(layer, heights))
        outline_city(con, dataset_id)
        progress("store", 1.0)
        return layer, ImportReport(intake.name, fields=fields, counts=counts, warnings=warnings)

    return import_layer(store, path, "buildings", options, now=now, load=load)


def _asked(options: BuildingOptions) -> dict[str, str | None]:
    return {
        "code": options.code_field,
        "name": options.name_field,
        "height": options.height_field,
        "levels": options.levels_field,
        "use": options.use_field,
    }


def _codes(layer: Layer, fields: dict[str, str], options: BuildingOptions, dataset: str) -> NDArray[Any]:
    """Codes as named by the user; else made unique to the data set from the file's ids, or its order of records."""
    if "code" not in fields:
        return np.array([f"{dataset}-{index + 1:06d}" for index in range(len(layer.geometry))], dtype=object)
    values = layer.words(fields["code"], kept=False)
    for index in layer.kept.tolist():
        if values[index] is None:
            layer.reject(index, "missing_id", f"the column {fields['code']} is empty; give the building an id")
    return np.array([value if options.code_field else f"{dataset}-{value}" for value in values], dtype=object)


def _table(
    con: duckdb.DuckDBPyConnection,
    layer: Layer,
    fields: dict[str, str],
    codes: NDArray[Any],
    *,
    footprint: NDArray[np.float64],
    heights: BuildingHeights,
) -> pa.Table:
    kept = layer.kept
    point = shapely.point_on_surface(layer.geometry[kept])
    lon, lat = shapely.get_x(point), shapely.get_y(point)
    return pa.table(
        {
            "building_id": pa.array(np.arange(len(kept)) + next_key(con, "building", "building_id"), pa.int32()),
            "code": pa.array([str(code) for code in codes[kept]], pa.string()),
            "name": pa.array(layer.words(fields.get("name")), pa.string()),
            "use": pa.array([_use(word) for word in layer.words(fields.get("use"))], pa.string()),
            "height_m": pa.array(heights.height_m, pa.float32()),
            "height_source": pa.array(heights.source, pa.string()),
            "storeys": pa.array(heights.storeys, pa.int16()),
            "footprint_m2": pa.array(footprint, pa.float32()),
            "lon": pa.array(lon),
            "lat": pa.array(lat),
            **build_area_index(con).keys(lon, lat),
            "geom": pa.array(shapely.to_wkb(layer.geometry[kept]), pa.binary()),
        }
    )


def _use(word: str | None) -> str | None:
    return None if word is None or word.lower() in {"yes", "no"} else USE_OF.get(word.lower(), "other")


def _refused(layer: Layer, heights: BuildingHeights) -> tuple[str, ...]:
    bad = np.flatnonzero(heights.refused != "")
    if not len(bad):
        return ()
    named = ", ".join(f"record {layer.kept[i] + 1}: {heights.refused[i]}" for i in bad[:NAMED_ROWS])
    more = " …" if len(bad) > NAMED_ROWS else ""
    return (f"{layer.path.name}: {len(bad)} heights make no sense and count as missing ({named}{more})",)
