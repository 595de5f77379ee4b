"""From text to typed cases: one SQL query over the temporary table, with the reason where a record is rejected."""

from collections.abc import Mapping
from datetime import datetime

from datastore.sources.case_file import RAW, ROW
from datastore.sources.case_mapping import TIME_COLUMNS, WORD_COLUMNS, CaseMapping
from datastore.sources.case_words import Words
from datastore.sources.scalar import quoted
from twin_model.case import CaseStage

TYPED = "typed_case"
_ZONED = r"\d:\d\d.*(Z|[+-]\d\d(:?\d\d)?)$"
_EARLIEST = "TIMESTAMP '1970-01-01'"
_IS_TWIN = "own_reason IS NULL AND first_row < row_number"
_TWIN_OF = "'the id ' || id_text || ' is that of record ' || first_row || '; give each case its own id'"
_TEXT_COLUMNS = ("id", "lon", "lat", "area", "address", "description")


def typed_cases_sql(mapping: CaseMapping, words: Mapping[str, Words], now: datetime) -> str:
    """Write the SQL that makes :data:`TYPED` from the raw table and the tables ``word_<role>``.

    Parameters
    ----------
    mapping : CaseMapping
        How the file is read.
    words : mapping of str to Words
        Meaning of the words, for the empty ones.
    now : datetime
        With its zone; later times are rejected.

    Returns
    -------
    str
        A CREATE TEMP TABLE statement. Times are UTC; ``reason`` and ``detail`` are null where a record is sound.
    """
    moment = f"TIMESTAMPTZ {literal(now.isoformat())} AT TIME ZONE 'UTC'"
    texts = [f"{_text(mapping, role)} AS {role}_text" for role in (*_TEXT_COLUMNS, *TIME_COLUMNS, *WORD_COLUMNS)]
    times = [f"{_time(mapping, role)} AS {role}" for role in TIME_COLUMNS if role in mapping.columns]
    absent = [f"NULL::TIMESTAMP AS {role}" for role in TIME_COLUMNS if role not in mapping.columns]
    keys = [f"{_key(role, words[role])} AS {role}_key" for role in WORD_COLUMNS]
    joins = " ".join(f"LEFT JOIN word_{role} ON word_{role}.word = {role}_text" for role in WORD_COLUMNS)
    checks = _checks(mapping, moment)
    reason = "CASE " + " ".join(f"WHEN {test} THEN {literal(name)}" for name, test, _ in checks) + " END"
    detail = "CASE " + " ".join(f"WHEN {test} THEN {sentence}" for _, test, sentence in checks) + " END"
    return (
        f"CREATE TEMP TABLE {TYPED} AS "  # noqa: S608 - names are quoted and texts are literals
        f"WITH texts AS (SELECT {ROW} AS row_number, {', '.join(texts)} FROM {RAW}), "
        f"timed AS (SELECT *, {', '.join([*times, *absent])} FROM texts), "
        f"keyed AS (SELECT timed.*, {', '.join(keys)} FROM timed {joins}), "
        f"judged AS MATERIALIZED (SELECT *, {reason} AS own_reason, {detail} AS own_detail FROM keyed), "
        # Only among records that are sound in themselves: a good one is not lost to a bad one that came before it.
        "twice AS (SELECT id_text AS same_id, min(row_number) AS first_row FROM judged "
        "WHERE id_text IS NOT NULL AND own_reason IS NULL GROUP BY id_text HAVING count(*) > 1) "
        "SELECT * EXCLUDE (own_reason, own_detail, same_id, first_row), "
        f"CASE WHEN {_IS_TWIN} THEN 'duplicate_id' ELSE own_reason END AS reason, "
        f"CASE WHEN {_IS_TWIN} THEN {_TWIN_OF} ELSE own_detail END AS detail "
        "FROM judged LEFT JOIN twice ON same_id = id_text"
    )


