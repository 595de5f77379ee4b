"""What the pages of the workbench are drawn from: their address, who acts, the moment, and the data behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from app.context import Context, read_context
from app.data import DataManager
from app.i18n import Catalogue
from app.identity import DEFAULT_ACTOR, Identities, UnknownActorError
from app.routes import CASES, CASES_PATHS, Route, case_path, route_of
from app.state import PageState, format_search
from app.workbench_state import WorkbenchState, format_workbench, parse_workbench
from datastore.actor_store import NamedActor, actors
from datastore.desk.desk import Desk
from datastore.queries.desk_filter import DeskFilter
from datastore.queries.desk_queue_cases import MAX_ROWS
from datastore.queries.desk_scope import DeskScope
from twin_model.actor import Actor, Role
from twin_model.desk_queue import Queue, queues_of
from twin_model.selection import Everything

PAGE_ROWS = 100
"""Rows of one page of a queue."""


@dataclass(frozen=True)
class Office:
    """What pages of work need of the application.

    Parameters
    ----------
    data : DataManager
        Answers questions.
    desk : Desk or None
        Takes commands; None where the store is only read.
    identities : Identities
        Who may act.
    default_language : str
    clock : function
        Gives the moment, aware.
    """

    data: DataManager
    desk: Desk | None
    identities: Identities
    default_language: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def default_state(self) -> WorkbenchState:
        """State of an address that says nothing."""
        return WorkbenchState(lang=self.default_language)


@dataclass(frozen=True)
class DeskContext:
    """One reading of an address of the workbench.

    Parameters
    ----------
    office : Office
    state : WorkbenchState
    actor : Actor
        Who acts.
    page : Context
        The same for what every page shares: language, theme, time zone, frame of panels.
    route : Route
    notices : tuple of str
        Sentences about parts of the address that could not be used.
    now : datetime
        Aware, to the minute: what is late is late at this moment.
    """

    office: Office
    state: WorkbenchState
    actor: Actor
    page: Context
    route: Route
    notices: tuple[str, ...]
    now: datetime

    @property
    def texts(self) -> Catalogue:
        """Catalogue of the page's language."""
        return self.page.texts

    @property
    def scope(self) -> DeskScope:
        """Whose cases are seen."""
        return DeskScope(self.actor.role, self.actor.unit_code)

    @property
    def queues(self) -> tuple[Queue, ...]:
        """Queues of the actor."""
        return queues_of(self.actor.role)

    @cached_property
    def queue(self) -> Queue | None:
        """Queue in front: the one that the address names, else the first that holds a case; None without queues."""
        if self.state.queue in self.queues:
            return Queue(self.state.queue)
        waiting = (Queue(row["queue"]) for row in self.counts() if row["cases"])
        return next(waiting, self.queues[0] if self.queues else None)

    @property
    def filter(self) -> DeskFilter:
        """Which of its cases."""
        state = self.state
        return DeskFilter(state.case_class, state.street, state.source, state.unit, state.q)

    @cached_property
    def names(self) -> Mapping[tuple[str, str], str]:
        """Names in the page's language by kind (``class``, ``source``, ``unit``, ``area``) and code."""
        english = self.state.lang == "en"
        rows = self.query("code_names").to_pylist()
        return {(row["kind"], row["code"]): (english and row["name_en"]) or row["name"] or row["code"] for row in rows}

    @cached_property
    def actors(self) -> tuple[NamedActor, ...]:
        """Whom events may name."""
        with self.office.data.store.read() as cur:
            return actors(cur)

    def name(self, kind: str, code: str) -> str:
        """Name of a code; the code itself where it has none."""
        return self.names.get((kind, code), code)

    def query(self, name: str, **params: Any) -> pa.Table:  # noqa: ANN401 - as the query takes them
        """Answer of a named question."""
        return self.office.data.query(name, Everything(), **params)

    def counts(self) -> list[dict[str, Any]]:
        """Cases in each queue of the actor."""
        rows: list[dict[str, Any]] = self.query("desk_queues", scope=self.scope, as_of=self.now).to_pylist()
        return rows

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the queue's page in front."""
        if self.queue is None:
            return []
        rows: list[dict[str, Any]] = self.query(
            "desk_queue_cases",
            scope=self.scope,
            queue=self.queue,
            as_of=self.now,
            wanted=self.filter,
            sort=self.state.sort,
            limit=min(PAGE_ROWS, MAX_ROWS),
            offset=(self.state.page - 1) * PAGE_ROWS,
        ).to_pylist()
        return rows

    def href(self, **changes: Any) -> str:  # noqa: ANN401 - fields of the state
        """Address of this page with parts of its state changed."""
        return format_workbench(replace(self.state, **changes), self.office.default_state)

    def here(self, **changes: Any) -> str:  # noqa: ANN401 - fields of the state
        """Address of this page, with its path, with parts of its state changed: the browser loads it anew."""
        path = case_path(self.route.code) if self.route.code else CASES_PATHS[0]
        return path + _search(self.href(**changes))

    def href_cases(self, **changes: Any) -> str:  # noqa: ANN401 - as above
        """Address of the workbench in the same language and light, for the same actor."""
        kept = replace(self.plain, **changes)
        return "/cases" + _search(format_workbench(kept, self.office.default_state))

    def href_case(self, case_no: str) -> str:
        """Address of a case's own page."""
        return case_path(case_no) + _search(format_workbench(self.plain, self.office.default_state))

    def href_command(self, **changes: Any) -> str:  # noqa: ANN401 - fields of the command page's state
        """Address of the command page in the same language and light."""
        default = PageState(lang=self.office.default_language)
        kept = replace(default, lang=self.state.lang, theme=self.state.theme, **changes)
        return "/" + _search(format_search(kept, default))

    @property
    def plain(self) -> WorkbenchState:
        """State of which only the actor, the language and the light are kept."""
        state = self.state
        return replace(self.office.default_state, actor=state.actor, lang=state.lang, theme=state.theme)


