"""A case as the writer holds it: its file, its keys in the store, and its place in the log."""

from dataclasses import dataclass
from datetime import datetime

from twin_model.case_file import CaseFile
from twin_model.photo import PhotoFacts

NEW = -1
"""Key, id or seq of what is not in the store yet."""


@dataclass(frozen=True)
class CasePhoto:
    """One photo of a case.

    Parameters
    ----------
    phase : str
        ``before``, ``after`` or ``other``.
    moment : datetime
        Aware, UTC: when it was handed in.
    facts : PhotoFacts
    """

    phase: str
    moment: datetime
    facts: PhotoFacts


@dataclass(frozen=True)
class CaseRecord:
    """One case.

    Parameters
    ----------
    file : CaseFile
        Its state.
    case_id : int
        Row of ``cases``.
    key : int
        Seq of its first leaf.
    last_seq : int
        Seq of its latest leaf.
    last_leaf : bytes
        Hash of that leaf.
    photos : tuple of CasePhoto
        Its photos in the order in which they came.
    """

    file: CaseFile
    case_id: int
    key: int
    last_seq: int
    last_leaf: bytes
    photos: tuple[CasePhoto, ...] = ()
