"""Links between the pages: command and cases."""

from dash import html
from dash.development.base_component import Component

from app.components.attributes import attributes
from app.i18n import Catalogue


def site_nav(texts: Catalogue, links: list[tuple[str, str, bool]]) -> Component:
    """Row of links to the pages.

    Parameters
    ----------
    texts : Catalogue
    links : list of (str, str, bool)
        Key of a page's name under ``nav.``, its address, and whether it is the current one.
    """
    return html.Nav(
        [
            html.A(
                texts.t(f"nav.{key}"),
                href=href,
                className="nav-link current" if current else "nav-link",
                **attributes({"aria-current": "page" if current else None}),
            )
            for key, href, current in links
        ],
        className="site-nav",
        **attributes({"aria-label": texts.t("nav.label")}),
    )
