"""The state of a page, and its one written form: the query string of its address."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl, quote

from app.building_filter import canonical_conditions
from twin_model.errors import SelectionError
from twin_model.selection import canonical
from twin_model.selection_text import from_text, to_text

METRICS = ("open", "overdue", "recent")
LAYERS = ("grid", "buildings", "columns", "tiles")
LANGUAGES = ("zh-CN", "en")
THEMES = ("dark", "light")
PANELS = ("", "table", "buildings", "datasets", "display")
SORTS = ("open", "overdue", "closing_rate")
LISTS = ("urgent", "newest")
COLOURED_BY = ("building", "grid")
PLACES = ("beside", "alone")
NEAR = ("buildings", "components")
EXAGGERATION = (1.0, 5.0)
"""Least and most times that heights are drawn."""

AREA_CODE = re.compile(r"[\w.~:+-]{1,64}")
"""Whatever an import may bring as a code; a national one is 6, 9, 12 or 15 digits."""
EVERYTHING = "all"
BUILDING_CODE = re.compile(r"[^\s/%\x00-\x1f\x7f](?:[^/%\x00-\x1f\x7f]{0,94}[^\s/%\x00-\x1f\x7f])?")
"""Whatever an import may bring as a building's code, but what a path would read otherwise than it was written."""
SELECTED = re.compile(rf"case:[0-9A-Za-z_.-]{{1,64}}|building:{BUILDING_CODE.pattern}")
SUN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
LOD = re.compile(r"[0-9](\.[0-9])?", re.ASCII)
MAX_SEARCH = 8192
"""Characters of a query string that are read; room for a drawn polygon."""

VIEW_BOUNDS = ((-180.0, 180.0), (-90.0, 90.0), (0.0, 24.0), (0.0, 85.0), (-360.0, 360.0))
VIEW_DIGITS = (5, 5, 2, 1, 1)


@dataclass(frozen=True)
class Camera:
    """Where the map is seen from.

    Parameters
    ----------
    longitude, latitude : float
        Degrees, EPSG:4490.
    zoom : float
        Web map zoom level.
    pitch, bearing : float
        Degrees.
    """

    longitude: float
    latitude: float
    zoom: float
    pitch: float
    bearing: float

    def props(self) -> dict[str, float]:
        """Give the camera as deck.gl's view state names it."""
        return asdict(self)

    def text(self) -> str:
        """Written form: ``lon,lat,zoom,pitch,bearing``, short and stable."""
        values = (self.longitude, self.latitude, self.zoom, self.pitch, self.bearing)
        return ",".join(
            f"{round(value, digits) + 0.0:.{digits}f}" for value, digits in zip(values, VIEW_DIGITS, strict=True)
        )


@dataclass(frozen=True)
class PageState:
    """All that an address says about a page.

    Parameters
    ----------
    area : str
        Code of the area in focus, or ``""`` for the whole district.
    sel : str
        Highlighted thing, ``case:<no>`` or ``building:<code>``, or ``""``.
    filter : str
        Cases that every panel is about, as `twin_model.selection_text` writes a selection in its canonical form, or
        ``""`` for all.
    metric : str
        What colours the map: one of `METRICS`.
    layers : tuple of str
        Map layers that are on, in the order of `LAYERS`.
    sort : str
        Column that ranks the areas: one of `SORTS`.
    cases : str
        List of cases in front: one of `LISTS`.
    panel : str
        What lies over the map, of `PANELS`: tables that equal it, the data sets, how it is drawn, or nothing.
    by : str
        Whose load colours a building, of `COLOURED_BY`.
    exag : float
        Times that heights are drawn, within `EXAGGERATION`.
    rise, glow : bool
        Whether the metric also lifts a building, or lights it.
    detail : bool
        Whether near buildings show the roofs of their models.
    where : str
        Which buildings are meant, as `app.building_filter` writes it, or ``""`` for all.
    only : bool
        Whether the others are hidden, not faded.
    sun : str
        Date and time of the city that the sun stands for, ``2026-06-21T15:00``, or ``""`` for plain light.
    shade : bool
        Whether that sun throws shadows.
    lod : str
        Level of detail of the building's own page, or ``""`` for its best.
    place : str
        How that page shows it, of `PLACES`.
    near : str
        List in front of what is near it, of `NEAR`.
    lang, theme : str
        One of `LANGUAGES`, one of `THEMES`.
    view : Camera or None
        Camera; None lets the page frame the area in focus.
    """

    area: str = ""
    sel: str = ""
    filter: str = ""
    metric: str = "open"
    layers: tuple[str, ...] = ("grid", "buildings", "tiles")
    sort: str = "open"
    cases: str = "urgent"
    panel: str = ""
    by: str = "building"
    exag: float = 1.0
    rise: bool = False
    glow: bool = False
    detail: bool = True
    where: str = ""
    only: bool = False
    sun: str = ""
    shade: bool = True
    lod: str = ""
    place: str = "beside"
    near: str = "buildings"
    lang: str = "zh-CN"
    theme: str = "dark"
    view: Camera | None = None

    def to(self, area: str) -> "PageState":
        """Give the same page with another area in focus: nothing highlighted, the camera free to frame it."""
        return replace(self, area=area, sel="", view=None)

    @property
    def case_no(self) -> str:
        """Number of the highlighted case, or ``""``."""
        return self._selected("case:")

    @property
    def building_code(self) -> str:
        """Code of the highlighted building, or ``""``."""
        return self._selected("building:")

    def _selected(self, kind: str) -> str:
        return self.sel.removeprefix(kind) if self.sel.startswith(kind) else ""


