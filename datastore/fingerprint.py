"""Digests of what is in the store, to tell whether two stores hold the same city."""

import hashlib

import duckdb

TABLES = (
    "area",
    "building",
    "building_detail",
    "building_model",
    "building_texture",
    "case_class",
    "case_source",
    "cases",
    "component",
    "feed_record",
    "landuse",
    "planted_pattern",
    "road",
    "unit",
)
"""Tables with content; the registry and the meta values tell when and how it came, not what it is."""


def fingerprint(cur: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Digest of every table, and ``all`` of them together.

    Each row is written as text and hashed; the sum of the hashes and the number of rows make the table's digest. So
    the order of rows does not count, every value does, and doubles and shapes count to the last bit that their text
    shows.

    Returns
    -------
    dict of str to str
        64 hexadecimal digits by table.
    """
    digests = {}
    for table in TABLES:
        rows, total = cur.execute(
            f"SELECT count(*), coalesce(sum(md5_number_lower(t::VARCHAR)::HUGEINT), 0) FROM {table} AS t"  # noqa: S608 - names of ours
        ).fetchall()[0]
        digests[table] = hashlib.sha256(f"{table} {rows} {total}".encode()).hexdigest()
    digests["all"] = hashlib.sha256("\n".join(digests.values()).encode()).hexdigest()
    return digests
