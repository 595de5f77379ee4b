"""Names of what a few cases point at, for lists."""

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa

_NAMED = {
    "class": ("case_class", "class_id", ("code", "name_zh", "name_en")),
    "source": ("case_source", "source_id", ("code", "name_zh", "name_en")),
    "unit": ("unit", "unit_id", ("code", "name_zh", "name_en")),
    "street": ("area", "area_id", ("code", "name", "name_en")),
    "community": ("area", "area_id", ("code", "name", "name_en")),
}
"""By stem: the table that names it, that table's key, and the columns to give as ``<stem>_<column>``."""


def with_names(cur: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Put codes and names in place of keys.

    Looked up for the few rows of a list after these are chosen: five joins would take longer to plan than the choice
    itself takes.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    rows : pyarrow.Table
        Cases with the keys ``class_id``, ``source_id``, ``unit_id``, ``street_id``, ``community_id``.

    Returns
    -------
    pyarrow.Table
        The rows, with ``class_code``, ``class_name_zh``, … instead of the keys; empty where a key is.
    """
    keys = {stem: rows[f"{stem}_id"].to_pylist() for stem in _NAMED}
    names = _names(cur, keys)
    for stem, (table, _, columns) in _NAMED.items():
        rows = rows.drop_columns([f"{stem}_id"])
        for place, column in enumerate(columns):
            texts = [names.get((table, key), (None, None, None))[place] for key in keys[stem]]
            rows = rows.append_column(f"{stem}_{column}", pa.array(texts, pa.string()))
    return rows


def _names(
    cur: duckdb.DuckDBPyConnection, keys: dict[str, list[int | None]]
) -> dict[tuple[str, Any], tuple[str | None, ...]]:
    wanted: dict[str, set[int]] = {}
    for stem, found in keys.items():
        wanted.setdefault(_NAMED[stem][0], set()).update(key for key in found if key is not None)
    parts = [_part(table, wanted[table]) for table in wanted if wanted[table]]
    if not parts:
        return {}
    return {(table, key): tuple(texts) for table, key, *texts in cur.execute(" UNION ALL ".join(parts)).fetchall()}


def _part(table: str, ids: Iterable[int]) -> str:
    key, columns = next((key, columns) for name, key, columns in _NAMED.values() if name == table)
    chosen = ", ".join(str(int(each)) for each in sorted(ids))
    return f"SELECT '{table}', {key}, {', '.join(columns)} FROM {table} WHERE {key} IN ({chosen})"  # noqa: S608 - names and ints of ours
