"""What somebody is about to do with a case: who, what and after how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from twin_model.workflow import Action

Photo = Literal["", "before", "after"]


@dataclass(frozen=True)
class Deed:
    """One thing that somebody is about to do.

    Parameters
    ----------
    actor : str
        Code of who does it; ``""`` for nobody, who only looks again.
    action : Action or None
        None to look again.
    after_s : float
        Simulated seconds from now.
    data : mapping
        Fields of the action.
    photo : str
        Photo that it brings: of ``before`` or ``after``, or ``""`` for none.
    is_no : bool
        Whether it refuses what the unit asked for.
    """

    actor: str
    action: Action | None
    after_s: float
    data: Mapping[str, Any] = field(default_factory=dict)
    photo: Photo = ""
    is_no: bool = False
