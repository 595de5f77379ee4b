"""One command's work before it is written: what it changed, kept apart until all of it has been accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from datastore.desk.places import Place
from datastore.desk.record import NEW, CasePhoto, CaseRecord
from twin_model.actor import Role
from twin_model.case_chain import entry_bytes
from twin_model.case_event import CaseEvent
from twin_model.case_evolve import evolve
from twin_model.case_file import CaseFile
from twin_model.errors import LogError
from twin_model.merkle import leaf_hash
from twin_model.photo import PhotoFacts
from twin_model.workflow import Action


@dataclass(frozen=True)
class LogEntry:
    """One event, ready for the log.

    Parameters
    ----------
    event : CaseEvent
    entry : bytes
        What is hashed.
    leaf : bytes
        Its hash.
    before : CaseFile or None
        State before it.
    after : CaseFile
        State after it.
    role : Role
        Of who did it.
    """

    event: CaseEvent
    entry: bytes
    leaf: bytes
    before: CaseFile | None
    after: CaseFile
    role: Role


@dataclass(frozen=True)
class NewPhoto:
    """A photo that an event brought."""

    case_no: str
    entry: int
    phase: str
    facts: PhotoFacts


@dataclass(frozen=True)
class NewReporter:
    """Personal data of who reported a case."""

    case_no: str
    salt: bytes
    body: str
    received_at: datetime


@dataclass(frozen=True)
class Notice:
    """An event of no case: a candidate, a new version of rules.

    Parameters
    ----------
    kind : Action
    actor : str
    moment : datetime
    data : mapping
        As events have it.
    """

    kind: Action
    actor: str
    moment: datetime
    data: Mapping[str, Any]

    @property
    def entry(self) -> bytes:
        """What is hashed."""
        return entry_bytes(kind=self.kind, case_no="", actor=self.actor, moment=self.moment, prev=b"", data=self.data)


@dataclass
class Draft:
    """Changes that are not written yet, of one command or of a group of them.

    Parameters
    ----------
    records : dict of str to CaseRecord
        Latest record of each case that was touched.
    entries : list of LogEntry
        In the order of the log.
    notices : list of Notice
        Events of no case; they follow the entries.
    photos, reporters, erased, refs, candidates
        What goes into the tables of the same names.
    known_refs : dict
        Ids of sources that the store knew before, of those that the group brings.
    places : dict
        Where the points lie that the group's reports bring.
    """

    records: dict[str, CaseRecord] = field(default_factory=dict)
    entries: list[LogEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    photos: list[NewPhoto] = field(default_factory=list)
    reporters: list[NewReporter] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    refs: dict[tuple[int, str], str] = field(default_factory=dict)
    known_refs: dict[tuple[int, str], str] = field(default_factory=dict)
    places: dict[tuple[float, float], Place] = field(default_factory=dict)
    candidates: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(
        self, record: CaseRecord | None, event: CaseEvent, role: Role, photos: tuple[tuple[str, PhotoFacts], ...]
    ) -> CaseRecord:
        """Take one event in, and give the case's record after it.

        Parameters
        ----------
        record : CaseRecord or None
            The case before; None for its first event.
        event : CaseEvent
            Accepted.
        role : Role
            Of who did it.
        photos : tuple of (str, PhotoFacts)
            Photos that it brings, by phase.
        """
        entry = entry_bytes(
            kind=event.kind,
            case_no=event.case_no,
            actor=event.actor,
            moment=event.moment,
            prev=record.last_leaf if record else b"",
            data=event.data,
            rule=event.rule,
        )
        before = record.file if record else None
        after = evolve(before, event)
        if after is None:
            raise LogError(f"case {event.case_no} was withdrawn; a live event cannot do that")
        leaf = leaf_hash(entry)
        self.photos += [NewPhoto(event.case_no, len(self.entries), phase, facts) for phase, facts in photos]
        self.entries.append(LogEntry(event, entry, leaf, before, after, role))
        held = tuple(CasePhoto(phase, event.moment, facts) for phase, facts in photos)
        if record is None:
            record = CaseRecord(after, NEW, NEW, NEW, leaf, held)
        else:
            record = replace(record, file=after, last_leaf=leaf, photos=(*record.photos, *held))
        self.records[event.case_no] = record
        return record

    def take(self, other: "Draft") -> int:
        """Take all of another draft in; gives the place of its first entry in this one."""
        start = len(self.entries)
        self.records.update(other.records)
        self.entries += other.entries
        self.notices += other.notices
        self.photos += [replace(each, entry=each.entry + start) for each in other.photos]
        self.reporters += other.reporters
        self.erased += other.erased
        self.refs.update(other.refs)
        self.candidates.update(other.candidates)
        return start
