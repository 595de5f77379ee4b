"""Marks of a case's state: a shape and a word, so that colour never stands alone."""

from dash import html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.i18n import Catalogue
from twin_model.case import CaseState

SHAPES = {CaseState.OPEN: "●", CaseState.DUE_SOON: "◆", CaseState.OVERDUE: "▲", CaseState.CLOSED: "✓"}
"""One shape a state, told apart without colour."""


def status_mark(state: CaseState, texts: Catalogue) -> Component:
    """Shape of a state, with its name for those who cannot see it."""
    name = texts.t(f"state.{state}")
    return html.Span(
        SHAPES[state], className=f"mark {state}", role="img", title=name, **attributes({"aria-label": name})
    )
