"""The clerk: takes a command, asks the rules, and drafts the events that follow, in memory only."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from datastore.desk.job import Draft, NewReporter, Notice
from datastore.desk.numbers import CaseNumbers
from datastore.desk.places import NO_COMPONENT, ComponentAt, Places
from datastore.desk.receipt import Receipt
from datastore.desk.recent_photos import RecentPhotos
from datastore.desk.record import CaseRecord
from datastore.desk.reference import Reference
from datastore.desk.shelf import Shelf
from twin_model.actor import SYSTEM, Actor
from twin_model.canonical_json import canonical_json, parse_canonical
from twin_model.case import CaseStage
from twin_model.case_decide import check_current, decide
from twin_model.case_file import CaseFile, moment_text
from twin_model.case_follow import follow
from twin_model.closing_check import ClosingPhoto
from twin_model.command import Command
from twin_model.duplicate import ReportedCase
from twin_model.duplicate_index import DuplicateIndex
from twin_model.errors import FieldError
from twin_model.photo import PhotoFacts
from twin_model.rule_book import RuleBook
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action

MAX_FOLLOWED = 12
"""Automatic steps after one command; the loop has seven."""
AFTER = "after"
_FOUND = frozenset({"street", "community", "grid", "building", "building_m", "confidence"})
"""What of a candidate's report is found anew, or counts no more."""
_ENDS = (CaseStage.CLOSED, CaseStage.VOID, CaseStage.DUPLICATE)


@dataclass
class Clerk:
    """What drafting needs to know; one writer thread uses it.

    Parameters
    ----------
    reference : Reference
    places : Places
    book : RuleBook
    shelf : Shelf
    numbers : CaseNumbers
    repeats : DuplicateIndex
        Cases that a report may repeat.
    recent_photos : RecentPhotos
        Photos of other cases that one may have been copied from.
    salt : function
        Gives fresh random bytes.
    """

    reference: Reference
    places: Places
    book: RuleBook
    shelf: Shelf
    numbers: CaseNumbers
    repeats: DuplicateIndex
    recent_photos: RecentPhotos
    salt: Callable[[], bytes]

    def look_up(self, cur: duckdb.DuckDBPyConnection, group: Draft, commands: Iterable[Command]) -> None:
        """Tell a group which of its reports have come before: one question for all of them."""
        refs = {str(each.data["ref"]) for each in commands if each.action is Action.REPORT and each.data.get("ref")}
        if refs:
            rows = cur.execute(
                "SELECT source_id, source_ref, token FROM intake_ref WHERE source_ref IN (SELECT unnest(?::VARCHAR[]))",
                [sorted(refs)],
            ).fetchall()
            group.known_refs |= {(source_id, ref): token for source_id, ref, token in rows}

    def draft(
        self, cur: duckdb.DuckDBPyConnection, group: Draft, command: Command, now: datetime
    ) -> tuple[Draft, Receipt]:
        """Draft all that a command leads to.

        Parameters
        ----------
        cur : DuckDBPyConnection
            Reading cursor.
        group : Draft
            What was accepted before it and is not written yet.
        command : Command
        now : datetime
            Aware, UTC.

        Raises
        ------
        RefusedError
            If it is refused; nothing has changed.
        UnknownCaseError
            If no case has the number.
        """
        work = Work(self, cur, group, now)
        return work.job, work.do(command)


