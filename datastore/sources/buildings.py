"""Buildings from a geodata file of footprints."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.sources.area_index import build_area_index
from datastore.sources.built_layer import Built, Incoming, import_built
from datastore.sources.layer_import import NAMED_ROWS, Layer, area_m2, metric_crs_of, require_some
from datastore.sources.options import BuildingOptions
from datastore.sources.osm_tags import TAGS
from datastore.sources.report import ImportReport, Progress, no_progress
from datastore.store import Store
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

    def build(file: Incoming) -> Built:
        layer = file.layer
        _reject_other_things(file)
        codes = _codes(file, named=options.code_field is not None)
        taken = {str(row[0]) for row in file.con.execute("SELECT code FROM building").fetchall()}
        layer.reject_duplicates(codes, taken, "give each building its own id")
        require_some(layer)
        kept = layer.geometry[layer.kept]
        footprint = area_m2(kept, metric_crs_of(file.con, kept))
        heights = building_heights(
            footprint, layer.values(file.fields.get("height")), layer.values(file.fields.get("levels"))
        )
        progress("locate", 0.0)
        sources, sizes = np.unique(heights.source, return_counts=True)
        counts = {f"height {source}": int(size) for source, size in zip(sources, sizes, strict=True)}
        columns = _columns(file, codes, footprint=footprint, heights=heights)
        return Built(columns, counts, _refused(layer, heights))

    return import_built(
        store,
        path,
        options,
        kind="buildings",
        table="building",
        check=check_polygons,
        build=build,
        now=now,
        progress=progress,
    )


def _reject_other_things(file: Incoming) -> None:
    """Reject what OpenStreetMap does not tag as a building, where a file holds its objects of every kind."""
    if not {TAGS, "building"} <= set(file.layer.attributes.column_names):
        return
    tagged = file.layer.words("building", kept=False)
    for index in file.layer.kept.tolist():
        if tagged[index] in {None, "no"}:
            file.layer.reject(index, "not_a_building", "it has no building tag; import it as another kind")


def _codes(file: Incoming, *, named: bool) -> NDArray[Any]:
    """Codes as they are where the user named their column; else made unique to the data set, from ids or the order."""
    layer = file.layer
    if "code" not in file.fields:
        return np.array([f"{file.dataset}-{index + 1:06d}" for index in range(len(layer.geometry))], dtype=object)
    values = layer.words(file.fields["code"], kept=False)
    for index in layer.kept.tolist():
        if values[index] is None:
            layer.reject(index, "missing_id", f"the column {file.fields['code']} is empty; give the building an id")
    return np.array([value if named else f"{file.dataset}-{value}" for value in values], dtype=object)


def _columns(
    file: Incoming, codes: NDArray[Any], *, footprint: NDArray[np.float64], heights: BuildingHeights
) -> dict[str, pa.Array]:
    layer = file.layer
    point = shapely.point_on_surface(layer.geometry[layer.kept])
    lon, lat = shapely.get_x(point), shapely.get_y(point)
    return {
        "code": pa.array([str(code) for code in codes[layer.kept]], pa.string()),
        "use": pa.array([_use(word) for word in layer.words(file.fields.get("use"))], pa.string()),
        "height_m": pa.array(heights.height_m, pa.float32()),
        "height_source": pa.array(heights.source, pa.string()),
        "storeys": pa.array(heights.storeys, pa.int16()),
        "footprint_m2": pa.array(footprint, pa.float32()),
        "lon": pa.array(lon),
        "lat": pa.array(lat),
        **build_area_index(file.con).keys(lon, lat),
    }


def _use(word: str | None) -> str | None:
    return None if word is None or word.lower() in {"yes", "no"} else USE_OF.get(word.lower(), "other")


def _refused(layer: Layer, heights: BuildingHeights) -> tuple[str, ...]:
    bad = np.flatnonzero(heights.refused != "")
    if not len(bad):
        return ()
    named = ", ".join(f"record {layer.kept[i] + 1}: {heights.refused[i]}" for i in bad[:NAMED_ROWS])
    more = " …" if len(bad) > NAMED_ROWS else ""
    return (f"{layer.path.name}: {len(bad)} heights make no sense and count as missing ({named}{more})",)
