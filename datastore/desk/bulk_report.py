"""What became of the rows of a bulk load."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN = 1000
"""Rejected rows that a report names; all of them are in the store's reject list."""


@dataclass(frozen=True)
class Rejected:
    """One row that was not taken.

    Parameters
    ----------
    row : int
        From 1.
    reason : str
        Stable key: ``unknown_class``, ``future_time`` …
    detail : str
        One sentence.
    """

    row: int
    reason: str
    detail: str


@dataclass(frozen=True)
class BulkReport:
    """Outcome of a bulk load.

    Parameters
    ----------
    rows : int
        That came.
    cases : int
        New cases, duplicates among them.
    duplicates : int
        Of these, cases that repeat another one.
    dispatched : int
        Of these, cases that went to a unit at once.
    unplaced : int
        Of these, cases in no area.
    candidates : int
        Rows that their source is not sure enough of.
    repeated : int
        Rows whose ref had come before: nothing was done.
    rejected : int
        Rows that cannot be used.
    reasons : mapping of str to int
        Rejected rows by reason.
    rejects : tuple of Rejected
        The first `SHOWN` of them.
    ignored : tuple of str
        Columns that are not looked at.
    """

    rows: int
    cases: int = 0
    duplicates: int = 0
    dispatched: int = 0
    unplaced: int = 0
    candidates: int = 0
    repeated: int = 0
    rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[Rejected, ...] = ()
    ignored: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def plus(self, other: "BulkReport") -> "BulkReport":
        """Both together, the other one's rows after this one's."""
        counts = ("rows", "cases", "duplicates", "dispatched", "unplaced", "candidates", "repeated", "rejected")
        moved = tuple(Rejected(each.row + self.rows, each.reason, each.detail) for each in other.rejects)
        reasons = {
            reason: self.reasons.get(reason, 0) + other.reasons.get(reason, 0)
            for reason in dict.fromkeys((*self.reasons, *other.reasons))
        }
        return BulkReport(
            **{name: getattr(self, name) + getattr(other, name) for name in counts},
            reasons=reasons,
            rejects=(*self.rejects, *moved)[:SHOWN],
            ignored=tuple(dict.fromkeys((*self.ignored, *other.ignored))),
        )
