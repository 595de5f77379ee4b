"""Doing what a page asks for: commands to the desk, and one sentence for each case about what came of it."""

import base64
import binascii
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from app.desk_context import DeskContext
from app.desk_words import action_words, refusal_words
from datastore.desk.desk import Desk
from datastore.desk.receipt import Receipt
from datastore.errors import DatastoreError, DeskClosedError, PhotoUnreadableError
from datastore.photo.accept import accept_photo
from datastore.rollup import SEQ_KEY
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.errors import MovedOnError, TwinModelError
from twin_model.photo import PhotoFacts
from twin_model.workflow import Action

Handed: TypeAlias = Future[Receipt] | Exception
"""What became of handing a command in."""
MAX_CASES = 200
"""Cases that one press of a button is about."""
MAX_PHOTOS = 9
ANSWER_S = 20.0
SETTLED_S = 1.5
"""How long a page waits until the figures have caught up with what it did."""
POLL_S = 0.02
TAKEN = (TwinModelError, DatastoreError)


@dataclass(frozen=True)
class Target:
    """One case of a request, as the page showed it.

    Parameters
    ----------
    case_no : str
    stage, hold : int or None, str or None
        Where it stood on the page; None where the page did not say. It is refused where it has moved on.
    data : mapping
        Fields of its own.
    """

    case_no: str
    stage: int | None = None
    hold: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """What a page asks for.

    Parameters
    ----------
    action : Action
    cases : tuple of Target
    data : mapping
        Fields for all of them.
    """

    action: Action
    cases: tuple[Target, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of one case.

    Parameters
    ----------
    case_no : str
    done : bool
        Whether the desk has acknowledged it.
    sentence : str
        Why not, or where the case stands now.
    seq : int
        Of its latest event, -1 where nothing was done.
    stage : int
        Where it stands now; 0 where that is not known.
    """

    case_no: str
    done: bool
    sentence: str
    seq: int = -1
    stage: int = 0


def read_ask(told: Any) -> Ask | None:  # noqa: ANN401 - whatever a browser wrote
    """Request of what a page wrote into its store, or None where it is none."""
    if not isinstance(told, Mapping) or told.get("action") not in set(Action):
        return None
    cases = told.get("cases")
    if not isinstance(cases, list) or not 1 <= len(cases) <= MAX_CASES:
        return None
    targets = [_target(case) for case in cases if isinstance(case, Mapping) and case.get("no")]
    return Ask(Action(told["action"]), tuple(targets), _plain(told.get("data")))


def _target(case: Mapping[str, Any]) -> Target:
    stage = case.get("stage")
    hold = case.get("hold")
    return Target(
        str(case["no"]),
        stage if isinstance(stage, int) else None,
        hold if isinstance(hold, str) else None,
        _plain(case.get("data")),
    )


def _plain(data: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return {str(name): value for name, value in data.items()} if isinstance(data, Mapping) else {}


def perform(ctx: DeskContext, ask: Ask, photos: Sequence[tuple[str, PhotoFacts]] = ()) -> list[Outcome]:
    """Do what is asked for, all cases together, and wait until it is on the disk and counted.

    Parameters
    ----------
    ctx : DeskContext
        Who asks, in which language.
    ask : Ask
    photos : sequence of (str, PhotoFacts)
        Photos that were taken in for it, by phase.
    """
    desk = ctx.office.desk
    if desk is None:
        refused = refusal_words(DeskClosedError(""), ctx.texts, ask.action)
        return [Outcome(target.case_no, done=False, sentence=refused) for target in ask.cases]
    under_way = [(target, _submit(ctx, desk, ask, target, tuple(photos))) for target in ask.cases]
    outcomes = [_outcome(ctx, desk, ask, target, future) for target, future in under_way]
    wait_counted(desk, max((each.seq for each in outcomes), default=-1))
    return outcomes


def _submit(
    ctx: DeskContext, desk: Desk, ask: Ask, target: Target, photos: tuple[tuple[str, PhotoFacts], ...]
) -> Handed:
    try:
        record = desk.read(target.case_no)
        moved = target.stage is not None and int(record.file.stage) != target.stage
        if moved or (target.hold is not None and record.file.hold.value != target.hold):
            return MovedOnError(f"case {target.case_no} has moved on", target.case_no, ask.action)
        data = {**ask.data, **target.data}
        return desk.submit(Command(ask.action, ctx.actor, target.case_no, data, photos=photos, if_last=record.last_seq))
    except TAKEN as error:
        return error


def _outcome(ctx: DeskContext, desk: Desk, ask: Ask, target: Target, future: Handed) -> Outcome:
    try:
        if isinstance(future, Exception):
            raise future
        receipt = future.result(ANSWER_S)
    except (*TAKEN, TimeoutError) as error:
        return Outcome(
            target.case_no, done=False, sentence=refusal_words(error, ctx.texts, ask.action, _stage(desk, target))
        )
    said = action_words(ctx.texts, ask.action, {**ask.data, **target.data}, ctx.name)
    stage = receipt.file.stage if receipt.file else CaseStage.REPORTED
    # Fed back, and in work again: the automatic check has sent it back.
    back = ask.action is Action.FEEDBACK and stage is CaseStage.HANDLING
    told = ctx.texts.t(
        "told.sent_back" if back else "told.done", action=said, stage=ctx.texts.t(f"stage.{stage.name.lower()}")
    )
    return Outcome(receipt.case_no, done=True, sentence=told, seq=receipt.seq, stage=int(stage))


def _stage(desk: Desk, target: Target) -> CaseStage | None:
    try:
        return desk.read(target.case_no).file.stage
    except TAKEN:
        return None


def wait_counted(desk: Desk, seq: int) -> bool:
    """Wait until what pages count holds an event; whether it does."""
    until = time.monotonic() + SETTLED_S
    while seq >= 0:
        counted = desk.store.meta().other.get(SEQ_KEY, "0")
        if counted.isdecimal() and int(counted) > seq:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(POLL_S)
    return True


def take_photos(
    ctx: DeskContext, case_no: str, contents: Sequence[str], phase: str
) -> tuple[tuple[str, PhotoFacts], ...]:
    """Take photos in that a browser handed over as ``data:`` addresses.

    Raises
    ------
    PhotoError
        If one is not taken; the message says why.
    DatastoreError
        If there is no case of the number, or no room.
    """
    desk = ctx.office.desk
    if desk is None:
        raise DeskClosedError("the store is only read")
    file = desk.read(case_no).file
    lonlat = None if file.lon is None or file.lat is None else (file.lon, file.lat)
    taken = []
    for content in contents[:MAX_PHOTOS]:
        facts, _ = accept_photo(
            desk.store.path.parent, _bytes(content), case_lonlat=lonlat, zone=ctx.page.zone, now=ctx.office.clock()
        )
        taken.append((phase, facts))
    return tuple(taken)


def _bytes(content: str) -> bytes:
    _, _, encoded = content.partition(",")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PhotoUnreadableError("the photo did not arrive whole; send it again") from error


def told(outcomes: Sequence[Outcome], ctx: DeskContext, action: Action) -> dict[str, Any]:
    """Tell the page what came of a request: the sentence to show, and the cases that moved."""
    done = [each for each in outcomes if each.done]
    failed = [each for each in outcomes if not each.done]
    texts = ctx.texts
    if len(outcomes) == 1:
        sentence = outcomes[0].sentence
    else:
        sentence = texts.t("told.many", action=texts.t(f"action.{action}"), done=len(done), all=len(outcomes))
        if failed:
            sentence += texts.t("list.stop") + texts.t(
                "told.first", number=failed[0].case_no[-6:], sentence=failed[0].sentence
            )
    return {
        "at": time.time_ns(),
        "ok": not failed,
        "sentence": sentence,
        "cases": [{"no": each.case_no, "stage": each.stage, "done": each.done} for each in outcomes],
    }


def readable(ask: Ask) -> str:
    """Request as the log shows it."""
    return f"{ask.action} {json.dumps([target.case_no for target in ask.cases[:3]])} ({len(ask.cases)} cases)"
