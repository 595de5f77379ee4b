"""What happened to a case, the newest last: who, when, by which clock and rule, with its photos."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats
from app.case_story import StoryEvent, clock_at
from app.case_words import actor_words, clock_words, event_details, event_title, rule_words
from app.components.attributes import attributes
from app.components.case_photo import photo_figures
from app.components.panel import panel
from app.desk_case import CaseView
from app.desk_context import DeskContext
from datastore.desk.record import CasePhoto
from twin_model.case_file import CaseFile
from twin_model.workflow import Action

MARKS = {
    Action.CLOSE: "✓",
    Action.VOID: "○",
    Action.REFUSE: "○",
    Action.DUPLICATE: "○",
    Action.REWORK: "↺",
    Action.RETURN: "↩",
    Action.REOPEN: "↺",
    Action.SUSPEND: "‖",
    Action.CONSULT: "‖",
    Action.RESUME: "▸",
    Action.SUGGEST: "✦",
}
MARK = "●"
QUIET = frozenset({Action.COUNT, Action.SUGGEST})
"""Events that nobody did."""
BULK_STEPS = ("reported_at", "filed_at", "dispatched_at", "handled_at", "closed_at")


def case_timeline(ctx: DeskContext, view: CaseView, story: Sequence[StoryEvent]) -> Component:
    """Draw the events of a case."""
    if not story:
        body: Component = html.Div([_bulk(ctx, view.file), _note(ctx)], className="timeline scroll")
    else:
        items = [_event(ctx, view, told) for told in story]
        body = html.Ol(items, className="timeline scroll", tabIndex=0)
    return panel(ctx.page, "case_timeline", body, unit=False)


def _event(ctx: DeskContext, view: CaseView, told: StoryEvent) -> Component:
    event, texts = told.event, ctx.texts
    if event.kind is Action.IMPORT:
        return html.Li([_bulk(ctx, told.after or view.file), _note(ctx)], className="event import")
    book = ctx.office.desk.book if ctx.office.desk else None
    file = (
        told.after
        if event.kind in (Action.FILE, Action.EXTEND, Action.RESUME, Action.REOPEN)
        else told.before or told.after
    )
    reading = clock_at(book.calendar if book else None, file, event.moment) if file and file.is_open else None
    late = reading is not None and reading.left < 0
    photos = photos_of(told, view.photos)
    details = [html.Div([html.Dt(name), html.Dd(text)], className="pair") for name, text in event_details(ctx, told)]
    by_system = event.actor == "system"
    return html.Li(
        [
            html.Span(MARKS.get(event.kind, MARK), className="event-mark", **attributes({"aria-hidden": "true"})),
            html.Div(
                [
                    html.Strong(event_title(ctx, told), className="event-title"),
                    html.Span(actor_words(ctx, event.actor), className="event-actor"),
                    html.Time(formats.second(event.moment, ctx.page.zone), className="event-time figure"),
                ],
                className="event-head",
            ),
            html.Dl(details, className="pairs event-details") if details else None,
            html.Div(
                [
                    html.Span(clock_words(ctx, reading), className="event-clock late" if late else "event-clock")
                    if reading
                    else None,
                    html.Span(rule_words(ctx, event.rule), className="event-rule", title=event.rule)
                    if event.rule
                    else None,
                    html.Span(texts.t("story.seq", seq=f"{told.seq:,}"), className="event-seq"),
                ],
                className="event-foot",
            ),
            photo_figures(ctx, photos) if photos else None,
        ],
        className="event" + (" system" if by_system else "") + (" quiet" if event.kind in QUIET else ""),
    )


def photos_of(told: StoryEvent, photos: Sequence[CasePhoto]) -> list[CasePhoto]:
    """Photos that an event brought."""
    names = {photo["sha256"] for photo in told.event.data.get("photos", ()) if isinstance(photo, dict)}
    return [photo for photo in photos if photo.facts.sha256 in names and photo.moment == told.event.moment]


def _bulk(ctx: DeskContext, file: CaseFile) -> Component:
    """Stages of a case of history with their times."""
    texts = ctx.texts
    rows = [
        html.Div([html.Dt(texts.t(f"bulk.{name}")), html.Dd(formats.minute(moment, ctx.page.zone))], className="pair")
        for name in BULK_STEPS
        if (moment := getattr(file, name)) is not None
    ]
    return html.Div(
        [html.Strong(texts.t("story.history"), className="event-title"), html.Dl(rows, className="pairs event-details")]
    )


def _note(ctx: DeskContext) -> Component:
    return html.P(ctx.texts.t("story.history_note"), className="form-note")
