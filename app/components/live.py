"""Marks on figures that live push writes anew while the page is open; see ``assets/js/live_figures.js``."""

from app.context import Context

Marks = dict[str, str | None]
FIGURE = "{}"
"""Where the figure stands in the words around it."""


def live_figure(path: str, form: str = "number", text: str = FIGURE) -> Marks:
    """Attributes of an element that shows a pushed figure as its only text.

    Parameters
    ----------
    path : str
        Where the figure is in a figures message, such as ``totals.open``; ``a/b`` is a share.
    form : str
        How it is written: ``number``, ``percent:<digits>``, ``share`` or ``text``.
    text : str
        Words around it, with `FIGURE` in its place.
    """
    marks: Marks = {"data-live": path, "data-format": form}
    return marks if text == FIGURE else {**marks, "data-text": text}


def drawn_from(ctx: Context) -> Marks:
    """Attribute of whatever holds figures: the data version that the server drew them from."""
    return {"data-version": str(ctx.meta.data_version)}


def live_bar(path: str) -> Marks:
    """Attributes of a bar whose length is a pushed share."""
    return {"data-live-bar": path}
