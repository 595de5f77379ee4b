"""Panel of the unit that has a case, and why: the rule that names it, and why no other does."""

from dash import html
from dash.development.base_component import Component

from app.case_why import Reason
from app.components.panel import panel
from app.components.work_brief import pairs
from app.desk_case import CaseView
from app.desk_context import DeskContext
from twin_model.responsibility import BY_LAST_RESORT, BY_TERRITORY

MAX_LOSERS = 8


def case_unit(ctx: DeskContext, view: CaseView, reason: Reason | None) -> Component:
    """Draw the unit and the reason."""
    texts, file = ctx.texts, view.file
    head = html.P([html.Strong(view.unit_words)], className="unit-name")
    if reason is None:
        nothing = html.Div([head, html.P(texts.t("unit.no_rules"), className="empty")])
        return panel(ctx.page, "case_unit", nothing, unit=False)
    assigned = reason.assigned
    listed = ctx.name("unit", assigned.lead)
    if reason.by_list is None:
        key = "history" if file.unit else "would_be"
    else:
        key = "by_list" if reason.by_list else "by_hand"
    told = html.P(texts.t(f"unit.{key}", unit=listed, version=reason.version), className="form-note")
    body = [head, told, pairs(_rule_facts(ctx, reason))]
    if assigned.losers:
        lost = [_loser(ctx, reason, each.rule_id, each.loss.value) for each in assigned.losers[:MAX_LOSERS]]
        more = len(assigned.losers) - MAX_LOSERS
        if more > 0:
            lost.append(html.Li(texts.t("unit.more", count=more), className="muted"))
        body += [html.H3(texts.t("unit.losers"), className="small-head"), html.Ul(lost, className="losers")]
    return panel(ctx.page, "case_unit", html.Div(body, className="scroll"), unit=False)


def _rule_facts(ctx: DeskContext, reason: Reason) -> list[tuple[str, Component | str]]:
    texts, assigned = ctx.texts, reason.assigned
    rule = reason.rule(assigned.rule_id)
    facts: list[tuple[str, Component | str]] = [(texts.t("unit.list_says"), ctx.name("unit", assigned.lead))]
    facts.append((texts.t("unit.rule"), _rule_words(ctx, reason, assigned.rule_id)))
    if assigned.assists:
        facts.append(
            (texts.t("detail.assist"), texts.t("list.comma").join(ctx.name("unit", unit) for unit in assigned.assists))
        )
    if assigned.basis:
        facts.append((texts.t("unit.basis"), assigned.basis))
    if rule and rule.note:
        facts.append((texts.t("unit.note"), rule.note))
    flags = [texts.t(f"unit.{flag}") for flag in ("fallback", "unowned", "ambiguous") if getattr(assigned, flag)]
    if flags:
        facts.append((texts.t("unit.remarks"), texts.t("list.comma").join(flags)))
    return facts


def _rule_words(ctx: DeskContext, reason: Reason, rule_id: str) -> str:
    if rule_id in (BY_TERRITORY, BY_LAST_RESORT):
        return ctx.texts.t(f"unit.rule_{rule_id.removeprefix('@')}")
    rule = reason.rule(rule_id)
    if rule is None:
        return rule_id
    where = [rule.class_pattern, rule.condition, ctx.name("area", rule.area) if rule.area else ""]
    return f"{rule_id} · {' · '.join(each for each in where if each)}"


def _loser(ctx: DeskContext, reason: Reason, rule_id: str, loss: str) -> Component:
    rule = reason.rule(rule_id)
    lead = (
        ""
        if rule is None
        else ctx.texts.word(f"unit.symbol.{rule.lead.removeprefix('@')}", ctx.name("unit", rule.lead))
    )
    return html.Li(
        [
            html.Span(rule_id, className="figure"),
            html.Span(lead),
            html.Span(ctx.texts.t(f"loss.{loss}"), className="muted"),
        ],
        className="loser",
    )
