"""Whatever is done at a desk, the tables say what the log says, and every moment can be told again."""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from datastore.desk.desk import Desk
from datastore.desk.receipt import Receipt
from datastore.errors import UnknownCaseError
from datastore.log.replay import case_at, case_entries
from datastore.store import Store
from tests.desk_cases import (
    ADMIN,
    COLLECTOR,
    OPERATOR,
    PUBLIC,
    STREET,
    VIDEO,
    Clock,
    assert_counted,
    assert_sound,
    change_rules,
    copied,
    open_desk,
    photo,
    report,
    together,
    unit_actor,
)
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.command import Command
from twin_model.errors import RefusedError
from twin_model.rule_book import RuleKind
from twin_model.workflow import TRANSITIONS, Action, next_actions

DAYS = int(os.environ.get("CITYDECK_DAYS", "6"))
"""Days that are played; raise it to look longer."""
PLACES = 6
CLASSES = ("E0507", "E0102", "E0401", "C0101", "E0101")
UNITS = (STREET, "D04", "O01", "nobody")
CASE_ACTIONS = tuple(dict.fromkeys(row.action for row in TRANSITIONS if row.start))
NEW_FROM = "11010820261129"
"""Numbers of cases that came in at the desk begin so, or higher."""
KEPT = 6
"""Cases of the demo that are worked on like the new ones."""


class Day:
    """A day at a desk: whoever comes, comes by chance, and often with something that makes sense."""

    def __init__(self, chance: Random, clock: Clock, old: list[str]) -> None:
        self.chance = chance
        self.clock = clock
        self.cases: dict[str, CaseFile | None] = dict.fromkeys(old)
        self.candidates: list[str] = ["K0"]
        self.told: dict[str, list[tuple[datetime, CaseFile]]] = {}

    def command(self) -> Command:
        """Something that somebody asks for."""
        kind = self.chance.choices(("report", "sensible", "any", "candidate"), (35, 45, 15, 5))[0]
        if kind == "report" or not self.cases:
            return self._report()
        if kind == "candidate":
            action = self.chance.choice((Action.PROMOTE, Action.DISMISS))
            return Command(
                action, self.chance.choice((OPERATOR, COLLECTOR, PUBLIC)), self.chance.choice(self.candidates)
            )
        case_no = self.chance.choice(list(self.cases))
        return self._act(case_no, sensible=kind == "sensible")

    def _report(self) -> Command:
        chance = self.chance
        actor = chance.choice((PUBLIC, COLLECTOR, VIDEO, OPERATOR))
        more: dict[str, Any] = {"class": chance.choice(CLASSES)}
        if chance.random() < 0.3:
            more["ref"] = f"r{chance.randrange(4)}"
        if actor is VIDEO:
            more["confidence"] = chance.choice(("0.2", "0.9"))
        if actor is OPERATOR:
            more["source"] = chance.choice(("DUTY_EMERGENCY", "OTHER", "NOWHERE"))
        if chance.random() < 0.2:
            more |= {"lon": None, "lat": None}
        command = report(chance.randrange(PLACES), actor, **more)
        private = {"name": "张三", "phone": str(chance.randrange(1000))} if chance.random() < 0.2 else {}
        return replace(command, private=private, photos=self._photos("before", 0.2))

    def _act(self, case_no: str, *, sensible: bool) -> Command:
        chance, file = self.chance, self.cases[case_no]
        actors = [OPERATOR, COLLECTOR, ADMIN, *map(unit_actor, (file.unit,) if file and file.unit else UNITS[:2])]
        actor = chance.choice(actors)
        actions: tuple[Action, ...] = CASE_ACTIONS
        if sensible and file is not None:
            pairs = [(who, each) for who in actors for each in next_actions(file.stage, file.hold, who.role)]
            steps = [pair for pair in pairs if pair[1] not in (Action.NOTE, Action.PHOTO, Action.ERASE, Action.VOID)]
            actor, action = chance.choice(steps if steps and chance.random() < 0.8 else pairs)
        else:
            action = chance.choice(actions)
        after = action in (Action.FEEDBACK, Action.PHOTO)
        photos = self._photos("after", 0.7) if after else ()
        last = chance.randrange(50) if chance.random() < 0.05 else None
        return Command(action, actor, case_no, self._fields(action), photos=photos, if_last=last)

    def _fields(self, action: Action) -> dict[str, Any]:
        chance = self.chance
        fields: dict[str, Any] = {
            "reason": "测试", "text": "看过", "amount": chance.choice((2, "3.5", 1)), "unit": chance.choice(UNITS),
            "parent": chance.choice(list(self.cases)),
            "parts": [{"unit": chance.choice(UNITS[:3])} for _ in range(chance.randint(2, 3))],
        }  # fmt: skip
        if action is Action.CORRECT:
            corrections = ({"class": "E0102"}, {"description": "改"}, {"lon": "116.3165", "lat": "39.9750"}, {})
            return {"reason": "看错", **chance.choice(corrections)}
        return fields

    def _photos(self, phase: str, share: float) -> tuple[tuple[str, Any], ...]:
        if self.chance.random() > share:
            return ()
        seed = self.chance.choice(("a", "b", "c", str(self.chance.random())))
        taken = self.chance.choice((None, self.clock.now, self.clock.now - timedelta(days=3)))
        return ((phase, photo(seed, taken, self.chance.choice((None, 3.0, 900.0)))),)

    def learn(self, answers: list[Receipt | BaseException]) -> None:
        """Remember what came of a group."""
        for answer in answers:
            if isinstance(answer, BaseException):
                assert isinstance(answer, RefusedError | UnknownCaseError), answer
            elif answer.candidate:
                self.candidates.append(answer.case_no)

    def look(self, desk: Desk) -> None:
        """Note how every case stands now, those that became of others too."""
        with desk.store.read() as cur:
            rows = cur.execute("SELECT case_no FROM cases WHERE case_no >= ? ORDER BY case_no", [NEW_FROM]).fetchall()
        for (case_no,) in rows:
            self.cases.setdefault(case_no, None)
        for case_no in self.cases:
            file = self.cases[case_no] = desk.read(case_no).file
            told = self.told.setdefault(case_no, [])
            while told and told[-1][0] >= self.clock.now:  # what was seen before the clock went back may be another now
                told.pop()
            told.append((max(self.clock.now, file.last_at), file))


