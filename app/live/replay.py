"""The last committed events, encoded, for readers who come back."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

SIZE = 20_000
"""Events that are kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed event, encoded once.

    Parameters
    ----------
    seq : int
        Place in the log.
    areas : tuple of str
        Codes of street, community and grid cell that it lies in; ``""`` for none.
    data : bytes
        The message.
    """

    seq: int
    areas: tuple[str, ...]
    data: bytes

    def is_in(self, area: str) -> bool:
        """Whether it lies in an area; everything lies in the whole district, ``""``."""
        return not area or area in self.areas


class Replay:
    """Ring of the last committed events, in the order of the log.

    Parameters
    ----------
    head : int
        Place of the last event before the first that will be added.
    size : int
        Events that are kept.
    """

    def __init__(self, head: int, size: int = SIZE) -> None:
        self.head = head
        self._floor = head
        self._size = size
        self._entries: list[Entry] = []

    def add(self, entry: Entry) -> bool:
        """Add the next event; gives False, and keeps nothing, where its place is not past the last one."""
        if entry.seq <= self.head:
            return False
        self._entries.append(entry)
        self.head = entry.seq
        if len(self._entries) >= self._size + self._size // 4 + 1:  # cut seldom: a cut moves all that is kept
            cut = len(self._entries) - self._size
            self._floor = self._entries[cut - 1].seq
            del self._entries[:cut]
        return True

    def skip_to(self, head: int) -> None:
        """Forget what is kept: the log went on to a place without telling each event; earlier places are a gap."""
        self._entries.clear()
        self.head = self._floor = max(head, self.head)

    def reaches(self, seq: int) -> bool:
        """Whether all that came after a place in the log is still here, and the place is none of the future."""
        return self._floor <= seq <= self.head

    def since(self, seq: int, limit: int = SIZE, until: int | None = None) -> Sequence[Entry] | None:
        """Events after a place in the log, the oldest first.

        Parameters
        ----------
        seq : int
            Place of the last event that the reader has.
        limit : int
            Most events to give.
        until : int, optional
            Place of the last event to give.

        Returns
        -------
        sequence of Entry or None
            None where it cannot be told: a gap.
        """
        if not self.reaches(seq):
            return None
        first = bisect_right(self._entries, seq, key=lambda entry: entry.seq)
        found = self._entries[first : first + limit]
        return found if until is None else [entry for entry in found if entry.seq <= until]