def literal(text: str) -> str:
    """Text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _text(mapping: CaseMapping, role: str) -> str:
    column = mapping.columns.get(role)
    return "NULL::VARCHAR" if column is None else f"nullif(trim({quoted(column)}), '')"


def _time(mapping: CaseMapping, role: str) -> str:
    text = f"{role}_text"
    zone = mapping.time_zone
    local = f"AT TIME ZONE {literal(zone)} AT TIME ZONE 'UTC'" if zone else None
    if mapping.formats:
        tries = [_strptime(text, form, local) for form in mapping.formats]
        return f"coalesce({', '.join(tries)})"
    plain = f"try_cast({text} AS TIMESTAMP) {local}" if local else "NULL::TIMESTAMP"
    zoned = f"try_cast({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
    return f"CASE WHEN regexp_matches({text}, {literal(_ZONED)}) THEN {zoned} ELSE {plain} END"


def _strptime(text: str, form: str, local: str | None) -> str:
    parsed = f"try_strptime({text}, {literal(form)})"
    if "%z" in form or "%Z" in form:
        return f"{parsed} AT TIME ZONE 'UTC'"
    return f"({parsed} {local})" if local else "NULL::TIMESTAMP"


def _zoneless(mapping: CaseMapping, role: str) -> str:
    """Whether a text is a time but for its zone."""
    if mapping.time_zone is not None:
        return "false"
    text = f"{role}_text"
    plain = [form for form in mapping.formats if "%z" not in form and "%Z" not in form]
    reads = [f"try_strptime({text}, {literal(form)}) IS NOT NULL" for form in plain]
    if not mapping.formats:
        reads = [f"try_cast({text} AS TIMESTAMP) IS NOT NULL"]
    return f"({role} IS NULL AND ({' OR '.join(reads) or 'false'}))"


def _key(role: str, words: Words) -> str:
    empty = "NULL" if words.empty is None else str(words.empty)
    if role == "stage" and words.empty is None:
        closed, reported = int(CaseStage.CLOSED), int(CaseStage.REPORTED)
        empty = f"CASE WHEN closed_at IS NOT NULL THEN {closed} ELSE {reported} END"
    return f"CASE WHEN {role}_text IS NULL THEN {empty} ELSE word_{role}.key END"


def _checks(mapping: CaseMapping, moment: str) -> list[tuple[str, str, str]]:
    """Reason, SQL test and SQL sentence of what a record can be refused for by itself, in the order of trial."""
    name = literal(mapping.path.name)
    checks = []
    for role in TIME_COLUMNS:
        if role not in mapping.columns:
            continue
        value = f"{literal(mapping.columns[role] + ' ')} || {role}_text"
        given = f"{role}_text IS NOT NULL"
        if role == "reported_at":
            empty = literal(f"{mapping.columns[role]} is empty; give the time of the report")
            checks.append(("missing_time", f"{role}_text IS NULL", empty))
        checks += [
            (
                "time_without_zone",
                f"{given} AND {_zoneless(mapping, role)}",
                f"{value} || ' has no time zone; set time_zone in ' || {name}",
            ),
            (
                "unreadable_time",
                f"{given} AND {role} IS NULL",
                f"{value} || ' cannot be read as a time; set [times] formats in ' || {name}",
            ),
            ("impossible_time", f"{role} < {_EARLIEST}", f"{value} || ' is before 1970; correct it in the source'"),
        ]
        if role != "deadline_at":
            checks.append(
                ("future_time", f"{role} > {moment}", f"{value} || ' is in the future; correct it in the source'")
            )
    for role in WORD_COLUMNS:
        column = mapping.columns.get(role)
        if column is None:
            continue
        make = f", or set [create] {role} = true" if role in {"class", "unit"} else ""
        mend = f" of column {column} is not known; add it to [values.{role}] in {mapping.path.name}{make}"
        checks.append(
            (
                f"unknown_{role}",
                f"{role}_text IS NOT NULL AND {role}_key IS NULL",
                f"'the word ' || {role}_text || {literal(mend)}",
            )
        )
    mend = literal("the class is empty; fill it in, or give a class in [defaults]")
    checks.append(("missing_class", "class_key IS NULL", mend))
    return checks
