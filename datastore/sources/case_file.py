"""Streaming a case file, CSV or Parquet, into a temporary table of text, batch by batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from datastore.sources.case_mapping import CaseMapping, check_columns
from datastore.sources.errors import MappingError, SourceError
from datastore.sources.report import Progress
from datastore.sources.scalar import quoted
from datastore.sources.vector_file import source_parts

RAW = "raw_case"
ROW = "citydeck_row"
"""Column of the temporary table that holds the record's number in the file."""

BLOCK_BYTES = 16 << 20
_PARQUET = (".parquet", ".geoparquet")
_TEXT = (".csv", ".tsv", ".txt")


def read_case_file(con: duckdb.DuckDBPyConnection, path: Path, mapping: CaseMapping, progress: Progress) -> list[int]:
    """Read a file into the temporary table :data:`RAW`: every column as text, with its record number.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        In the transaction of the import.
    path : Path
        CSV or Parquet.
    mapping : CaseMapping
        How to read it.
    progress : Progress
        Hears the fraction of the file that has been read.

    Returns
    -------
    list of int
        Numbers of records that have more or fewer fields than the header; they are not in the table.

    Raises
    ------
    SourceError
        If the file cannot be read, is empty or lacks a column of the mapping.
    """
    source_parts(path)
    if path.stat().st_size == 0:
        raise SourceError(f"{path.name}: the file is empty; export it again")
    ragged: list[int] = []
    first = 1
    for batch, fraction in _batches(path, mapping, ragged):
        numbers, first = _record_numbers(batch.num_rows, first, ragged)
        table = pa.Table.from_batches([batch]).append_column(ROW, pa.array(numbers, pa.int64()))
        con.register("incoming_case", table)
        # Spelled out: DuckDB 2.0.0 loses large inserts into a table that CREATE … AS … LIMIT 0 made in the transaction.
        names = ", ".join(f"{quoted(name)} VARCHAR" for name in batch.schema.names)
        con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {RAW} ({names}, {ROW} BIGINT)")
        con.execute(f"INSERT INTO {RAW} FROM incoming_case")
        con.unregister("incoming_case")
        progress("read", fraction)
    if first == 1:
        raise SourceError(f"{path.name}: the file holds no record; export it again")
    return ragged


def _batches(path: Path, mapping: CaseMapping, ragged: list[int]) -> Iterator[tuple[pa.RecordBatch, float]]:
    suffix = path.suffix.lower()
    if suffix in _PARQUET:
        return _parquet_batches(path, mapping)
    if suffix in _TEXT:
        return _csv_batches(path, mapping, ragged)
    raise SourceError(f"{path.name}: not a case file that is read; convert it to .csv or .parquet")


def _csv_batches(path: Path, mapping: CaseMapping, ragged: list[int]) -> Iterator[tuple[pa.RecordBatch, float]]:
    def skip(row: Any) -> str:  # noqa: ANN401 - pyarrow's InvalidRow
        ragged.append(row.number - 1)
        return "skip"

    columns = _csv_header(path, mapping)
    size = path.stat().st_size
    try:
        with pa.OSFile(str(path), "rb") as file:
            reader = pyarrow.csv.open_csv(
                file,
                read_options=pyarrow.csv.ReadOptions(
                    use_threads=False, block_size=BLOCK_BYTES, encoding=mapping.encoding
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=mapping.delimiter, newlines_in_values=True, invalid_row_handler=skip
                ),
                convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string())),
            )
            done = 0
            for batch in reader:
                # The reader runs ahead of what it hands out, so the file's own position would say too much.
                done += batch.nbytes
                yield batch, min(done / size, 0.99)
    except (pa.ArrowException, UnicodeError, LookupError) as error:
        raise SourceError(_unreadable(path, mapping, error)) from None


def _csv_header(path: Path, mapping: CaseMapping) -> list[str]:
    try:
        with path.open(
            encoding="utf-8-sig" if mapping.encoding.lower() in {"utf-8", "utf8"} else mapping.encoding
        ) as file:
            line = file.readline()
        table = pyarrow.csv.read_csv(
            pa.BufferReader(line.encode()), parse_options=pyarrow.csv.ParseOptions(delimiter=mapping.delimiter)
        )
    except (pa.ArrowException, UnicodeError, LookupError) as error:
        raise SourceError(_unreadable(path, mapping, error)) from None
    columns = [str(name) for name in table.column_names]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise MappingError(f"{path.name}: the column {twice[0]!r} is there twice; rename one in the file")
    check_columns(mapping, path, columns)
    return columns


def _parquet_batches(path: Path, mapping: CaseMapping) -> Iterator[tuple[pa.RecordBatch, float]]:
    try:
        file = pq.ParquetFile(path)
        check_columns(mapping, path, file.schema_arrow.names)
        plain = [name for name in file.schema_arrow.names if _is_plain(file.schema_arrow.field(name).type)]
        check_columns(mapping, path, plain)
        total, done = max(file.metadata.num_rows, 1), 0
        for batch in file.iter_batches(batch_size=1 << 17, columns=plain):
            done += batch.num_rows
            texts = [pc.cast(column, pa.string()) for column in batch.columns]
            yield pa.RecordBatch.from_arrays(texts, names=batch.schema.names), done / total
    except pa.ArrowException as error:
        raise SourceError(_unreadable(path, mapping, error)) from None


def _is_plain(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _record_numbers(count: int, first: int, ragged: list[int]) -> tuple[np.ndarray[Any, np.dtype[np.int64]], int]:
    """Numbers of the next records that were read, leaving out those that the reader skipped."""
    skipped = np.array(sorted(number for number in ragged if number >= first), dtype=np.int64)
    numbers = np.arange(first, first + count + len(skipped), dtype=np.int64)
    numbers = numbers[~np.isin(numbers, skipped)][:count]
    return numbers, int(numbers[-1]) + 1 if count else first


def _unreadable(path: Path, mapping: CaseMapping, error: Exception) -> str:
    first_line = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
    return (
        f"{path.name}: cannot be read as {mapping.encoding} text with the delimiter {mapping.delimiter!r} "
        f"({first_line}); "
        f"set [file] encoding and delimiter in {mapping.path.name}"
    )
