"""What verification finds wrong, and its report."""

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Kinds of faults; the values are stable keys."""

    MISSING = "missing"
    REPEATED = "repeated"
    CUT = "cut"
    ENTRY = "entry"
    CHAIN = "chain"
    COLUMN = "column"
    TILE = "tile"
    HEAD = "head"
    SIGNATURE = "signature"
    FORK = "fork"
    REWRITTEN = "rewritten"
    TABLE = "table"


@dataclass(frozen=True)
class Finding:
    """One fault.

    Parameters
    ----------
    fault : Fault
    text : str
        One sentence: what, where, and what shows it.
    first, last : int or None
        Seq of the first and last entry that it may be in; equal where the entry is known, None where it is in none.
    case_no : str
        Case of the entry; ``""`` where it is not known.
    """

    fault: Fault
    text: str
    first: int | None = None
    last: int | None = None
    case_no: str = ""


@dataclass(frozen=True)
class Report:
    """Outcome of a verification.

    Parameters
    ----------
    size : int
        Entries in the store.
    root : bytes
        Root hash of them, ``b""`` where they could not all be read.
    heads : int
        Signed heads that were checked.
    signed : int
        Entries that a sound signature covers.
    witnessed : int
        Entries that a sound signature from outside the store covers.
    findings : tuple of Finding
        Faults, the first entry first; at most `MOST_FINDINGS`.
    """

    size: int
    root: bytes
    heads: int
    signed: int
    witnessed: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The fault in the earliest entry."""
        return self.findings[0] if self.findings else None


MOST_FINDINGS = 100
"""Faults that a report names; further ones add nothing."""


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Faults in the order of their entries, those known best first; those of no entry at the end."""
    endless = 1 << 62

    def place(finding: Finding) -> tuple[int, int]:
        first = endless if finding.first is None else finding.first
        return first, (endless if finding.last is None else finding.last) - first

    return tuple(sorted(findings, key=place)[:MOST_FINDINGS])
