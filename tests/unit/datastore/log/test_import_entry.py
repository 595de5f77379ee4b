import json
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.log.import_entry import COLUMNS, ENTRY, ENTRY_MACROS, ENTRY_VIEW, HASHED_IN_BULK
from datastore.migrate import known_migrations
from twin_model.canonical_json import canonical_json, parse_canonical
from twin_model.case_chain import import_bytes

HOSTILE = st.text(
    st.sampled_from('"\\/\b\t\n\f\r\x00\x01\x1f\x7f\u0080\u2028\u2029\ud7ff\ue000\uffff\U0001f600a\u0301é案'),
    max_size=12,
)
TEXTS = HOSTILE | st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - limits are naive
TYPES = {"stage": pa.uint8(), "lon": pa.float64(), "lat": pa.float64()}
KEYS = {"case_no": "case"}
ROWS = st.fixed_dictionaries(
    {
        "case_no": TEXTS, "source": TEXTS, "class": TEXTS, "stage": st.integers(0, 255), "reported_at": MOMENTS,
        "unit": st.none() | TEXTS, "component": st.none() | TEXTS, "ref": st.none() | TEXTS,
        "parent": st.none() | TEXTS,
        "lon": st.none() | st.floats(-180, 180), "lat": st.none() | st.floats(-90, 90),
        "filed_at": st.none() | MOMENTS, "dispatched_at": st.none() | MOMENTS, "handled_at": st.none() | MOMENTS,
        "closed_at": st.none() | MOMENTS, "deadline_at": st.none() | MOMENTS,
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as made:
        made.execute(ENTRY_MACROS)
        yield made


def table(rows):
    columns = {}
    for name in COLUMNS:
        values = [row[name] for row in rows]
        if name.endswith("_at"):
            values = [None if value is None else value.replace(tzinfo=None) for value in values]
            columns[name] = pa.array(values, pa.timestamp("us"))
        else:
            columns[name] = pa.array(values, TYPES.get(name, pa.string()))
    return pa.table(columns)


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_the_store_writes_the_same_bytes_as_the_model(con, rows):
    con.register("case_row", table(rows))
    rows_of = con.execute(f"SELECT {ENTRY}, {HASHED_IN_BULK} FROM case_row").fetchall()  # noqa: S608 - SQL of ours
    written = [entry for entry, _ in rows_of]
    assert [hashed for _, hashed in rows_of] == [f"\0{entry}" for entry in written]
    expected = [import_bytes({KEYS.get(name, name): value for name, value in row.items()}) for row in rows]
    assert [entry.encode() for entry in written] == expected
    for entry in expected:
        parse_canonical(entry)


@given(HOSTILE)
def test_texts_are_escaped_as_canonical_json_escapes_them(con, text):
    assert con.execute("SELECT jcs_text(?)", [text]).fetchall() == [(canonical_json(text).decode(),)]
    assert json.loads(canonical_json(text)) == text


def test_the_migration_holds_these_statements():
    sql = next(migration.sql for migration in known_migrations() if migration.name == "closed_loop")
    assert ENTRY_MACROS in sql
    assert ENTRY_VIEW in sql
