"""What the imports of areas, buildings, roads and land use have in common."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.registry import DatasetKind
from datastore.sources.errors import SourceError
from datastore.sources.intake import Intake, describe, is_unchanged, register_dataset, replace_dataset
from datastore.sources.options import LayerOptions
from datastore.sources.rejects import RejectLog
from datastore.sources.report import ImportReport, Progress
from datastore.sources.scalar import first_row
from datastore.sources.vector_file import read_vector_file
from datastore.store import Store
from twin_model.crs import metric_crs_for, parse_crs
from twin_model.errors import CrsError
from twin_model.geometry import REASONS, CheckedGeometries, geometry_to_metric, geometry_to_stored

Check = Callable[[NDArray[Any]], CheckedGeometries]
FAR_AWAY_DEG = 0.5
NAMED_ROWS = 5


@dataclass(frozen=True)
class Layer:
    """A file of geometries, read, moved to EPSG:4490 and checked.

    Parameters
    ----------
    path : Path
        The file.
    crs : str
        Reference system it came in.
    attributes : pyarrow.Table
        Its records less the geometry.
    geometry : (n,) object
        Sound geometries; None where the record is rejected.
    repaired : (n,) bool
        Mended on the way.
    rejects : RejectLog
        Rejected so far.
    """

    path: Path
    crs: str
    attributes: pa.Table
    geometry: NDArray[Any]
    repaired: NDArray[np.bool_]
    rejects: RejectLog

    @property
    def kept(self) -> NDArray[np.int64]:
        """Positions of the records that are not rejected."""
        return np.flatnonzero(~shapely.is_missing(self.geometry))

    def values(self, column: str | None, *, kept: bool = True) -> NDArray[Any]:
        """Values of a column as objects, of the kept records or of all; None throughout where there is no column."""
        count = len(self.geometry)
        found = [None] * count if column is None else self.attributes.column(column).to_pylist()
        # The extra entry keeps numpy from making a number array of it.
        values = np.array([*found, None], dtype=object)[:count]
        return values[self.kept] if kept else values

    def words(self, column: str | None, *, kept: bool = True) -> list[str | None]:
        """Values of a column as text; None where there is none."""
        return [_word(value) for value in self.values(column, kept=kept)]

    def reject(self, index: int, reason: str, detail: str) -> None:
        """Reject a further record."""
        self.rejects.add(index, reason, detail)
        self.geometry[index] = None

    def reject_duplicates(self, codes: NDArray[Any], taken: set[str], mend: str) -> None:
        """Reject records whose code came before in the file, or is taken in the store."""
        seen: dict[str, int] = {}
        for index in self.kept.tolist():
            code = str(codes[index])
            if code in taken:
                self.reject(
                    index, "duplicate_id", f"the id {code} is in the store already, from another data set; {mend}"
                )
            elif code in seen:
                self.reject(index, "duplicate_id", f"the id {code} is that of record {seen[code] + 1}; {mend}")
            else:
                seen[code] = index

    def warnings(self) -> tuple[str, ...]:
        """Sentence about what was repaired, naming the first records."""
        rows = np.flatnonzero(self.repaired & ~shapely.is_missing(self.geometry)) + 1
        if not len(rows):
            return ()
        named = ", ".join(str(row) for row in rows[:NAMED_ROWS]) + (" …" if len(rows) > NAMED_ROWS else "")
        return (f"{self.path.name}: {len(rows)} geometries crossed themselves and were repaired (records {named})",)


def read_layer(path: Path, options: LayerOptions, check: Check, progress: Progress) -> Layer:
    """Read a file and check its geometries.

    Raises
    ------
    SourceError
        If the file cannot be read, its reference system is missing or contradicts the coordinates, or no record is
        usable.
    """
    progress("read", 0.0)
    file = read_vector_file(path, options.layer, options.encoding)
    progress("check", 0.3)
    try:
        crs = parse_crs(options.crs or file.crs)
        stored = geometry_to_stored(file.geometry, crs)
    except CrsError as error:
        raise SourceError(f"{path.name}: {error}") from None
    checked = check(stored)
    reason = np.where(file.reason != "", file.reason, checked.reason)
    rejects = RejectLog(file.attributes)
    rejects.add_all(reason, REASONS)
    progress("check", 1.0)
    layer = Layer(path, crs, file.attributes, checked.geometry, checked.repaired, rejects)
    require_some(layer)
    return layer


def require_some(layer: Layer) -> None:
    """Refuse a file of which no record can be used.

    Raises
    ------
    SourceError
        With the commonest reason.
    """
    if len(layer.kept):
        return
    reasons = layer.rejects.reasons()
    commonest = max(reasons, key=lambda reason: reasons[reason])
    first = next(row for row in layer.rejects.rows if row[1] == commonest)
    raise SourceError(
        f"{layer.path.name}: none of its {len(layer.geometry)} records can be used; record {first[0]}: {first[2]}"
    )


def import_layer(
    store: Store,
    path: Path,
    kind: DatasetKind,
    options: LayerOptions,
    *,
    now: datetime,
    load: Callable[[duckdb.DuckDBPyConnection, Intake, int], tuple[Layer, ImportReport]],
) -> ImportReport:
    """Import a file in one transaction, unless the store holds exactly it already.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        The file.
    kind : str
        Kind of data set.
    options : LayerOptions
        As the user gave them.
    now : datetime
        Import time, with its zone.
    load : callable
        Puts the rows in: ``(connection, intake, dataset_id)`` -> the layer and a report with its own counts.
    """
    intake = describe(path, kind, options)
    with store.read() as cur:
        if is_unchanged(cur, intake):
            return ImportReport(intake.name, unchanged=True)
    with store.write() as con:
        dataset_id = replace_dataset(con, intake)
        layer, report = load(con, intake, dataset_id)
        loaded, rejected = len(layer.kept), len(layer.rejects.rows)
        layer.rejects.store(con, dataset_id)
        warnings = (*layer.warnings(), *report.warnings)
        register_dataset(con, intake, crs=layer.crs, counts=(loaded, rejected, 0), warnings=warnings, now=now)
    return replace(
        report,
        dataset=intake.name,
        loaded=loaded,
        rejected=rejected,
        repaired=int(layer.repaired[layer.kept].sum()),
        reasons=layer.rejects.reasons(),
        warnings=warnings,
    )


def _word(value: object) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value).strip() or None


def metric_crs_of(con: duckdb.DuckDBPyConnection, geometry: NDArray[Any]) -> str:
    """Give the store's metric system, or the one that suits the geometries where the store has none yet."""
    row = first_row(con, "SELECT value FROM meta WHERE key = 'metric_crs' AND value <> ''")
    return str(row[0]) if row else metric_crs_for(*(float(edge) for edge in shapely.total_bounds(geometry)))


def area_m2(geometry: NDArray[Any], metric_crs: str) -> NDArray[np.float64]:
    """Area of stored polygons, square metres."""
    return np.asarray(shapely.area(geometry_to_metric(geometry, metric_crs)), dtype=np.float64)


def far_from_city(con: duckdb.DuckDBPyConnection, geometry: NDArray[Any], path: Path) -> tuple[str, ...]:
    """Warning where a file lies away from the store's areas: the likeliest cause is a wrong reference system."""
    districts = con.execute("SELECT ST_AsWKB(geom) FROM area WHERE level = 1 AND geom IS NOT NULL").fetchall()
    if not districts:
        return ()
    city_west, city_south, city_east, city_north = shapely.total_bounds(shapely.from_wkb([row[0] for row in districts]))
    west, south, east, north = shapely.total_bounds(geometry)
    away = max(city_west - east, west - city_east, city_south - north, south - city_north)
    if away < FAR_AWAY_DEG:
        return ()
    return (f"{path.name}: lies {away:.1f} degrees away from the city's areas; is its reference system right (--crs)?",)
