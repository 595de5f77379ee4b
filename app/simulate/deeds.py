"""What happens next with a case: who does what, and when, from what the case says and from habits."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any

from app.simulate.cast import COLLECTOR, OPERATOR, actor_of_unit
from app.simulate.chance import lognormal
from app.simulate.deed import Deed, Photo
from app.simulate.followed import Followed
from app.simulate.habits import Habits
from app.simulate.report import MARK
from twin_model.actor import Role
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.next_step import next_step
from twin_model.workflow import Action, Hold

MINUTES: Mapping[str, float] = {
    "file": 4.0,
    "dispatch": 6.0,
    "void": 12.0,
    "duplicate": 15.0,
    "split": 8.0,
    "accept": 12.0,
    "return": 20.0,
    "start": 25.0,
    "feedback": 150.0,
    "note": 15.0,
    "ask_extension": 40.0,
    "extend": 20.0,
    "check": 45.0,
    "suspend": 60.0,
    "resume": 300.0,
    "reopen": 400.0,
    "correct": 5.0,
    "look": 60.0,
}
"""Median minutes until somebody does it; each time is a lognormal variate around it."""
SPREAD = 0.7
URGENT_FACTOR = 0.25
"""Of the times of an emergency."""
WAITING_S = 90.0
"""What lies about since before the simulation began is gone on with within so many seconds."""

WRONG_RETURNS = 0.75
"""Share of the cases under a wrong class that the unit sends back."""
MOST_RETURNS, MOST_EXTENSIONS = 2, 2
SPLITS, SUSPENDS, CONSULTS, REOPENS = 0.006, 0.01, 0.006, 0.008
GRANTS = 0.65
REWORKS = 0.12
CONFIRMS = 0.9
DIRECT = 0.25
"""Share of the cases that a unit feeds back without saying that it has begun."""
OWNS_UP = 0.97
"""Share of the feedbacks after a rework that come with a photo."""

_RETURNED = ("不属于本单位职责", "权属不清，建议另行派遣")
_GRANTED, _REFUSED = ("情况属实，同意延期", "理由不充分，不予延期")
_ASKED = ("需要协调物料", "现场情况复杂，需要更多时间", "等待天气好转")
_RESULTS = ("已清理完毕", "已修复", "已整改到位", "现场已恢复")

_S = CaseStage
_IN_HAND = (_S.ACCEPTED, _S.HANDLING)
_AT_WORK = (_S.DISPATCHED, *_IN_HAND)


@dataclass(frozen=True)
class Planner:
    """Plans the next step of one case.

    Parameters
    ----------
    case : CaseFile
        As the city told it last.
    known : Followed
    habits : Habits
        Of the unit that has it.
    units : sequence of str
        Units that are known, for what has none.
    random : random.Random
        Of this case and step.
    now : datetime
        Aware: the city's own clock, which deadlines are in.
    """

    case: CaseFile
    known: Followed
    habits: Habits
    units: Sequence[str]
    random: Random
    now: datetime

    def plan(self) -> Deed | None:
        """Give the next step, or None where nothing follows."""
        for rule in _RULES:
            deed = rule(self)
            if deed is not None:
                return self._sooner(deed)
        return None

    def _sooner(self, deed: Deed) -> Deed:
        return replace(deed, after_s=self.random.uniform(0.0, WAITING_S)) if self.known.is_waiting else deed

    # ---- how long things take ----

    def takes(self, what: str, pace: float = 1.0) -> float:
        """Draw the simulated seconds until something is done."""
        urgent = URGENT_FACTOR if self.case.urgent else 1.0
        return lognormal(self.random, MINUTES[what] * 60 * pace * urgent, SPREAD)

    def handling_s(self) -> float:
        """Draw the simulated seconds until a unit feeds back: a share of what is left of the limit, or too much."""
        left = (self.case.deadline_at - self.now).total_seconds() if self.case.deadline_at else 0.0
        if left <= 0:
            return self.takes("feedback", self.habits.pace)
        if self.random.random() < self.habits.late:
            return left * (1.02 + self.random.expovariate(2.0)) + 60
        # As in the demo's history: mostly a third or two of it.
        used = math.pow(1 - math.pow(1 - self.random.random(), 1 / 2.2), 1 / 1.6)
        return left * min(0.02 + 0.9 * used * self.habits.pace, 0.97)

    # ---- who ----

    def by_operator(self, action: Action, what: str, **data: Any) -> Deed:  # noqa: ANN401 - fields of an action
        """Deed of the operator."""
        return Deed(OPERATOR, action, self.takes(what), data)

    def by_collector(self, action: Action, **data: Any) -> Deed:  # noqa: ANN401 - as above
        """Deed of a collector on the spot."""
        return Deed(COLLECTOR, action, self.takes("check"), data)

    def by_unit(self, action: Action, after_s: float, photo: Photo = "", **data: Any) -> Deed:  # noqa: ANN401 - as above
        """Deed of the unit that has the case."""
        return Deed(actor_of_unit(self.case.unit), action, after_s, data, photo)

    def happens(self, share: float) -> bool:
        """Whether something of a share is so."""
        return self.random.random() < share

    def reason(self, *reasons: str) -> str:
        """One of several reasons, marked as simulated."""
        return f"{self.random.choice(reasons)}{MARK}"

    def other_unit(self) -> str:
        """Give the unit for a case that the lists give to none, or that the one they name has sent back."""
        if self.case.street:
            return f"S{self.case.street}"
        return self.units[0] if self.units else ""


Rule = Callable[[Planner], Deed | None]


def _ended(plan: Planner) -> Deed | None:
    case = plan.case
    if case.stage is _S.CLOSED and not case.reopenings and not case.parent and plan.happens(REOPENS):
        return plan.by_operator(Action.REOPEN, "reopen", reason=plan.reason("市民复诉，问题仍在"))
    return None


def _held(plan: Planner) -> Deed | None:
    if not plan.case.is_open or plan.case.hold is Hold.NONE:
        return None
    advice = {"advice": plan.reason("会商明确由现单位负责")} if plan.case.hold is Hold.CONSULTATION else {}
    return plan.by_operator(Action.RESUME, "resume", reason=plan.reason("条件具备，恢复处置"), **advice)


def _nonsense(plan: Planner) -> Deed | None:
    if plan.known.is_nonsense and plan.case.is_open and plan.case.stage <= _S.DISPATCHED:
        return plan.by_operator(Action.VOID, "void", reason=plan.reason("无实际问题，作废"))
    return None


def _repeats(plan: Planner) -> Deed | None:
    if plan.known.repeats and plan.case.is_open and plan.case.stage <= _S.DISPATCHED and not plan.known.refusals:
        reason = plan.reason("与前案为同一问题")
        return plan.by_operator(Action.DUPLICATE, "duplicate", parent=plan.known.repeats, reason=reason)
    return None


def _asked(plan: Planner) -> Deed | None:
    case = plan.case
    if case.asked != "extend" or not case.is_open or plan.known.had_no or case.stage not in _AT_WORK:
        return None
    if plan.happens(GRANTS):
        amount = plan.random.randint(1, 3) if "hours" not in case.limit else plan.random.randint(2, 8)
        return plan.by_operator(Action.EXTEND, "extend", amount=amount, reason=plan.reason(_GRANTED))
    return replace(plan.by_operator(Action.DENY, "extend", reason=plan.reason(_REFUSED)), is_no=True)


def _suggested(plan: Planner) -> Deed | None:
    case = plan.case
    step = next_step(case.stage, case.hold, Role.OPERATOR, suggestion=case.suggestion)
    if step is None or not step.suggested:
        return None
    if step.action is not Action.DISPATCH:
        return plan.by_operator(step.action, "file", **{"reason": plan.reason("采纳建议"), **step.data})
    mistaken = plan.known.true_class not in ("", case.class_code)
    if case.returns and mistaken and case.stage is _S.FILED:
        return plan.by_operator(
            Action.CORRECT, "correct", **{"class": plan.known.true_class}, reason=plan.reason("类别有误")
        )
    unit = plan.other_unit() if case.returns or not step.data.get("unit") else str(step.data["unit"])
    kept = {"assist": step.data["assist"]} if step.data.get("assist") and not case.returns else {}
    return plan.by_operator(Action.DISPATCH, "dispatch", unit=unit, **kept, reason=plan.reason("人工派遣"))


def _before_dispatch(plan: Planner) -> Deed | None:
    stage = plan.case.stage
    if stage is _S.REPORTED:
        return plan.by_operator(Action.FILE, "file")
    if stage is _S.VERIFYING:
        if plan.happens(CONFIRMS):
            return plan.by_collector(Action.CONFIRM, text=plan.reason("现场核实属实"))
        return plan.by_collector(Action.REFUSE, reason=plan.reason("现场未发现问题"))
    if stage is _S.FILED and plan.other_unit():
        return plan.by_operator(Action.DISPATCH, "dispatch", unit=plan.other_unit(), reason=plan.reason("人工派遣"))
    return None


def _out_of_the_ordinary(plan: Planner) -> Deed | None:
    case, reason = plan.case, plan.reason("情况复杂")
    if case.stage not in _AT_WORK or case.parent or case.parts or case.pauses:
        return None
    if case.stage is _S.DISPATCHED and case.unit and plan.happens(SPLITS):
        other = next((unit for unit in (plan.other_unit(), *plan.units) if unit and unit != case.unit), case.unit)
        parts = [{"unit": case.unit}, {"unit": other, "description": f"配合处置{MARK}"}]
        return plan.by_operator(Action.SPLIT, "split", parts=parts, reason=reason)
    if plan.happens(SUSPENDS):
        return plan.by_operator(Action.SUSPEND, "suspend", reason=plan.reason("暂不具备处置条件，挂账"))
    if plan.happens(CONSULTS):
        return plan.by_operator(Action.CONSULT, "suspend", reason=plan.reason("职责交叉，提请会商"))
    return None


def _parts(plan: Planner) -> Deed | None:
    return Deed("", None, plan.takes("look")) if plan.case.is_open and plan.case.open_parts else None


def _take(plan: Planner) -> Deed | None:
    case, habits = plan.case, plan.habits
    if case.stage is not _S.DISPATCHED or not case.unit:
        return None
    is_wrong = bool(plan.known.true_class) and plan.known.true_class != case.class_code
    if case.returns < MOST_RETURNS and plan.happens(WRONG_RETURNS if is_wrong else habits.returns):
        return plan.by_unit(Action.RETURN, plan.takes("return", habits.pace), reason=plan.reason(*_RETURNED))
    return plan.by_unit(Action.ACCEPT, plan.takes("accept", habits.pace))


def _ask(plan: Planner) -> Deed | None:
    case, habits = plan.case, plan.habits
    if case.stage not in _IN_HAND or case.asked or plan.known.had_no or case.extensions >= MOST_EXTENSIONS:
        return None
    if not plan.happens(habits.asks):
        return None
    return plan.by_unit(Action.ASK_EXTENSION, plan.takes("ask_extension", habits.pace), reason=plan.reason(*_ASKED))


def _begin(plan: Planner) -> Deed | None:
    if plan.case.stage is _S.ACCEPTED and not plan.happens(DIRECT):
        return plan.by_unit(Action.START, plan.takes("start", plan.habits.pace))
    return None


def _finish(plan: Planner) -> Deed | None:
    if plan.case.stage not in _IN_HAND:
        return None
    if plan.happens(plan.habits.notes):
        return plan.by_unit(Action.NOTE, plan.takes("note", plan.habits.pace), text=plan.reason("已到场，正在处置"))
    return plan.by_unit(Action.FEEDBACK, plan.handling_s(), _photo(plan), result=plan.reason(*_RESULTS))


def _photo(plan: Planner) -> Photo:
    habits = plan.habits
    if not plan.happens(OWNS_UP if plan.case.reworks else habits.photos):
        return ""
    return "before" if plan.known.has_before and not plan.case.reworks and plan.happens(habits.reuses) else "after"


def _check(plan: Planner) -> Deed | None:
    if plan.case.stage not in (_S.FEEDBACK, _S.CHECKING):
        return None
    if plan.case.reworks < MOST_RETURNS and plan.happens(REWORKS):
        return plan.by_collector(Action.REWORK, reason=plan.reason("现场核查未达到结案要求"))
    return plan.by_collector(Action.CLOSE, result=plan.reason("现场核查通过"))


_RULES: tuple[Rule, ...] = (
    _ended, _held, _nonsense, _repeats, _asked, _suggested, _before_dispatch, _out_of_the_ordinary, _parts, _take, _ask,
    _begin, _finish, _check,
)  # fmt: skip
"""The first that says something decides."""
