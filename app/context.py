"""What every panel is drawn from: the state of the address, the language, the area in focus and the data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from app import formats
from app.data import DataManager
from app.i18n import Catalogue, catalogue
from app.routes import BUILDING, CASES_PATHS, Route, building_path, case_path, route_of
from app.state import PageState, format_search, parse_search
from datastore.errors import UnknownCodeError
from datastore.meta import Meta
from twin_model.area import AreaLevel
from twin_model.selection import And, Areas, Everything, Selection, canonical
from twin_model.selection_text import from_text

Row = Mapping[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COMMAND_ROUTE = Route("command")


@dataclass(frozen=True)
class Context:
    """One reading of an address against the store.

    Parameters
    ----------
    state : PageState
        What the address says, with an area that exists (or ``""``).
    trail : tuple of mapping
        Areas from the district down to the one in focus; empty in a store without areas.
    notices : tuple of str
        Sentences about parts of the address that could not be used.
    meta : Meta
        Facts of the store.
    data : DataManager
        Where answers come from.
    default_language : str
        Language of an address that names none.
    route : Route
        Page that the address shows.
    """

    state: PageState
    trail: tuple[Row, ...]
    notices: tuple[str, ...]
    meta: Meta
    data: DataManager
    default_language: str = "zh-CN"
    route: Route = COMMAND_ROUTE

    @property
    def texts(self) -> Catalogue:
        """Catalogue of the page's language."""
        return catalogue(self.state.lang)

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return self.meta.zone

    @property
    def as_of(self) -> datetime:
        """Moment that every figure is relative to, UTC; the epoch in a store without cases."""
        return self.meta.as_of or EPOCH

    @property
    def area(self) -> Row | None:
        """Area in focus, or None in a store without areas."""
        return self.trail[-1] if self.trail else None

    @property
    def level(self) -> AreaLevel:
        """Level of the area in focus."""
        return AreaLevel(self.trail[-1]["level"]) if self.trail else AreaLevel.DISTRICT

    @property
    def is_leaf(self) -> bool:
        """Whether the store holds no areas below the one in focus, but some beside it."""
        return len(self.trail) > 1 and not self._levels_below(self.trail[-1])

    @property
    def ranked_trail(self) -> tuple[Row, ...]:
        """Areas from the district down to the one whose children are ranked: the one in focus, or a leaf's parent."""
        return self.trail[:-1] if self.is_leaf else self.trail

    @property
    def ranked_parent(self) -> Row | None:
        """Area whose children are ranked; None in a store without areas."""
        return self.ranked_trail[-1] if self.trail else None

    @property
    def levels(self) -> tuple[AreaLevel, ...]:
        """Levels that the store holds below the area whose children are ranked, the next one first."""
        parent = self.ranked_parent
        return () if parent is None else self._levels_below(parent)

    @property
    def ranked_level(self) -> AreaLevel:
        """Level of the areas that are ranked; streets in a store without any."""
        return self.levels[0] if self.levels else AreaLevel.STREET

    def _levels_below(self, area: Row) -> tuple[AreaLevel, ...]:
        found = self.query("levels_below", Everything(), code=area["code"])
        return tuple(AreaLevel(row["level"]) for row in found.to_pylist())

    @property
    def filter(self) -> Selection:
        """Cases that the address filters for, wherever they are."""
        return from_text(self.state.filter) if self.state.filter else Everything()

    @property
    def place(self) -> Selection:
        """Cases of the area in focus; every case, placed or not, for the whole district."""
        return _place_of(self.area)

    @property
    def ranked_place(self) -> Selection:
        """Cases of the area whose children are ranked."""
        return _place_of(self.ranked_parent)

    @property
    def selection(self) -> Selection:
        """Cases of the area in focus that the address filters for."""
        return canonical(And((self.place, self.filter)))

    @property
    def totals(self) -> Row:
        """Headline figures of the area in focus; live, the day is the one that runs."""
        row: Row = self.query("case_totals", as_of=self.as_of, running=self.meta.live).to_pylist()[0]
        return row

    @property
    def has_cases(self) -> bool:
        """Whether the store holds any case."""
        return self.meta.as_of is not None

    @property
    def selected_case(self) -> Row | None:
        """The highlighted case, or None where none is or no case has its number."""
        if not self.state.case_no:
            return None
        found = self.query("case_by_no", Everything(), case_no=self.state.case_no).to_pylist()
        return found[0] if found else None

    @property
    def building_code(self) -> str:
        """Code of the building that the address is about: the page's own, or the highlighted one."""
        return self.route.code or self.state.building_code

    @property
    def building(self) -> Row | None:
        """Building that the address is about, or None where there is none, or none with its code."""
        if not self.building_code:
            return None
        found = self.query("building_by_code", Everything(), code=self.building_code).to_pylist()
        return found[0] if found else None

    def query(self, name: str, selection: Selection | None = None, **params: Any) -> pa.Table:  # noqa: ANN401 - as the query takes or gives them
        """Answer of a query about the area in focus, or about the selection given."""
        return self.data.query(name, self.selection if selection is None else selection, **params)

    def href(self, **changes: Any) -> str:  # noqa: ANN401 - as the query takes or gives them
        """Address of this page with parts of its state changed."""
        return format_search(replace(self.state, **changes), self.default_state)

    def href_area(self, code: str) -> str:
        """Address of this page with another area in focus."""
        root = self.trail[0]["code"] if self.trail else ""
        return self.route.home + format_search(self.state.to("" if code == root else code), self.default_state)

    def href_building(self, code: str) -> str:
        """Address of a building's own page, in the same language and light."""
        return building_path(code) + self._common_search

    def href_case(self, case_no: str) -> str:
        """Address of a case's own page, in the same language and light."""
        return case_path(case_no) + self._common_search

    @property
    def href_workbench(self) -> str:
        """Address of the workbench, in the same language and light."""
        return CASES_PATHS[0] + self._common_search

    @property
    def href_command(self) -> str:
        """Address of the command page, in the same language and light."""
        return "/" + self._common_search

    @property
    def _common_search(self) -> str:
        kept = replace(self.default_state, lang=self.state.lang, theme=self.state.theme)
        search = format_search(kept, self.default_state)
        return "" if search == "?" else search

    def href_on_map(self, sel: str) -> str:
        """Address of the command page with a building or case of the street in focus highlighted and in view."""
        street = next((row["code"] for row in self.trail if row["level"] == AreaLevel.STREET), "")
        kept = replace(self.default_state, lang=self.state.lang, theme=self.state.theme, sel=sel, area=street)
        return "/" + format_search(kept, self.default_state)

    @property
    def default_state(self) -> PageState:
        """State of an address that says nothing."""
        return PageState(lang=self.default_language)

    @property
    def stamp(self) -> str:
        """As-of stamp: date and minute in the city's time zone."""
        return formats.minute(self.meta.as_of, self.zone)


