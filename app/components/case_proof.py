"""Panel that shows that a case's latest entry is in the log, with what one needs to check it elsewhere."""

import json
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from app import formats
from app.components.panel import panel
from app.components.work_brief import pairs
from app.desk_context import DeskContext
from twin_model.log_proof import EntryProof

SHORT = 16
"""Hexadecimal digits of a hash that are shown; the rest is in its title."""


def case_proof(ctx: DeskContext, proof: EntryProof | None, signed_at: datetime | None, holds: bool | None) -> Component:
    """Draw the proof.

    Parameters
    ----------
    proof : EntryProof or None
        Of the case's latest entry; None where the log does not hold it.
    signed_at : datetime or None
        When the checkpoint was signed, UTC.
    holds : bool or None
        Whether this server finds the proof right; None where no checkpoint covers the entry yet.
    """
    texts = ctx.texts
    if proof is None:
        return panel(ctx.page, "case_proof", html.P(texts.t("proof.none"), className="empty"), unit=False)
    rows: list[tuple[str, Component | str]] = [
        (texts.t("proof.entry"), texts.t("proof.of", seq=formats.number(proof.seq), size=formats.number(proof.size))),
        (texts.t("proof.leaf"), _hash(proof.leaf)),
        (texts.t("proof.root"), _hash(proof.root)),
        (texts.t("proof.path"), texts.t("proof.steps", count=len(proof.path))),
        (texts.t("proof.signed"), formats.second(signed_at, ctx.page.zone) if signed_at else texts.t("proof.unsigned")),
    ]
    verdict = "unsigned" if holds is None else "holds" if holds else "broken"
    document = json.dumps(proof.document(), ensure_ascii=False, indent=2)
    body = [
        html.P(texts.t(f"proof.{verdict}_long"), className=f"proof-verdict {verdict}", role="status"),
        pairs(rows),
        html.Details(
            [html.Summary(texts.t("proof.show")), html.Pre(document, className="proof-json", tabIndex=0)],
            className="proof-more",
        ),
        html.P(texts.t("proof.note"), className="form-note"),
    ]
    return panel(ctx.page, "case_proof", html.Div(body, className="scroll"), unit=False)


def _hash(value: bytes) -> Component:
    text = value.hex()
    return html.Code(f"{text[:SHORT]}…", title=text)
