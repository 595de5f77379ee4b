"""Reading geodata files: GeoJSON, GeoPackage, Shapefile, FlatGeobuf and GeoParquet."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from numpy.typing import NDArray

from datastore.sources.errors import SourceError
from datastore.sources.osm_tags import with_tags
from twin_model.geometry import parse_wkb

READABLE = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".parquet", ".geoparquet")
"""Endings that are taken; archives and XML are not opened, so that neither can hide anything."""

_PARQUET = (".parquet", ".geoparquet")
_SIDECARS = (".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class VectorFile:
    """Records of a geodata file, in file order.

    Parameters
    ----------
    path : Path
        Where it came from.
    attributes : pyarrow.Table
        Columns less the geometry.
    geometry : (n,) object
        Shapely geometries in the file's own coordinates; None where `reason` stands.
    reason : (n,) object
        Why a record's geometry cannot be used, or the empty string.
    crs : str or None
        Reference system that the file states.
    """

    path: Path
    attributes: pa.Table
    geometry: NDArray[Any]
    reason: NDArray[Any]
    crs: str | None


def source_parts(path: Path) -> list[Path]:
    """Files that make up a source: the file, and a Shapefile's companions.

    Raises
    ------
    SourceError
        If the file is not there or cannot be opened.
    """
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise SourceError(
            f"{path}: the file cannot be read ({error.strerror}); check the path and its rights"
        ) from None
    if path.suffix.lower() != ".shp":
        return [path]
    return [path, *(part for suffix in _SIDECARS if (part := path.with_suffix(suffix)).exists())]


def read_vector_file(path: Path, layer: str | None = None, encoding: str | None = None) -> VectorFile:
    """Read every record of a geodata file.

    Parameters
    ----------
    path : Path
        The file.
    layer : str, optional
        Which layer, where the file holds several.
    encoding : str, optional
        Of a Shapefile's attributes; without it and a .cpg file, UTF-8 and GB 18030 are tried.

    Raises
    ------
    SourceError
        If the file is missing, is no geodata, is empty, or holds several layers and none is named.
    """
    source_parts(path)
    if path.suffix.lower() not in READABLE:
        raise SourceError(f"{path.name}: not a geodata file that is read; convert it to one of {', '.join(READABLE)}")
    if path.stat().st_size == 0:
        raise SourceError(f"{path.name}: the file is empty; export it again")
    attributes, wkb, crs = (
        _read_geoparquet(path) if path.suffix.lower() in _PARQUET else _read_ogr(path, layer, encoding)
    )
    if not len(wkb):
        raise SourceError(f"{path.name}: the file holds no record; export it again")
    geometry, reason = parse_wkb(wkb)
    return VectorFile(path, with_tags(attributes), geometry, reason, crs)


def _read_geoparquet(path: Path) -> tuple[pa.Table, NDArray[Any], str | None]:
    try:
        frame = gpd.read_parquet(path)
    except (ValueError, OSError, KeyError) as error:
        raise SourceError(
            f"{path.name}: not a GeoParquet file ({_first_line(error)}); write it with geometry"
        ) from None
    crs = frame.crs.to_string() if frame.crs is not None else None
    attributes = pq.read_table(path, columns=[name for name in frame.columns if name != frame.geometry.name])
    return attributes, np.asarray(shapely.to_wkb(frame.geometry.to_numpy()), dtype=object), crs


def _read_ogr(path: Path, layer: str | None, encoding: str | None) -> tuple[pa.Table, NDArray[Any], str | None]:
    try:
        name = _choose_layer(path, layer)
        with warnings.catch_warnings():
            # GDAL warns once about rings that do not close; each is rejected by its row below.
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, table = pyogrio.read_arrow(path, layer=name, encoding=encoding or _shapefile_encoding(path))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowException, UnicodeError) as error:
        raise SourceError(f"{path.name}: not a geodata file that can be read ({_first_line(error)})") from None
    column = meta["geometry_name"] or "wkb_geometry"
    if column not in table.column_names:
        raise SourceError(f"{path.name}: the layer {name!r} has no geometry; name a layer that has with --layer")
    wkb = np.array(table.column(column).to_pylist(), dtype=object)
    keep = [other for other in table.column_names if other not in (column, meta["fid_column"])]
    return table.select(keep), wkb, meta["crs"]


def _choose_layer(path: Path, layer: str | None) -> str:
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    there = ", ".join(layers) or "none"
    if layer is not None:
        if layer not in layers:
            raise SourceError(f"{path.name}: there is no layer {layer!r}; the layers are {there}")
        return layer
    if len(layers) != 1:
        raise SourceError(f"{path.name}: name one of its layers with --layer: {there}")
    return layers[0]


def _shapefile_encoding(path: Path) -> str | None:
    """Tell the encoding of attributes when no .cpg does: the first of UTF-8 and GB 18030 that decodes all of them."""
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists() or not table.exists():
        return None
    content = table.read_bytes()
    body = content[int.from_bytes(content[8:10], "little") :]
    for name in ("UTF-8", "GB18030"):
        try:
            body.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].strip(" ;.'")[:160] if str(error) else type(error).__name__
