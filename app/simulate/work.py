"""The work of the simulation: does one task over the public interfaces, and tells what follows from it."""

import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from app.simulate.camera import Phase, take_photo
from app.simulate.cast import Cast
from app.simulate.chance import chance
from app.simulate.city_api import CityApi, Receipt
from app.simulate.deeds import Planner
from app.simulate.followed import Followed, followed_report
from app.simulate.habits import Habits, habits_of
from app.simulate.report import Report, Reporters
from app.simulate.tally import Tally
from app.simulate.task import Arrive, Decide, Do, Look, Planned, Round, TakeUp, Task
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.workflow import Action

MOST_FOLLOWED = 20_000
"""Cases that are followed at once; what comes beyond is left to people."""
MOST_REFUSALS = 3
"""Refusals in a row after which a case is left to people."""
AGAIN_S = 30.0
"""Simulated seconds until a case is looked at that a refusal was about."""
SOON_S = 5.0
HOUR_S = 3_600.0
DECIDE_S = 600.0
DECIDED_SHARE = 0.6
"""Share of the candidates that are decided on each time."""
MOST_CANDIDATES = 50
ROUND_S = 20.0
"""Real seconds between two looks for what others did."""
ROUND_ROWS, BACKLOG_ROWS = 300, 1_000
OVERLAP = timedelta(seconds=5)
SPAN = timedelta(days=90)
"""Of one list of requests, as Open311 allows it."""
SPANS = (1, 1, 1, 2, 3, 4, 6, 8)
"""Which span of history open cases are taken up from, the latest the most often."""
PAGES = 20


@dataclass(frozen=True)
class World:
    """What the work needs to know.

    Parameters
    ----------
    city : CityApi
    cast : Cast
    reporters : Reporters
    tally : Tally
    seed : int
    backlog : int
        Open cases of history that are taken up in a simulated hour.
    speed : float
        Simulated seconds to a real one.
    zone : tzinfo
        Of the city.
    now : function
        Gives the present, aware: the clock that the server stamps with.
    say : function
        Told what goes wrong, in a sentence.
    """

    city: CityApi
    cast: Cast
    reporters: Reporters
    tally: Tally
    seed: int
    backlog: int
    speed: float
    zone: tzinfo
    now: Callable[[], datetime]
    say: Callable[[str], object]


