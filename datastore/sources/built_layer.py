"""Import of what is built and grown: buildings, roads and land use, one row of one table for each record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import shapely

from datastore.registry import DatasetKind
from datastore.settle import settle
from datastore.sources.city_outline import outline_city
from datastore.sources.fields import find_fields
from datastore.sources.intake import Intake
from datastore.sources.layer_import import Check, Layer, far_from_city, import_layer, read_layer
from datastore.sources.options import LayerOptions
from datastore.sources.report import ImportReport, Progress
from datastore.sources.scalar import next_key
from datastore.store import Store
from datastore.table import insert_table


@dataclass(frozen=True)
class Incoming:
    """A file that was read and checked, on its way into the store.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    dataset : str
        Name of the data set.
    layer : Layer
        The records.
    fields : mapping of str to str
        Role -> column of the file.
    """

    con: duckdb.DuckDBPyConnection
    dataset: str
    layer: Layer
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Built:
    """What one kind of record makes of a file.

    Parameters
    ----------
    columns : mapping of str to pyarrow.Array
        Columns of the table for the kept records, less its key, ``name``, ``geom`` and ``dataset_id``.
    counts : mapping of str to int
        For the report.
    warnings : tuple of str
        One sentence each.
    """

    columns: Mapping[str, pa.Array]
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def import_built(
    store: Store,
    path: Path,
    options: LayerOptions,
    *,
    kind: DatasetKind,
    table: str,
    check: Check,
    build: Callable[[Incoming], Built],
    now: datetime,
    progress: Progress,
) -> ImportReport:
    """Import a file into one table, and derive the district where the store has no areas.

    Parameters
    ----------
    store : Store
        Open for writing.
    path : Path
        The file.
    options : LayerOptions
        What the user said.
    kind, table : str
        Kind of data set, and the table that it fills.
    check : callable
        Judges the geometries.
    build : callable
        Makes the columns of the table; may reject further records.
    now : datetime
        Import time, with its zone.
    progress : Progress
        Hears how far it is.

    Raises
    ------
    SourceError
        If the file cannot be read or has no usable record; the store is as before.
    """

    def load(con: duckdb.DuckDBPyConnection, intake: Intake, dataset_id: int) -> tuple[Layer, ImportReport]:
        layer = read_layer(path, options, check, progress)
        fields = find_fields(path, layer.attributes.column_names, options.asked_columns, table)
        built = build(Incoming(con, intake.name, layer, fields))
        progress("store", 0.0)
        key, kept = f"{table}_id", layer.kept
        rows = {
            key: pa.array(np.arange(len(kept)) + next_key(con, table, key), pa.int32()),
            "name": pa.array(layer.words(fields.get("name")), pa.string()),
            **built.columns,
            "geom": pa.array(shapely.to_wkb(layer.geometry[kept]), pa.binary()),
        }
        insert_table(con, table, pa.table(rows), dataset_id)
        warnings = (*far_from_city(con, layer.geometry[kept], path), *built.warnings)
        outline_city(con, dataset_id)
        if table == "building":
            settle(con)
        progress("store", 1.0)
        return layer, ImportReport(intake.name, fields=fields, counts=dict(built.counts), warnings=warnings)

    return import_layer(store, path, kind, options, now=now, load=load)
