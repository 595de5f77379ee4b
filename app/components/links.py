"""Links: to another state of the page that one is on, or to another page."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component


def link(children: Component | str | Sequence[Component | str | None], href: str, **props: Any) -> Component:  # noqa: ANN401 - as the component takes them
    """Link to an address; one with a path of its own is another page, which the browser loads.

    Within a page Dash draws what changed. To exchange the whole layout under its running callbacks is a race that it
    reports as a failure, and a page that leaves takes its map with it anyway.
    """
    made: Component = (
        html.A(children, href=href, **props) if href.startswith("/") else dcc.Link(children, href=href, **props)
    )
    return made
