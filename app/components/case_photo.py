"""Photos of a case: small ones in a row, and large with what their cameras say of place and time."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from app import formats
from app.desk_context import DeskContext
from datastore.desk.record import CasePhoto
from twin_model.photo import PhotoFacts, PlaceVerdict, TimeRule, place_verdict

SMALL = 320
DEFAULT_NEAR_M = 200


def near_m(ctx: DeskContext) -> int:
    """How far from its case a photo may have been taken, by the rules in force."""
    return ctx.office.desk.book.closing.near_m if ctx.office.desk else DEFAULT_NEAR_M


def photo_strip(ctx: DeskContext, photos: Sequence[CasePhoto]) -> Component | None:
    """Small photos in a row; None where there are none."""
    if not photos:
        return None
    return html.Ul([html.Li(_thumb(ctx, each)) for each in photos], className="photo-strip")


def photo_figures(ctx: DeskContext, photos: Sequence[CasePhoto]) -> Component:
    """Photos with what is known of each."""
    return html.Div([photo_figure(ctx, each) for each in photos], className="photo-figures")


def photo_figure(ctx: DeskContext, photo: CasePhoto) -> Component:
    """One photo with its phase, when and where it was taken, and whether that is where the case is."""
    verdict = place_verdict(photo.facts.distance_m, near_m(ctx))
    words = html.Figcaption(
        [
            html.Strong(ctx.texts.t(f"phase.{photo.phase}")),
            html.Span(taken_words(ctx, photo.facts), className="muted"),
            html.Span(place_said(ctx, photo.facts, verdict), className=f"verdict {verdict}"),
        ]
    )
    return html.Figure([_thumb(ctx, photo), words], className="photo-figure")


def taken_words(ctx: DeskContext, facts: PhotoFacts) -> str:
    """When a photo was taken by its camera's word."""
    if facts.taken_at is None:
        key = "ahead" if facts.time_rule is TimeRule.AHEAD else "unknown"
        return ctx.texts.t(f"photo.time_{key}")
    return ctx.texts.t("photo.taken", time=formats.minute(facts.taken_at, ctx.page.zone))


def place_said(ctx: DeskContext, facts: PhotoFacts, verdict: PlaceVerdict) -> str:
    """Whether a photo was taken at the case, and how far from it."""
    if verdict is PlaceVerdict.UNKNOWN or facts.distance_m is None:
        return ctx.texts.t("photo.place_unknown")
    return ctx.texts.t(f"photo.place_{verdict}", metres=f"{facts.distance_m:,.0f}")


def _thumb(ctx: DeskContext, photo: CasePhoto) -> Component:
    url = f"/photos/{photo.facts.sha256}.jpg"
    alt = ctx.texts.t(
        "photo.alt", phase=ctx.texts.t(f"phase.{photo.phase}"), time=formats.minute(photo.moment, ctx.page.zone)
    )
    picture = html.Img(src=f"{url}?size={SMALL}", alt=alt, width=photo.facts.width, height=photo.facts.height)
    return html.A(picture, href=url, target="_blank", className="photo-thumb", title=ctx.texts.t("photo.open"))
