"""Narrowing a queue down: by class, street, source, unit, and by words that somebody types."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from twin_model.area import AreaLevel

MAX_WORDS = 6
"""Words of a text that are looked for."""

_NAMED = {
    "class_id": "SELECT class_id FROM case_class WHERE contains(lower(concat_ws(' ', code, name_zh, name_en)), $word)",
    "unit_id": "SELECT unit_id FROM unit WHERE contains(lower(concat_ws(' ', code, name_zh, name_en)), $word)",
    "street_id": f"SELECT area_id FROM area WHERE level = {AreaLevel.STREET:d} "  # noqa: S608 - a number of ours
    "AND contains(lower(concat_ws(' ', name, name_en)), $word)",
    "community_id": f"SELECT area_id FROM area WHERE level = {AreaLevel.COMMUNITY:d} "  # noqa: S608 - as above
    "AND contains(lower(concat_ws(' ', name, name_en)), $word)",
    "building_id": "SELECT building_id FROM building LEFT JOIN building_detail USING (building_id) "
    "WHERE contains(lower(concat_ws(' ', code, name, address)), $word)",
}
"""By column of ``open_case``: where a word may stand that means some of its keys."""

_CODED = {
    "case_class": ("class_id", "case_class", "class_id"),
    "source": ("source_id", "case_source", "source_id"),
    "unit": ("unit_id", "unit", "unit_id"),
    "street": ("street_id", "area", "area_id"),
}


@dataclass(frozen=True)
class DeskFilter:
    """Which cases of a queue are meant; ``""`` is all.

    Parameters
    ----------
    case_class, street, source, unit : str
        Codes.
    text : str
        Words that all have to be found: in the number, or in the name of the class, place or unit, or in what is
        known of a case that was touched live.
    """

    case_class: str = ""
    street: str = ""
    source: str = ""
    unit: str = ""
    text: str = ""


def filter_sql(wanted: DeskFilter) -> tuple[str, dict[str, Any]]:
    """Write the SQL condition over the marked open cases, with the values of its placeholders."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, (column, table, key) in _CODED.items():
        code = getattr(wanted, name)
        if code:
            parts.append(f"{column} = (SELECT {key} FROM {table} WHERE code = ${name})")  # noqa: S608 - names of ours
            values[name] = code
    for place, word in enumerate(words(wanted.text)):
        parts.append(_word_sql(place))
        values |= {f"word{place}": word, f"json{place}": json.dumps(word, ensure_ascii=False)[1:-1]}
    return " AND ".join(parts) or "true", values


def words(text: str) -> tuple[str, ...]:
    """Words of a typed text, in small letters."""
    return tuple(text.lower().split()[:MAX_WORDS])


def _word_sql(place: int) -> str:
    return f"({' OR '.join(_anywhere(place))})"


def _anywhere(place: int) -> Iterator[str]:
    yield f"contains(lower(open_case.case_no), $word{place})"
    yield f"open_case.case_no IN (SELECT case_no FROM case_desk WHERE contains(lower(file), $json{place}))"  # noqa: S608 - a number of ours
    for column, keys in _NAMED.items():
        yield f"{column} IN ({keys.replace('$word', f'$word{place}')})"


def used(sql: str, values: dict[str, Any]) -> dict[str, Any]:
    """Values that a statement has a place for: the engine refuses others."""
    return {name: value for name, value in values.items() if f"${name}" in sql}


def cursor_rows(cur: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of a statement, with the values that it has a place for."""
    given = used(sql, values)
    return (cur.execute(sql, given) if given else cur.execute(sql)).fetchall()
