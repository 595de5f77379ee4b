"""Rules as a table of texts, one row a rule, as spreadsheets keep them; and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from twin_model.duplicate import DuplicateRule
from twin_model.errors import RuleDocumentError
from twin_model.responsibility import ResponsibilityRule
from twin_model.rule_book import RuleKind
from twin_model.service_level_rule import RULE_FIELDS

COLUMNS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.RESPONSIBILITY: tuple(ResponsibilityRule.__dataclass_fields__),
    RuleKind.SERVICE_LEVEL: RULE_FIELDS,
    RuleKind.DUPLICATE: tuple(DuplicateRule.__dataclass_fields__),
}
"""Columns of the kinds whose documents are lists of rules."""

_ROWS, _ID = "rules", "rule_id"
_LISTS = frozenset({"assists"})
_FLAGS = frozenset({"urgent", "placeholder"})
_NUMBERS = frozenset(
    {
        "priority", "limit", "file_min", "dispatch_min", "accept_h", "check_h", "distance_m", "within_h",
        "closed_within_h",
    }
)  # fmt: skip
_WORDS = {"true": True, "false": False}
_QUOTE = "'"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell (OWASP, CSV injection)."""


def rule_table(kind: RuleKind, document: Mapping[str, Any]) -> list[list[str]]:
    """Rules of a document as rows of texts, the head first; texts that a spreadsheet would run get a quote in front.

    Parameters
    ----------
    kind : RuleKind
        One of `COLUMNS`.
    document : mapping
        As `twin_model.rule_document.checked_document` gives it.

    Raises
    ------
    RuleDocumentError
        If documents of the kind are no lists of rules.
    """
    columns = _columns(kind)
    return [list(columns), *([_cell(row.get(name)) for name in columns] for row in document[_ROWS])]


def document_of_table(kind: RuleKind, table: Sequence[Sequence[str]], around: Mapping[str, Any]) -> dict[str, Any]:
    """Document of rows of texts; a cell that is empty is a field that is left out.

    Parameters
    ----------
    kind : RuleKind
        One of `COLUMNS`.
    table : sequence of sequences of str
        The head first; columns in any order, and those that are not needed may be left out.
    around : mapping
        Document that gives what a table has no place for: ``last_resort``, ``fallback``, ``zone``, ``area_kinds``.

    Raises
    ------
    RuleDocumentError
        If the head or the length of a row is wrong; what the cells say is checked with the document.
    """
    columns = _columns(kind)
    head = [name.strip() for name in table[0]] if table else []
    while head and not head[-1]:
        head.pop()
    if _ID not in head:
        raise RuleDocumentError(f"the table has no column {_ID}; write the names of the columns into its first row")
    for place, name in enumerate(head, 1):
        if name not in columns:
            raise RuleDocumentError(f"column {place} is {name!r}; known are {', '.join(columns)}")
        if name in head[: place - 1]:
            raise RuleDocumentError(f"column {name} stands there twice; keep one of them")
    rows = [_row(head, cells, place) for place, cells in enumerate(table[1:], 1) if any(cell.strip() for cell in cells)]
    return {**around, _ROWS: rows}


def _columns(kind: RuleKind) -> tuple[str, ...]:
    if kind not in COLUMNS:
        raise RuleDocumentError(
            f"the {kind} rules are no list of rows and have no table; use TOML or JSON (a table have "
            f"{', '.join(COLUMNS)})"
        )
    return COLUMNS[kind]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    text = " ".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value or "")
    return _QUOTE + text if _is_run(text) or text.startswith(_QUOTE) else text


def _row(head: Sequence[str], cells: Sequence[str], place: int) -> dict[str, Any]:
    extra = [cell for cell in cells[len(head) :] if cell.strip()]
    if extra:
        raise RuleDocumentError(
            f"row {place} of the table has the cell {extra[0]!r} beyond the last column; put a text with a comma in "
            "quotes"
        )
    read = {name: _value(name, _unquoted(cell)) for name, cell in zip(head, cells, strict=False)}
    return {name: value for name, value in read.items() if value != ""}


def _value(name: str, text: str) -> object:
    if name in _LISTS:
        return text.split()
    stripped = text.strip()
    if name in _FLAGS:
        return _WORDS.get(stripped.lower(), stripped)
    return _number(stripped) if name in _NUMBERS else stripped


def _number(text: str) -> object:
    """Give the number of a cell, or its text where it is none: the check of the document says so."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _is_run(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA_STARTS)


def _unquoted(cell: str) -> str:
    rest = cell.strip().removeprefix(_QUOTE)
    return rest if cell.strip().startswith(_QUOTE) and (_is_run(rest) or rest.startswith(_QUOTE)) else cell
