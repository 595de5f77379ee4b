"""What a reader of city models gives: where the coordinates are, and one object after another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from twin_model.city_object import BadObject, CityObject

CityObjects: TypeAlias = Iterator[CityObject | BadObject]


@dataclass(frozen=True)
class CityFile:
    """A city model, opened.

    Parameters
    ----------
    format : str
        For people: ``CityJSON 2.0``.
    crs : str or None
        Reference system as the file writes it.
    objects : callable
        Gives the objects, read one after another; hears how far it is as a fraction. Parts are joined to their whole.
    gml_axes : bool
        True where the order of the axes is the authority's, as GML has it, and must be found out.
    notes : list of str
        Sentences for the report; complete once the objects are read.
    embedded : mapping of str to bytes
        Images that are in the file itself, by the names that its objects use.
    placed_in : str or None
        Reference system of a model's placement: what the user says of it is in the coordinates already.
    """

    format: str
    crs: str | None
    objects: Callable[[Callable[[float], None]], CityObjects]
    gml_axes: bool = False
    notes: list[str] = field(default_factory=list)
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    placed_in: str | None = None
