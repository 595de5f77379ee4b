"""The place of one case in 3D: the city around it, its building marked."""

from dataclasses import replace

from app.components.scene import STACKED_UP_TO_PX, box_around, building_span_m, scene_of
from app.context import Context, read_context
from app.data import DataManager
from app.routes import route_of
from app.state import PageState, format_search, parse_search
from layers.scene import scene_spec
from layers.view import Window
from twin_model.selection import Everything

PARTS = frozenset({"areas", "landuse", "roads", "buildings", "cases", "tiles"})
AROUND_M = 260.0
"""Width of the view around a case that is at no building."""
PANEL = (0.31, 0.46)
"""Share of the window's width and height that the map has."""
STACKED_PANEL = (1.0, 0.4)


def case_context(search: str | None, data: DataManager, default_language: str, path: str | None) -> Context:
    """Context of the command page that has a case highlighted, in the language and light of the case's own page."""
    default = PageState(lang=default_language)
    told, _ = parse_search(search or "", default)
    number = route_of(path).code
    state = replace(
        default, lang=told.lang, theme=told.theme, view=told.view, sel=f"case:{number}", layers=("buildings", "tiles")
    )
    return read_context(format_search(state, default), data, default_language)


def case_spec_of(ctx: Context, window: tuple[int, int]) -> dict[str, object] | None:
    """Deck spec of the case's place, or None where nobody knows it.

    Parameters
    ----------
    window : (int, int)
        Width and height of the browser's window, CSS pixels.
    """
    case = ctx.selected_case
    scene = scene_of(ctx, window)
    if case is None or scene is None or case["lon"] is None:
        return None
    code = case["building_code"] or ""
    found = ctx.query("building_by_code", Everything(), code=code).to_pylist() if code else []
    span_m = max(building_span_m(found[0]), AROUND_M) if found else AROUND_M
    wide, high = STACKED_PANEL if window[0] <= STACKED_UP_TO_PX else PANEL
    return scene_spec(
        replace(
            scene,
            parts=PARTS,
            building=code,
            extent=box_around(case["lon"], case["lat"], span_m),
            outline=(),
            window=Window(int(window[0] * wide), int(window[1] * high)),
            fly_key=case["case_no"],
        )
    )
