"""Head of the page: product, city, where one is, as-of stamp, language, theme and table switch."""

from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.components.attributes import attributes
from app.context import Context, Row
from twin_model.area import AreaLevel
from twin_model.selection import Sources


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
                    html.H1([html.Span(city, className="city"), html.Span(texts.t("header.title"))]),
                    badge if ctx.meta.demo else None,
                ],
                className="header-title",
            ),
            breadcrumb(ctx),
            filter_chip(ctx),
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
    for row in ctx.trail:
        name = spoken_name(ctx, row)
        last = row is ctx.trail[-1]
        step = (
            html.Span(name, className="crumb current", **attributes({"aria-current": "page"}))
            if last
            else dcc.Link(name, href=ctx.href_area(row["code"]), className="crumb")
        )
        items.append(html.Li(step))
    return html.Nav(html.Ol(items), className="breadcrumb", **attributes({"aria-label": texts.t("header.breadcrumb")}))


def filter_chip(ctx: Context) -> Component | None:
    """Button that says what the page is filtered for and takes the filter away; None without a filter."""
    if not ctx.state.filter:
        return None
    words = ctx.state.filter
    if isinstance(ctx.filter, Sources):
        names = {row["code"]: ctx.texts.name(row) for row in ctx.query("cases_by_source", ctx.place).to_pylist()}
        words = ctx.texts.t("list.comma").join(names.get(code, code) for code in ctx.filter.codes)
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
    table, light, english = state.panel == "table", state.theme == "light", state.lang == "en"
    return [
        html.Button(
            texts.t("header.map" if table else "header.table"),
            id=ids.switch("panel", "" if table else "table"),
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
            dcc.Link("返回指挥页 · Back to the command page", href="/", className="switch"),
        ],
        className="not-found",
    )
