"""What the words of a case file mean: sources, stages, classes and units by code, new ones made where asked."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from datastore.sources.case_file import RAW
from datastore.sources.case_mapping import WORD_COLUMNS, CaseMapping
from datastore.sources.errors import MappingError
from datastore.sources.scalar import next_key, quoted
from datastore.table import insert_table
from twin_model.case import CaseStage
from twin_model.stable_code import stable_code

MADE_PREFIX = "X-"
MOST_MADE = 5000
"""More new classes or units than this mean that the mapping names the wrong column."""

_KNOWN = {
    "source": "SELECT code, source_id AS key, code AS alias FROM case_source",
    "class": "SELECT code, class_id AS key, code AS alias FROM case_class",
    "unit": "SELECT code, unit_id AS key, name_zh AS alias FROM unit",
}


@dataclass(frozen=True)
class Words:
    """Meaning of every word in one column.

    Parameters
    ----------
    keys : dict of str to int
        Word -> key in the store; a word that is missing here is unknown.
    empty : int or None
        Key that stands for an empty word.
    made : int
        Rows that were made for new words.
    """

    keys: dict[str, int]
    empty: int | None
    made: int = 0

    def table(self) -> pa.Table:
        """Words and keys, to join with."""
        return pa.table({"word": pa.array(self.keys, pa.string()), "key": pa.array(self.keys.values(), pa.int32())})


def translate_words(con: duckdb.DuckDBPyConnection, mapping: CaseMapping) -> dict[str, Words]:
    """Meaning of the words in the source, stage, class and unit columns of :data:`RAW`.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import; new classes and units are inserted.
    mapping : CaseMapping
        How the file is read.

    Raises
    ------
    MappingError
        If the mapping names a code that the store does not know.
    """
    return {role: _translate(con, mapping, role) for role in WORD_COLUMNS}


def forget_unused(con: duckdb.DuckDBPyConnection) -> None:
    """Delete classes and units that an import once made and no row names any more."""
    con.execute(
        "DELETE FROM case_class WHERE code LIKE 'X-%' AND class_id NOT IN "
        "(SELECT class_id FROM cases UNION SELECT class_id FROM component UNION SELECT class_id FROM feed_record)"
    )
    con.execute(
        "DELETE FROM unit WHERE code LIKE 'X-%' AND unit_id NOT IN "
        "(SELECT unit_id FROM cases WHERE unit_id IS NOT NULL "
        "UNION SELECT owner_unit_id FROM component WHERE owner_unit_id IS NOT NULL "
        "UNION SELECT maintainer_unit_id FROM component WHERE maintainer_unit_id IS NOT NULL)"
    )


def _translate(con: duckdb.DuckDBPyConnection, mapping: CaseMapping, role: str) -> Words:
    codes, aliases = _known(con, role)
    said = mapping.values.get(role, {})
    for code in (*said.values(), *([mapping.defaults[role]] if role in mapping.defaults else [])):
        if code not in codes:
            some = ", ".join(list(codes)[:12]) + (" …" if len(codes) > 12 else "")  # noqa: PLR2004 - enough to see the pattern
            raise MappingError(f"{mapping.path.name}: {code!r} is no {role} of the store; known are {some}")
    default = codes.get(mapping.defaults.get(role, "OTHER" if role == "source" else ""))
    keys: dict[str, int] = {}
    unknown: list[str] = []
    for word in _words(con, mapping, role):
        key = codes.get(said.get(word, word), aliases.get(word))
        if key is None and _makes(mapping, role):
            key = codes.get(stable_code(word, MADE_PREFIX))  # made by an earlier import
        if key is not None:
            keys[word] = key
        elif _makes(mapping, role):
            unknown.append(word)
        elif role in mapping.defaults and default is not None:
            keys[word] = default
    made = _make(con, mapping, role, unknown)
    return Words(keys | made, default, len(set(made.values())))


def _known(con: duckdb.DuckDBPyConnection, role: str) -> tuple[dict[str, int], dict[str, int]]:
    if role == "stage":
        stages = {stage.name: int(stage) for stage in CaseStage}
        return stages, stages
    rows = con.execute(_KNOWN[role]).fetchall()
    return {row[0]: row[1] for row in rows}, {row[2]: row[1] for row in rows}


def _words(con: duckdb.DuckDBPyConnection, mapping: CaseMapping, role: str) -> list[str]:
    if role not in mapping.columns:
        return []
    column = quoted(mapping.columns[role])
    rows = con.execute(
        f"SELECT DISTINCT nullif(trim({column}), '') AS word FROM {RAW} WHERE word IS NOT NULL ORDER BY word"  # noqa: S608 - a quoted name
    )
    return [str(row[0]) for row in rows.fetchall()]


def _makes(mapping: CaseMapping, role: str) -> bool:
    return (role == "class" and mapping.create_class) or (role == "unit" and mapping.create_unit)


def _make(con: duckdb.DuckDBPyConnection, mapping: CaseMapping, role: str, words: list[str]) -> dict[str, int]:
    if not words:
        return {}
    if len(words) > MOST_MADE:
        raise MappingError(
            f"{mapping.path.name}: column {mapping.columns[role]!r} has {len(words)} different words; "
            f"is it the {role}? name another column or turn [create] {role} off"
        )
    table = {"class": "case_class", "unit": "unit"}[role]
    first = next_key(con, table, f"{role}_id")
    by_code: dict[str, list[str]] = {}
    for word in words:
        by_code.setdefault(stable_code(word, MADE_PREFIX), []).append(word)
    codes = list(by_code)
    names = [by_code[code][0] for code in codes]
    columns: dict[str, list[object]] = {
        f"{role}_id": list(range(first, first + len(codes))),
        "code": list(codes),
        "name_zh": list(names),
        "name_en": list(names),
        "kind": ["other"] * len(codes),
    }
    if role == "class":
        count = len(codes)
        columns |= {
            "big_code": ["X"] * count,
            "big_name_zh": ["导入类别"] * count,
            "big_name_en": ["Imported"] * count,
            "small_code": [code.removeprefix(MADE_PREFIX) for code in codes],
            "limit_h": [0.0] * count,  # the source states no limit, so no deadline follows from it
        }
    insert_table(con, table, pa.table(columns))
    return {word: first + index for index, code in enumerate(codes) for word in by_code[code]}
