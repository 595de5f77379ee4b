"""The entry of a case that came in bulk, in SQL: the same bytes as `twin_model.case_chain.import_bytes`.

The statements stand in a migration, which made the store's macros and view; tests hold the two equal.
"""

ENTRY_MACROS = r"""
-- A text as canonical JSON (RFC 8785) writes it. Texts without a character to escape, nearly all, take the short way.
CREATE MACRO jcs_text(t) AS concat('"', CASE
    WHEN regexp_matches(t, '["\\\x00-\x1f]') THEN array_to_string(list_transform(regexp_extract_all(t, '(?s).'),
        lambda c: CASE c
            WHEN '"' THEN '\"' WHEN '\' THEN '\\'
            WHEN chr(8) THEN '\b' WHEN chr(9) THEN '\t' WHEN chr(10) THEN '\n' WHEN chr(12) THEN '\f'
            WHEN chr(13) THEN '\r'
            ELSE CASE WHEN c < ' ' THEN printf('\u%04x', ord(c)) ELSE c END
        END), '')
    ELSE t END, '"');

CREATE MACRO jcs_moment(t) AS strftime(t, '"%Y-%m-%dT%H:%M:%S.%fZ"');

-- The entry of a case in case_import: keys in order, fields without a value left out, degrees as the shortest text.
CREATE MACRO case_import_entry(case_no, source, class, stage, unit, reported_at, filed_at, dispatched_at, handled_at,
    closed_at, deadline_at, lon, lat, component, ref, parent) AS concat(
    '{"case":', jcs_text(case_no),
    ',"class":', jcs_text(class),
    ',"closed_at":' || jcs_moment(closed_at),
    CASE WHEN component IS NOT NULL THEN concat(',"component":', jcs_text(component)) END,
    ',"deadline_at":' || jcs_moment(deadline_at),
    ',"dispatched_at":' || jcs_moment(dispatched_at),
    ',"filed_at":' || jcs_moment(filed_at),
    ',"handled_at":' || jcs_moment(handled_at),
    ',"kind":"import"',
    ',"lat":"' || lat::VARCHAR || '"',
    ',"lon":"' || lon::VARCHAR || '"',
    CASE WHEN parent IS NOT NULL THEN concat(',"parent":', jcs_text(parent)) END,
    CASE WHEN ref IS NOT NULL THEN concat(',"ref":', jcs_text(ref)) END,
    ',"reported_at":', jcs_moment(reported_at),
    ',"source":', jcs_text(source),
    ',"stage":', stage::VARCHAR,
    CASE WHEN unit IS NOT NULL THEN concat(',"unit":', jcs_text(unit)) END,
    ',"v":1}');
"""
"""Macros of the store's catalogue."""

COLUMNS = (
    "case_no", "source", "class", "stage", "unit", "reported_at", "filed_at", "dispatched_at", "handled_at",
    "closed_at", "deadline_at", "lon", "lat", "component", "ref", "parent",
)  # fmt: skip
"""Columns of ``case_import`` that an entry is made of."""

ENTRY = f"case_import_entry({', '.join(COLUMNS)})"
"""SQL of the entry over those columns."""

_TEXTS = ("case_no", "class", "component", "parent", "ref", "source", "unit")


def _text(name: str) -> str:
    return f"""',"{name}":"' || {name} || '"'"""


def _moment(name: str) -> str:
    return f"""strftime({name}, ',"{name}":"%Y-%m-%dT%H:%M:%S.%fZ"')"""


HASHED_IN_BULK = rf"""CASE WHEN regexp_matches(concat({", ".join(_TEXTS)}), '["\\\x00-\x1f]')
    THEN concat(chr(0), {ENTRY})
    ELSE concat(chr(0) || '{{"case":"', case_no, '","class":"', class, '"', {_moment("closed_at")},
    {_text("component")}, {_moment("deadline_at")}, {_moment("dispatched_at")}, {_moment("filed_at")},
    {_moment("handled_at")}, ',"kind":"import"', ',"lat":"' || lat || '"', ',"lon":"' || lon || '"',
    {_text("parent")}, {_text("ref")}, {_moment("reported_at")}, ',"source":"', source, '","stage":', stage,
    {_text("unit")}, ',"v":1}}') END"""
"""SQL of what is hashed for it: a zero byte, then the same text by a way that takes a quarter less time."""

ENTRY_VIEW = """
-- Every entry of the log: history and live events.
CREATE VIEW log_entry AS
SELECT seq, seq AS case_key, case_no, 'import' AS kind,
    case_import_entry(case_no, source, class, stage, unit, reported_at, filed_at, dispatched_at, handled_at, closed_at,
        deadline_at, lon, lat, component, ref, parent) AS entry
FROM case_import
UNION ALL
SELECT seq, case_key, case_no, kind, entry FROM case_event;
"""
"""View of the store."""


def import_columns_sql(relation: str, where: str = "true") -> str:
    """Write the SQL that gives the columns of ``case_import``, less the leaf head, for rows like those of ``cases``.

    Parameters
    ----------
    relation : str
        SQL of what to read; its alias is ``c``.
    where : str
        SQL condition over ``c``.
    """
    return (
        "SELECT c.log_first AS seq, c.case_no, s.code AS source, k.code AS class, c.stage, u.code AS unit, "  # noqa: S608 - SQL of ours
        "c.reported_at, c.filed_at, c.dispatched_at, c.handled_at, c.closed_at, c.deadline_at, c.lon, c.lat, "
        f"p.code AS component, c.source_ref AS ref, c.parent_no AS parent FROM {relation} c "
        "JOIN case_source s ON s.source_id = c.source_id JOIN case_class k ON k.class_id = c.class_id "
        "LEFT JOIN unit u ON u.unit_id = c.unit_id LEFT JOIN component p ON p.component_id = c.component_id "
        f"WHERE {where}"
    )
