"""Buttons for what can be done with a case, and the form of an action that needs more than a press."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.acting import MAX_PHOTOS, Ask
from app.components.attributes import attributes
from app.desk_context import DeskContext
from app.desk_rows import FORMS, OPTIONAL, needs_form
from app.desk_words import action_words
from twin_model.case_decide import MAX_TEXT
from twin_model.case_file import CaseFile
from twin_model.next_step import NextStep
from twin_model.workflow import Action

PHASES = ("after", "before", "other")
PARTS = 3
"""Units that a case can be split among in the form."""
GRAVE = frozenset({Action.VOID, Action.REFUSE, Action.ERASE, Action.DUPLICATE})
"""What ends a case unsolved, or cannot be taken back."""
LONG_TEXTS = frozenset({"reason", "result", "text", "description"})


def act_button(
    words: str, action: Action, cases: Sequence[Mapping[str, Any]], data: Mapping[str, Any], *, main: bool = False,
    title: str | None = None,
) -> Component:  # fmt: skip
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


def action_form(ctx: DeskContext, ask: Ask, file: CaseFile | None, said: str = "") -> Component:
    """Form of an action.

    Parameters
    ----------
    ask : Ask
        What is to be done, with the fields that are known.
    file : CaseFile or None
        The case, where it is one.
    said : str
        Why it was refused the last time.
    """
    texts, action = ctx.texts, ask.action
    number = len(ask.cases)
    title = texts.t(f"action.{action}")
    about = ask.cases[0].case_no if number == 1 else texts.t("work.marked", count=number)
    rows = [_row(ctx, action, name, ask, file) for name in FORMS.get(action, ()) if name != "parts"]
    if action is Action.SPLIT:
        rows += [_unit(ctx, f"part{nth}", texts.t("field.part", number=nth), "") for nth in range(1, PARTS + 1)]
    close = html.Button(
        "×",
        className="close",
        type="button",
        **attributes({"aria-label": texts.t("form.cancel"), "data-form": "cancel"}),
    )
    kind = "act main grave" if action in GRAVE else "act main"
    form = html.Div(
        [
            html.Header([html.H2(title), html.Span(about, className="muted"), close], className="form-head"),
            html.P(texts.t(f"action_long.{action}"), className="form-note"),
            *rows,
            html.P(said, className="form-said", role="alert") if said else None,
            html.Div(
                [
                    html.Button(
                        texts.t("form.cancel"), className="act", type="button", **attributes({"data-form": "cancel"})
                    ),
                    html.Button(
                        title,
                        id=ids.WORK_SEND,
                        className=kind,
                        type="button",
                        n_clicks=0,
                        **attributes({"data-form": "send"}),
                    ),
                ],
                className="form-foot",
            ),
        ],
        className="form",
        role="dialog",
        **attributes({"aria-modal": "true", "aria-label": title}),
    )
    return html.Div(form, className="form-back")


def _row(ctx: DeskContext, action: Action, name: str, ask: Ask, file: CaseFile | None) -> Component:
    texts = ctx.texts
    label = texts.t(f"field.{name}") + (texts.t("field.optional") if (action, name) in OPTIONAL else "")
    known = ask.data.get(name)
    if name == "unit":
        return _unit(ctx, name, label, str(known or ""))
    if name == "photos":
        return _photos(ctx, label)
    if name == "phase":
        data = [{"value": phase, "label": texts.t(f"phase.{phase}")} for phase in PHASES]
        control: Component = dmc.SegmentedControl(id=ids.work_field(name), data=data, value=PHASES[0], size="xs")
        return _labelled(label, control)
    if name == "class":
        return _class(ctx, label, file)
    if name == "amount":
        unit = texts.t(f"clock.{_clock(file)}")
        control = dmc.NumberInput(
            id=ids.work_field(name), label=label, description=texts.t("field.amount_in", unit=unit), min=1, max=1000,
            value=1, size="sm", allowDecimal=_clock(file) != "working_days",
        )  # fmt: skip
        return html.Div(control, className="form-row")
    if name in LONG_TEXTS:
        begun = getattr(file, name, "") if file and name == "description" else ""
        control = dmc.Textarea(
            id=ids.work_field(name), label=label, value=begun, autosize=True, minRows=2, maxRows=8, size="sm",
            maxLength=MAX_TEXT,
        )  # fmt: skip
        return html.Div(control, className="form-row")
    begun = getattr(file, name, "") if file and name == "address" else str(known or "")
    control = dmc.TextInput(id=ids.work_field(name), label=label, value=begun, size="sm", maxLength=MAX_TEXT)
    return html.Div(control, className="form-row")


def _clock(file: CaseFile | None) -> str:
    return file.limit.partition(" ")[2] if file and " " in file.limit else "of_the_rule"


def _labelled(label: str, control: Component) -> Component:
    return html.Div([html.Span(label, className="form-label"), control], className="form-row")


def _unit(ctx: DeskContext, name: str, label: str, chosen: str) -> Component:
    units = [{"value": code, "label": words} for (kind, code), words in ctx.names.items() if kind == "unit"]
    control = dmc.Select(
        id=ids.work_field(name), label=label, data=units, value=chosen or None, searchable=True, size="sm",
        nothingFoundMessage=ctx.texts.t("search.none"), maxDropdownHeight=300,
    )  # fmt: skip
    return html.Div(control, className="form-row")


def _class(ctx: DeskContext, label: str, file: CaseFile | None) -> Component:
    classes = [
        {"value": code, "label": f"{words} {code}"} for (kind, code), words in ctx.names.items() if kind == "class"
    ]
    control = dmc.Select(
        id=ids.work_field("class"), label=label, data=classes, value=file.class_code if file else None, searchable=True,
        size="sm", nothingFoundMessage=ctx.texts.t("search.none"), maxDropdownHeight=300,
    )  # fmt: skip
    return html.Div(control, className="form-row")


def _photos(ctx: DeskContext, label: str) -> Component:
    texts = ctx.texts
    told = attributes({"data-photos": texts.t("form.photos_chosen", count="{count}")})
    drop = dcc.Upload(
        id=ids.work_photos("form"),
        children=html.Div(
            [
                html.Strong(texts.t("form.photos")),
                html.Span(texts.t("form.photos_long", count=MAX_PHOTOS), className="muted"),
            ]
        ),
        multiple=True,
        accept="image/jpeg,image/png,image/webp",
        className="drop",
        className_active="drop over",
    )
    shown = html.Div(className="drop-shown", role="status", **told)
    return html.Div([html.Span(label, className="form-label"), drop, shown], className="form-row")
