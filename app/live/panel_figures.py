"""Figures of the command page for one scope, as numbers: what its panels show as text."""

from collections.abc import Callable, Mapping
from typing import Any

from app.components.ranking import COLUMNS
from app.context import Context, read_context
from app.data import DataManager
from app.live.message import instant
from app.live.scope import Scope
from app.state import PageState, format_search

TOTALS = ("reported", "closed", "closing_rate", "open", "due_soon", "overdue", "day_reported", "day_closed")
DIGITS = 7
"""Of shares: more than a page shows."""


def figures_of(data: DataManager) -> Callable[[Scope], Mapping[str, Any]]:
    """Make the function that gives the figures of a scope.

    What it asks is kept under the new data version, so that panels which ask the same soon after have it at once.
    """

    def of_scope(scope: Scope) -> Mapping[str, Any]:
        version = data.store.data_version()  # before the questions: what they see is never older
        ctx = read_context(format_search(PageState(area=scope.area, filter=scope.filter)), data)
        return {"data_version": version, **panel_figures(ctx)}

    return of_scope


def panel_figures(ctx: Context) -> dict[str, Any]:
    """Totals, sources and ranked areas of the area in focus.

    Returns
    -------
    dict
        as_of (RFC 3339 or None), stamp (as the page writes it), totals (by name), sources (code to count and share of
        all), machine (count and share found by machines), areas (code to `COLUMNS`, in that order).
    """
    totals = ctx.totals
    # The list of sources is what one filters by: it counts every source of the place, whatever the filter.
    sources = ctx.query("cases_by_source", ctx.place).to_pylist()
    whole = sum(row["reported"] for row in sources)
    parent = ctx.ranked_parent
    areas = (
        ctx.query("areas_ranked", ctx.filter, parent_code=parent["code"], as_of=ctx.as_of).to_pylist() if parent else []
    )
    return {
        "as_of": None if ctx.meta.as_of is None else instant(ctx.meta.as_of),
        "stamp": ctx.stamp,
        "totals": {name: _short(totals[name]) for name in TOTALS},
        "sources": {row["code"]: _with_share(row["reported"], whole) for row in sources if row["reported"]},
        "machine": _with_share(sum(row["reported"] for row in sources if row["proactive"]), whole),
        "areas": {row["code"]: [_short(row[name]) for name in COLUMNS] for row in areas},
    }


def _with_share(count: int, whole: int) -> list[float | None]:
    return [count, _short(count / whole) if whole else None]


def _short(value: float | None) -> float | None:
    return round(value, DIGITS) if isinstance(value, float) else value
