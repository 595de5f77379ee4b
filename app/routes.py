"""Which page an address shows, and the addresses of pages."""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from app.state import BUILDING_CODE
from app.workbench_state import CASE_NO

COMMAND_PATHS = ("", "/", "/command", "/command/")
CASES_PATHS = ("/cases", "/cases/")
BUILDING_PREFIX = "/building/"
CASE_PREFIX = "/case/"
COMMAND, BUILDING, CASES, CASE, UNKNOWN = "command", "building", "cases", "case", "unknown"
AT_WORK = frozenset({CASES, CASE})
"""Pages on which cases are worked; their addresses are read by `app.workbench_state`."""


@dataclass(frozen=True)
class Route:
    """Page of an address.

    Parameters
    ----------
    page : str
        ``command``, ``building``, ``cases``, ``case`` or ``unknown``.
    code : str
        Code of the building or number of the case, or ``""``.
    """

    page: str
    code: str = ""

    @property
    def home(self) -> str:
        """Path of the command page as seen from here: ``""`` while one is on it."""
        return "" if self.page == COMMAND else "/"


def route_of(path: str | None) -> Route:
    """Page of a path, as browsers write it (percent-encoded) or as servers read it."""
    if (path or "") in COMMAND_PATHS:
        return Route(COMMAND)
    if path in CASES_PATHS:
        return Route(CASES)
    if (path or "").startswith(CASE_PREFIX):
        number = unquote((path or "").removeprefix(CASE_PREFIX).removesuffix("/"))
        return Route(CASE, number) if CASE_NO.fullmatch(number) else Route(UNKNOWN)
    code = unquote((path or "").removeprefix(BUILDING_PREFIX).removesuffix("/"))
    if (path or "").startswith(BUILDING_PREFIX) and BUILDING_CODE.fullmatch(code):
        return Route(BUILDING, code)
    return Route(UNKNOWN)


def building_path(code: str) -> str:
    """Path of a building's own page."""
    return BUILDING_PREFIX + quote(code, safe="~:,;!@$+=")


def case_path(case_no: str) -> str:
    """Path of a case's own page."""
    return CASE_PREFIX + quote(case_no, safe="")
