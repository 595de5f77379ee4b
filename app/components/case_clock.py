"""The clock of a case: a mark and words that count down in the browser."""

from dash import html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.components.status import ENDED, ENDED_SHAPE, SHAPES
from app.desk_case import ended_words, is_on_hold, state_of_file
from app.desk_context import DeskContext
from app.desk_rows import millis
from twin_model.case_file import CaseFile

HELD_SHAPE = "‖"


def clock_chip(ctx: DeskContext, file: CaseFile) -> Component:
    """Mark of a case's state with its countdown, or with how it ended."""
    texts = ctx.texts
    if not file.is_open:
        shape = ENDED_SHAPE if file.stage in ENDED else SHAPES[state_of_file(ctx, file)]
        return _chip(shape, "closed", ended_words(ctx, file), None)
    if is_on_hold(file):
        return _chip(HELD_SHAPE, "held", texts.t(f"hold.{file.hold}"), None)
    state = state_of_file(ctx, file)
    words = texts.t("case.no_deadline") if file.deadline_at is None else ""
    return _chip(SHAPES[state], state.value, words, millis(file.deadline_at))


def _chip(shape: str, state: str, words: str, due: int | None) -> Component:
    told = {"data-due": None if due is None else str(due)}
    return html.Span(
        [
            html.Span(shape, className=f"mark {state}", **attributes({"aria-hidden": "true"})),
            html.Span(words, className="due-words", role="timer" if due else None, **attributes(told)),
        ],
        className=f"clock-chip {state}",
    )
