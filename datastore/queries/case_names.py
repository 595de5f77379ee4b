"""Names of what a few cases point at, for lists."""

import duckdb
import pyarrow as pa

from twin_model.area import AreaLevel

_NAMED = {
    "class": ("class", ("code", "name_zh", "name_en")),
    "source": ("source", ("code", "name_zh", "name_en")),
    "unit": ("unit", ("code", "name_zh", "name_en")),
    "street": ("area", ("code", "name", "name_en")),
    "community": ("area", ("code", "name", "name_en")),
    "building": ("building", ("code", "name", "address")),
}
"""By stem: the kind of name, and the columns to give as ``<stem>_<column>``."""

_ALL_NAMES = (
    "SELECT 'class', class_id, code, name_zh, name_en FROM case_class "  # noqa: S608 - a number of ours
    "UNION ALL SELECT 'source', source_id, code, name_zh, name_en FROM case_source "
    "UNION ALL SELECT 'unit', unit_id, code, name_zh, name_en FROM unit "
    f"UNION ALL SELECT 'area', area_id, code, name, name_en FROM area WHERE level < {AreaLevel.GRID:d}"
)
_BUILDING_NAMES = (
    "SELECT 'building', building_id, building.code, name, address FROM building "
    "LEFT JOIN building_detail USING (building_id) WHERE building_id = ANY(?::INTEGER[])"
)


def with_names(cur: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """Put codes and names in place of keys.

    Looked up for the few rows of a list after these are chosen: five joins would take longer to plan than the choice
    itself takes, and reading the hundreds of names there are is cheaper than picking some of them.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    rows : pyarrow.Table
        Cases with the keys ``class_id``, ``source_id``, ``unit_id``, ``street_id``, ``community_id``,
        ``building_id``.

    Returns
    -------
    pyarrow.Table
        The rows, with ``class_code``, ``class_name_zh``, … instead of the keys; empty where a key is.
    """
    names = {(kind, key): texts for kind, key, *texts in cur.execute(_ALL_NAMES).fetchall()}
    buildings = [each for each in set(rows["building_id"].to_pylist()) if each is not None]
    for kind, key, *texts in cur.execute(_BUILDING_NAMES, [buildings]).fetchall() if buildings else ():
        names[kind, key] = texts
    for stem, (kind, columns) in _NAMED.items():
        found = [names.get((kind, key), (None, None, None)) for key in rows[f"{stem}_id"].to_pylist()]
        rows = rows.drop_columns([f"{stem}_id"])
        for place, column in enumerate(columns):
            rows = rows.append_column(f"{stem}_{column}", pa.array([texts[place] for texts in found], pa.string()))
    return rows
