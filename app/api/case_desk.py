"""What the case interfaces need of the desk and of who asks, and the one way to wait for an answer."""

from collections.abc import Sequence
from concurrent.futures import Future
from time import monotonic
from typing import NoReturn, Protocol

from flask import Request
from werkzeug.exceptions import MethodNotAllowed

from app.api.request_errors import NoDeskError, RequestError, SlowDeskError
from datastore.desk.receipt import Receipt
from datastore.desk.record import CaseRecord
from twin_model.actor import Actor
from twin_model.command import Command
from twin_model.errors import NotAllowedError
from twin_model.rule_book import RuleBook

WAIT_S = 30.0
"""Longest time that a request waits for the desk, seconds, however many commands it brings."""
MAX_BODY = 26 << 20
"""Bytes of a request: two photos at their largest, and the fields beside them."""
MAX_TEXT_BODY = 1 << 20
"""Bytes of a JSON document."""
MAX_SOURCE = 40
"""Characters of a source's code."""


class CaseDesk(Protocol):
    """The desk, as far as interfaces use it."""

    @property
    def book(self) -> RuleBook:
        """Rules in force."""

    def submit(self, command: Command) -> Future[Receipt]:
        """Hand a command in."""

    def read(self, case_no: str) -> CaseRecord:
        """Read the current record of a case."""


class Identities(Protocol):
    """Who asks."""

    open_desk: bool
    """Whether an actor may be named without its key."""

    def of_request(self, request: Request) -> Actor:
        """Tell whose request it is."""

    def chosen(self, code: str) -> Actor:
        """Give the actor of a code, on an open desk."""


def need_desk(desk: CaseDesk | None) -> CaseDesk:
    """Give the desk.

    Raises
    ------
    NoDeskError
        If this server has none.
    """
    if desk is None:
        raise NoDeskError("this server only shows what its store held when it began; ask one that takes cases in")
    return desk


def only_post(**_parts: str) -> NoReturn:
    """Answer who looks at an address where something is only done; Dash would show its shell there.

    Raises
    ------
    MethodNotAllowed
        Always.
    """
    raise MethodNotAllowed(["POST"])


def do_all(desk: CaseDesk, commands: Sequence[Command]) -> list[Receipt | Exception]:
    """Hand commands in together, each its own transaction, and wait for what becomes of each.

    Parameters
    ----------
    desk : CaseDesk
    commands : sequence of Command

    Returns
    -------
    list of Receipt or Exception
        In their order.
    """
    waiting: list[Future[Receipt] | Exception] = []
    for command in commands:
        try:
            waiting.append(desk.submit(command))
        except Exception as error:  # noqa: BLE001 - what the desk refuses at once is an answer like any other
            waiting.append(error)
    until = monotonic() + WAIT_S
    return [each if isinstance(each, Exception) else _outcome(each, until) for each in waiting]


def do(desk: CaseDesk, command: Command) -> Receipt:
    """Hand one command in and wait.

    Raises
    ------
    TwinModelError, DatastoreError
        As the desk refuses it.
    SlowDeskError
        If no answer came in time.
    """
    (outcome,) = do_all(desk, [command])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _outcome(future: Future[Receipt], until: float) -> Receipt | Exception:
    try:
        return future.result(max(0.0, until - monotonic()))
    except TimeoutError:
        return SlowDeskError(
            "the desk has not answered in time; send it again with the same ref to learn what happened"
        )
    except Exception as error:  # noqa: BLE001 - as above
        return error


def source_of(actor: Actor, asked: str) -> str:
    """Source of a report: the actor's own or, where it has none, the one that the report names.

    Parameters
    ----------
    actor : Actor
    asked : str
        Code that the report names, or ``""``.

    Raises
    ------
    NotAllowedError
        If it names another one than the actor's.
    RequestError
        If neither says one.
    """
    if actor.source_code:
        if asked not in ("", actor.source_code):
            raise NotAllowedError(
                f"reports of {actor.code} come from {actor.source_code}, not from {asked[:MAX_SOURCE]}"
            )
        return actor.source_code
    if not asked:
        raise RequestError(f"a report of {actor.code} has to say its source; give the code of one")
    return asked
