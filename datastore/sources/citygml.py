"""CityGML 2.0 and 3.0 (1.0 too), read object by object; a document type is refused before anything is opened."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from datastore.sources.city_file import CityFile, CityObjects
from datastore.sources.citygml_object import read_element
from datastore.sources.citygml_surface import local
from datastore.sources.citygml_texture import RingTexture, ring_textures
from datastore.sources.errors import SourceError

_NAMESPACE = re.compile(r"^\{http://www\.opengis\.net/citygml/([123]\.0)\}CityModel$")
_MEMBERS = ("{*}cityObjectMember", "{*}featureMember")
_APPEARANCES = ("{*}appearanceMember",)
_MEMBER_NAMES = frozenset(tag.removeprefix("{*}") for tag in _MEMBERS)
_PROLOG_BYTES = 1 << 20
_PROLOG = re.compile(r"\ufeff?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_MENTIONS = b"appearanceMember"
_BLOCK = 4 << 20
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}


@dataclass(frozen=True)
class _Head:
    """What is known before the objects: version, reference system, numbers to a position."""

    version: str
    crs: str | None
    dimension: int


def open_citygml(path: Path) -> CityFile:
    """Open a CityGML file: its head is read now, the objects later.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    SourceError
        If it is no XML, no CityGML, or has a document type: that is where external files and entity bombs hide.
    """
    _refuse_document_type(path)
    head = _head(path)

    def objects(progress: Callable[[float], None]) -> CityObjects:
        textures = _model_textures(path)
        size = max(path.stat().st_size, 1)
        with path.open("rb") as file:
            row = 0
            for member in _elements(path, file, _MEMBERS):
                for element in member:
                    if not local(element):
                        continue
                    row += 1
                    yield read_element(element, row, textures, head.dimension)
                progress(file.tell() / size)

    return CityFile(f"CityGML {head.version}", head.crs, objects, gml_axes=True)


def _refuse_document_type(path: Path) -> None:
    with path.open("rb") as file:
        raw = file.read(_PROLOG_BYTES)
    if not raw.strip():
        raise SourceError(f"{path.name}: the file is empty; export it again")
    text = raw.decode(_UTF16.get(raw[:2], "utf-8"), errors="replace")
    prolog = _PROLOG.match(text)
    rest = text[prolog.end() :] if prolog else text
    if rest[: len("<!DOCTYPE")].upper() == "<!DOCTYPE":
        raise _document_type(path)
    if not rest.startswith("<"):
        raise SourceError(f"{path.name}: no XML starts here; name a CityGML file")


def _document_type(path: Path) -> SourceError:
    return SourceError(
        f"{path.name}: it has a document type (<!DOCTYPE …>), which CityGML never needs and which can name other "
        "files or grow without end; nothing was opened; take that line out"
    )


def _head(path: Path) -> _Head:
    """Read up to the first object."""
    version, crs, dimension = None, None, None
    with path.open("rb") as file:
        try:
            for event, element in _parser(file, ("start", "end"), None):
                if version is None:
                    version = _version(path, element)
                crs = crs or element.get("srsName")
                dimension = dimension or element.get("srsDimension")
                if (local(element) == "posList" and crs) or (event == "end" and local(element) in _MEMBER_NAMES):
                    break
        except etree.XMLSyntaxError as error:
            raise _broken(path, error) from None
    return _Head(version or "", crs, int(dimension) if dimension in {"2", "3"} else 3)


def _version(path: Path, root: Any) -> str:  # noqa: ANN401 - lxml has no types
    if root.getroottree().docinfo.internalDTD is not None:
        raise _document_type(path)
    found = _NAMESPACE.match(str(root.tag))
    if found is None:
        raise SourceError(f"{path.name}: its root is {str(root.tag)[:120]}, not a CityModel of CityGML 1.0, 2.0 or 3.0")
    return found[1]


def _model_textures(path: Path) -> dict[str, RingTexture]:
    """Textures of the whole model, by ring; they may stand behind the objects that they are of."""
    if not _mentions(path, _MENTIONS):
        return {}
    textures: dict[str, RingTexture] = {}
    with path.open("rb") as file:
        for appearance in _elements(path, file, _APPEARANCES):
            for ring, texture in ring_textures(appearance).items():
                textures.setdefault(ring, texture)
    return textures


def _mentions(path: Path, word: bytes) -> bool:
    with path.open("rb") as file:
        held = b""
        while block := file.read(_BLOCK):
            if word in held + block:
                return True
            held = block[-len(word) :]
    return False


def _elements(path: Path, file: Any, tags: tuple[str, ...]) -> Iterator[Any]:  # noqa: ANN401 - lxml has no types
    """Elements of a name below the root, one after another; each is let go of when the next is asked for."""
    try:
        for _, element in _parser(file, ("end",), (*_MEMBERS, *_APPEARANCES)):
            parent = element.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            if local(element) in {tag.removeprefix("{*}") for tag in tags}:
                yield element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise _broken(path, error) from None


def _parser(file: Any, events: tuple[str, ...], tags: tuple[str, ...] | None) -> Any:  # noqa: ANN401 - lxml has no types
    return etree.iterparse(
        file, events=events, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False
    )


def _broken(path: Path, error: etree.XMLSyntaxError) -> SourceError:
    # The first fatal entry is the fault; what lxml raises may be no more than its consequence.
    fault = next((entry for entry in error.error_log if entry.level_name in {"ERROR", "FATAL"}), None)
    line, column = error.position if fault is None else (fault.line, fault.column)
    what = str(error.msg).split(", line ")[0] if fault is None else fault.message.strip()
    return SourceError(f"{path.name}: broken XML in line {line}, column {column} ({what}); export the file again")
