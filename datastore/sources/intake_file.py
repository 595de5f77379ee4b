"""Files of new cases, as bytes or on disk: CSV, NDJSON, Parquet or an Arrow stream, as tables for the bulk load."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from datastore.desk.bulk_rows import COLUMNS, FAULT, MAX_ROWS
from datastore.sources.errors import SourceError
from datastore.sources.scalar import quoted

MAX_EXPANDED = 512 << 20
"""Bytes that a file may take once it is unpacked."""
_ENGINE = {
    "threads": 1,
    "memory_limit": "1GiB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_SUFFIXES = {
    ".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet", ".arrows": "arrow",
}  # fmt: skip


class IntakeFormat(StrEnum):
    """Formats that new cases are read from."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    ARROW = "arrow"


@dataclass(frozen=True)
class IntakeShape:
    """What is wanted of a file, and how it is written.

    Parameters
    ----------
    columns : tuple of str
        Columns that are read; CSV gives all that it has.
    encoding, delimiter : str
        Of CSV.
    max_rows : int
        Rows that are taken at once.
    """

    columns: tuple[str, ...] = COLUMNS
    encoding: str = "utf-8"
    delimiter: str = ","
    max_rows: int = MAX_ROWS


PLAIN = IntakeShape()


def format_of_path(path: Path) -> IntakeFormat:
    """Format of a file by its name.

    Raises
    ------
    SourceError
        If it is none that is read.
    """
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise SourceError(f"{path.name}: no file of new cases that is read; it ends in {', '.join(_SUFFIXES)}")
    return IntakeFormat(found)


def read_intake(body: bytes, form: IntakeFormat, name: str = "the body", shape: IntakeShape = PLAIN) -> pa.Table:
    """Read new cases.

    Parameters
    ----------
    body : bytes
        The file.
    form : IntakeFormat
    name : str
        How an error names it.
    shape : IntakeShape, optional

    Returns
    -------
    pyarrow.Table
        Columns as they are called in the file; rows that cannot be read are there with a reason in
        `datastore.desk.bulk_rows.FAULT`.

    Raises
    ------
    SourceError
        If it cannot be read, has no rows, more than are taken, or unpacks to more than `MAX_EXPANDED` bytes.
    """
    try:
        table: pa.Table = _READERS[form](body, name, shape)
        table.validate(full=True)  # lengths and texts of a stranger's columns are only claims
    except (pa.ArrowException, OSError, ValueError, LookupError) as error:  # Arrow reports damage as any of these
        first_line = (str(error).splitlines() or [""])[0][:160]
        raise SourceError(f"{name} cannot be read as {form} ({first_line}); export it again") from None
    if not table.num_rows:
        raise SourceError(f"{name} holds no row; export it again")
    twice = [column for column in shape.columns if table.column_names.count(column) > 1]
    if twice:
        raise SourceError(f"{name} has the column {twice[0]!r} twice; rename one")
    return table


def _csv(body: bytes, name: str, shape: IntakeShape) -> pa.Table:
    encoding = "utf-8-sig" if shape.encoding.lower() in {"utf-8", "utf8"} else shape.encoding
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"{name} is no {shape.encoding} from byte {error.start} on; save it as UTF-8") from None
    except LookupError:
        raise SourceError(f"{name}: no encoding is called {shape.encoding!r}; write one such as gb18030") from None
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=shape.delimiter)
        header = [column.strip() for column in next(rows, [])]
        return _columns_of_rows(header, [row for row in rows if row], name, shape)
    except csv.Error as error:
        raise SourceError(f"{name} is no CSV ({error}); export it again with quotes around texts") from None


def _columns_of_rows(header: Sequence[str], rows: Sequence[Sequence[str]], name: str, shape: IntakeShape) -> pa.Table:
    _check_count(len(rows), name, shape)
    if not header or len(set(header)) < len(header):
        raise SourceError(f"{name} begins with no header of different columns; add one")
    width = len(header)
    fault = ["wrong_field_count" if len(row) != width else None for row in rows]
    whole = [row if len(row) == width else [""] * width for row in rows]
    columns = zip(*whole, strict=True) if whole else [()] * width
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table([*arrays, pa.array(fault, pa.string())], names=[*header, FAULT])


