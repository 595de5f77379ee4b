"""Files of new cases: read whole, with the rows that cannot be read marked, or refused in a sentence."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.desk.bulk_rows import FAULT
from datastore.sources.errors import SourceError
from datastore.sources.intake_file import IntakeFormat, IntakeShape, format_of_path, read_intake

TABLE = pa.table({"ref": ["a", "b"], "class": pa.array(["E0102", "E0102"]).dictionary_encode(), "lon": [116.3, None]})


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def arrow(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


@pytest.mark.parametrize(("form", "body"), [(IntakeFormat.PARQUET, parquet(TABLE)), (IntakeFormat.ARROW, arrow(TABLE))])
def test_columns_keep_their_types_and_others_are_left_out(form: IntakeFormat, body: bytes) -> None:
    assert read_intake(body, form)["lon"].to_pylist() == [116.3, None]
    wider = TABLE.append_column("colour", pa.array(["red", "blue"]))
    again = read_intake(parquet(wider) if form is IntakeFormat.PARQUET else arrow(wider), form)
    assert set(again.column_names) == {"ref", "class", "lon"}


def test_csv_marks_rows_of_another_width() -> None:
    table = read_intake(b'\xef\xbb\xbfref, class\r\n"a,\n1",E0102\r\nb\r\nc,d,e\r\n', IntakeFormat.CSV)
    assert table["ref"].to_pylist() == ["a,\n1", "", ""]
    assert table[FAULT].to_pylist() == [None, "wrong_field_count", "wrong_field_count"]
    assert table.column_names == ["ref", "class", FAULT]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"class": "E0102", "lon": 116.30, "more": {"a": [1]}}', None),
        (b"[]", "no_object"),
        (b'{"class": ["E0102"]}', "wrong_type"),
        (b'{"class": true}', "wrong_type"),
        (b"{", "no_json"),
        (b'{"class": "a", "class": "b"}', "no_json"),
        (b'{"lon": NaN}', "no_json"),
        (b'{"ref": "\\ud800"}', "no_json"),
        (b"\xff", "no_json"),
        (b"[" * 100_000, "no_json"),
    ],
)
def test_lines_are_marked_that_are_no_report(line: bytes, fault: str | None) -> None:
    assert read_intake(line, IntakeFormat.NDJSON)[FAULT].to_pylist() == [fault]


def test_a_number_of_a_line_stays_as_it_was_written() -> None:
    table = read_intake(b'{"lon": 116.30, "ref": 12345678901234567890}', IntakeFormat.NDJSON)
    assert (table["lon"].to_pylist(), table["ref"].to_pylist()) == (["116.30"], ["12345678901234567890"])


@pytest.mark.parametrize("form", list(IntakeFormat))
def test_too_many_rows_are_refused(form: IntakeFormat) -> None:
    rows = pa.table({"ref": ["a"] * 3})
    texts = {IntakeFormat.CSV: b"ref\na\na\na\n", IntakeFormat.NDJSON: b"{}\n{}\n{}\n"}
    body = {**texts, IntakeFormat.PARQUET: parquet(rows), IntakeFormat.ARROW: arrow(rows)}[form]
    assert read_intake(body, form, shape=IntakeShape(max_rows=3)).num_rows == 3
    with pytest.raises(SourceError, match="3 rows"):
        read_intake(body, form, shape=IntakeShape(max_rows=2))


@given(st.sampled_from(list(IntakeFormat)), st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(form: IntakeFormat, body: bytes) -> None:
    try:
        assert read_intake(body, form).num_rows
    except SourceError as error:
        assert str(error).startswith("the body ")  # noqa: PT017 - either way is fine


@given(st.integers(0, 2000), st.integers(1, 255))
def test_a_damaged_parquet_file_is_read_or_refused(place: int, flip: int) -> None:
    body = bytearray(parquet(TABLE))
    body[place % len(body)] ^= flip
    try:
        read_intake(bytes(body), IntakeFormat.PARQUET)
    except SourceError as error:
        assert str(error).startswith("the body ")  # noqa: PT017 - as above


def test_a_file_that_unpacks_without_end_is_refused() -> None:
    many = pa.table({"ref": pa.array(["x" * 1_000_000] * 600)})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, many.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(many, max_chunksize=50)
    assert len(sink.getvalue()) < 5_000_000
    with pytest.raises(SourceError, match="unpacks"):
        read_intake(sink.getvalue(), IntakeFormat.ARROW)


def test_the_name_of_a_file_says_what_it_is() -> None:
    assert format_of_path(Path("a.NDJSON")) is IntakeFormat.NDJSON
    with pytest.raises(SourceError, match=r"\.csv"):
        format_of_path(Path("a.xlsx"))
