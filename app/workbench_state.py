"""The state of the pages on which cases are worked, and its one written form: the query string of their address."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, quote

from app.state import AREA_CODE, LANGUAGES, MAX_SEARCH, THEMES
from datastore.queries.desk_queue_cases import SORTS
from twin_model.desk_queue import Queue

CASE_NO = re.compile(r"[0-9A-Za-z_.-]{1,64}")
CODE = re.compile(r"[\w.~:+()-]{1,64}")
ACTOR_CODE = re.compile(r"[\w.@+-]{1,64}")
MAX_TEXT = 80
"""Characters of a searched text that are read."""
LAST_PAGE = 99_999


@dataclass(frozen=True)
class WorkbenchState:
    """All that an address says about a page of the workbench.

    Parameters
    ----------
    actor : str
        Code of who acts; ``""`` for the page's default. Written ``as``.
    queue : str
        One of `twin_model.desk_queue.Queue`; ``""`` for the actor's first one.
    case_class, street, source, unit : str
        Codes that the queue is narrowed down to, or ``""``. The first is written ``class``.
    q : str
        Words that are looked for.
    sort : str
        One of `datastore.queries.desk_queue_cases.SORTS`.
    page : int
        Page of the queue, from 1.
    sel : str
        Number of the case that is shown in short.
    lang, theme : str
        As on every page.
    """

    actor: str = ""
    queue: str = ""
    case_class: str = ""
    street: str = ""
    source: str = ""
    unit: str = ""
    q: str = ""
    sort: str = "deadline"
    page: int = 1
    sel: str = ""
    lang: str = "zh-CN"
    theme: str = "dark"

    @property
    def is_narrowed(self) -> bool:
        """Whether the queue is narrowed down."""
        return any((self.case_class, self.street, self.source, self.unit, self.q))


WRITTEN = {"actor": "as", "case_class": "class"}
"""Names of fields in addresses where they are others."""
FILTERS = ("case_class", "street", "source", "unit")


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if not text or pattern.fullmatch(text) else None


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda text: text if text in choices else None


def _text(text: str) -> str | None:
    shown = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return shown[:MAX_TEXT].strip()


def _page(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE))):
        return None
    return max(int(text), 1)


READERS: dict[str, Callable[[str], Any]] = {
    "actor": _matching(ACTOR_CODE),
    "queue": _one_of(("", *Queue)),
    "case_class": _matching(CODE),
    "street": _matching(AREA_CODE),
    "source": _matching(CODE),
    "unit": _matching(CODE),
    "q": _text,
    "sort": _one_of(tuple(SORTS)),
    "page": _page,
    "sel": _matching(CASE_NO),
    "lang": _one_of(LANGUAGES),
    "theme": _one_of(THEMES),
}
"""How each field is read; None means that the text is not usable."""
ELSEWHERE = frozenset({"view"})
"""What the map writes into an address; the map reads it, too."""
_FIELD_OF = {WRITTEN.get(name, name): name for name in READERS}


def parse_workbench(search: str, default: WorkbenchState | None = None) -> tuple[WorkbenchState, tuple[str, ...]]:
    """State of an address, and the names of the parameters that could not be used; nothing raises.

    Parameters
    ----------
    search : str
        Query string, with or without its ``?``.
    default : WorkbenchState, optional
        State of an address that says nothing.
    """
    state = default or WorkbenchState()
    if len(search) > MAX_SEARCH:
        return state, ("…",)
    try:
        pairs = parse_qsl(search.removeprefix("?"), keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return state, ("…",)
    bad: list[str] = []
    for written, text in pairs:
        if written in ELSEWHERE:
            continue
        name = _FIELD_OF.get(written)
        value = READERS[name](text) if name else None
        if name is None or (value is None and text):
            bad.append(written[:24])
        elif value is not None:
            state = replace(state, **{name: value})
    return state, tuple(dict.fromkeys(bad))


def format_workbench(state: WorkbenchState, default: WorkbenchState | None = None) -> str:
    """Query string of a state, with its ``?``; what equals the default is left out.

    ``parse_workbench(format_workbench(state))`` gives the state back.
    """
    base = default or WorkbenchState()
    pairs = [
        f"{WRITTEN.get(field.name, field.name)}={quote(str(getattr(state, field.name)), safe=',:;.-()~')}"
        for field in fields(state)
        if getattr(state, field.name) != getattr(base, field.name)
    ]
    return "?" + "&".join(pairs) if pairs else "?"
