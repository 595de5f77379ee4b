"""What an import tells: its outcome, and how far it has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, float], None]
"""Hears a step (``read``, ``check``, ``locate``, ``store``) and the fraction of it that is done."""


def no_progress(step: str, fraction: float) -> None:
    """Hear nothing."""


@dataclass(frozen=True)
class ImportReport:
    """Outcome of one import.

    Parameters
    ----------
    dataset : str
        Name of the data set.
    loaded, rejected, unplaced, repaired : int
        Records in the store, on the reject list, in the store without a place, and mended on the way.
    unchanged : bool
        True where the same file with the same options was there already and nothing was done.
    warnings : tuple of str
        One sentence each.
    reasons : mapping of str to int
        Rejected records by reason.
    fields : mapping of str to str
        Role -> column of the file that was used for it.
    counts : mapping of str to int
        Further counts: height sources, classes made, areas derived, …
    """

    dataset: str
    loaded: int = 0
    rejected: int = 0
    unplaced: int = 0
    repaired: int = 0
    unchanged: bool = False
    warnings: tuple[str, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
