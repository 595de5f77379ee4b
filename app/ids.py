"""Ids of the components that callbacks read or write, in one place."""

URL = "url"
PROVIDER = "provider"
PAGE = "page"
ROOT = "root"
NOTICE = "notice"
DESTINATION = "destination"

LIVE_TICK = "live-tick"
"""Store that the page's script writes, seldom, when panels should ask anew."""
LIVE_SCENE = "live-scene"
"""The same for the map's colours, more seldom."""
LIVE_CASES = "live-cases"

DECK_SPEC = "deck-spec"
DECK_PICK = "deck-pick"
DECK_VIEW = "deck-view"
DECK_STATUS = "deck-status"

HEADER = "header"
KPIS = "kpis"
SOURCES = "sources"
RANKING = "ranking"
ALERTS = "alerts"
CASES = "cases"
TREND = "trend"
LEGEND = "legend"
AREA_TABLE = "area-table"
DISPLAY = "display"
INSPECTOR = "inspector"
SEARCH = "search-text"
SEARCH_RESULTS = "search-results"

BUILDING_KPIS = "building-kpis"
BUILDING_FACTS = "building-facts"
BUILDING_MODELS = "building-models"
BUILDING_CASES = "building-cases"
BUILDING_NEAR = "building-near"
BUILDING_TREND = "building-trend"
BUILDING_VIEW = "building-view"
MONTHS = "months"
BUILDING_TABLE = "building-table"

WORK_QUERY = "work-query"
"""What of an address decides the queue; the case that is shown in short is left out."""
WORK_ASK = "work-ask"
WORK_TOLD = "work-told"
WORK_SAID = "work-said"
WORK_FORM = "work-form"
WORK_FORM_SLOT = "work-form-slot"
WORK_SEND = "work-send"
WORK_QUEUES = "work-queues"
WORK_FILTERS = "work-filters"
WORK_GRID = "work-grid"
WORK_PAGES = "work-pages"
WORK_BULK = "work-bulk"
WORK_CARDS = "work-cards"
WORK_BRIEF = "work-brief"
WORK_SEARCH = "work-search"

CASE_HEAD = "case-head"
CASE_TIMELINE = "case-timeline"
CASE_UNIT = "case-unit"
CASE_PROOF = "case-proof"
CASE_ACTIONS = "case-actions"
CASE_FACTS = "case-facts"

PANELS = (HEADER, KPIS, SOURCES, RANKING, ALERTS, CASES, TREND, LEGEND)
"""Slots that are drawn anew when the address changes."""


def body(panel: str) -> str:
    """Id of the slot that a panel is drawn into."""
    return f"{panel}-slot"


def switch(field: str, value: str, part: str = "") -> dict[str, str]:
    """Id of a button that sets one field of the page's state to a value, in its written form.

    Where several buttons of a page may set the same value, `part` tells them apart.
    """
    return {"type": "switch", "field": field, "value": value, "part": part}


def slider(field: str) -> dict[str, str]:
    """Id of a slider that sets one part of the page's state."""
    return {"type": "slider", "field": field}


def work_filter(field: str) -> dict[str, str]:
    """Id of a control that sets one field of the workbench's state."""
    return {"type": "work-filter", "field": field}


def work_field(name: str) -> dict[str, str]:
    """Id of a control that holds one field of an action."""
    return {"type": "work-field", "name": name}


def work_photos(part: str) -> dict[str, str]:
    """Id of a field that takes photos."""
    return {"type": "work-photos", "part": part}