class Work:
    """Does tasks, in any thread."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._units: set[str] = set()
        self._followed = 0
        self._habits: Callable[[str], Habits] = lru_cache(lambda unit: habits_of(unit, world.seed))

    @property
    def followed(self) -> int:
        """How many cases are followed now."""
        with self._lock:
            return self._followed

    def do(self, task: Task) -> Iterable[Planned]:
        """Do a task; gives what follows.

        Raises
        ------
        SimulateError
            If the city is gone, or somebody stops the simulation.
        """
        then: Iterable[Planned] = ()
        match task:
            case Arrive():
                then = self._report(task)
            case Do():
                then = self._act(task)
            case Look():
                then = self._look(task.followed)
            case Decide():
                then = self._decide()
            case TakeUp():
                then = self._take_up(task)
            case Round():
                then = self._go_round(task)
        return then

    # ---- reports ----

    def _report(self, task: Arrive) -> Iterable[Planned]:
        world = self.world
        report = world.reporters.draw(task.source, task.number, world.now())
        photos = [self._photo(report)] if report.has_photo else []
        if report.source == "PUBLIC":
            receipt = world.city.report_open311(report.form(), photos)
        else:
            receipt = world.city.report(report.source, report.fields(), photos)
        if not receipt.is_good:
            self._refused(f"report {report.source}", receipt)
            return ()
        world.tally.accepted(Action.REPORT)
        world.tally.count(report.source)
        world.tally.count("duplicates", int((receipt.file or {}).get("stage") == CaseStage.DUPLICATE))
        if receipt.candidate:
            world.tally.count("candidates")
            return ()
        world.reporters.remember(receipt.case_no, report)
        followed = followed_report(receipt.case_no, report)
        if not self._begin_to_follow(followed.case_no):
            return ()
        if receipt.file is None:
            return ((SOON_S, Look(followed)),)
        return self._plan(followed, receipt)

    def _photo(self, report: Report) -> bytes:
        key = followed_report("", report).key
        return self._take(report.kind.code, "before", key, report.place.lon, report.place.lat)

    def _take(self, class_code: str, phase: Phase, key: str, lon: float, lat: float) -> bytes:
        world = self.world
        seed = zlib.crc32(f"{world.seed} {key}".encode())
        return take_photo(class_code, phase, seed=seed, taken_at=world.now(), zone=world.zone, lon=lon, lat=lat)

    # ---- deeds ----

    def _plan(self, followed: Followed, receipt: Receipt) -> Iterable[Planned]:
        """Plan what somebody will do with a case that was just seen."""
        case = CaseFile.from_json(receipt.file or {})
        with self._lock:
            if case.unit:
                self._units.add(case.unit)
            units = sorted(self._units)
        random = chance(self.world.seed, followed.key, followed.step)
        planner = Planner(case, followed, self._habits(case.unit), units, random, self.world.now())
        deed = planner.plan()
        if deed is None or not (deed.action is None or self.world.cast.knows(deed.actor)):
            self._end()
            return ()
        return ((deed.after_s, Do(followed, deed, case, receipt.seq)),)

    def _act(self, task: Do) -> Iterable[Planned]:
        followed, deed = task.followed, task.deed
        if deed.action is None:
            return self._look(followed.after())
        city = self.world.city
        photos = self._proof(task)
        receipt = city.act(deed.actor, followed.case_no, deed.action, deed.data, seq=task.seq, photos=photos)
        if not receipt.is_good:
            self._refused(deed.action, receipt)
            return self._refused_again(followed.after(refused=True))
        self.world.tally.accepted(deed.action)
        if (receipt.file or {}).get("stage") == CaseStage.CLOSED:
            self.world.tally.count("closed")
        return self._plan(followed.after(had_no=deed.is_no), receipt)

    def _proof(self, task: Do) -> list[bytes]:
        """Photo that a deed brings; a case without a place is pictured somewhere in the city."""
        case, middle = task.case, self.world.reporters.ground.middle
        if not task.deed.photo:
            return []
        lon, lat = (middle.lon, middle.lat) if case.lon is None or case.lat is None else (case.lon, case.lat)
        return [self._take(case.class_code, task.deed.photo, task.followed.key, lon, lat)]

    def _refused_again(self, followed: Followed) -> Iterable[Planned]:
        if followed.refusals >= MOST_REFUSALS:
            self._end()
            return ()
        return ((AGAIN_S, Look(followed)),)

    def _refused(self, what: str, receipt: Receipt) -> None:
        self.world.tally.refused(f"{what} {receipt.status}")
        if receipt.status not in (409, 412):
            self.world.say(f"{what} was refused with {receipt.status}: {receipt.why}")

    def _look(self, followed: Followed) -> Iterable[Planned]:
        receipt = self.world.city.case(followed.case_no)
        if receipt.is_good:
            return self._plan(followed, receipt)
        self._refused("look", receipt)
        self._end()
        return ()

    # ---- what was there, and what others did ----

    def _decide(self) -> Iterable[Planned]:
        then: list[Planned] = [(DECIDE_S, Decide())]
        for candidate in self.world.city.candidates(MOST_CANDIDATES):
            number = str(candidate["candidate_no"])
            random = chance(self.world.seed, "candidate", candidate.get("source_ref") or number)
            if random.random() >= DECIDED_SHARE:
                continue
            decision = Action.PROMOTE if random.random() < float(candidate["confidence"]) else Action.DISMISS
            receipt = self.world.city.decide(number, decision)
            if not receipt.is_good:
                self._refused(decision, receipt)
                continue
            self.world.tally.accepted(decision)
            if decision is Action.PROMOTE and self._begin_to_follow(receipt.case_no):
                then += self._plan(Followed(receipt.case_no, receipt.case_no), receipt)
        return then

    def _take_up(self, task: TakeUp) -> Iterable[Planned]:
        """Take up some of the open cases of one span of history, spread over an hour."""
        random = chance(self.world.seed, "backlog", task.number)
        end = self.world.now() - SPAN * (random.choice(SPANS) - 1 if task.number else 0)
        page = random.randrange(1, PAGES) if task.number else 1
        asked = {
            "status": "open",
            "start_date": _w3c(end - SPAN),
            "end_date": _w3c(end),
            "page_size": str(BACKLOG_ROWS),
        }
        rows = self.world.city.requests(**asked, page=str(page))
        if not rows and page > 1:
            rows = self.world.city.requests(**asked)
        random.shuffle(rows)
        chosen = [row["service_request_id"] for row in rows][: self.world.backlog]
        looks = [
            (random.uniform(0.0, HOUR_S), Look(Followed(number, number, is_waiting=True)))
            for number in chosen
            if self._begin_to_follow(number)
        ]
        return [*looks, (HOUR_S, TakeUp(task.number + 1))]

    def _go_round(self, task: Round) -> Iterable[Planned]:
        """Look for open cases that changed and that nobody here knows."""
        now = self.world.now()
        rows = self.world.city.requests(
            status="open", updated_after=_w3c(task.since - OVERLAP), page_size=str(ROUND_ROWS)
        )
        found = [row["service_request_id"] for row in rows]
        looks = [(SOON_S, Look(Followed(number, number))) for number in found if self._begin_to_follow(number)]
        return [*looks, (ROUND_S * self.world.speed, Round(now))]

    def _begin_to_follow(self, case_no: str) -> bool:
        """Whether a case is to be followed that was not before."""
        with self._lock:
            if case_no in self._known or self._followed >= MOST_FOLLOWED:
                return False
            self._known.add(case_no)
            self._followed += 1
            return True

    def _end(self) -> None:
        with self._lock:
            self._followed -= 1


def _w3c(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
