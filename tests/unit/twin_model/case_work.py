"""One case at a time through the loop, without a store: rules in force, what is around it, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from twin_model.actor import Actor, Role
from twin_model.case_class import default_case_classes
from twin_model.case_decide import decide
from twin_model.case_event import CaseEvent
from twin_model.case_evolve import evolve
from twin_model.case_file import CaseFile
from twin_model.case_follow import follow
from twin_model.closing_check import ClosingPhoto
from twin_model.command import Command
from twin_model.rule_book import RuleBook, RuleKind, default_documents
from twin_model.surroundings import Surroundings
from twin_model.workflow import Action, Step

SHANGHAI = ZoneInfo("Asia/Shanghai")
DOCUMENTS = default_documents(default_case_classes())
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday at ten in the city, in an ordinary week."""
STREET, OTHER_STREET, DEPARTMENT = "S110108011", "S110108012", "D04"
OPERATOR = Actor("operator", Role.OPERATOR)
COLLECTOR = Actor("collector", Role.COLLECTOR)
PUBLIC = Actor("public", Role.PUBLIC)
OFFICE = Actor(f"street-{STREET}", Role.STREET, STREET)
OTHER_OFFICE = Actor(f"street-{OTHER_STREET}", Role.STREET, OTHER_STREET)
WITHIN = Surroundings(
    street="110108011",
    community="110108011001",
    territory=STREET,
    units=frozenset({STREET, OTHER_STREET, DEPARTMENT, "D01"}),
)
REPORT = {"source": "PUBLIC", "class": "E0507", "lon": "116.32", "lat": "39.975"}


def book(workflow: Mapping[str, Any] | None = None, **documents: Any) -> RuleBook:
    """Rules of a new store, with some members of the workflow, or whole documents, in another way."""
    flow = dict(DOCUMENTS[RuleKind.WORKFLOW])
    flow["closing"] = {**flow["closing"], "audit_per_mille": 0}
    found: dict[RuleKind, object] = {**DOCUMENTS, RuleKind.WORKFLOW: {**flow, **(workflow or {})}}
    found |= {RuleKind(kind): document for kind, document in documents.items()}
    return RuleBook.read(found, dict.fromkeys(RuleKind, 1))


def suggesting(*steps: Step) -> RuleBook:
    """Rules in which the system only suggests some steps."""
    modes = {**DOCUMENTS[RuleKind.WORKFLOW]["modes"], **{step.name.lower(): "suggest" for step in steps}}
    return book({"modes": modes})


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Moment by the city's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def good_photo(moment: datetime) -> ClosingPhoto:
    """Photo of afterwards that nothing speaks against."""
    return ClosingPhoto("aa" * 32, 0x0F0F0F0F0F0F0F0F, moment, 5.0, None)


@dataclass
class Loop:
    """A case, and what is done with it."""

    rules: RuleBook = field(default_factory=book)
    around: Surroundings = WITHIN
    now: datetime = START
    file: CaseFile | None = None
    events: list[CaseEvent] = field(default_factory=list)

    def event(self, command: Command) -> CaseEvent:
        """Take one step."""
        told = decide(self.rules, self.file, replace(command, case_no="1"), self.now, self.around)
        self.events.append(told)
        self.file = evolve(self.file, told)
        return told

    def event_of(self, action: Action, actor: Actor = OPERATOR, /, **data: Any) -> CaseEvent:
        """Take one step that somebody asks for, and no other."""
        return self.event(Command(action, actor, data=data))

    def do(self, action: Action, actor: Actor = OPERATOR, /, **data: Any) -> CaseFile:
        """Take one step that somebody asks for, and those that the system takes after it."""
        self.event(Command(action, actor, data=data))
        while (then := follow(self.rules, self.known, self.now, self.around)) is not None:
            self.event(then)
        return self.known

    @property
    def known(self) -> CaseFile:
        assert self.file is not None
        return self.file

    @property
    def kinds(self) -> list[str]:
        """What has happened, in a word each."""
        return [each.kind.value for each in self.events]

    def pass_on(self, **span: float) -> None:
        self.now += timedelta(**span)

    def report(self, **data: Any) -> CaseFile:
        return self.do(Action.REPORT, PUBLIC, **{**REPORT, **data})

    def at_unit(self) -> "Loop":
        """Bring it to the unit that has to do something."""
        self.report()
        self.do(Action.ACCEPT, OFFICE)
        return self

    def closed(self) -> "Loop":
        """See it through, with a photo that nothing speaks against."""
        self.at_unit()
        self.pass_on(minutes=30)
        self.around = replace(self.around, after=(good_photo(self.now),))
        self.do(Action.FEEDBACK, OFFICE)
        return self
