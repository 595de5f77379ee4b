"""What the automatic check before closing asks for: one document, a part of the ``workflow`` rules."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from twin_model.errors import RuleDocumentError

PER_MILLE = 1000


@dataclass(frozen=True)
class ClosingPolicy:
    """What the check asks for; the defaults are ours and no standard's.

    Parameters
    ----------
    after_photos : int
        How many photos of afterwards there have to be; at least 1.
    reuse_bits : int
        Photos whose hashes differ in at most so many of 64 bits are one photo.
    near_m : int
        How far from the case a photo may have been taken, metres.
    early_s : int
        How much earlier than the dispatch a photo may say that it was taken, seconds; clocks differ.
    review_unknown_place, review_unknown_time : bool
        Whether somebody looks where no photo of afterwards says where, or when, it was taken.
    review_urgent, review_enforcement, review_consultation, review_reopened : bool
        Whether somebody looks at every case of the kind.
    review_reworks : int
        Times that a case was sent back from which on somebody looks at it; at least 1.
    audit_per_mille : int
        Share of the cases that somebody looks at whatever the photos say, in thousandths.
    """

    after_photos: int = 1
    reuse_bits: int = 4
    near_m: int = 200
    early_s: int = 300
    review_unknown_place: bool = True
    review_unknown_time: bool = True
    review_urgent: bool = True
    review_enforcement: bool = True
    review_consultation: bool = True
    review_reopened: bool = True
    review_reworks: int = 2
    audit_per_mille: int = 50


_RANGES = {
    "after_photos": (1, 20),
    "reuse_bits": (0, 16),
    "near_m": (1, 100_000),
    "early_s": (0, 86_400),
    "review_reworks": (1, 1_000),
    "audit_per_mille": (0, PER_MILLE),
}
"""Least and greatest value of each number of a policy."""


def default_document() -> dict[str, Any]:
    """Document of the default policy."""
    return to_document(ClosingPolicy())


def to_document(policy: ClosingPolicy) -> dict[str, Any]:
    """Policy as plain values, one member a field; `from_document` gives an equal policy back."""
    return asdict(policy)


def from_document(doc: object) -> ClosingPolicy:
    """Policy of a document; a member that is left out has its default.

    Parameters
    ----------
    doc : object
        A mapping, as `to_document` gives it: the member ``closing`` of the ``workflow`` rule set.

    Raises
    ------
    RuleDocumentError
        If a member is unknown, or its value is of another type or out of range.
    """
    if not isinstance(doc, Mapping):
        raise RuleDocumentError(f"the closing policy is a {type(doc).__name__}; write a mapping")
    defaults = {field.name: field.default for field in fields(ClosingPolicy)}
    for name, value in doc.items():
        if name not in defaults:
            known = ", ".join(defaults)
            raise RuleDocumentError(f"the closing policy has no member {str(name)[:80]!r}; it has {known}")
        if isinstance(defaults[name], bool):
            if not isinstance(value, bool):
                raise RuleDocumentError(f"{name} of the closing policy is {value!r}; write true or false")
        else:
            _check_number(name, value)
    return ClosingPolicy(**doc)


def _check_number(name: str, value: object) -> None:
    least, most = _RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise RuleDocumentError(f"{name} of the closing policy is {value!r}; write a whole number {least}…{most}")
