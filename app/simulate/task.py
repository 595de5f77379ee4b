"""Things that the simulation does, each in one go and by one thread."""

from dataclasses import dataclass
from datetime import datetime

from app.simulate.deed import Deed
from app.simulate.followed import Followed
from twin_model.case_file import CaseFile


@dataclass(frozen=True)
class Arrive:
    """A report of a source comes in.

    Parameters
    ----------
    source : str
    number : int
        Counts the reports of the source.
    moment : datetime
        Aware, of the city's clock.
    """

    source: str
    number: int
    moment: datetime


@dataclass(frozen=True)
class Do:
    """Somebody does something with a case, as it stood after one of its events."""

    followed: Followed
    deed: Deed
    case: CaseFile
    seq: int


@dataclass(frozen=True)
class Look:
    """A case is looked at, to see what somebody could do."""

    followed: Followed


@dataclass(frozen=True)
class Decide:
    """The operator goes through the candidates."""


@dataclass(frozen=True)
class TakeUp:
    """Some open cases from before the simulation are taken up."""

    number: int


@dataclass(frozen=True)
class Round:
    """What others did is looked for: cases of people, and parts of split ones."""

    since: datetime


@dataclass(frozen=True)
class Tell:
    """The state is told."""


Task = Arrive | Do | Look | Decide | TakeUp | Round | Tell
Planned = tuple[float, Task]
"""Simulated seconds from now, and what to do then."""