class Work:
    """One command in hand."""

    def __init__(self, clerk: Clerk, cur: duckdb.DuckDBPyConnection, group: Draft, now: datetime) -> None:
        self.clerk = clerk
        self.cur = cur
        self.group = group
        self.now = now
        self.job = Draft()

    def do(self, command: Command) -> Receipt:
        """Draft the command and what follows from it."""
        if command.action is Action.REPORT:
            return self._report(command)
        if command.action in (Action.PROMOTE, Action.DISMISS):
            return self._candidate(command)
        record = self._record(command.case_no)
        check_current(command, record.last_seq)
        record = self._apply(record, command)
        return self._receipt(record, command)

    def _receipt(self, record: CaseRecord, command: Command) -> Receipt:
        return Receipt(record.file.case_no, record.last_seq, command.action.value, file=record.file)

    def _record(self, case_no: str) -> CaseRecord:
        for draft in (self.job, self.group):
            if case_no in draft.records:
                return draft.records[case_no]
        return self.clerk.shelf.get(self.cur, self.clerk.reference, case_no)

    # ---- reports and candidates ----

    def _report(self, command: Command) -> Receipt:
        clerk = self.clerk
        source = command.actor.source_code or str(command.data.get("source", ""))
        class_code = command.data.get("class", "")
        if source not in clerk.reference.sources:
            raise FieldError(f"there is no source {source!r}; add it or use a known one", "", command.action)
        if class_code not in clerk.reference.classes:
            raise FieldError(f"there is no class {class_code!r}; use a code of the class table", "", command.action)
        data = {**command.data, "source": source}
        ref = data.get("ref", "")
        if not isinstance(ref, str) or len(ref) > 200:  # noqa: PLR2004 - ids are short
            raise FieldError("ref is no text of at most 200 characters", "", command.action)
        earlier = self._token(source, ref) if ref else None
        if earlier is not None:
            return self._repeated(earlier, command)
        if "confidence" in data:
            data["confidence"] = repr(_confidence(data["confidence"], command))
            if float(data["confidence"]) < clerk.book.intake.threshold(source, class_code):
                return self._wait(replace(command, data=data), source, ref)
        record = self._open_case(replace(command, data=data))
        if ref:
            self.job.refs[clerk.reference.sources[source], ref] = record.file.case_no
        return self._receipt(record, command)

    def _token(self, source: str, ref: str) -> str | None:
        key = (self.clerk.reference.sources[source], ref)
        return self.group.refs.get(key) or self.group.known_refs.get(key)

    def _repeated(self, token: str, command: Command) -> Receipt:
        waiting = self.group.candidates.get(token) or self._stored_candidate(token)
        if waiting is not None and waiting["state"] != "promoted":
            return Receipt(token, -1, command.action.value, repeated=True, candidate=True)
        record = self._record(token if waiting is None else waiting["case_no"])
        return replace(self._receipt(record, command), repeated=True)

    def _open_case(self, command: Command, *, part_of: str = "") -> CaseRecord:
        """Take a report in as a new case, with all that follows by itself."""
        clerk = self.clerk
        data = dict(command.data)
        no = clerk.numbers.take(self.cur, self.now.astimezone(clerk.reference.zone).date())
        if command.private:
            data["reporter"] = self._keep_reporter(no, command.private)
        if part_of:
            data |= {"parent": part_of, "part": True}
        else:
            data.pop("parent", None)
        made = replace(command, case_no=no, data=_with_photos(data, command.photos))
        around = self._around_report(data)
        event = decide(clerk.book, None, made, self.now, around)
        record = self.job.add(None, event, command.actor.role, command.photos)
        return record if part_of else self._follow(record)

    def _keep_reporter(self, case_no: str, private: Mapping[str, str]) -> str:
        body, salt = canonical_json(dict(private)), self.clerk.salt()
        self.job.reporters.append(NewReporter(case_no, salt, body.decode(), self.now))
        return hashlib.sha256(salt + body).hexdigest()

    def _wait(self, command: Command, source: str, ref: str) -> Receipt:
        """Keep a report that its source is not sure of as a candidate."""
        clerk, data = self.clerk, command.data
        trial = decide(clerk.book, None, replace(command, case_no="trial"), self.now, Surroundings())
        no = "K" + clerk.numbers.take(self.cur, self.now.astimezone(clerk.reference.zone).date())
        kept = {name: value for name, value in trial.data.items() if name not in ("photos", "reporter")}
        self.job.candidates[no] = {
            "candidate_no": no,
            "source_id": clerk.reference.sources[source],
            "source_ref": ref or None,
            "class_id": clerk.reference.classes[data["class"]],
            "confidence": float(data["confidence"]),
            "lon": float(kept["lon"]) if "lon" in kept else None,
            "lat": float(kept["lat"]) if "lat" in kept else None,
            "moment": self.now,
            "body": canonical_json(kept).decode(),
            "state": "new",
            "case_no": None,
        }
        if ref:
            self.job.refs[clerk.reference.sources[source], ref] = no
        self.job.notices.append(Notice(Action.CANDIDATE, command.actor.code, self.now, {"candidate": no, **kept}))
        return Receipt(no, -1, command.action.value, candidate=True)

    def _stored_candidate(self, no: str) -> dict[str, Any] | None:
        found = self.cur.execute("SELECT * FROM candidate WHERE candidate_no = ?", [no])
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
        return dict(zip(names, rows[0], strict=True)) if rows else None

    def _candidate(self, command: Command) -> Receipt:
        """Make a case of a candidate, or put it aside."""
        waiting = self.group.candidates.get(command.case_no) or self._stored_candidate(command.case_no)
        ready = candidate_state(waiting, command)
        taken = command.action is Action.PROMOTE
        made = None
        if taken:
            data = {**ready["report"], "candidate": command.case_no}
            made = self._open_case(Command(Action.REPORT, command.actor, data=data))
        no = made.file.case_no if made else None
        state = {**ready["row"], "state": "promoted" if taken else "dismissed", "case_no": no}
        self.job.candidates[command.case_no] = state
        told = {"candidate": command.case_no, **({"case": no} if no else {})}
        self.job.notices.append(Notice(command.action, command.actor.code, self.now, told))
        return (
            self._receipt(made, command) if made else Receipt(command.case_no, -1, command.action.value, candidate=True)
        )

    # ---- one event and what follows ----

    def _apply(self, record: CaseRecord, command: Command) -> CaseRecord:
        """Draft one event of a case, its effects on other cases, and the automatic steps after it."""
        record = self._event(record, command)
        self._effects(record, command)
        return self._follow(self._record(record.file.case_no))

    def _event(self, record: CaseRecord, command: Command) -> CaseRecord:
        around = self._around(record.file, record)
        made = replace(command, data=_with_photos(command.data, command.photos))
        if command.action is Action.CORRECT and "lon" in command.data:
            around = self._around_report({**command.data, "class": record.file.class_code})
        if command.action is Action.DUPLICATE:
            self._need_original(command)
        event = decide(self.clerk.book, record.file, made, self._moment(record), around)
        if command.action is Action.ERASE:
            self.job.erased.append(record.file.case_no)
        return self.job.add(record, event, command.actor.role, command.photos)

    def _moment(self, record: CaseRecord) -> datetime:
        """Now, or the case's latest event where the clock went back."""
        return max(self.now, record.file.last_at)

    def _need_original(self, command: Command) -> None:
        parent = self._record(str(command.data.get("parent", ""))).file
        if parent.stage in (CaseStage.DUPLICATE, CaseStage.VOID):
            raise FieldError(
                f"case {parent.case_no} is {parent.stage.name.lower()} and cannot be an original; "
                f"link to {parent.parent or 'an open case'}",
                command.case_no,
                command.action,
            )

    def _follow(self, record: CaseRecord) -> CaseRecord:
        for _ in range(MAX_FOLLOWED):
            command = follow(self.clerk.book, record.file, self._moment(record), self._around(record.file, record))
            if command is None:
                break
            record = self._event(record, command)
            self._effects(record, command)
            record = self._record(record.file.case_no)
        return record

    def _effects(self, record: CaseRecord, command: Command) -> None:
        """Draft what an event of one case means for others."""
        file, before = record.file, self.job.entries[-1].before
        if command.action is Action.SPLIT:
            for part in self.job.entries[-1].event.data["parts"]:
                self._open_part(file, part, command.actor)
        if command.action is Action.DUPLICATE:
            self._count(file.parent, "duplicates", 1)
        if command.action is Action.REOPEN and before is not None and before.stage is CaseStage.DUPLICATE:
            self._count(before.parent, "duplicates", -1)
        if file.parent and before is not None and before.parent == file.parent:
            closed, was = file.stage in _ENDS, before.stage in _ENDS
            if closed != was:
                self._count(file.parent, "open_parts", -1 if closed else 1)

    def _open_part(self, whole: CaseFile, part: Mapping[str, Any], actor: Actor) -> None:
        data = {
            "source": whole.source,
            "class": part.get("class", whole.class_code),
            "address": whole.address,
            "description": part.get("description", whole.description),
            "component": whole.component,
        }
        if whole.is_placed:
            data |= {"lon": repr(whole.lon), "lat": repr(whole.lat)}
        kept = {name: value for name, value in data.items() if value}
        record = self._open_case(Command(Action.REPORT, SYSTEM, data=kept), part_of=whole.case_no)
        record = self._event(record, Command(Action.FILE, SYSTEM, record.file.case_no))
        self._event(record, replace(Command(Action.DISPATCH, actor, record.file.case_no), data={"unit": part["unit"]}))

    def _count(self, case_no: str, what: str, change: int) -> None:
        """Count on the original of a duplicate, or on the whole that a part belongs to; the last part feeds it back."""
        record = self._record(case_no)
        if what == "open_parts" and not record.file.parts:
            return
        now = max(getattr(record.file, what) + change, 0)
        record = self._event(record, Command(Action.COUNT, SYSTEM, case_no, {what: now}))
        if what == "open_parts" and now == 0 and record.file.stage is CaseStage.HANDLING:
            result = {"result": "every part has ended"}
            self._apply(record, Command(Action.FEEDBACK, SYSTEM, case_no, result))

    # ---- what is around a case ----

    def _around_report(self, data: Mapping[str, Any]) -> Surroundings:
        lon, lat = _degrees(data.get("lon")), _degrees(data.get("lat"))
        place = self.clerk.places.find(lon, lat)
        component = self._component(str(data.get("class", "")), str(data.get("component", "") or ""), lon, lat)
        return self._surroundings(str(data.get("class", "")), component, place.street, vars(place))

    def _component(self, class_code: str, code: str, lon: float | None, lat: float | None) -> ComponentAt:
        if self.clerk.reference.kinds.get(class_code) != "component":
            return NO_COMPONENT
        places = self.clerk.places
        return places.component_of(class_code, code) if code else places.component(class_code, lon, lat)

    def _around(self, file: CaseFile, record: CaseRecord) -> Surroundings:
        component = self._component(file.class_code, file.component, None, None) if file.component else NO_COMPONENT
        names = ("street", "community", "grid", "building", "building_m")
        around = self._surroundings(
            file.class_code, component, file.street, {name: getattr(file, name) for name in names}
        )
        before, after = self._closing_photos(record) if record.photos else ((), ())
        original = original_rule = ""
        if file.stage is CaseStage.REPORTED and not file.parent:
            match = self.clerk.repeats.find(self.clerk.book.duplicates, reported_case(file))
            original, original_rule = (match.case_no, match.rule_id) if match else ("", "")
        return replace(around, original=original, original_rule=original_rule, before=before, after=after)

    def _surroundings(
        self, class_code: str, component: ComponentAt, street: str, place: Mapping[str, Any]
    ) -> Surroundings:
        reference = self.clerk.reference
        return Surroundings(
            kind=reference.kinds.get(class_code, "other"),
            component=component.code,
            owner=component.owner,
            maintainer=component.maintainer,
            territory=reference.territory(street),
            units=reference.units.keys(),
            **place,
        )

    def _closing_photos(self, record: CaseRecord) -> tuple[tuple[ClosingPhoto, ...], tuple[ClosingPhoto, ...]]:
        round_at = record.file.round_at or record.file.reported_at
        before, after = [], []
        for photo in record.photos:
            if photo.phase == AFTER and photo.moment >= round_at:
                after.append(
                    closing_photo(photo.facts, self.clerk.recent_photos.nearest(photo.facts, record.file.case_no))
                )
            else:
                before.append(closing_photo(photo.facts, None))
        return tuple(before), tuple(after)


