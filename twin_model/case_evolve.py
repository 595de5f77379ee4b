"""From events to the state of a case: the one place that says what an event means.

The tables are written from what this gives, and replaying a log through it gives the tables again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from twin_model.case import CaseStage
from twin_model.case_event import CaseEvent
from twin_model.case_file import CaseFile, moment_of
from twin_model.errors import LogError
from twin_model.workflow import Action, Hold, move

_PLACE = ("street", "community", "grid", "building", "building_m", "component", "address", "description", "condition")
_IMPORTED_MOMENTS = ("filed_at", "dispatched_at", "handled_at", "closed_at", "deadline_at")


def evolve(file: CaseFile | None, event: CaseEvent) -> CaseFile | None:
    """State of a case after one more event; None after it was withdrawn.

    Parameters
    ----------
    file : CaseFile or None
        State before; None for the case's first event.
    event : CaseEvent
        Accepted already: the table of moves allows it.

    Raises
    ------
    LogError
        If the event cannot follow that state.
    """
    if event.kind is Action.WITHDRAW:
        return None
    if file is None:
        if event.kind not in _FIRST:
            raise LogError(f"case {event.case_no} begins with {event.kind}, not with a report")
        return _FIRST[event.kind](event)
    row = move(event.kind, file.stage)
    if row is None:
        raise LogError(f"case {event.case_no} cannot {event.kind} while it is {file.stage.name.lower()}")
    after = _CHANGES.get(event.kind, _nothing)(file, event)
    more = len(event.data.get("photos", ()))
    changes: dict[str, Any] = {"last_at": event.moment, "photos": file.photos + more}
    if row.end is not None:
        changes["stage"] = row.end
    if (
        file.suggestion is not None
        and after.suggestion is file.suggestion
        and (row.end is not None or file.suggestion.get("action") == event.kind)
    ):
        changes["suggestion"] = None
    return replace(after, **changes)


def replay(events: Iterable[CaseEvent]) -> dict[str, CaseFile]:
    """States of all cases after events in the order of the log, by number.

    Raises
    ------
    LogError
        If an event cannot follow those before it.
    """
    files: dict[str, CaseFile] = {}
    for event in events:
        after = evolve(files.get(event.case_no), event)
        if after is None:
            files.pop(event.case_no, None)
        else:
            files[event.case_no] = after
    return files


# ---- first events ----


def _reported(event: CaseEvent) -> CaseFile:
    data = event.data
    return CaseFile(
        case_no=event.case_no,
        source=data["source"],
        class_code=data["class"],
        stage=CaseStage.REPORTED,
        reported_at=event.moment,
        last_at=event.moment,
        ref=data.get("ref", ""),
        lon=_decimal(data, "lon"),
        lat=_decimal(data, "lat"),
        parent=data.get("parent", ""),
        reporter=data.get("reporter", ""),
        photos=len(data.get("photos", ())),
        **_texts(data, _PLACE),
    )


def _imported(event: CaseEvent) -> CaseFile:
    data = event.data
    reported = moment_of(data["reported_at"])
    moments: dict[str, Any] = {name: moment_of(data[name]) for name in _IMPORTED_MOMENTS if data.get(name)}
    return CaseFile(
        case_no=event.case_no,
        source=data["source"],
        class_code=data["class"],
        stage=CaseStage(data["stage"]),
        reported_at=reported,
        last_at=event.moment,
        ref=data.get("ref") or "",
        lon=_decimal(data, "lon"),
        lat=_decimal(data, "lat"),
        component=data.get("component") or "",
        unit=data.get("unit") or "",
        parent=data.get("parent") or "",
        **moments,
    )


_FIRST: Mapping[Action, Callable[[CaseEvent], CaseFile]] = {Action.REPORT: _reported, Action.IMPORT: _imported}


# ---- later events ----


def _nothing(file: CaseFile, _event: CaseEvent) -> CaseFile:
    return file


def _confirmed(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, confirmed_at=event.moment)


def _filed(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(
        file, filed_at=event.moment, clock_from=event.moment, level_rule=event.rule, pauses=(), **_level(event.data)
    )


def _dispatched(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(
        file,
        dispatched_at=event.moment,
        round_at=event.moment,
        unit=event.data["unit"],
        assist=tuple(event.data.get("assist", ())),
        unit_rule=event.rule,
        accepted_at=None,
        asked="",
    )


def _started(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, accepted_at=file.accepted_at or event.moment)


def _returned(file: CaseFile, _event: CaseEvent) -> CaseFile:
    return replace(file, unit="", assist=(), unit_rule="", accepted_at=None, asked="", returns=file.returns + 1)


def _fed_back(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, handled_at=event.moment, accepted_at=file.accepted_at or event.moment, asked="", checker="")


def _in_check(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, checking_at=event.moment, checker=event.data.get("verdict", ""))


def _closed(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, closed_at=event.moment, checker=event.data.get("verdict", file.checker))


def _reworked(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, reworks=file.reworks + 1, handled_at=None, checking_at=None, round_at=event.moment)


def _evaluated(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, score=event.data["score"], evaluated_at=event.moment)


def _asked(file: CaseFile, _event: CaseEvent) -> CaseFile:
    return replace(file, asked="extend")


def _denied(file: CaseFile, _event: CaseEvent) -> CaseFile:
    return replace(file, asked="")


def _extended(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, extensions=file.extensions + 1, asked="", **_level(event.data))


def _held(hold: Hold) -> Callable[[CaseFile, CaseEvent], CaseFile]:
    more = int(hold is Hold.CONSULTATION)
    return lambda file, event: replace(file, hold=hold, held_at=event.moment, consultations=file.consultations + more)


def _resumed(file: CaseFile, event: CaseEvent) -> CaseFile:
    start = file.held_at or event.moment
    return replace(
        file, hold=Hold.NONE, held_at=None, pauses=(*file.pauses, (start, event.moment)), **_level(event.data)
    )


def _reopened(file: CaseFile, event: CaseEvent) -> CaseFile:
    # A part of a split case stays one; a duplicate that is looked at again is none.
    parent = "" if file.stage is CaseStage.DUPLICATE else file.parent
    fresh = replace(
        file, closed_at=None, handled_at=None, checking_at=None, parent=parent, unit="", assist=(), unit_rule="",
        accepted_at=None, score="", evaluated_at=None, checker="", hold=Hold.NONE, held_at=None,
        reopenings=file.reopenings + 1, parts=0, open_parts=0,
    )  # fmt: skip
    if file.stage is not CaseStage.CLOSED:
        return fresh
    return replace(fresh, pauses=(), clock_from=event.moment, level_rule=event.rule, **_level(event.data))


def _ended(file: CaseFile, _event: CaseEvent) -> CaseFile:
    return replace(file, hold=Hold.NONE, held_at=None, asked="")


def _linked(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(_ended(file, event), parent=event.data["parent"])


def _split(file: CaseFile, event: CaseEvent) -> CaseFile:
    parts = len(event.data["parts"])
    with_unit = file.stage is CaseStage.DISPATCHED
    return replace(
        file,
        parts=parts,
        open_parts=parts,
        unit=event.data.get("unit", file.unit),
        dispatched_at=(file.dispatched_at if with_unit else None) or event.moment,
        round_at=(file.round_at if with_unit else None) or event.moment,
        accepted_at=file.accepted_at or event.moment,
        asked="",
    )


def _suggested(file: CaseFile, event: CaseEvent) -> CaseFile:
    return replace(file, suggestion={**event.data, "rule": event.rule})


def _counted(file: CaseFile, event: CaseEvent) -> CaseFile:
    data = event.data
    return replace(
        file, duplicates=data.get("duplicates", file.duplicates), open_parts=data.get("open_parts", file.open_parts)
    )


def _corrected(file: CaseFile, event: CaseEvent) -> CaseFile:
    data = event.data
    moved: dict[str, Any] = {"lon": _decimal(data, "lon"), "lat": _decimal(data, "lat")} if "lon" in data else {}
    rule = event.rule if "deadline" in data else file.level_rule
    # What was suggested for what the case seemed to be is suggested anew.
    return replace(
        file, class_code=data.get("class", file.class_code), level_rule=rule, suggestion=None, **moved,
        **_texts(data, _PLACE), **_level(data),
    )  # fmt: skip


def _erased(file: CaseFile, _event: CaseEvent) -> CaseFile:
    return replace(file, reporter="")


_CHANGES: Mapping[Action, Callable[[CaseFile, CaseEvent], CaseFile]] = {
    Action.CONFIRM: _confirmed,
    Action.FILE: _filed,
    Action.REFUSE: _ended,
    Action.DISPATCH: _dispatched,
    Action.ACCEPT: _started,
    Action.START: _started,
    Action.RETURN: _returned,
    Action.FEEDBACK: _fed_back,
    Action.CHECK: _in_check,
    Action.CLOSE: _closed,
    Action.REWORK: _reworked,
    Action.EVALUATE: _evaluated,
    Action.ASK_EXTENSION: _asked,
    Action.EXTEND: _extended,
    Action.DENY: _denied,
    Action.SUSPEND: _held(Hold.SUSPENDED),
    Action.CONSULT: _held(Hold.CONSULTATION),
    Action.RESUME: _resumed,
    Action.REOPEN: _reopened,
    Action.VOID: _ended,
    Action.DUPLICATE: _linked,
    Action.SPLIT: _split,
    Action.SUGGEST: _suggested,
    Action.COUNT: _counted,
    Action.CORRECT: _corrected,
    Action.ERASE: _erased,
}


def _level(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a time limit brings: the deadline, the limit as written, whether it is an emergency."""
    found: dict[str, Any] = {}
    if "deadline" in data:
        found["deadline_at"] = _moment(data["deadline"])
    if "limit" in data:
        found["limit"] = data["limit"]
    if "urgent" in data:
        found["urgent"] = data["urgent"]
    return found


def _moment(text: str | None) -> datetime | None:
    return moment_of(text) if text else None


def _decimal(data: Mapping[str, Any], name: str) -> float | None:
    text = data.get(name)
    return None if text in (None, "") else float(text)


def _texts(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
