"""What a click leads to: every gesture is a change of the page's state, written into its address."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from app import ids
from app.components.display import SCALES, day_of, slider_ends, sun_written, written
from app.context import Row
from app.routes import AT_WORK, route_of
from app.state import READERS, Camera, PageState, format_search, parse_search

RANGE_ENDS = 2


def after_pick(state: PageState, pick: Row) -> PageState:
    """State after something on the map was picked: an area is entered, a case or a building is highlighted."""
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


def after_slide(state: PageState, field: str, value: Row | list[float] | float) -> PageState:
    """State after a slider was moved: the ends of a range, or the day or hour of the sun.

    A slider also tells its value when it is drawn. That is what the state says already, as far as its scale goes,
    and changes nothing.

    Parameters
    ----------
    value : list of float or float
        Ends of a range; day of the year from 0; hour.
    """
    if field in SCALES and isinstance(value, list) and len(value) == RANGE_ENDS:
        same = [float(end) for end in slider_ends(field, state.where)] == [float(end) for end in value]
        return state if same else replace(state, where=written(state.where, field, value))
    if field in ("day", "hour") and isinstance(value, int | float) and state.sun:
        moment = datetime.fromisoformat(state.sun)
        year, day, hour = moment.year, day_of(moment), moment.hour + moment.minute / 60
        day, hour = (int(value), hour) if field == "day" else (day, float(value))
        return replace(state, sun=sun_written(year, day, hour))
    return state


def after_slides(state: PageState, triggered: list[Row]) -> PageState:
    """State after all sliders that told a value at once, as those of a panel do when it is drawn."""
    for each in triggered:
        id_, _, _ = str(each["prop_id"]).rpartition(".")
        state = after_slide(state, json.loads(id_)["field"], each["value"])
    return state


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
        Input(ids.switch(ALL, ALL, ALL), "n_clicks"),  # type: ignore[arg-type]
        Input(ids.slider(ALL), "value"),  # type: ignore[arg-type]
        State(ids.URL, "search"),
        State(ids.DECK_VIEW, "data"),
        State(ids.URL, "pathname"),
        prevent_initial_call=True,
    )
    def _navigate(
        pick: Row | None,
        _clicks: list[int | None],
        _values: list[Any],
        search: str | None,
        view: Row | None,
        path: str | None,
    ) -> Any:  # noqa: ANN401 - text or Dash's mark for none
        if route_of(path).page in AT_WORK:  # the map there shows one case, whatever is clicked
            return no_update
        state, _ = parse_search(search or "", default)
        new = state
        if ctx.triggered_id == ids.DECK_PICK and pick:
            picked = after_pick(state, pick)
            # What was clicked is in view: the camera stays, except on the way into an area.
            new = with_view(picked, view) if picked.sel != state.sel and picked.building_code else picked
        elif isinstance(ctx.triggered_id, dict) and ctx.triggered_id["type"] == "slider":
            new = after_slides(state, ctx.triggered)
            new = new if new == state else with_view(new, view)
        elif isinstance(ctx.triggered_id, dict) and ctx.triggered[0]["value"]:
            new = after_switch(with_view(state, view), ctx.triggered_id["field"], ctx.triggered_id["value"])
        return no_update if new == state else format_search(new, default)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("page", "go"),
        Output(ids.DESTINATION, "modified_timestamp"),
        Input(ids.DESTINATION, "data"),
        prevent_initial_call=True,
    )
