"""The clerk: takes a command, asks the rules, and drafts the events that follow, in memory only."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import duckdb

from datastore.desk.candidate import PHOTOS, candidate_state, may_decide, photo_document, photo_of
from datastore.desk.job import Draft, NewReporter, Notice
from datastore.desk.numbers import CANDIDATE_PREFIX, CaseNumbers
from datastore.desk.places import NO_COMPONENT, ComponentAt, Places
from datastore.desk.receipt import Receipt
from datastore.desk.recent_photos import RecentPhotos
from datastore.desk.record import CaseRecord
from datastore.desk.reference import Reference
from datastore.desk.request import (
    asked_fields,
    confidence_of,
    degrees,
    is_writable,
    known_code,
    ref_of,
    with_photos,
)
from datastore.desk.shelf import Shelf
from datastore.errors import UnknownCaseError
from twin_model.actor import SYSTEM, Actor, Role
from twin_model.canonical_json import canonical_json
from twin_model.case import CaseStage
from twin_model.case_decide import check_current, decide
from twin_model.case_file import CaseFile
from twin_model.case_follow import follow
from twin_model.closing_check import ClosingPhoto
from twin_model.command import AFTER, Command
from twin_model.duplicate import ReportedCase
from twin_model.duplicate_index import DuplicateIndex
from twin_model.errors import FieldError, IllegalMoveError, MovedOnError, NotAllowedError
from twin_model.photo import PhotoFacts
from twin_model.rule_book import RuleBook
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action

MAX_FOLLOWED = 12
"""Automatic steps after one command; the loop has seven."""
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
        """Tell a group which of its reports have come before, and where they are: each one question for all of them."""
        refs: set[str] = set()
        points: list[tuple[float, float]] = []
        for each in commands:
            if each.action is not Action.REPORT:
                continue
            with suppress(FieldError):  # told to who sent it, when its turn comes
                refs.add(ref_of(each))
            lon, lat = degrees(each.data.get("lon")), degrees(each.data.get("lat"))
            if lon is not None and lat is not None:
                points.append((lon, lat))
        refs.discard("")
        if refs:
            marks = ", ".join("?" * len(refs))
            rows = cur.execute(
                f"SELECT source_id, source_ref, token FROM intake_ref WHERE source_ref IN ({marks})",  # noqa: S608 - marks only
                sorted(refs),
            ).fetchall()
            group.known_refs |= {(source_id, ref): token for source_id, ref, token in rows}
        if points:
            group.places |= zip(points, self.places.find_each(points), strict=True)

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

    def learn(self, draft: Draft) -> None:
        """Remember what was accepted, so that the next command of the group can be about it again."""
        for record in draft.records.values():
            self.repeats.add(reported_case(record.file))
        for photo in draft.photos:
            self.recent_photos.add(photo.case_no, photo.facts.dhash)

    def forget_old(self, now: datetime) -> None:
        """Let go of cases that no report can repeat any more."""
        self.repeats.forget_before(now - timedelta(hours=self.book.duplicates.longest_h))


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
        if command.if_last is not None and command.case_no in self.group.records:
            told = f"case {command.case_no} has moved on this moment; read it again"
            raise MovedOnError(told, command.case_no, command.action)
        check_current(command, record.last_seq)
        record = self._apply(record, command)
        return self._receipt(record, command)

    def _receipt(self, record: CaseRecord, command: Command) -> Receipt:
        return Receipt(record.file.case_no, record.last_seq, command.action.value, file=record.file)

    def _record(self, case_no: str) -> CaseRecord:
        for draft in (self.job, self.group):
            if case_no in draft.records:
                return draft.records[case_no]
        if not is_writable(case_no):
            raise UnknownCaseError(case_no)
        return self.clerk.shelf.get(self.cur, self.clerk.reference, case_no)

    # ---- reports and candidates ----

    def _report(self, command: Command) -> Receipt:
        clerk = self.clerk
        if command.actor.role is Role.PUBLIC and not command.actor.source_code:
            told = f"{command.actor.code} reports for no source; give the actor one (citydeck actor)"
            raise NotAllowedError(told, "", Action.REPORT)
        said = command.actor.source_code or command.data.get("source", "")
        source = known_code(clerk.reference.sources, said, "source", command)
        class_code = known_code(clerk.reference.classes, command.data.get("class", ""), "class", command)
        ref = ref_of(command)
        data = {**asked_fields(command), "source": source, "ref": ref}
        earlier = self._token(source, ref) if ref else None
        if earlier is not None:
            return self._repeated(earlier, command)
        if "confidence" in data:
            data["confidence"] = repr(confidence_of(data["confidence"], command))
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
        made = replace(command, case_no=no, data=with_photos(data, command.photos))
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
        trial = decide(clerk.book, None, command, self.now, self._around_report(data))
        no = CANDIDATE_PREFIX + clerk.numbers.take(self.cur, self.now.astimezone(clerk.reference.zone).date())
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
            "body": canonical_json({**kept, **_photo_documents(command)}).decode(),
            "state": "new",
            "case_no": None,
        }
        if command.private:  # under the candidate's number, until it is decided on
            self._keep_reporter(no, command.private)
        if ref:
            self.job.refs[clerk.reference.sources[source], ref] = no
        self.job.notices.append(Notice(Action.CANDIDATE, command.actor.code, self.now, {"candidate": no, **kept}))
        return Receipt(no, -1, command.action.value, candidate=True)

    def _reporter_of(self, no: str) -> dict[str, str]:
        """Personal data that came with a candidate."""
        kept = [each.body for each in self.group.reporters if each.case_no == no]
        rows = self.cur.execute("SELECT body FROM reporter WHERE case_no = ?", [no]).fetchall()
        found: dict[str, str] = json.loads((*kept, *(body for (body,) in rows), "{}")[0])
        return found

    def _stored_candidate(self, no: str) -> dict[str, Any] | None:
        if not is_writable(no):
            return None
        found = self.cur.execute("SELECT * FROM candidate WHERE candidate_no = ?", [no])
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
        return dict(zip(names, rows[0], strict=True)) if rows else None

    def _candidate(self, command: Command) -> Receipt:
        """Make a case of a candidate, or put it aside."""
        may_decide(command)
        waiting = self.group.candidates.get(command.case_no) or self._stored_candidate(command.case_no)
        ready = candidate_state(waiting, command)
        taken = command.action is Action.PROMOTE
        made = None
        if taken:
            report = ready["report"]
            photos = tuple(photo_of(each) for each in report.pop(PHOTOS, ()))
            data = {**report, "candidate": command.case_no}
            private = self._reporter_of(command.case_no)
            made = self._open_case(Command(Action.REPORT, command.actor, data=data, private=private, photos=photos))
        self.job.erased.append(command.case_no)  # whoever reported it is the case's now, or nobody's
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
        made = replace(command, data=with_photos(command.data, command.photos))
        if command.action is Action.CORRECT:
            around = self._around_corrected(record.file, command)
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
            raise IllegalMoveError(
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
        was_part_of = before.parent if before and before.stage is not CaseStage.DUPLICATE else ""
        if command.action is Action.SPLIT:
            for part in self.job.entries[-1].event.data["parts"]:
                self._open_part(file, part, command.actor)
        if command.action is Action.DUPLICATE:
            self._count(file.parent, "duplicates", 1)
        if command.action is Action.REOPEN and before is not None and before.stage is CaseStage.DUPLICATE:
            self._count(before.parent, "duplicates", -1)
        if before is not None and was_part_of:
            closed, was = file.stage in _ENDS, before.stage in _ENDS
            if closed != was:
                self._count(was_part_of, "open_parts", -1 if closed else 1)

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
        known_code(self.clerk.reference.classes, kept["class"], "class", Command(Action.SPLIT, actor, whole.case_no))
        record = self._open_case(Command(Action.REPORT, SYSTEM, data=kept), part_of=whole.case_no)
        record = self._event(record, Command(Action.FILE, SYSTEM, record.file.case_no))
        self._event(record, replace(Command(Action.DISPATCH, actor, record.file.case_no), data={"unit": part["unit"]}))

    def _count(self, case_no: str, what: str, change: int) -> None:
        """Count on the original of a duplicate, or on the whole that a part belongs to."""
        try:
            record = self._record(case_no)
        except UnknownCaseError:  # what came in bulk may name an original that did not come with it
            return
        known = getattr(record.file, what)
        now = max(known + change, 0)
        if now == known or (what == "open_parts" and not record.file.parts):
            return
        record = self._event(record, Command(Action.COUNT, SYSTEM, case_no, {what: now}))
        if what == "open_parts":
            self._follow(record)

    # ---- what is around a case ----

    def _around_report(self, data: Mapping[str, Any]) -> Surroundings:
        lon, lat = degrees(data.get("lon")), degrees(data.get("lat"))
        known = None if lon is None or lat is None else self.group.places.get((lon, lat))
        place = known or self.clerk.places.find(lon, lat)
        component = self._component(str(data.get("class", "")), str(data.get("component", "") or ""), lon, lat)
        return self._surroundings(str(data.get("class", "")), component, place.street, vars(place))

    def _around_corrected(self, file: CaseFile, command: Command) -> Surroundings:
        """Tell what is around a case once a correction has been made to it."""
        data = command.data
        known = {"class": file.class_code, "lon": file.lon, "lat": file.lat, "component": file.component}
        if data.get("class"):
            known_code(self.clerk.reference.classes, data["class"], "class", command)
            known |= {"class": data["class"], "component": ""}
        if "lon" in data or "lat" in data:
            known |= {"lon": data.get("lon"), "lat": data.get("lat"), "component": ""}
        return self._around_report(known)

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
            outside=bool(reference.areas) and not street,
            units=reference.units.keys(),
            **place,
        )

    def _closing_photos(self, record: CaseRecord) -> tuple[tuple[ClosingPhoto, ...], tuple[ClosingPhoto, ...]]:
        round_at = record.file.round_at or record.file.dispatched_at or record.file.reported_at
        before, after = [], []
        for photo in record.photos:
            if photo.phase == AFTER and photo.moment >= round_at:
                after.append(
                    closing_photo(photo.facts, self.clerk.recent_photos.nearest(photo.facts, record.file.case_no))
                )
            else:
                before.append(closing_photo(photo.facts, None))
        return tuple(before), tuple(after)


def _photo_documents(command: Command) -> dict[str, Any]:
    told = [photo_document(phase, facts) for phase, facts in command.photos]
    return {PHOTOS: told} if told else {}


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
