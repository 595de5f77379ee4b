"""Mapping of a case file: which column is what, and what its words mean. Written as TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from datastore.sources.errors import MappingError
from twin_model.area import AreaLevel

TIME_COLUMNS = ("reported_at", "filed_at", "dispatched_at", "handled_at", "closed_at", "deadline_at")
WORD_COLUMNS = ("source", "stage", "class", "unit")
COLUMNS = ("id", *TIME_COLUMNS, "lon", "lat", *WORD_COLUMNS, "area", "address", "description")
REQUIRED = ("reported_at",)

_KEYS = {
    "": (
        "title",
        "licence",
        "crs",
        "time_zone",
        "zero_is_missing",
        "file",
        "times",
        "columns",
        "create",
        "values",
        "defaults",
    ),
    "file": ("encoding", "delimiter"),
    "times": ("formats",),
    "columns": COLUMNS,
    "create": ("class", "unit", "areas"),
    "values": WORD_COLUMNS,
    "defaults": WORD_COLUMNS,
}


@dataclass(frozen=True)
class CaseMapping:
    """How a case file is read.

    Parameters
    ----------
    path : Path
        The mapping's own file, for messages.
    columns : mapping of str to str
        Role (one of :data:`COLUMNS`) -> column of the file.
    crs : str
        Reference system of the coordinates.
    time_zone : str or None
        Zone of times that carry none; without it such times are rejected.
    formats : tuple of str
        strptime formats; empty: ISO 8601.
    zero_is_missing : bool
        Whether a coordinate of exactly 0 means that there is none.
    encoding, delimiter : str
        Of a CSV file.
    create_class, create_unit : bool
        Whether unknown words become new classes (``X-…``) and units.
    derive_areas : AreaLevel or None
        Level at which areas are derived from the points of each area name, where the store has no boundaries there.
    values : mapping
        Role -> word of the file -> code of the store.
    defaults : mapping of str to str
        Role -> code that stands in for an empty word, and for an unknown one.
    title, licence : str
        For people.
    """

    path: Path
    columns: Mapping[str, str]
    crs: str = "EPSG:4490"
    time_zone: str | None = None
    formats: tuple[str, ...] = ()
    zero_is_missing: bool = True
    encoding: str = "utf-8"
    delimiter: str = ","
    create_class: bool = False
    create_unit: bool = False
    derive_areas: AreaLevel | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    title: str = ""
    licence: str = "unstated"


def read_mapping(path: Path) -> CaseMapping:
    """Read a mapping.

    Raises
    ------
    MappingError
        If the file cannot be read, is no TOML, or says something that no mapping says.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{path}: the mapping cannot be read ({error.strerror}); check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: not a TOML mapping ({error}); see docs/mappings for examples") from None
    _check_keys(path, said)
    parts = {name: said.get(name, {}) for name in ("file", "times", "columns", "create", "values", "defaults")}
    mapping = CaseMapping(
        path=path,
        columns=MappingProxyType({role: str(column) for role, column in parts["columns"].items()}),
        crs=str(said.get("crs", "EPSG:4490")),
        time_zone=said.get("time_zone"),
        formats=tuple(parts["times"].get("formats", ())),
        zero_is_missing=bool(said.get("zero_is_missing", True)),
        encoding=str(parts["file"].get("encoding", "utf-8")),
        delimiter=str(parts["file"].get("delimiter", ",")),
        create_class=bool(parts["create"].get("class", False)),
        create_unit=bool(parts["create"].get("unit", False)),
        derive_areas=_level(path, parts["create"].get("areas")),
        values=MappingProxyType({role: MappingProxyType(dict(words)) for role, words in parts["values"].items()}),
        defaults=MappingProxyType({role: str(code) for role, code in parts["defaults"].items()}),
        title=str(said.get("title", "")),
        licence=str(said.get("licence", "unstated")),
    )
    _check_sense(mapping)
    return mapping


def check_columns(mapping: CaseMapping, file: Path, columns: list[str]) -> None:
    """Check that the file has every column that the mapping names.

    Raises
    ------
    MappingError
        Naming the column that is not there and those that are.
    """
    for role, column in mapping.columns.items():
        if column not in columns:
            raise MappingError(
                f"{file.name}: {mapping.path.name} takes the {role} from column {column!r}, which is not there; "
                f"the columns are {', '.join(columns)}"
            )


def _check_keys(path: Path, said: dict[str, Any]) -> None:
    for section, known in _KEYS.items():
        part = said if not section else said.get(section, {})
        if not isinstance(part, dict):
            raise MappingError(f"{path.name}: [{section}] is a table; write it as [{section}] with key = value lines")
        unknown = sorted(set(part) - set(known))
        if unknown:
            where = f"in [{section}]" if section else "at the top"
            raise MappingError(f"{path.name}: {unknown[0]!r} {where} is unknown; known are {', '.join(known)}")


def _check_sense(mapping: CaseMapping) -> None:
    name = mapping.path.name
    for role in REQUIRED:
        if role not in mapping.columns:
            raise MappingError(f"{name}: [columns] names no {role}; every case needs one")
    if ("lon" in mapping.columns) != ("lat" in mapping.columns):
        raise MappingError(f"{name}: [columns] names one of lon and lat; name both or neither")
    if "class" not in mapping.columns and "class" not in mapping.defaults:
        raise MappingError(f"{name}: name the column of the class in [columns], or a class code in [defaults]")
    if mapping.derive_areas is not None and not {"area", "lon"} <= set(mapping.columns):
        raise MappingError(f"{name}: areas can be derived only from columns area, lon and lat; name them in [columns]")
    if mapping.time_zone is not None:
        try:
            ZoneInfo(mapping.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise MappingError(
                f"{name}: time_zone {mapping.time_zone!r} is no IANA time zone; write it as Asia/Shanghai"
            ) from None


def _level(path: Path, key: str | None) -> AreaLevel | None:
    if key is None:
        return None
    levels = {level.key: level for level in AreaLevel if level is not AreaLevel.DISTRICT}
    if key not in levels:
        raise MappingError(f"{path.name}: [create] areas = {key!r} is no level; known are {', '.join(levels)}")
    return levels[key]
