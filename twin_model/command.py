"""Commands: what an actor asks to be done with a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from twin_model.actor import Actor
from twin_model.photo import PhotoFacts
from twin_model.workflow import Action

AFTER = "after"
"""Phase of photos that show what was done; the check before closing goes by them."""


@dataclass(frozen=True)
class Command:
    """One request; what it leads to is decided by `twin_model.case_decide`.

    Parameters
    ----------
    action : Action
        What is asked for.
    actor : Actor
        Who asks.
    case_no : str
        Case that it is about; ``""`` for a report.
    data : mapping
        Fields of the action, of JSON's types without floats; moments and decimals are text.
    private : mapping of str to str
        Personal data of who reports (name, phone, email, device, account): kept apart, never in an event.
    photos : tuple of (str, PhotoFacts)
        Photos that were taken in with it, by phase: ``before``, ``after`` or ``other``.
    if_last : int or None
        Seq of the case's latest event as the asker knows it; refused where the case has moved on.
    """

    action: Action
    actor: Actor
    case_no: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[tuple[str, PhotoFacts], ...] = ()
    if_last: int | None = None
