"""The 3D canvas: its root, its stores, its scripts and the callback that hands a spec to the browser."""

import hashlib
from pathlib import Path
from typing import Any

from dash import Dash, Input, dcc, html
from dash.development.base_component import Component

from app import ids

DECK_ROOT = "deck-root"
ASSETS = Path(__file__).parents[2] / "assets"
VENDOR_SCRIPTS = ("deck.gl-9.4.0.min.js", "deck.gl-json-9.4.0.min.js", "apache-arrow-21.2.0.min.js")
"""Order matters: the second adds to the first."""
ENTRY = "main.js"
ASSETS_IGNORE = r"\.js$"
"""For ``Dash(assets_ignore=…)``: every script is loaded by `deck_scripts`, none by Dash a second time."""

APPLY_SPEC = """(spec) => {
    if (window.citydeck) window.citydeck.applySpec(spec);
    else window.citydeckPending = spec;
}"""


def deck_canvas(label: str, *, spec: dict[str, object] | None = None) -> Component:
    """Canvas of the 3D scene with the stores that it shares with callbacks.

    Parameters
    ----------
    label : str
        What a screen reader says of it; it should name the table that shows the same.
    spec : dict, optional
        Deck spec to begin with.
    """
    spoken: dict[str, Any] = {"aria-label": label}
    return html.Div(
        [
            # Its own child of the page: the browser puts the canvas inside, and React must leave that alone.
            html.Div(id=DECK_ROOT, className="deck-root", role="application", tabIndex=0, **spoken),
            dcc.Store(id=ids.DECK_SPEC, data=spec),
            dcc.Store(id=ids.DECK_PICK),
            dcc.Store(id=ids.DECK_VIEW),
            dcc.Store(id=ids.DECK_STATUS),
        ],
        className="deck",
    )


def deck_scripts(assets_path: str = "/assets") -> str:
    """Script tags for the page's head: vendored libraries deferred, then our modules.

    Parameters
    ----------
    assets_path : str
        Address of the assets folder, without a trailing slash.
    """
    vendored = (
        f'<script defer src="{assets_path}/vendor/{name}?v={_digest(ASSETS / "vendor" / name)}"></script>'
        for name in VENDOR_SCRIPTS
    )
    entry = f'<script type="module" src="{assets_path}/js/{ENTRY}"></script>'
    return "\n".join([*vendored, entry])


def register_deck_callbacks(app: Dash) -> None:
    """Hand each spec that the server writes to the browser's bridge."""
    app.clientside_callback(APPLY_SPEC, Input(ids.DECK_SPEC, "data"))  # type: ignore[no-untyped-call]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
