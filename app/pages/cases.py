"""The workbench: queues by role, the cases of one, and the case in front."""

from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.components.attributes import attributes
from app.components.panel import panel
from app.components.work_filters import work_search
from app.components.work_grid import bulk_bar, work_grid
from app.desk_context import DeskContext
from app.pages.slots import slot


def work_stores() -> list[Component]:
    """Make what every page of the workbench has: what it asks for, what it is told, and the form."""
    return [
        dcc.Store(id=ids.WORK_ASK),
        dcc.Store(id=ids.WORK_TOLD),
        dcc.Store(id=ids.WORK_FORM),
        html.Div(id=ids.WORK_FORM_SLOT),
        html.Div(id=ids.WORK_SAID, className="work-said", role="status", **attributes({"aria-live": "polite"})),
        html.Div(id=ids.NOTICE, className="notices", role="status", **attributes({"aria-live": "polite"})),
    ]


def layout(ctx: DeskContext) -> Component:
    """Slots of the page; the grid and the search field stay while what is in them changes."""
    cases = panel(
        ctx.page,
        "work_cases",
        [
            html.Div(
                [work_search(ctx), html.Div(id=ids.body(ids.WORK_FILTERS), className="slot filters")],
                className="filter-row",
            ),
            work_grid(ctx),
            html.Div(id=ids.WORK_CARDS, className="cards", role="list"),
            html.Div(
                [bulk_bar(ctx), html.Div(id=ids.body(ids.WORK_PAGES), className="slot pages")], className="work-foot"
            ),
        ],
    )
    return html.Main(
        [
            html.Div(id=ids.body(ids.HEADER), className="slot slot-header"),
            html.Div(slot(ids.WORK_QUEUES), className="column work-left"),
            html.Div(html.Div(cases, className="slot work-centre-slot"), className="column work-centre"),
            html.Div(slot(ids.WORK_BRIEF), className="column work-right"),
            dcc.Store(id=ids.WORK_QUERY),
            *work_stores(),
        ],
        className="workbench",
    )
