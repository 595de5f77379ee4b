"""What a click leads to: every gesture is a change of the page's state, written into its address."""

from dataclasses import replace
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from app import ids
from app.context import Row
from app.state import READERS, Camera, PageState, format_search, parse_search


def after_pick(state: PageState, pick: Row) -> PageState:
    """State after something on the map was picked: an area is entered, a case is highlighted.

    A building changes nothing: the map itself keeps its particulars in view.
    """
    kind, code = str(pick.get("kind", "")), str(pick.get("code", ""))
    if kind == "area" and READERS["area"](code):
        return state.to(code)
    chosen = f"{kind}:{code}"
    if READERS["sel"](chosen):
        return replace(state, sel="" if state.sel == chosen else chosen)
    return state


def after_switch(state: PageState, field: str, text: str) -> PageState:
    """State after a switch: one field takes the value that the text writes."""
    value = READERS[field](text) if field in READERS else None
    return state if value is None else replace(state, **{field: value})


def with_view(state: PageState, view: Row | None) -> PageState:
    """State with the camera that the browser last reported."""
    if not view:
        return state
    names = ("longitude", "latitude", "zoom", "pitch", "bearing")
    return replace(state, view=Camera(*(float(view[name]) for name in names)))


def register(app: Dash, default_language: str) -> None:
    """Wire picks on the map and switches to the address.

    The server writes where to go into a store and the page's script goes there, as a link does. The address is no
    output, because Dash holds back every panel while an output that it reads may still change, and drops the panel's
    first drawing when that output stays as it was.
    """
    default = PageState(lang=default_language)

    @app.callback(
        Output(ids.DESTINATION, "data"),
        Input(ids.DECK_PICK, "data"),
        Input(ids.switch(ALL, ALL), "n_clicks"),  # type: ignore[arg-type]
        State(ids.URL, "search"),
        State(ids.DECK_VIEW, "data"),
        prevent_initial_call=True,
    )
    def _navigate(pick: Row | None, _clicks: list[int | None], search: str | None, view: Row | None) -> Any:  # noqa: ANN401 - text or Dash's mark for none
        state, _ = parse_search(search or "", default)
        new = state
        if ctx.triggered_id == ids.DECK_PICK and pick:
            new = after_pick(state, pick)
        elif isinstance(ctx.triggered_id, dict) and ctx.triggered[0]["value"]:
            new = after_switch(with_view(state, view), ctx.triggered_id["field"], ctx.triggered_id["value"])
        return no_update if new == state else format_search(new, default)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "go"),
        Output(ids.DESTINATION, "modified_timestamp"),
        Input(ids.DESTINATION, "data"),
        prevent_initial_call=True,
    )
