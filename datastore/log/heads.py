"""Signed heads of the log, from the store and from outside, and what they prove of the entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from datastore.log.finding import MOST_FINDINGS, Fault, Finding
from twin_model.checkpoint import CheckpointError, VerifierKey, parse_checkpoint, verify_checkpoint


@dataclass(frozen=True)
class Head:
    """One signed head that can be relied on.

    Parameters
    ----------
    size : int
    root : bytes
    moment : datetime or None
        UTC, without its zone, as the store keeps it; None for a head from outside.
    """

    size: int
    root: bytes
    moment: datetime | None

    @property
    def name(self) -> str:
        """In a sentence."""
        if self.moment is None:
            return f"the head of size {self.size} of the checkpoint file"
        return f"the head of size {self.size}, signed {self.moment.isoformat(sep=' ', timespec='seconds')} UTC"


def stored_heads(con: duckdb.DuckDBPyConnection, key: VerifierKey | None) -> tuple[list[Head], list[Finding]]:
    """Heads of the store, and what is wrong with those that cannot be relied on.

    Parameters
    ----------
    con : DuckDBPyConnection
    key : VerifierKey or None
        None takes them as they are.
    """
    heads, faults = [], []
    rows = con.execute("SELECT size, root, moment, note FROM log_checkpoint ORDER BY size, moment").fetchall()
    for size, root, moment, note in rows:
        try:
            signed = verify_checkpoint(note, key) if key else parse_checkpoint(note)[0]
        except CheckpointError as error:
            faults.append(Finding(Fault.SIGNATURE, f"row {size} of the signed heads: {error}"))
            continue
        if (signed.size, signed.root) != (size, bytes(root)):
            faults.append(Finding(Fault.HEAD, f"row {size} of the signed heads: its columns are not those of its note"))
        heads.append(Head(signed.size, signed.root, moment))
    return heads, _shortened(faults)


def outside_heads(notes: Iterable[str], key: VerifierKey | None) -> tuple[list[Head], list[Finding]]:
    """Heads that somebody else kept, and what is wrong with those that cannot be relied on."""
    heads, faults = [], []
    for note in notes:
        try:
            signed = verify_checkpoint(note, key) if key else parse_checkpoint(note)[0]
        except CheckpointError as error:
            faults.append(Finding(Fault.SIGNATURE, f"in the checkpoint file: {error}"))
            continue
        heads.append(Head(signed.size, signed.root, None))
    return heads, _shortened(faults)


def missing_heads(stored: Sequence[Head], outside: Sequence[Head]) -> list[Finding]:
    """Heads that somebody else kept and the store does not hold any more."""
    kept = {(head.size, head.root) for head in stored}
    sizes = {head.size for head in stored}
    lost = sorted({head.size for head in outside if (head.size, head.root) not in kept and head.size not in sizes})
    if not lost:
        return []
    more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
    return [Finding(Fault.HEAD, f"the signed head of size {lost[0]}{more} is in the checkpoint file, not in the store")]


@dataclass(frozen=True)
class Verdict:
    """What the heads say of the entries.

    Parameters
    ----------
    good : int
        Entries below this are as they were signed.
    bad : Head or None
        Smallest head that the entries do not lead to.
    forks : tuple of Finding
        Heads that contradict one another: the key has signed two histories.
    """

    good: int
    bad: Head | None
    forks: tuple[Finding, ...]


def judge(heads: Sequence[Head], roots: Mapping[int, bytes]) -> Verdict:
    """Hold signed heads against the roots of the entries.

    Parameters
    ----------
    heads : sequence of Head
        All that can be relied on.
    roots : mapping of int to bytes
        Root of the entries at each size that could be reached.
    """
    reached = [head for head in heads if head.size in roots]
    good = max((head.size for head in reached if roots[head.size] == head.root), default=0)
    wrong = sorted((head for head in reached if roots[head.size] != head.root), key=lambda head: head.size)
    by_size: dict[int, set[bytes]] = {}
    for head in heads:
        by_size.setdefault(head.size, set()).add(head.root)
    split = {size for size, known in by_size.items() if len(known) > 1}
    forks = [
        Finding(Fault.FORK, f"the log was forked: two different heads of size {size} are signed with its key")
        for size in sorted(split)
    ]
    forks += [
        Finding(Fault.FORK, f"the log was forked: {head.name}, is of another history than the later one of size {good}")
        for head in wrong
        if head.size < good and head.size not in split
    ]
    after = [head for head in wrong if head.size > good]
    return Verdict(good, after[0] if after else None, tuple(_shortened(forks)))


def _shortened(faults: list[Finding]) -> list[Finding]:
    return faults[:MOST_FINDINGS]
