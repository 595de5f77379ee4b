"""The form of an action that needs more than a press: one control a field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.acting import MAX_PHOTOS, Ask
from app.components.attributes import attributes
from app.components.work_actions import GRAVE
from app.desk_context import DeskContext
from app.desk_rows import FORMS, OPTIONAL
from twin_model.case_file import CaseFile
from twin_model.workflow import Action

PHASES = ("after", "before", "other")
PARTS = 3
"""Units that a case can be split among in the form."""
OF_THE_CASE = frozenset({"address", "description"})
"""Fields that begin with what the case says already."""


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Parameters
    ----------
    ctx : DeskContext
    name, label : str
    begun : str
        What it begins with.
    file : CaseFile or None
        The case, where it is one.
    note : str
        What to know before it is left empty.
    """

    ctx: DeskContext
    name: str
    label: str
    begun: str = ""
    file: CaseFile | None = None
    note: str = ""

    @property
    def clock(self) -> str:
        """Clock that the case's limit is counted by."""
        return self.file.limit.partition(" ")[2] if self.file and " " in self.file.limit else "of_the_rule"


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
    kind = "act main grave" if action in GRAVE else "act main"
    cancel = html.Button(texts.t("form.cancel"), className="act", type="button", **attributes({"data-form": "cancel"}))
    send = html.Button(
        title, id=ids.WORK_SEND, className=kind, type="button", n_clicks=0, **attributes({"data-form": "send"})
    )
    form = html.Div(
        [
            html.Header([html.H2(title), html.Span(about, className="muted"), _close(ctx)], className="form-head"),
            html.P(texts.t(f"action_long.{action}"), className="form-note"),
            *(_control(field) for field in fields_of(ctx, ask, file)),
            html.P(said, className="form-said", role="alert") if said else None,
            html.Div([cancel, send], className="form-foot"),
        ],
        className="form",
        role="dialog",
        **attributes({"aria-modal": "true", "aria-label": title}),
    )
    return html.Div(form, className="form-back")


def fields_of(ctx: DeskContext, ask: Ask, file: CaseFile | None) -> list[Field]:
    """Fields of an action's form, with what is known of each."""
    texts, action = ctx.texts, ask.action
    if action is Action.SPLIT:
        return [Field(ctx, f"part{nth}", texts.t("field.part", number=nth)) for nth in range(1, PARTS + 1)]
    made = []
    for name in FORMS.get(action, ()):
        label = texts.t(f"field.{name}") + (texts.t("field.optional") if (action, name) in OPTIONAL else "")
        stands = str(getattr(file, name)) if file and name in OF_THE_CASE else ""
        note = texts.t("form.photos_check") if (action, name) == (Action.FEEDBACK, "photos") else ""
        made.append(Field(ctx, name, label, str(ask.data.get(name) or stands), file, note))
    return made


def _control(field: Field) -> Component:
    make = _MAKERS.get(field.name.rstrip("0123456789"), _line)
    return html.Div(make(field), className="form-row")


def _close(ctx: DeskContext) -> Component:
    told = attributes({"aria-label": ctx.texts.t("form.cancel"), "data-form": "cancel"})
    return html.Button("×", className="close", type="button", **told)


def _line(field: Field) -> Component:
    control: Component = dmc.TextInput(id=ids.work_field(field.name), label=field.label, value=field.begun, size="sm")
    return control


def _lines(field: Field) -> Component:
    control: Component = dmc.Textarea(
        id=ids.work_field(field.name),
        label=field.label,
        value=field.begun,
        autosize=True,
        minRows=2,
        maxRows=8,
        size="sm",
    )
    return control


def _amount(field: Field) -> Component:
    texts = field.ctx.texts
    control: Component = dmc.NumberInput(
        id=ids.work_field(field.name),
        label=field.label,
        description=texts.t("field.amount_in", unit=texts.t(f"clock.{field.clock}")),
        min=1,
        max=1000,
        value=float(field.begun or 1),
        size="sm",
        allowDecimal=field.clock != "working_days",
    )
    return control


def _phase(field: Field) -> list[Component]:
    data = [{"value": phase, "label": field.ctx.texts.t(f"phase.{phase}")} for phase in PHASES]
    control = dmc.SegmentedControl(
        id=ids.work_field(field.name), data=data, value=field.begun or PHASES[0], size="xs", fullWidth=True
    )
    return [html.Span(field.label, className="form-label"), control]


def _unit(field: Field) -> Component:
    return _select(field, "unit", field.begun, lambda code, words: words)  # noqa: ARG005 - one of two words


def _class(field: Field) -> Component:
    chosen = field.begun or (field.file.class_code if field.file else "")
    return _select(field, "class", chosen, lambda code, words: f"{words} {code}")


def _select(field: Field, kind: str, chosen: str, words: Callable[[str, str], str]) -> Component:
    names = field.ctx.names.items()
    control: Component = dmc.Select(
        id=ids.work_field(field.name),
        label=field.label,
        data=[{"value": code, "label": words(code, name)} for (of, code), name in names if of == kind],
        value=chosen or None,
        searchable=True,
        size="sm",
        nothingFoundMessage=field.ctx.texts.t("search.none"),
        maxDropdownHeight=300,
    )
    return control


def _photos(field: Field) -> list[Component]:
    texts = field.ctx.texts
    said = html.Span(texts.t("form.photos_long", count=MAX_PHOTOS), className="muted")
    drop = dcc.Upload(
        id=ids.work_photos("form"),
        children=html.Div([html.Strong(texts.t("form.photos")), said]),
        multiple=True,
        accept="image/jpeg,image/png,image/webp",
        className="drop",
        className_active="drop over",
    )
    told = attributes({"data-photos": texts.t("form.photos_chosen", count="{count}")})
    return [
        html.Span(field.label, className="form-label"),
        *([html.Span(field.note, className="form-note")] if field.note else []),
        drop,
        html.Div(className="drop-shown", role="status", **told),
    ]


_MAKERS: Mapping[str, Callable[[Field], Any]] = {
    "amount": _amount,
    "class": _class,
    "description": _lines,
    "part": _unit,
    "phase": _phase,
    "photos": _photos,
    "reason": _lines,
    "result": _lines,
    "text": _lines,
    "unit": _unit,
}
"""Controls of the fields that are no single line of text."""
