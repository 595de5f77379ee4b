"""The TOML file that says where a model stands and what it is."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from datastore.sources.errors import SourceError
from twin_model.city_object import lod_number
from twin_model.crs import STORED_CRS, parse_crs, to_stored
from twin_model.errors import CrsError
from twin_model.placement import Placement

_NUMBERS = ("longitude", "latitude", "x", "y", "height", "heading", "scale")
_WORDS = ("crs", "up", "anchor", "lod", "name", "code", "address", "use")
_CHOICES = {"up": ("y", "z"), "anchor": ("origin", "base")}
_KEYS = (*_NUMBERS, *_WORDS, "storeys")
_LON, _LAT = 180.0, 90.0


@dataclass(frozen=True)
class PlacedModel:
    """What a placement file says.

    Parameters
    ----------
    placement : Placement
        Where the model stands.
    crs : str
        Reference system that the file gives the place in.
    lod : str
        Level of detail of the model.
    name, code, address : str or None
        Of the building.
    attributes : mapping
        ``use`` and ``storeys``, where they are given.
    """

    placement: Placement
    crs: str
    lod: str
    name: str | None
    code: str | None
    address: str | None
    attributes: Mapping[str, object]


def read_placement(path: Path, crs: str | None, up: str) -> PlacedModel:
    """Read a placement file.

    Parameters
    ----------
    path : Path
        The file.
    crs : str, optional
        Reference system of x and y, over what the file says.
    up : {"y", "z"}
        Which axis is up where the file does not say.

    Raises
    ------
    SourceError
        If the file cannot be read, has an unknown key, or does not say where the model stands.
    """
    said = _read(path)
    number, word = _number(said, path), _word(said, path)
    lon, lat, name = _place(said, path, crs)
    scale = number("scale", 1.0)
    if not scale > 0:
        raise SourceError(f"{path.name}: the scale {scale:g} is not above 0; give the metres to a unit of the model")
    chosen = {key: _choice(said, key, default, path) for key, default in (("up", up), ("anchor", "origin"))}
    placement = Placement(lon, lat, number("height", 0.0), number("heading", 0.0), scale, **chosen)  # type: ignore[arg-type]  # one of the choices
    lod = str(said.get("lod", "2"))
    if not lod_number(lod) > 0:
        raise SourceError(f"{path.name}: the lod {lod!r} is no number above 0; give 1, 2, 2.2, 3 …")
    attributes: dict[str, object] = {key: said[key] for key in ("use", "storeys") if key in said}
    return PlacedModel(placement, name, lod, word("name"), word("code"), word("address"), attributes)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SourceError(
            f"{path}: the placement of the model cannot be read ({error.strerror}); write one, for example "
            "longitude = 116.3, latitude = 39.96, heading = 0, or name it with --placement"
        ) from None
    except UnicodeDecodeError:
        raise SourceError(f"{path.name}: not UTF-8; save it as UTF-8 TOML") from None
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path.name}: not TOML ({error}); see docs/city.md for one") from None
    unknown = [key for key in said if key not in _KEYS]
    if unknown:
        raise SourceError(f"{path.name}: unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}")
    return said


def _place(said: Mapping[str, Any], path: Path, crs: str | None) -> tuple[float, float, str]:
    number = _number(said, path)
    if "longitude" in said and "latitude" in said:
        lon, lat, name = number("longitude", 0.0), number("latitude", 0.0), STORED_CRS
        system = crs or said.get("crs")
        if system is not None:
            lon, lat, name = _moved(lon, lat, str(system), path)
    elif "x" in said and "y" in said:
        lon, lat, name = _moved(number("x", 0.0), number("y", 0.0), crs or said.get("crs"), path)
    else:
        raise SourceError(
            f"{path.name}: it does not say where the model stands; give longitude and latitude, or x, y and crs"
        )
    if not (abs(lon) <= _LON and abs(lat) <= _LAT):
        raise SourceError(f"{path.name}: {lon:g}, {lat:g} is not on the globe; check longitude and latitude")
    return lon, lat, name


def _moved(x: float, y: float, crs: str | None, path: Path) -> tuple[float, float, str]:
    try:
        name = parse_crs(crs)
        lon, lat = to_stored(np.array([x]), np.array([y]), name)
    except CrsError as error:
        raise SourceError(f"{path.name}: {error}") from None
    return float(lon[0]), float(lat[0]), name


def _number(said: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 - a function
    def read(key: str, default: float) -> float:
        value = said.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise SourceError(f"{path.name}: {key} = {value!r} is no number; give one without quotes")
        return float(value)

    return read


def _word(said: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 - a function
    def read(key: str) -> str | None:
        value = said.get(key)
        if value is not None and not isinstance(value, str):
            raise SourceError(f"{path.name}: {key} = {value!r} is no text; put it in quotes")
        return value.strip() or None if value else None

    return read


def _choice(said: Mapping[str, Any], key: str, default: str, path: Path) -> str:
    value = said.get(key, default)
    if value not in _CHOICES[key]:
        raise SourceError(f"{path.name}: {key} = {value!r}; give one of {', '.join(_CHOICES[key])}")
    return str(value)