def reported_case(file: CaseFile) -> ReportedCase:
    """Give what of a case decides whether it is a duplicate."""
    return ReportedCase(
        case_no=file.case_no,
        class_code=file.class_code,
        stage=file.stage,
        reported_at=file.reported_at,
        lon=file.lon,
        lat=file.lat,
        component=file.component,
        closed_at=file.closed_at,
        parent_no=file.parent,
    )


def closing_photo(facts: PhotoFacts, elsewhere_bits: int | None) -> ClosingPhoto:
    """Give what of a photo the check before closing looks at."""
    return ClosingPhoto(facts.sha256, facts.dhash, facts.taken_at, facts.distance_m, elsewhere_bits)


def candidate_state(waiting: Mapping[str, Any] | None, command: Command) -> dict[str, Any]:
    """Row of a candidate that can be decided on, and the report in it.

    Raises
    ------
    FieldError
        If there is none of the number, or it was decided on.
    """
    if waiting is None:
        raise FieldError(f"there is no candidate {command.case_no}", command.case_no, command.action)
    if waiting["state"] != "new":
        raise FieldError(f"candidate {command.case_no} was {waiting['state']}", command.case_no, command.action)
    return {"row": dict(waiting), "report": parse_report(waiting["body"])}


def parse_report(body: str) -> dict[str, Any]:
    """Report that a candidate keeps, without what the rules find anew."""
    found = parse_canonical(body.encode())
    if not isinstance(found, dict):
        raise FieldError("a candidate's report cannot be read; dismiss it", "", Action.PROMOTE)
    return {name: value for name, value in found.items() if name not in _FOUND}


def _with_photos(data: Mapping[str, Any], photos: tuple[tuple[str, PhotoFacts], ...]) -> dict[str, Any]:
    """Fields of a request with what the log says of its photos; what a request says of photos itself does not count."""
    kept = {name: value for name, value in data.items() if name != "photos"}
    told = [_photo_data(phase, facts) for phase, facts in photos]
    return {**kept, "photos": told} if told else kept


def _photo_data(phase: str, facts: PhotoFacts) -> dict[str, str]:
    told = {"sha256": facts.sha256, "received": facts.received_sha256, "phase": phase}
    if facts.taken_at is not None:
        told["taken_at"] = moment_text(facts.taken_at)
    if facts.distance_m is not None:
        told["distance_m"] = f"{facts.distance_m:.1f}"
    return told


def _degrees(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]  # whatever was sent; decide says what is wrong with it
    except (TypeError, ValueError):
        return None


def _confidence(value: object, command: Command) -> float:
    try:
        found = float(value)  # type: ignore[arg-type]  # whatever was sent
    except (TypeError, ValueError):
        found = -1.0
    if not 0 <= found <= 1:
        raise FieldError(f"confidence {value!r} is no number from 0 to 1", command.case_no, command.action)
    return found
