"""Ids of the components that callbacks read or write, in one place."""

URL = "url"
PROVIDER = "provider"
PAGE = "page"
ROOT = "root"
NOTICE = "notice"
DESTINATION = "destination"

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
