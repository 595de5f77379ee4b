"""Head of the pages on which cases are worked: where one is, who acts, keys, language and theme."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from app import formats, ids
from app.components.attributes import attributes
from app.components.site_nav import site_nav
from app.components.work_help import help_button
from app.desk_context import DeskContext
from app.routes import CASE, CASES
from twin_model.actor import Actor, Role

GROUPS: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("centre", (Role.OPERATOR, Role.DISTRICT, Role.ADMIN, Role.COLLECTOR, Role.ANALYST)),
    ("department", (Role.DEPARTMENT,)),
    ("street", (Role.STREET,)),
)
"""Actors that people choose from, in groups; sources and displays act by themselves."""


def work_header(ctx: DeskContext) -> Component:
    """Head of a page of the workbench."""
    texts = ctx.texts
    meta = ctx.page.meta
    city = meta.city_name_en if ctx.state.lang == "en" else meta.city_name_zh
    at_case = ctx.route.page == CASE
    title = texts.t("work.case_title", number=ctx.route.code) if at_case else texts.t("work.title")
    badge = html.Span(texts.t("header.demo"), className="badge", title=texts.t("header.demo_long"))
    return html.Div(
        [
            html.Div(
                [
                    html.Span("citydeck", className="brand"),
                    site_nav(
                        texts,
                        [
                            ("command", ctx.href_command(), False),
                            ("cases", ctx.href_cases(), ctx.route.page == CASES),
                        ],
                    ),
                    html.H1([html.Span(city, className="city"), html.Span(title)]),
                    badge if meta.demo else None,
                ],
                className="header-title",
            ),
            html.Div(className="header-gap"),
            actor_picker(ctx),
            html.Div([_stamp(ctx), help_button(ctx), *_switches(ctx)], className="header-tools"),
        ],
        className="header work-header",
    )


def _stamp(ctx: DeskContext) -> Component:
    return html.Span(
        [html.Span(ctx.texts.t("header.as_of")), html.Time(formats.minute(ctx.now, ctx.page.zone))],
        className="as-of",
        title=ctx.texts.t("work.as_of_long"),
    )


def actor_picker(ctx: DeskContext) -> Component:
    """Control that says who acts: a choice on an open desk, else whose key it is."""
    texts = ctx.texts
    if ctx.office.identities.signed_in() is not None:
        leave = html.A(texts.t("login.leave"), href="/logout", className="switch")
        return html.Div([html.Strong(actor_name(ctx, ctx.actor)), leave], className="acts-as")
    choices = actor_groups(ctx)
    if not choices:
        return html.A(texts.t("login.title"), href=f"/login?lang={ctx.state.lang}", className="switch")
    return html.Label(
        [
            html.Span(texts.t("work.acts_as")),
            dmc.Select(
                id=ids.work_filter("actor"),
                data=choices,
                value=ctx.actor.code,
                searchable=True,
                allowDeselect=False,
                size="xs",
                className="actor-picker",
                comboboxProps={"withinPortal": True, "position": "bottom-end", "width": "max-content"},
                maxDropdownHeight=420,
                nothingFoundMessage=texts.t("search.none"),
                **attributes({"aria-label": texts.t("work.acts_as")}),
            ),
        ],
        className="acts-as",
        title=texts.t("work.acts_as_long"),
    )


def actor_groups(ctx: DeskContext) -> list[dict[str, Any]]:
    """Actors to choose from, in groups, with their names."""
    actors = ctx.office.identities.all()
    groups = []
    for key, roles in GROUPS:
        items = [
            {"value": each.actor.code, "label": actor_name(ctx, each.actor, each.name)}
            for role in roles
            for each in actors
            if each.actor.role is role
        ]
        if items:
            groups.append({"group": ctx.texts.t(f"work.actors.{key}"), "items": items})
    return groups


def actor_name(ctx: DeskContext, actor: Actor, named: str = "") -> str:
    """Name of an actor: of its unit where it acts for one, of its role, or the one that it was entered under.

    A name in two languages is entered as ``考评员 · Assessor``.
    """
    if actor.unit_code:
        return ctx.name("unit", actor.unit_code)
    if actor.code == actor.role.value:
        return ctx.texts.t(f"role.{actor.role}")
    chinese, _, english = named.partition(" · ")
    return (english if ctx.state.lang == "en" else chinese) or chinese or actor.code


def _switches(ctx: DeskContext) -> list[Component]:
    texts, state = ctx.texts, ctx.state
    light, english = state.theme == "light", state.lang == "en"
    return [
        dcc.Link(
            texts.t("header.dark" if light else "header.light"),
            href=ctx.href(theme="dark" if light else "light"),
            className="switch",
            title=texts.t("header.theme_long"),
        ),
        # Every text of the page changes: it is loaded anew.
        html.A(
            "中文" if english else "EN",
            href=ctx.here(lang="zh-CN" if english else "en"),
            className="switch",
            lang="zh-CN" if english else "en",
            title=texts.t("header.language_long"),
        ),
    ]
