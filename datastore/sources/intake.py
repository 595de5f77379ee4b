"""The frame of every import: recognised by its fingerprint, replaced as a whole, written to the registry."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from datastore import registry
from datastore.sources.errors import SourceError
from datastore.sources.scalar import next_key
from datastore.sources.vector_file import source_parts

READING_VERSION = 2
"""Raised when the importers read a file differently, so that the same file is read again."""

_TABLES: Mapping[str, tuple[str, ...]] = {
    "areas": ("area",),
    "buildings": ("building",),
    "city": ("building", "building_detail", "building_model", "building_texture", "landuse"),
    "roads": ("road",),
    "landuse": ("landuse",),
    "cases": ("cases",),
    "tileset": ("tileset",),
}
"""Tables that a kind of data set fills."""
_BLOCK = 1 << 20
_NOT_SLUG = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Intake:
    """One file about to be imported.

    Parameters
    ----------
    kind : str
        ``areas``, ``buildings``, ``roads``, ``landuse`` or ``cases``.
    name, title, licence : str
        Of the data set.
    source : str
        File name.
    source_sha256 : str
        SHA-256 of the file.
    options_sha256 : str
        SHA-256 of all else that decides what is read: options, mapping, a Shapefile's companions.
    """

    kind: registry.DatasetKind
    name: str
    title: str
    licence: str
    source: str
    source_sha256: str
    options_sha256: str


def describe(path: Path, kind: registry.DatasetKind, options: Any, extra: tuple[Path, ...] = ()) -> Intake:  # noqa: ANN401 - any options
    """Intake of a file.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        Kind of data set.
    options : dataclass
        With ``name``, ``title`` and ``licence``.
    extra : tuple of Path
        Further files that decide how it is read: a mapping.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    digest = hashlib.sha256()
    said = {key: value for key, value in asdict(options).items() if not isinstance(value, Path)}
    digest.update(json.dumps([READING_VERSION, kind, said], sort_keys=True, default=str).encode())
    for part in (*(part for part in source_parts(path) if part != path), *extra):
        digest.update(part.suffix.encode())
        _digest_file(digest, part)
    content = hashlib.sha256()
    _digest_file(content, path)
    name = options.name or _NOT_SLUG.sub("-", path.stem.lower()).strip("-")
    return Intake(
        kind,
        name,
        options.title or name,
        options.licence or registry.UNSTATED,
        path.name,
        content.hexdigest(),
        digest.hexdigest(),
    )


def is_unchanged(cur: duckdb.DuckDBPyConnection, intake: Intake) -> bool:
    """Whether the store holds exactly this already.

    Raises
    ------
    SourceError
        If the store holds simulated data, or another kind of data set has the name.
    """
    if any(each.simulated for each in registry.datasets(cur)):
        # A mixture would be neither: its counts and its as-of moment would say nothing of either city.
        raise SourceError(
            f"{intake.source}: the store holds the simulated demo city; import into another directory: "
            "citydeck init DIR, then citydeck import with --data DIR"
        )
    earlier = registry.find(cur, intake.name)
    if earlier is not None and earlier.kind != intake.kind:
        raise SourceError(
            f"{intake.source}: the name {intake.name!r} belongs to {earlier.kind}; choose another with --name"
        )
    return registry.is_unchanged(cur, intake.name, intake.source_sha256, intake.options_sha256)


def replace_dataset(con: duckdb.DuckDBPyConnection, intake: Intake) -> int:
    """Take the rows that the data set had out of the store, and give its key, new or old.

    Cases keep the keys of buildings that are gone until `datastore.settle.settle` joins them anew.
    """
    earlier = registry.find(con, intake.name)
    if earlier is None:
        return next_key(con, "dataset", "dataset_id")
    for table in (*_TABLES[intake.kind], "reject"):
        con.execute(f"DELETE FROM {table} WHERE dataset_id = ?", [earlier.dataset_id])  # noqa: S608 - a name of ours
    return earlier.dataset_id


def register_dataset(
    con: duckdb.DuckDBPyConnection,
    intake: Intake,
    *,
    crs: str,
    counts: tuple[int, int, int],
    warnings: tuple[str, ...],
    now: datetime,
) -> None:
    """Write what was imported to the registry.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    intake : Intake
        What was imported.
    crs : str
        As it came in.
    counts : tuple of int
        Rows loaded, rejected, unplaced.
    warnings : tuple of str
        Of the import, kept as the note.
    now : datetime
        With its zone.
    """
    loaded, rejected, unplaced = counts
    registry.register(
        con,
        registry.Dataset(
            name=intake.name,
            kind=intake.kind,
            title=intake.title,
            source=intake.source,
            source_sha256=intake.source_sha256,
            options_sha256=intake.options_sha256,
            licence=intake.licence,
            crs=crs,
            simulated=False,
            imported_at=now,
            rows_loaded=loaded,
            rows_rejected=rejected,
            rows_unplaced=unplaced,
            note="\n".join(warnings),
        ),
    )


def _digest_file(digest: "hashlib._Hash", path: Path) -> None:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