def parse_camera(text: str) -> Camera | None:
    """Camera of its written form, or None where the text is no camera within bounds."""
    parts = text.split(",")
    if len(parts) != len(VIEW_BOUNDS):
        return None
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    if not all(isfinite(v) and low <= v <= high for v, (low, high) in zip(values, VIEW_BOUNDS, strict=True)):
        return None
    return Camera(*(round(v, digits) for v, digits in zip(values, VIEW_DIGITS, strict=True)))


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda text: text if text in choices else None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if not text or pattern.fullmatch(text) else None


def _parse_layers(text: str) -> tuple[str, ...] | None:
    names = set(text.split("_")) - {"none"}
    return tuple(name for name in LAYERS if name in names) if names <= set(LAYERS) else None


def _parse_filter(text: str) -> str | None:
    try:
        written = to_text(canonical(from_text(text)))
    except SelectionError:
        return "" if text == "" else None
    return "" if written == EVERYTHING else written


def _parse_switch(text: str) -> bool | None:
    return {"1": True, "0": False}.get(text)


def _parse_exaggeration(text: str) -> float | None:
    try:
        times = round(float(text), 1)
    except (ValueError, OverflowError):
        return None
    return times if EXAGGERATION[0] <= times <= EXAGGERATION[1] else None


def _parse_sun(text: str) -> str | None:
    if not SUN.fullmatch(text):
        return "" if text == "" else None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


READERS: dict[str, Callable[[str], Any]] = {
    "area": _matching(AREA_CODE),
    "sel": _matching(SELECTED),
    "filter": _parse_filter,
    "metric": _one_of(METRICS),
    "layers": _parse_layers,
    "sort": _one_of(SORTS),
    "cases": _one_of(LISTS),
    "panel": _one_of(PANELS),
    "by": _one_of(COLOURED_BY),
    "exag": _parse_exaggeration,
    "rise": _parse_switch,
    "glow": _parse_switch,
    "detail": _parse_switch,
    "where": canonical_conditions,
    "only": _parse_switch,
    "sun": _parse_sun,
    "shade": _parse_switch,
    "lod": _matching(LOD),
    "place": _one_of(PLACES),
    "near": _one_of(NEAR),
    "lang": _one_of(LANGUAGES),
    "theme": _one_of(THEMES),
    "view": parse_camera,
}
"""How each parameter is read; None means that the text is not usable."""


def parse_search(search: str, default: PageState | None = None) -> tuple[PageState, tuple[str, ...]]:
    """State of an address, and the names of the parameters that could not be used.

    Anything may come in: what is not understood keeps its default and is named, nothing raises.

    Parameters
    ----------
    search : str
        Query string, with or without its ``?``.
    default : PageState, optional
        State of an address that says nothing.
    """
    state = default or PageState()
    bad: list[str] = []
    if len(search) > MAX_SEARCH:
        return state, ("…",)
    try:
        pairs = parse_qsl(search.removeprefix("?"), keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return state, ("…",)
    for name, text in pairs:
        value = READERS[name](text) if name in READERS else None
        if value is None and not (text == "" and name in READERS):
            bad.append(name[:24])
        elif value is not None:
            state = replace(state, **{name: value})
    return state, tuple(dict.fromkeys(bad))


def format_search(state: PageState, default: PageState | None = None) -> str:
    """Query string of a state, with its ``?``; what equals the default is left out.

    ``parse_search(format_search(state))`` gives the state back.
    """
    base = default or PageState()
    pairs = []
    for field in fields(state):
        value = getattr(state, field.name)
        if value == getattr(base, field.name):
            continue
        pairs.append(f"{field.name}={quote(_written(value), safe=',:;.-()~')}")
    return "?" + "&".join(pairs) if pairs else "?"


def _written(value: object) -> str:
    if isinstance(value, Camera):
        return value.text()
    if isinstance(value, tuple):
        return "_".join(value) or "none"
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)
