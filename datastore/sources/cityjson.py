"""CityJSON 1.0, 1.1 and 2.0, read object by object whatever the size of the file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from datastore.sources.city_file import CityFile, CityObjects
from datastore.sources.cityjson_geometry import Shapes
from datastore.sources.cityjson_object import family, read_object
from datastore.sources.cityjson_vertices import Vertices, read_vertices, vertices_of
from datastore.sources.errors import SourceError
from datastore.sources.json_members import Member, broken, members, read_member
from twin_model.city_object import BadObject, CityObject, with_parts

VERSIONS = ("1.0", "1.1", "2.0")
_HELD = 256
"""Waiting objects that are kept as read; further ones are read again."""
_SMALL = 1 << 20
_BOM = b"\xef\xbb\xbf"
_LATER = {"CityObjects", "vertices"}


def open_cityjson(path: Path) -> CityFile:
    """Open a CityJSON file: the head is read now, the objects later.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SourceError
        If it is no JSON (with line and column), no CityJSON, or of another version.
    """
    with path.open("rb") as file:
        start = _brace(file, path.name)
        found = {member.key: member for member in members(file, start, path.name)}
        _refuse_rest(file, found, path.name)
        head = {key: read_member(file, found[key], path.name) for key in found if key not in _LATER}
    version = check_head(head, "CityJSON", path.name)
    for key in _LATER - set(found):
        raise SourceError(f"{path.name}: there is no {key!r} in it; export the file again")
    notes: list[str] = []

    def objects(progress: Callable[[float], None]) -> CityObjects:
        with path.open("rb") as file:
            vertices = read_vertices(file, found["vertices"], head.get("transform"), path.name)
            shapes = shapes_of(head, vertices, path.name)
            yield from _objects(file, found["CityObjects"], shapes, path.name, progress)

    return CityFile(f"CityJSON {version}", reference_system(head), objects, notes=notes)


def check_head(head: Mapping[str, Any], kind: str, name: str) -> str:
    """Version of a CityJSON head.

    Raises
    ------
    SourceError
        If the type is another one, or the version is none that is read.
    """
    if head.get("type") != kind:
        raise SourceError(f"{name}: its type is {str(head.get('type'))[:80]!r}, not {kind}; name a CityJSON file")
    version = str(head.get("version", ""))
    if version not in VERSIONS:
        raise SourceError(
            f"{name}: CityJSON version {version[:20]!r} is not read; upgrade the file to one of {', '.join(VERSIONS)}"
        )
    return version


def reference_system(head: Mapping[str, Any]) -> str | None:
    """Give the reference system of a CityJSON head, as written."""
    metadata = head.get("metadata")
    written = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    return written if isinstance(written, str) and written.strip() else None


def shapes_of(head: Mapping[str, Any], vertices: Vertices, name: str) -> Shapes:
    """Gather what the geometries below a head refer to."""
    appearance = head.get("appearance")
    appearance = appearance if isinstance(appearance, dict) else {}
    textures = appearance.get("textures")
    images = [
        str(each.get("image", "")) if isinstance(each, dict) else ""
        for each in (textures if isinstance(textures, list) else ())
    ]
    templates = head.get("geometry-templates")
    templates = templates if isinstance(templates, dict) else {}
    patterns, corners = (templates.get(key) for key in ("templates", "vertices-templates"))
    return Shapes(
        vertices,
        images,
        _texture_vertices(appearance.get("vertices-texture")),
        appearance.get("default-theme-texture"),
        patterns if isinstance(patterns, list) else (),
        vertices_of(corners, None, name) if isinstance(corners, list) else None,
    )


def _texture_vertices(values: object) -> NDArray[np.float64]:
    try:
        found = np.array(values if values is not None else [], dtype=np.float64).reshape(-1, 2)
    except (TypeError, ValueError):
        return np.zeros((0, 2))
    return found


def _objects(
    file: BinaryIO, found: Member, shapes: Shapes, name: str, progress: Callable[[float], None]
) -> CityObjects:
    """Objects one after another; a whole comes when its last part has been seen."""
    family_of = _Family()
    size = max(found.end - found.start, 1)
    seen: set[int] = set()
    for row, member in enumerate(members(file, found.start, name), start=1):
        if row % _HELD == 0:
            progress((member.start - found.start) / size)
        digest = hash(member.key)
        if digest in seen:
            yield BadObject(member.key, row, "duplicate_id", "an earlier object has this id; give each its own")
            continue
        seen.add(digest)
        value = read_member(file, member, name)
        piece = _Piece(row, member, value)
        parents, children = family(value)
        if not parents and not children:
            yield read_object(member.key, row, value, shapes)
        else:
            for group in family_of.add(piece, parents, children):
                yield _joined(group, file, shapes, name)
    for group in family_of.rest():
        yield _joined(group, file, shapes, name)


@dataclass
class _Piece:
    """A whole or a part that waits for the rest of its family."""

    row: int
    member: Member
    value: Any


@dataclass
class _Family:
    """Wholes and parts that wait for one another.

    Beyond a few, what waits is let go and read again: only its place in the file is kept.
    """

    waiting: dict[str, _Piece] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    whole_of: dict[str, str] = field(default_factory=dict)

    def add(self, piece: _Piece, parents: tuple[str, ...], children: tuple[str, ...]) -> Iterator[list[_Piece]]:
        """Take a piece, and give its family once it is complete, the whole first."""
        key = piece.member.key
        if len(self.waiting) >= _HELD:
            piece.value = None
        self.waiting[key] = piece
        if children:
            self.parts[key] = children
            self.whole_of.update(dict.fromkeys(children, key))
        top = key
        above = {key}
        while (parent := self.whole_of.get(top) or (parents[0] if top == key and parents else None)) not in {
            None,
            *above,
        }:
            top = str(parent)
            above.add(top)
        group = self._tree(top)
        if group is not None and not (top == key and parents):
            yield self._take(group)

    def rest(self) -> Iterator[list[_Piece]]:
        """Give what is left: wholes without all of their parts, and parts without their whole."""
        below = {child for children in self.parts.values() for child in children if child in self.waiting}
        for key in [key for key in self.waiting if key not in below]:
            yield self._take(self._tree(key, complete=False) or [key])
        for key in list(self.waiting):
            if key in self.waiting:
                yield self._take([key])

    def _tree(self, top: str, *, complete: bool = True) -> list[str] | None:
        """Keys of a family; None where one is still to come."""
        keys, at = [top], 0
        while at < len(keys):
            if keys[at] not in self.waiting:
                if complete:
                    return None
                keys.pop(at)
                continue
            keys += [child for child in self.parts.get(keys[at], ()) if child not in keys]
            at += 1
        return keys

    def _take(self, keys: list[str]) -> list[_Piece]:
        for key in keys:
            self.whole_of.pop(key, None)
            self.parts.pop(key, None)
        return [self.waiting.pop(key) for key in keys]


def _joined(group: list[_Piece], file: BinaryIO, shapes: Shapes, name: str) -> CityObject | BadObject:
    """One object of a family; one part that cannot be read spoils the whole."""
    values = [piece.value if piece.value is not None else read_member(file, piece.member, name) for piece in group]
    return join_read(
        [read_object(piece.member.key, piece.row, value, shapes) for piece, value in zip(group, values, strict=True)]
    )


def join_read(read: list[CityObject | BadObject]) -> CityObject | BadObject:
    """Whole and parts, as read, in one; the first that is bad where one is."""
    whole, parts = read[0], []
    for each in read:
        if isinstance(each, BadObject):
            where = "" if each is whole else f"its part {each.source_ref}: "
            return BadObject(whole.source_ref, whole.row, each.reason, where + each.detail)
        parts.append(each)
    return with_parts(parts[0], parts[1:])


def _brace(file: BinaryIO, name: str) -> int:
    """Byte of the brace that the file starts with."""
    head = file.read(_SMALL)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SourceError(f"{name}: the file is UTF-16; write it as UTF-8 JSON")
    body = head.removeprefix(_BOM).lstrip()
    if not body.startswith(b"{"):
        raise (
            broken(file, len(head) - len(body), "no object starts here", name)
            if body
            else SourceError(f"{name}: the file is empty; export it again")
        )
    return len(head) - len(body)


def _refuse_rest(file: BinaryIO, found: Mapping[str, Member], name: str) -> None:
    """Refuse a file that goes on after its object ends."""
    end = max((member.end for member in found.values()), default=0)
    file.seek(end)
    rest = file.read(_SMALL).lstrip()
    if rest.startswith(b"}") and rest[1:].strip():
        raise broken(file, end + 1, "there is more after the end", name)
