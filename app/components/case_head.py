"""Head of a case's page: number, class, state, and the seven steps with their times."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.attributes import attributes
from app.components.case_clock import clock_chip
from app.desk_case import CaseView, limit_words
from app.desk_context import DeskContext
from twin_model.case import CaseStage
from twin_model.loop_steps import StepTaken
from twin_model.service_level_rule import StageLimits
from twin_model.workflow import Step


def case_head(ctx: DeskContext, view: CaseView, steps: Sequence[StepTaken]) -> Component:
    """Draw the head.

    Parameters
    ----------
    steps : sequence of StepTaken
        The seven steps of the case.
    """
    texts, file = ctx.texts, view.file
    stage = texts.t(f"stage.{file.stage.name.lower()}")
    said = [clock_chip(ctx, file), html.Span(stage, className="case-stage")]
    if file.hold:
        said.append(html.Span(texts.t(f"hold.{file.hold}"), className="badge"))
    if file.urgent:
        said.append(html.Span(texts.t("case.urgent"), className="badge urgent"))
    if file.score:
        said.append(html.Span(texts.t("case.scored", score=f"{float(file.score):g}"), className="case-stage"))
    return html.Section(
        [
            html.Div(
                [
                    html.A(
                        texts.t("case.back"),
                        href=ctx.href_cases(),
                        className="link case-back",
                        **attributes({"data-key": "back"}),
                    ),
                    html.H2(ctx.name("class", file.class_code), className="case-name"),
                    html.Div(
                        [
                            html.Span(file.case_no, className="figure case-number"),
                            html.Span(ctx.name("source", file.source), className="muted"),
                        ],
                        className="case-ids",
                    ),
                    html.Div(said, className="case-said"),
                ],
                className="case-title",
            ),
            html.Ol(
                [_step(ctx, view, step) for step in steps],
                className="steps",
                **attributes({"aria-label": texts.t("steps.label")}),
            ),
        ],
        className="panel case-head",
    )


def _step(ctx: DeskContext, view: CaseView, taken: StepTaken) -> Component:
    texts = ctx.texts
    late = taken.is_late(ctx.now) or (taken.step is Step.HANDLE and _handled_late(view, ctx.now))
    kind = "done" if taken.done_at else "current" if taken.current else "ahead"
    if view.file.stage in (CaseStage.VOID, CaseStage.DUPLICATE) and not taken.done_at:
        kind = "skipped"
    took = taken.took(ctx.now)
    moment = formats.short_minute(taken.done_at, ctx.now, ctx.page.zone) if taken.done_at else ""
    if taken.current:
        moment = texts.t("steps.now")
    return html.Li(
        [
            html.Span(
                "✓" if taken.done_at else str(int(taken.step)),
                className="step-mark",
                **attributes({"aria-hidden": "true"}),
            ),
            html.Span(texts.t(f"steps.{taken.step.name.lower()}"), className="step-name"),
            html.Span(moment or texts.t(f"steps.{kind}"), className="step-time figure"),
            html.Span(_took_words(ctx, view, taken, took), className="step-took late" if late else "step-took"),
        ],
        className=f"step {kind}",
        **attributes({"aria-current": "step" if taken.current else None}),
    )


def _handled_late(view: CaseView, now: datetime) -> bool:
    file = view.file
    return bool(
        file.deadline_at and (file.handled_at or file.closed_at or now) > file.deadline_at and file.dispatched_at
    )


def _took_words(ctx: DeskContext, view: CaseView, taken: StepTaken, took: timedelta | None) -> str:
    """How long a step took, and how long it may."""
    if took is None or taken.step in (Step.COLLECT, Step.FEEDBACK, Step.EVALUATE):
        return ""
    texts = ctx.texts
    words = short_span(ctx, took)
    if taken.limit is not None:
        return texts.t("steps.of", took=words, limit=short_span(ctx, taken.limit))
    limit = limit_words(ctx, view.file.limit) if taken.step is Step.HANDLE else ""
    return texts.t("steps.of", took=words, limit=limit) if limit else words


def short_span(ctx: DeskContext, span: timedelta) -> str:
    """Length of time in its most telling units; minutes of less than an hour."""
    minutes = span / timedelta(minutes=1)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return ctx.texts.t("span.minutes", minutes=f"{minutes:.0f}" if minutes >= 1 else "<1")
    return formats.span(minutes / 60, ctx.texts)


def limits_told(limits: StageLimits) -> bool:
    """Whether a rule limits any single step."""
    return any((limits.file_min, limits.dispatch_min, limits.accept_h, limits.check_h))
