"""Panel of an actor's queues with how many cases wait in each."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.panel import panel
from app.desk_context import DeskContext
from app.identity import NOBODY


def work_queues(ctx: DeskContext, counts: Sequence[Mapping[str, Any]]) -> Component:
    """Draw the queues.

    Parameters
    ----------
    counts : sequence of mapping
        Rows of the question ``desk_queues``.
    """
    texts = ctx.texts
    if not counts:
        role = texts.t(f"role.{ctx.actor.role}")
        said = texts.t("work.sign_in") if ctx.actor == NOBODY else texts.t("work.no_queues", role=role)
        body: Component = html.P(said, className="empty", role="status")
    else:
        body = html.Nav(
            html.Ol([_queue(ctx, row) for row in counts], className="queue-list"),
            **attributes({"aria-label": texts.t("panel.work_queues.title")}),
        )
    return panel(ctx.page, "work_queues", [body, *_read_only(ctx)])


def _queue(ctx: DeskContext, row: Mapping[str, Any]) -> Component:
    texts = ctx.texts
    current = ctx.queue is not None and row["queue"] == ctx.queue.value
    late = row["overdue"]
    name = texts.t(f"queue.{row['queue']}")
    all_late = row["queue"] == "overdue"
    link = dcc.Link(
        [
            html.Span(name, className="queue-name"),
            html.Span(formats.number(row["cases"]), className="queue-count figure"),
            html.Span(
                texts.t("work.late", count=formats.number(late)) if late and not all_late else "",
                className="queue-late figure",
            ),
        ],
        href=ctx.href(queue=row["queue"], page=1, sel="", case_class="", street="", source="", unit="", q=""),
        className="queue" + (" current" if current else "") + (" idle" if not row["cases"] else ""),
        title=texts.t(f"queue_long.{row['queue']}"),
    )
    return html.Li(link, **attributes({"aria-current": "true" if current else None}))


def _read_only(ctx: DeskContext) -> list[Component]:
    if ctx.office.desk is not None:
        return []
    return [html.P(ctx.texts.t("work.read_only"), className="work-note", role="note")]