def old_cases(store: Store) -> list[str]:
    """Cases of the demo in all stages."""
    with store.read() as cur:
        rows = cur.execute(
            "SELECT max(case_no) FROM cases WHERE lon IS NOT NULL GROUP BY stage ORDER BY stage"
        ).fetchall()
    return [no for (no,) in rows[:KEPT]]


def rules(chance: Random) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Rules of the loop with some steps suggested only."""
    modes = {step: chance.choice(("auto", "auto", "suggest")) for step in ("file", "dispatch", "check", "evaluate")}
    sources = chance.choice(([], ["PUBLIC"]))
    return lambda document: {**document, "modes": modes, "verify_sources": sources}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("day")


@settings(max_examples=DAYS, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # a day does not shrink
@given(st.integers(0, 2**32))
def test_the_tables_say_what_the_log_says(small_data_dir: Path, scratch: Path, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - no secret
    shutil.rmtree(scratch)
    copied(small_data_dir, scratch)
    clock = Clock()
    day: Day | None = None
    with ExitStack() as open_now:
        desk = open_now.enter_context(open_desk(scratch, clock))
        for _ in range(chance.randint(4, 14)):
            if day is None:
                day = Day(chance, clock, old_cases(desk.store))
            if chance.random() < 0.15:
                open_now.close()
                desk = open_now.enter_context(open_desk(scratch, clock))
            if chance.random() < 0.15:
                change_rules(desk, RuleKind.WORKFLOW, rules(chance))
            clock.now += timedelta(seconds=chance.choice((-5, 1, 600, 40_000)))
            commands = [day.command() for _ in range(chance.randint(1, 14))]
            day.learn(together(desk, *commands))
            day.look(desk)
    assert day is not None
    with Store.open(scratch, threads=2) as store:
        assert_sound(store)
        assert_counted(store)
        assert_told_again(store, day)
        assert_invariants(store, day)


def assert_told_again(store: Store, day: Day) -> None:
    """Each case is told again as it was at every moment that somebody looked; where the clock went back, as of then."""
    with store.read() as cur:
        for case_no, told in day.told.items():
            if len(case_entries(cur, case_no)) == 1 and told[-1][1].reported_at < day.told[case_no][0][0]:
                continue  # nobody touched that case of the demo
            for moment, file in day.chance.sample(told, min(len(told), 2)):
                again = case_at(cur, case_no, moment)
                assert again is not None
                assert comparable(again) == comparable(file), case_no


def comparable(file: CaseFile) -> CaseFile:
    """File without what the log leaves to other tables: of a case that came in bulk its place and its words."""
    place = {"street": "", "community": "", "grid": "", "building": "", "building_m": ""}
    words = {} if file.case_no >= NEW_FROM else {"address": "", "description": ""}
    return replace(file, **place, **words)


def assert_invariants(store: Store, day: Day) -> None:
    """What holds of every case, whatever happened to it."""
    with store.read() as cur:
        last = {no: told[-1][0] for no, told in day.told.items()}
        found = {no: file for no, moment in last.items() if (file := case_at(cur, no, moment))}
    for file in found.values():
        assert not (file.is_open and file.closed_at), file
        assert min(file.open_parts, file.duplicates, file.photos) >= 0
        if file.stage is CaseStage.CLOSED and file.parts:
            assert not file.open_parts or any(part.reopenings for part in found.values() if part.parent == file.case_no)
        if file.stage is CaseStage.DUPLICATE and file.duplicates == 0 and file.parent in found:
            assert found[file.parent].duplicates > 0
        parts = [
            each for each in found.values() if each.parent == file.case_no and each.stage is not CaseStage.DUPLICATE
        ]
        if file.parts and not file.reopenings:
            assert file.open_parts == sum(part.is_open for part in parts)
        assert file == CaseFile.from_json(file.to_json())
