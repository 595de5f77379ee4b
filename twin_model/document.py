"""Reading members of rule documents: one clear sentence for whatever cannot be used."""

from collections.abc import Mapping
from typing import Any

from twin_model.errors import RuleDocumentError


def member(row: object, name: str, kind: type | tuple[type, ...], where: str, default: Any = None) -> Any:  # noqa: ANN401 - as JSON gives it
    """Member of an object of a document.

    Parameters
    ----------
    row : object
        What stands in the document.
    name : str
        Member.
    kind : type or tuple of type
        JSON types that it may have.
    where : str
        How messages name the object: ``the workflow``, ``thresholds row 3``.
    default : optional
        Value of an absent member; without one it must be there.

    Raises
    ------
    RuleDocumentError
        If the row is no object, or the member is missing or of another type.
    """
    if not isinstance(row, Mapping):
        raise RuleDocumentError(f"{where} is no table of names and values; write it as an object")
    value = row.get(name, default)
    if value is None:
        raise RuleDocumentError(f"{where} has no {name}; add it")
    wrong_bool = isinstance(value, bool) and kind is not bool
    if wrong_bool or not isinstance(value, kind):
        expected = kind.__name__ if isinstance(kind, type) else " or ".join(each.__name__ for each in kind)
        raise RuleDocumentError(f"{where}: {name} is {value!r}, not {expected}")
    return value


def number(row: object, name: str, where: str, bounds: tuple[float, float], default: float | None = None) -> float:
    """Read a number within bounds.

    Raises
    ------
    RuleDocumentError
        If it is missing, no number, or out of bounds.
    """
    value = float(member(row, name, (int, float), where, default))
    low, high = bounds
    if not low <= value <= high:
        raise RuleDocumentError(f"{where}: {name} is {value:g}; give a number from {low:g} to {high:g}")
    return value
