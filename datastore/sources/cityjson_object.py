"""City objects of CityJSON: one JSON value -> one object with its words and shapes."""

from collections.abc import Mapping
from typing import Any

from datastore.sources.cityjson_geometry import BoundaryError, Shapes, read_geometry
from datastore.sources.source_words import address_text, first_word
from twin_model.city_object import BadObject, CityObject, LodGeometry

_NAMES = ("name", "gml:name", "naam", "名称", "名称_zh")


def read_object(ref: str, row: int, value: object, shapes: Shapes) -> CityObject | BadObject:
    """City object of its JSON value.

    Parameters
    ----------
    ref : str
        Its key.
    row : int
        Its position in the file.
    value : object
        As found.
    shapes : Shapes
        What its geometries refer to.

    Returns
    -------
    CityObject or BadObject
        The latter where one of its geometries cannot be read: a thing that is half there would be taken for whole.
    """
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return BadObject(ref, row, "bad_object", "it is no city object: it has no type; export the file again")
    attributes = value.get("attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    bodies: list[LodGeometry] = []
    omitted: list[str] = []
    geometries = value.get("geometry")
    for geometry in geometries if isinstance(geometries, list) else ():
        try:
            found, other = read_geometry(geometry, shapes)
        except BoundaryError as error:
            return BadObject(ref, row, error.reason, str(error))
        except AttributeError:
            return BadObject(ref, row, "bad_geometry", "a geometry is no JSON object; export the object again")
        bodies += found
        omitted += [other] if other else []
    return CityObject(
        ref,
        value["type"].removeprefix("+"),
        row,
        attributes,
        first_word(attributes, _NAMES),
        _address(value.get("address", attributes.get("address"))),
        tuple(body for body in bodies if len(body.positions)),
        tuple(omitted),
    )


def family(value: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parents and children that an object names."""
    if not isinstance(value, dict):
        return (), ()
    parents, children = (
        tuple(str(ref) for ref in listed) if isinstance(listed := value.get(key), list) else ()
        for key in ("parents", "children")
    )
    return parents, children


def _address(value: object) -> str | None:
    """First address in words; CityJSON 1.0 has one, later ones a list."""
    if isinstance(value, str):
        return value.strip() or None
    found: Any = value[0] if isinstance(value, list) and value else value
    return address_text(found) if isinstance(found, Mapping) else None
