"""Marks of a case's state: a shape and a word, so that colour never stands alone."""

from dash import html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.i18n import Catalogue
from twin_model.case import CaseStage, CaseState

SHAPES = {CaseState.OPEN: "●", CaseState.DUE_SOON: "◆", CaseState.OVERDUE: "▲", CaseState.CLOSED: "✓"}
"""One shape a state, told apart without colour."""


ENDED = {CaseStage.VOID: "void", CaseStage.DUPLICATE: "duplicate"}
"""Stages that end a case without closing it, and their text under ``stage.``."""
ENDED_SHAPE = "○"


def ended_mark(stage: CaseStage, texts: Catalogue) -> Component:
    """Neutral shape of a case that ended without being closed, with its stage's name."""
    name = texts.t(f"stage.{ENDED[stage]}")
    return html.Span(ENDED_SHAPE, className="mark", role="img", title=name, **attributes({"aria-label": name}))


def status_mark(state: CaseState, texts: Catalogue) -> Component:
    """Shape of a state, with its name for those who cannot see it."""
    name = texts.t(f"state.{state}")
    return html.Span(
        SHAPES[state], className=f"mark {state}", role="img", title=name, **attributes({"aria-label": name})
    )
