"""Gentle sentences over the page: what of an address could not be used."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component


def notices(sentences: Sequence[str]) -> list[Component]:
    """One line each; the style sheet lets them fade."""
    return [html.P(sentence, className="notice") for sentence in sentences]
