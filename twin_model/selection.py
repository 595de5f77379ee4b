"""The selection algebra: which cases a page, a link or a query means, by time, place, class, source, stage and unit.

This is the door: nodes, canonical form, text form and the plain-Python meaning, each kept in a file of its own.
"""

from twin_model.selection_canonical import canonical
from twin_model.selection_match import SelectableCase, matches
from twin_model.selection_node import (
    And,
    Areas,
    Buildings,
    Classes,
    Everything,
    Not,
    Or,
    Polygon,
    Selection,
    Sources,
    Stages,
    TimeWindow,
    Units,
)
from twin_model.selection_text import from_text, to_text

__all__ = [
    "And",
    "Areas",
    "Buildings",
    "Classes",
    "Everything",
    "Not",
    "Or",
    "Polygon",
    "SelectableCase",
    "Selection",
    "Sources",
    "Stages",
    "TimeWindow",
    "Units",
    "canonical",
    "from_text",
    "matches",
    "to_text",
]
