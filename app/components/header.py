"""Head of the page: product, city, where one is, search, as-of stamp, language, theme and table switch."""

from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.components.attributes import attributes
from app.components.building_words import building_name
from app.components.links import link
from app.components.site_nav import site_nav
from app.components.table_choices import TABLES
from app.context import Context, Row
from app.routes import BUILDING, COMMAND
from twin_model.area import AreaLevel
from twin_model.selection import Buildings, Everything, Sources

MAX_SEARCHED = 80
"""Characters of a searched text that are looked at."""
NAMED = 3
"""Buildings that a filter is told by."""


def header(ctx: Context) -> Component:
    """Head of the page for the area in focus."""
    texts = ctx.texts
    city = ctx.meta.city_name_en if ctx.state.lang == "en" else ctx.meta.city_name_zh
    badge = html.Span(texts.t("header.demo"), className="badge", title=texts.t("header.demo_long"))
    return html.Div(
        [
            html.Div(
                [
                    html.Span("citydeck", className="brand"),
                    site_nav(
                        texts,
                        [
                            ("command", ctx.href_command, ctx.route.page == COMMAND),
                            ("cases", ctx.href_workbench, False),
                        ],
                    ),
                    html.H1([html.Span(city, className="city"), html.Span(texts.t("header.title"))]),
                    badge if ctx.meta.demo else None,
                ],
                className="header-title",
            ),
            breadcrumb(ctx),
            filter_chip(ctx),
            search_box(ctx),
            html.Div(
                [
                    html.Span(
                        [html.Span(texts.t("header.as_of")), html.Time(ctx.stamp)],
                        className="as-of",
                        title=texts.t("header.as_of_long"),
                    ),
                    *switches(ctx),
                ],
                className="header-tools",
            ),
        ],
        className="header",
    )


def breadcrumb(ctx: Context) -> Component:
    """Areas from the district down to the one in focus; each but the last is a link up."""
    texts = ctx.texts
    items = []
    building = ctx.building if ctx.route.page == BUILDING else None
    # A building's own page names its grid cell among its facts; here there is no room for it.
    shown = [row for row in ctx.trail if building is None or row["level"] < AreaLevel.GRID]
    for row in shown:
        name = spoken_name(ctx, row)
        last = building is None and row is ctx.trail[-1]
        step = (
            html.Span(name, className="crumb current", **attributes({"aria-current": "page"}))
            if last
            else link(name, href=ctx.href_area(row["code"]), className="crumb")
        )
        items.append(html.Li(step))
    if building is not None:
        here = html.Span(
            building_name(ctx, building), className="crumb current", **attributes({"aria-current": "page"})
        )
        items.append(html.Li(here))
    return html.Nav(html.Ol(items), className="breadcrumb", **attributes({"aria-label": texts.t("header.breadcrumb")}))


def search_box(ctx: Context) -> Component:
    """Field that finds buildings and areas; the page's script asks for and lists what is found."""
    texts = ctx.texts
    told = {
        "home": ctx.route.home,
        "none": texts.t("search.none"),
        "failed": texts.t("search.failed"),
        "label": texts.t("search.label"),
        "lang": ctx.state.lang,
    }
    return html.Div(
        [
            dcc.Input(
                id=ids.SEARCH,
                type="text",
                placeholder=texts.t("search.placeholder"),
                autoComplete="off",
                spellCheck=False,
                className="search-text",
                maxLength=MAX_SEARCHED,
            ),
            html.Div(id=ids.SEARCH_RESULTS, className="search-results"),
        ],
        className="search",
        role="search",
        title=texts.t("search.long"),
        **attributes({f"data-{key}": text for key, text in told.items()}),
    )


def filter_chip(ctx: Context) -> Component | None:
    """Button that says what the page is filtered for and takes the filter away; None without a filter."""
    if not ctx.state.filter or ctx.route.page == BUILDING:
        return None
    words = ctx.state.filter
    if isinstance(ctx.filter, Sources):
        names = {row["code"]: ctx.texts.name(row) for row in ctx.query("cases_by_source", ctx.place).to_pylist()}
        words = ctx.texts.t("list.comma").join(names.get(code, code) for code in ctx.filter.codes)
    elif isinstance(ctx.filter, Buildings):
        found = (
            ctx.query("building_by_code", Everything(), code=code).to_pylist() for code in ctx.filter.codes[:NAMED]
        )
        words = ctx.texts.t("list.comma").join(building_name(ctx, row) for rows in found for row in rows)
    return html.Button(
        [html.Span(ctx.texts.t("header.filter", words=words)), html.Span("×", **attributes({"aria-hidden": "true"}))],
        id=ids.switch("filter", ""),
        className="filter-chip",
        title=ctx.texts.t("header.filter_clear"),
    )


def spoken_name(ctx: Context, area: Row) -> str:
    """Name of an area as people say it; a grid cell is known by its last three digits."""
    if area["level"] == AreaLevel.GRID:
        return ctx.texts.t("area.grid", number=area["code"][-3:])
    name = ctx.texts.name(area)
    # A community is known by its place, not by the committee that its register names.
    return name.removesuffix("居委会") if name.endswith("社区居委会") else name


def switches(ctx: Context) -> list[Component]:
    """Buttons for the table, the theme and the language; each names what it leads to."""
    texts, state = ctx.texts, ctx.state
    table, light, english = state.panel in TABLES, state.theme == "light", state.lang == "en"
    return [
        html.Button(
            texts.t("header.map" if table else "header.table"),
            id=ids.switch("panel", "" if table else "table", "head"),
            className="switch on" if table else "switch",
            title=texts.t("header.table_long"),
            **attributes({"aria-pressed": str(table).lower(), "data-shortcut": "table"}),
        ),
        html.Button(
            texts.t("header.dark" if light else "header.light"),
            id=ids.switch("theme", "dark" if light else "light"),
            className="switch",
            title=texts.t("header.theme_long"),
        ),
        html.Button(
            "中文" if english else "EN",
            id=ids.switch("lang", "zh-CN" if english else "en"),
            className="switch",
            lang="zh-CN" if english else "en",
            title=texts.t("header.language_long"),
        ),
    ]


def not_found(path: str) -> Component:
    """Page for an address that leads nowhere."""
    return html.Main(
        [
            html.H1("404"),
            html.P(f"没有这个页面 · No such page: {path}"),
            html.A("返回指挥页 · Back to the command page", href="/", className="switch"),
        ],
        className="not-found",
    )