def _search(text: str) -> str:
    return "" if text == "?" else text


def minute_of(moment: datetime) -> datetime:
    """Moment without its seconds: within a minute the answers to one question are the same."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def read_desk(search: str | None, office: Office, path: str | None = None) -> DeskContext:
    """Read an address of the workbench; whatever cannot be used keeps its default, with a notice.

    Parameters
    ----------
    search : str or None
        Query string of the address.
    office : Office
    path : str, optional
        Path of the address; the workbench's where it is left out.
    """
    state, bad = parse_workbench(search or "", office.default_state)
    default = PageState(lang=office.default_language)
    common = format_search(replace(default, lang=state.lang, theme=state.theme), default)
    page = read_context(common, office.data, office.default_language)
    texts = page.texts
    notices = [texts.t("notice.parameters", names=texts.t("list.comma").join(bad))] if bad else []
    actor, known = acting(office, state.actor)
    if not known:
        notices.append(texts.t("work.unknown_actor", code=state.actor))
        state = replace(state, actor="")
    if state.queue and state.queue not in queues_of(actor.role):
        state = replace(state, queue="", page=1)
    now = minute_of(office.clock()) if office.desk else (page.meta.as_of or minute_of(office.clock()))
    # A stamp to the minute may lie up to a minute back; a deadline that passes meanwhile is late at the next one.
    return DeskContext(office, state, actor, page, route_of(path) if path else Route(CASES), tuple(notices), now)


def acting(office: Office, code: str) -> tuple[Actor, bool]:
    """Who acts by an address, and whether there is an actor of its code; else the default one."""
    for wanted in (code, ""):
        try:
            return office.identities.chosen(wanted), wanted == code
        except UnknownActorError:
            continue
    # A store that nobody has worked in yet has no actors; it can be looked at as its operators will.
    return Actor(DEFAULT_ACTOR, Role.OPERATOR), not code
