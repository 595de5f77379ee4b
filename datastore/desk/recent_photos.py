"""Photos of cases that came lately, to find one that was handed in for another case before."""

from collections import deque
from collections.abc import Iterable

import numpy as np

from twin_model.photo import PhotoFacts, reuse

KEPT = 4_096
"""Photos that are compared with."""


class RecentPhotos:
    """Perceptual hashes of the latest photos.

    Parameters
    ----------
    known : iterable of (str, int)
        Case number and hash, the oldest first.
    """

    def __init__(self, known: Iterable[tuple[str, int]] = ()) -> None:
        self._known: deque[tuple[str, int]] = deque(known, maxlen=KEPT)

    def add(self, case_no: str, dhash: int) -> None:
        """Take a photo in; the oldest one goes."""
        self._known.append((case_no, dhash))

    def nearest(self, facts: PhotoFacts, case_no: str) -> int | None:
        """Bits in which a photo differs from the most similar one of another case; None where there is none."""
        others = [dhash for owner, dhash in self._known if owner != case_no]
        found = reuse(facts.dhash, np.array(others, np.uint64)) if others else None
        return None if found is None else found.bits