def _ndjson(body: bytes, name: str, shape: IntakeShape) -> pa.Table:
    lines = [line for line in body.split(b"\n") if line.strip()]
    _check_count(len(lines), name, shape)
    found: dict[str, list[str | None]] = {column: [] for column in (*shape.columns, FAULT)}
    for line in lines:
        values, fault = _object(line, shape.columns)
        for column in shape.columns:
            found[column].append(values.get(column))
        found[FAULT].append(fault)
    return pa.table({column: pa.array(values, pa.string()) for column, values in found.items()})


def _object(line: bytes, columns: Sequence[str]) -> tuple[dict[str, str | None], str | None]:
    """Fields of a line as text, or why it cannot be read."""
    try:
        value = json.loads(line, parse_float=str, parse_int=str, parse_constant=_refuse, object_pairs_hook=_once)
        if not isinstance(value, dict):
            return {}, "no_object"
        fields = {column: value[column] for column in columns if value.get(column) is not None}
        if not all(isinstance(each, str) for each in fields.values()):
            return {}, "wrong_type"
        "".join(fields.values()).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return {}, "no_json"
    return fields, None


def _refuse(text: str) -> object:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _parquet(body: bytes, name: str, shape: IntakeShape) -> pa.Table:
    """Read Parquet with DuckDB, in an engine of its own: Arrow's reader ends the whole process over some damage."""
    with tempfile.TemporaryDirectory(prefix="citydeck-") as scratch:
        path = Path(scratch) / "intake.parquet"
        path.write_bytes(body)
        config: dict[str, Any] = {**_ENGINE, "temp_directory": scratch}
        try:
            with duckdb.connect(":memory:", config=config) as con:
                return _read_parquet(con, str(path), name, shape)
        except duckdb.Error as error:
            first_line = (str(error).splitlines() or [""])[0][:160]
            raise SourceError(f"{name} cannot be read as parquet ({first_line}); export it again") from None


def _read_parquet(con: duckdb.DuckDBPyConnection, path: str, name: str, shape: IntakeShape) -> pa.Table:
    con.execute("SET TimeZone = 'UTC'")
    described = con.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": path}).fetchall()
    columns = [str(row[0]) for row in described if row[0] in shape.columns]
    told = con.execute(
        "SELECT sum(num_values), sum(total_uncompressed_size) FROM parquet_metadata($path) "
        "WHERE list_contains($columns, path_in_schema)",
        {"path": path, "columns": columns},
    ).fetchall()
    values, size = told[0]
    if columns:
        _check_count(int(values or 0) // len(columns), name, shape)
        _check_size(int(size or 0), name)
    # What the file says of itself is only a claim: no more than is taken is read, in the memory that the engine has.
    wanted = ", ".join(quoted(column) for column in columns) or "NULL AS nothing"
    query = f"SELECT {wanted} FROM read_parquet($path) LIMIT {shape.max_rows + 1}"  # noqa: S608 - quoted names and an int
    table = con.sql(query, params={"path": path}).to_arrow_table()
    _check_count(table.num_rows, name, shape)
    return table


def _arrow(body: bytes, name: str, shape: IntakeShape) -> pa.Table:
    with pa.ipc.open_stream(pa.BufferReader(body)) as stream:
        columns = [column for column in stream.schema.names if column in shape.columns]
        return _gathered(stream, stream.schema, columns, name, shape)


def _gathered(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, columns: Sequence[str], name: str, shape: IntakeShape
) -> pa.Table:
    """Read batches one after another, no further than is taken."""
    read, rows, size = [], 0, 0
    for batch in batches:
        batch.validate(full=True)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        _check_count(rows, name, shape)
        _check_size(size, name)
        read.append(batch.select(columns))
    return pa.Table.from_batches(read, pa.schema([schema.field(column) for column in columns]))


def _check_count(count: int, name: str, shape: IntakeShape) -> None:
    if count > shape.max_rows:
        raise SourceError(f"{name} has {count:,} rows; send at most {shape.max_rows:,} at once")


def _check_size(size: int, name: str) -> None:
    if size > MAX_EXPANDED:
        raise SourceError(f"{name} unpacks to {size >> 20:,} MB; send at most {MAX_EXPANDED >> 20} MB at once")


_READERS: Mapping[IntakeFormat, Callable[[bytes, str, IntakeShape], pa.Table]] = {
    IntakeFormat.CSV: _csv,
    IntakeFormat.NDJSON: _ndjson,
    IntakeFormat.PARQUET: _parquet,
    IntakeFormat.ARROW: _arrow,
}
