"""Plotly's look, made of the same tokens as the style sheets."""

from typing import Any

from layers.palette import PALETTES, Colour

FONT = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'


def _hex(colour: Colour) -> str:
    red, green, blue = colour[:3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _shared(theme: str) -> dict[str, str]:
    """Colours that the page shares with the scene."""
    colours = PALETTES[theme]
    status = {name.replace("_", "-"): _hex(colour) for name, colour in colours.status.items()}
    return {"page": _hex(colours.ground), "accent": _hex(colours.focus_line), **status}


TOKENS = {
    "dark": {
        **_shared("dark"),
        "panel-solid": "#141e2b",
        "panel-raised": "#1c2a3a",
        "line": "#2c3d50",
        "line-strong": "#4a6078",
        "text": "#e8eff6",
        "text-muted": "#9fb2c5",
        "on-accent": "#06121d",
        "bar": "#1f4866",
        "hover": "#203042",
    },
    "light": {
        **_shared("light"),
        "panel-solid": "#ffffff",
        "panel-raised": "#eaf0f6",
        "line": "#c5d1dd",
        "line-strong": "#8b9dae",
        "text": "#13212f",
        "text-muted": "#4a5e72",
        "on-accent": "#ffffff",
        "bar": "#c6def2",
        "hover": "#e1ebf4",
    },
}
"""Colour tokens by theme; ``assets/css/tokens.css`` says the same."""


def with_alpha(colour: str, alpha: float) -> str:
    """``rgba()`` of a ``#rrggbb`` colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def template(theme: str) -> dict[str, Any]:
    """Make the Plotly template of a theme.

    Parameters
    ----------
    theme : str
        ``dark`` or ``light``.
    """
    token = TOKENS[theme]
    axis = {
        "gridcolor": with_alpha(token["line"], 0.5),
        "linecolor": with_alpha(token["line"], 0.9),
        "zeroline": False,
        "tickfont": {"color": token["text-muted"]},
        "automargin": True,
    }
    return {
        "layout": {
            "font": {"family": FONT, "color": token["text"]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [token["accent"], token["closed"], token["due-soon"], token["overdue"]],
            "xaxis": {**axis, "showgrid": False},
            "yaxis": axis,
            "hoverlabel": {
                "bgcolor": token["panel-solid"],
                "bordercolor": token["line"],
                "font": {"family": FONT, "color": token["text"]},
            },
            "margin": {"l": 0, "r": 8, "t": 4, "b": 0},
        }
    }
