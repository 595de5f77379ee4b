"""Which page an address shows, and the addresses of pages."""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from app.state import BUILDING_CODE

COMMAND_PATHS = ("", "/", "/command", "/command/")
BUILDING_PREFIX = "/building/"
COMMAND, BUILDING, UNKNOWN = "command", "building", "unknown"


@dataclass(frozen=True)
class Route:
    """Page of an address.

    Parameters
    ----------
    page : str
        ``command``, ``building`` or ``unknown``.
    code : str
        Code of the building, or ``""``.
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
    code = unquote((path or "").removeprefix(BUILDING_PREFIX).removesuffix("/"))
    if (path or "").startswith(BUILDING_PREFIX) and BUILDING_CODE.fullmatch(code):
        return Route(BUILDING, code)
    return Route(UNKNOWN)


def building_path(code: str) -> str:
    """Path of a building's own page."""
    return BUILDING_PREFIX + quote(code, safe="~:,;!@$+=")
