"""Which reader a city model needs, and which further files decide what is read."""

import re
from pathlib import Path

from datastore.sources.city_file import CityFile
from datastore.sources.citygml import open_citygml
from datastore.sources.cityjson import open_cityjson
from datastore.sources.cityjson_seq import open_cityjson_seq
from datastore.sources.errors import SourceError
from datastore.sources.model_file import MODELS, open_model, placement_of
from datastore.sources.texture_file import NoTexture, texture_place
from datastore.sources.vector_file import READABLE, source_parts

_JSON, _SEQUENCES, _XML = (".json", ".cityjson"), (".jsonl", ".ndjson", ".cityjsonl"), (".gml", ".xml", ".citygml")
TAKEN = (*_JSON, *_SEQUENCES, *_XML, *MODELS, *(ending for ending in READABLE if ending not in _JSON))
"""Endings that are taken."""

_HEAD_BYTES = 1 << 16
_GEOJSON = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature)"')
_CITYJSON = re.compile(rb'"CityObjects"|"CityJSON')
_NAMED = re.compile(rb'"(?:image|uri)"\s*:\s*"((?:[^"\\]|\\.)*)"|imageURI>\s*([^<]*?)\s*<')
_BLOCK, _OVERLAP = 4 << 20, 1 << 12


def is_footprints(path: Path) -> bool:
    """Whether a file is plain geodata: footprints with heights or storeys.

    Raises
    ------
    SourceError
        If the file cannot be read.
    """
    source_parts(path)
    ending = path.suffix.lower()
    if ending not in _JSON:
        return ending in READABLE
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return _GEOJSON.search(head) is not None and _CITYJSON.search(head) is None


def open_city(path: Path, placement: Path | None, crs: str | None = None) -> CityFile:
    """Open a city model with the reader that its ending and its first bytes ask for.

    Parameters
    ----------
    path : Path
        The file.
    placement : Path, optional
        Where a model without coordinates stands.
    crs : str, optional
        Reference system of that place, over what it says itself.

    Raises
    ------
    SourceError
        If no reader takes it, or its head cannot be read.
    """
    ending = path.suffix.lower()
    if ending in MODELS:
        return open_model(path, placement, crs)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if ending in _XML or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return open_citygml(path)
    if ending in _SEQUENCES or b'"CityJSONFeature"' in head:
        return open_cityjson_seq(path)
    if ending in _JSON:
        return open_cityjson(path)
    raise SourceError(f"{path.name}: not a city model that is read; convert it to one of {', '.join(TAKEN)}")


def companions(path: Path, placement: Path | None) -> tuple[Path, ...]:
    """Further files that decide what is read: the placement, and the images that the model names and that are there."""
    placed = placement_of(path, placement) if path.suffix.lower() in MODELS else None
    names: set[str] = set()
    with path.open("rb") as file:
        held = b""
        while block := file.read(_BLOCK):
            text = held + block
            names.update((json or xml).decode(errors="replace") for json, xml in _NAMED.findall(text))
            held = text[-_OVERLAP:]
    places = {texture_place(path.parent, name) for name in names}
    images = sorted(place for place in places if not isinstance(place, NoTexture) and place.is_file())
    return (*((placed,) if placed and placed.is_file() else ()), *images)
