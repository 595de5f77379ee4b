"""Words for the events of a case: what was done, by whom, and what it brought."""

from collections.abc import Iterator
from datetime import datetime

from app import formats
from app.case_story import ClockReading, StoryEvent
from app.desk_case import counted, limit_words, verdict_words
from app.desk_context import DeskContext
from app.desk_words import action_words
from twin_model.workflow import Action

IMPORTED = "import"
DETAILS = ("reason", "text", "result", "found", "advice", "description", "address")
"""Texts that people wrote, as an event may bring them."""


def event_title(ctx: DeskContext, told: StoryEvent) -> str:
    """Say what was done, in a few words."""
    event = told.event
    if event.kind is Action.SUGGEST:
        action = Action(event.data["action"])
        return ctx.texts.t("story.suggested", action=action_words(ctx.texts, action, event.data, ctx.name))
    if event.kind is Action.COUNT:
        name = "duplicates" if "duplicates" in event.data else "open_parts"
        return ctx.texts.t(f"counted.{name}", count=event.data.get(name, 0))
    return action_words(ctx.texts, event.kind, event.data, ctx.name)


def actor_words(ctx: DeskContext, code: str) -> str:
    """Who did it: role and unit, never a person's own name."""
    texts = ctx.texts
    if code == "system":
        return texts.t("role.system")
    if code == IMPORTED:
        return texts.t("story.bulk")
    found = next((each.actor for each in ctx.actors if each.actor.code == code), None)
    if found is None:
        return code
    if found.unit_code:
        return ctx.name("unit", found.unit_code)
    return texts.t(f"role.{found.role}")


def event_details(ctx: DeskContext, told: StoryEvent) -> Iterator[tuple[str, str]]:
    """Tell what the event brought: pairs of a name and a text."""
    data, texts = told.event.data, ctx.texts
    for name in DETAILS:
        if data.get(name) and not (told.event.kind is Action.DUPLICATE and name == "reason"):
            yield texts.t(f"detail.{name}"), said(ctx, told, name)
    if data.get("verdict"):
        yield texts.t("detail.verdict"), verdict_words(ctx.texts, data)
    if data.get("unit") and told.event.kind is Action.SPLIT:
        yield texts.t("detail.unit"), ctx.name("unit", data["unit"])
    if data.get("assist"):
        yield texts.t("detail.assist"), texts.t("list.comma").join(ctx.name("unit", code) for code in data["assist"])
    if data.get("parts"):
        yield (
            texts.t("detail.parts"),
            texts.t("list.comma").join(ctx.name("unit", part["unit"]) for part in data["parts"]),
        )
    if data.get("parent"):
        yield texts.t("detail.parent"), str(data["parent"])
    if data.get("deadline"):
        moment = formats.minute(datetime.fromisoformat(data["deadline"]), ctx.page.zone)
        limit = limit_words(ctx, str(data.get("limit", "")))
        yield texts.t("detail.deadline"), f"{moment} · {limit}" if limit else moment
    if data.get("score"):
        yield texts.t("detail.score"), str(data["score"])


def said(ctx: DeskContext, told: StoryEvent, name: str) -> str:
    """Text of an event; the system's own sentences in the page's language."""
    text = str(told.event.data[name])
    if told.event.actor != "system":
        return text
    if told.event.kind is Action.REWORK:
        return ctx.texts.t("story.check_failed")
    if told.event.kind is Action.VERIFY:
        return ctx.texts.t("story.verify_first")
    return ctx.texts.t("story.parts_ended") if name == "result" else text


def clock_words(ctx: DeskContext, reading: ClockReading) -> str:
    """Say what the clock showed: time left or over in its own unit, and the limit."""
    texts = ctx.texts
    amount, _, clock = reading.limit.partition(" ")
    if not clock:
        words = texts.t("case.left" if reading.left >= 0 else "case.late", span=formats.span(reading.left, texts))
    else:
        unit = texts.t(f"clock.{counted(clock, amount)}")
        left = f"{abs(reading.left):.1f}".removesuffix(".0")
        key = "left" if reading.left >= 0 else "over"
        words = texts.t(f"story.{key}", left=left, limit=f"{float(amount):g}", clock=unit)
    return texts.t("story.standing", clock=words) if reading.standing else words


def rule_words(ctx: DeskContext, cited: str) -> str:
    """Rule that caused an event: the set, its version and its row."""
    kind, _, rule = cited.partition("#")
    name, _, version = kind.partition("@")
    if not version:
        return cited
    return ctx.texts.t("story.rule", kind=ctx.texts.word(f"rules.{name}", name), version=version, rule=rule)
