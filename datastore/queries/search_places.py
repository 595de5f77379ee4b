"""Buildings and areas by what people call them: id, name or address."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

MAX_WORDS = 8
"""More words than a place has; the rest of a text is not looked for."""

_ORDER = "{0}rank, {0}level, length(coalesce({0}address, {0}name, {0}code)), {0}id"


def search_places(cur: duckdb.DuckDBPyConnection, text: str, limit: int) -> pa.Table:
    """Places whose code, name or address holds every word of a text.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    text : str
        As typed; upper and lower case are equal, every character means itself.
    limit : int
        Most rows to give.

    Returns
    -------
    pyarrow.Table
        Best first: kind (``area`` or ``building``), code, name, address (of buildings), detail (of an area the one
        above it, of a building its street and community), lon, lat (degrees, EPSG:4490; empty for an area without a
        shape), rank (uint8: 0 the whole code or name, 1 the beginning of one, 2 the beginning of an address, 3 held
        anywhere). Areas stand before buildings of one rank, large ones first. No row for a text without a character.
    """
    words = text.lower().split()[:MAX_WORDS]
    if not words:
        words = ["\0"]  # nothing is called so
    params: dict[str, object] = {"whole": " ".join(words), "limit": limit}
    params |= {f"word{place}": word for place, word in enumerate(words)}
    return cur.sql(_query(words), params=params).to_arrow_table()


def _query(words: Sequence[str]) -> str:
    def has(column: str, place: int) -> str:
        # Most words here have no capitals, and making all texts small takes longer than looking into them.
        text = column if words[place].upper() == words[place] else f"lower({column})"
        return f"contains({text}, $word{place})"

    def holds(*columns: str, first: int = 0, last: int = len(words)) -> str:
        each = (" OR ".join(has(column, place) for column in columns) for place in range(first, last))
        return " AND ".join(f"({condition})" for condition in each) or "true"

    def is_(test: str, *columns: str) -> str:
        return " OR ".join(test.format(f"lower(coalesce({column}, ''))") for column in columns)

    whole, begins = "{} = $whole", "starts_with({}, $whole)"
    return f"""
        WITH hit AS (
            SELECT building_id FROM building WHERE {holds("code", "name", last=1)}
            UNION
            SELECT building_id FROM building_detail WHERE {holds("address", "source_ref", last=1)}
        ),
        found AS (
            SELECT 'area' AS kind, code, name, NULL AS address, lon, lat, level, area_id AS id, parent_id AS above,
                   NULL::INTEGER AS beside,
                   CASE WHEN {is_(whole, "code", "name", "name_en")} THEN 0
                        WHEN {is_(begins, "code", "name", "name_en")} THEN 1 ELSE 3 END AS rank
            FROM area WHERE {holds("code", "name", "name_en")}
            UNION ALL BY NAME
            SELECT 'building' AS kind, b.code, name, address, lon, lat, 9 AS level, b.building_id AS id,
                   street_id AS above, community_id AS beside,
                   CASE WHEN {is_(whole, "b.code", "name", "source_ref")} THEN 0
                        WHEN {is_(begins, "b.code", "name")} THEN 1
                        WHEN {is_(begins, "address")} THEN 2 ELSE 3 END AS rank
            FROM building AS b LEFT JOIN building_detail AS d ON d.building_id = b.building_id
            WHERE b.building_id IN (SELECT building_id FROM hit)
              AND {holds("b.code", "name", "address", "source_ref", first=1)}
        ),
        best AS (SELECT * FROM found ORDER BY {_ORDER.format("")} LIMIT $limit)
        SELECT best.kind, best.code, best.name, best.address,
               nullif(concat_ws(' ', above.name, beside.name), '') AS detail, best.lon, best.lat,
               best.rank::UTINYINT AS rank
        FROM best LEFT JOIN area AS above ON above.area_id = best.above
        LEFT JOIN area AS beside ON beside.area_id = best.beside
        ORDER BY {_ORDER.format("best.")}
    """  # noqa: S608 - placeholders and names of ours