def _place_of(area: Row | None) -> Selection:
    """Cases of an area; the whole district's are all, even those without a place."""
    return Everything() if area is None or area["level"] == AreaLevel.DISTRICT else Areas((area["code"],))


def read_context(
    search: str | None, data: DataManager, default_language: str = "zh-CN", path: str | None = None
) -> Context:
    """Read an address against the store; an area that is unknown falls back to the district with a notice.

    Parameters
    ----------
    search : str or None
        Query string of the address.
    data : DataManager
        Where areas are looked up.
    default_language : str
        Language of an address that names none.
    path : str, optional
        Path of the address; the command page's where it is left out.
    """
    state, bad = parse_search(search or "", PageState(lang=default_language))
    texts = catalogue(state.lang)
    notices = [texts.t("notice.parameters", names=texts.t("list.comma").join(bad))] if bad else []
    trail = tuple(data.query("breadcrumb", Everything(), code=state.area).to_pylist())
    if state.area and not trail:
        notices.append(texts.t("notice.area", code=state.area))
        state = state.to("")
        trail = tuple(data.query("breadcrumb", Everything(), code="").to_pylist())
    read = Context(state, trail, tuple(notices), data.meta(), data, default_language, route_of(path))
    if state.building_code and read.route.page == COMMAND_ROUTE.page and read.building is None:
        notice = texts.t("notice.building", code=state.building_code)
        read = replace(read, state=replace(state, sel=""), notices=(*read.notices, notice))
    return _in_its_areas(read) if not read.state.filter else _in_its_areas(_with_known_filter(read))


def unknown_code(error: UnknownCodeError, texts: Catalogue) -> str:
    """Say what the store does not hold, in the language of the page."""
    codes = texts.t("list.comma").join(error.codes)
    return texts.t("notice.unknown", dimension=texts.t(f"dimension.{error.dimension}"), codes=codes)


def _with_known_filter(read: Context) -> Context:
    """Drop a filter that names codes the store does not hold, with a notice."""
    try:
        _ = read.totals
    except UnknownCodeError as error:
        notice = read.texts.t("notice.filter", unknown=unknown_code(error, read.texts))
        return replace(read, state=replace(read.state, filter=""), notices=(*read.notices, notice))
    return read


def _in_its_areas(read: Context) -> Context:
    """On a building's own page: the trail leads to the building, whatever area the address names."""
    building = read.building if read.route.page == BUILDING else None
    if building is None:
        return read
    codes = (building.get(f"{level.key}_code") for level in (AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET))
    code = next((code for code in codes if code), "")
    trail = tuple(read.query("breadcrumb", Everything(), code=code).to_pylist())
    return replace(read, trail=trail or read.trail)
