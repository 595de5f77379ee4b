"""CityJSON text sequences (CityJSONSeq): one feature a line, each with vertices of its own."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from datastore.sources.city_file import CityFile, CityObjects
from datastore.sources.cityjson import check_head, join_read, reference_system, shapes_of
from datastore.sources.cityjson_object import family, read_object
from datastore.sources.cityjson_vertices import vertices_of
from datastore.sources.errors import SourceError
from datastore.sources.json_members import loads
from twin_model.city_object import BadObject

LONGEST_LINE = 256 << 20
"""A line that is longer is no feature, bytes."""

_BOM = b"\xef\xbb\xbf"


def open_cityjson_seq(path: Path) -> CityFile:
    """Open a CityJSON text sequence: its first line is read now, the features later.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SourceError
        If its first line is no CityJSON head.
    """
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE).removeprefix(_BOM)
    try:
        head = loads(first)
    except (ValueError, RecursionError) as error:
        column = getattr(error, "colno", 1)
        raise SourceError(
            f"{path.name}: broken JSON in line 1, column {column} ({error}); a sequence starts with its CityJSON head"
        ) from None
    if not isinstance(head, dict):
        raise SourceError(f"{path.name}: line 1 is no CityJSON object; a sequence starts with its CityJSON head")
    version = check_head(head, "CityJSON", path.name)

    def objects(progress: Callable[[float], None]) -> CityObjects:
        with path.open("rb") as file:
            size = max(path.stat().st_size, 1)
            file.readline(LONGEST_LINE)
            yield from _features(file, head, path.name, lambda at: progress(at / size))

    return CityFile(f"CityJSONSeq {version}", reference_system(head), objects)


def _features(file: BinaryIO, head: Mapping[str, Any], name: str, progress: Callable[[int], None]) -> CityObjects:
    """Objects of one line after another; a line that cannot be read is rejected by its number."""
    number, at = 1, file.tell()
    while line := file.readline(LONGEST_LINE):
        number += 1
        at += len(line)
        if number % 64 == 0:
            progress(at)
        if not line.strip():
            continue
        where = f"line {number}"
        if len(line) >= LONGEST_LINE:
            raise SourceError(f"{name}: {where} is longer than {LONGEST_LINE >> 20} MB; write one feature a line")
        try:
            feature = loads(line)
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            what = f"broken JSON in line {number}, column {column} ({getattr(error, 'msg', error)})"
            yield BadObject(where, number, "broken_json", f"{what}; export the feature again")
            continue
        yield from _objects(feature, head, number, name)


def _objects(feature: object, head: Mapping[str, Any], number: int, name: str) -> CityObjects:
    """Objects of a feature: its root with all parts, and whatever else it holds."""
    where = f"line {number}"
    if not isinstance(feature, dict) or feature.get("type") != "CityJSONFeature":
        yield BadObject(where, number, "bad_object", "it is no CityJSONFeature; write one feature a line")
        return
    things, vertices = feature.get("CityObjects"), feature.get("vertices")
    if not isinstance(things, dict) or not isinstance(vertices, list):
        yield BadObject(where, number, "bad_object", "it has no CityObjects or no vertices; export the feature again")
        return
    shared = {key: head[key] for key in ("geometry-templates",) if key in head}
    shapes = shapes_of({**shared, **feature}, vertices_of(vertices, head.get("transform"), name), name)
    read = {ref: read_object(ref, number, value, shapes) for ref, value in things.items()}
    below = {child for value in things.values() for child in family(value)[1] if child in things}
    for ref in things:
        if ref not in below:
            yield join_read([read[each] for each in _tree(ref, things)])


def _tree(top: str, things: Mapping[str, Any]) -> list[str]:
    keys = [top]
    for key in keys:
        keys += [child for child in family(things[key])[1] if child in things and child not in keys]
    return keys
