"""Buttons for what can be done with a case."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.desk_context import DeskContext
from app.desk_rows import needs_form
from app.desk_words import action_words
from twin_model.case_file import CaseFile
from twin_model.next_step import NextStep
from twin_model.workflow import Action

GRAVE = frozenset({Action.VOID, Action.REFUSE, Action.ERASE, Action.DUPLICATE})
"""What ends a case unsolved, or cannot be taken back."""


def act_button(
    words: str,
    action: Action,
    cases: Sequence[Mapping[str, Any]],
    data: Mapping[str, Any],
    *,
    main: bool = False,
    title: str | None = None,
) -> Component:
    """Button that does something with cases, or opens the form for it; the page's script hears it.

    Parameters
    ----------
    words : str
    action : Action
    cases : sequence of mapping
        ``no``, ``stage`` and ``hold`` of each, as the page shows them.
    data : mapping
        Fields that are known already.
    main : bool
        Whether it is the one to press next.
    title : str, optional
        Why.
    """
    ask = {"action": action.value, "cases": list(cases), "data": dict(data), "form": needs_form(action, data)}
    kind = "act main" if main else "act grave" if action in GRAVE else "act"
    told = {"data-act": json.dumps(ask, ensure_ascii=False), "data-key": "act" if main else None}
    mark = "…" if ask["form"] else ""
    return html.Button(words + mark, className=kind, type="button", title=title, **attributes(told))


def case_buttons(
    ctx: DeskContext, file: CaseFile, step: NextStep | None, actions: Sequence[Action], title: str | None
) -> list[Component]:
    """Buttons of one case: what comes next, then all that is possible besides."""
    case = [{"no": file.case_no, "stage": int(file.stage), "hold": file.hold.value}]
    made = []
    if step is not None:
        words = action_words(ctx.texts, step.action, step.data, ctx.name)
        made.append(act_button(words, step.action, case, step.data, main=True, title=title))
    others = [
        act_button(ctx.texts.t(f"action.{action}"), action, case, {}, title=ctx.texts.t(f"action_long.{action}"))
        for action in actions
        if step is None or action is not step.action or step.data
    ]
    if others:
        made.append(
            html.Div(
                others, className="act-others", role="group", **attributes({"aria-label": ctx.texts.t("work.others")})
            )
        )
    return made
