"""Reading entries of the log back: from the bytes that were hashed to the event that they tell."""

from collections.abc import Mapping
from typing import Any

from twin_model.canonical_json import parse_canonical
from twin_model.case_event import CaseEvent
from twin_model.case_file import moment_of
from twin_model.errors import LogError
from twin_model.workflow import Action

_TOLD_MOMENTS = ("reported_at", "filed_at", "dispatched_at", "handled_at", "closed_at")


def event_of(entry: bytes) -> CaseEvent:
    """Event that an entry tells.

    Parameters
    ----------
    entry : bytes
        Canonical JSON, as `twin_model.case_chain` writes it.

    Raises
    ------
    LogError
        If it is no entry.
    """
    told = parse_canonical(entry)
    if not isinstance(told, Mapping) or told.get("kind") not in tuple(Action):
        raise LogError("an entry of the log is of no kind that this release knows; upgrade citydeck")
    kind = Action(told["kind"])
    try:
        if kind is Action.IMPORT:
            return CaseEvent(kind, told["case"], "import", max(_moments(told)), told)
        return CaseEvent(kind, told["case"], told["actor"], moment_of(told["at"]), told["data"], told.get("rule", ""))
    except (KeyError, TypeError, ValueError) as error:
        raise LogError(f"an entry of the log is no whole {kind}: {error}; restore the store from a backup") from error


def previous_leaf(entry: bytes) -> bytes:
    """Hash of the leaf of the case's previous event, which an entry names; ``b""`` for a first one.

    Raises
    ------
    LogError
        If it is no entry.
    """
    told = parse_canonical(entry)
    if not isinstance(told, Mapping):
        raise LogError("an entry of the log is no object")
    return bytes.fromhex(told.get("prev", ""))


def _moments(told: Mapping[str, Any]) -> list[Any]:
    return [moment_of(told[name]) for name in _TOLD_MOMENTS if told.get(name)]
