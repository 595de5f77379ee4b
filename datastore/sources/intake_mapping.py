"""Files of new cases whose columns have names of their own, by the mappings that imports of cases use."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from datastore.desk.bulk_rows import FAULT
from datastore.sources.case_mapping import CaseMapping, check_columns
from datastore.sources.errors import SourceError
from datastore.sources.intake_file import IntakeFormat, IntakeShape, read_intake
from twin_model.crs import parse_crs, to_stored
from twin_model.errors import CrsError

_ROLES = {
    "id": "ref", "reported_at": "reported_at", "class": "class", "lon": "lon", "lat": "lat", "address": "address",
    "description": "description",
}  # fmt: skip
"""Column of the bulk load by the role that a mapping gives; other roles are of history, not of new work."""


def read_mapped(body: bytes, form: IntakeFormat, path: Path, mapping: CaseMapping, max_rows: int) -> pa.Table:
    """Read new cases by a mapping.

    Parameters
    ----------
    body : bytes
        The file.
    form : IntakeFormat
    path : Path
        For messages.
    mapping : CaseMapping
        Which column is what; its words for classes, time formats, zone and CRS are heeded.
    max_rows : int
        Rows that are taken.

    Returns
    -------
    pyarrow.Table
        Columns of `datastore.desk.bulk_rows.COLUMNS`, as far as the mapping names them.

    Raises
    ------
    SourceError
        If the file or the mapping cannot be used.
    """
    shape = IntakeShape(tuple(mapping.columns.values()), mapping.encoding, mapping.delimiter, max_rows)
    return mapped(read_intake(body, form, path.name, shape), mapping, path)


def mapped(table: pa.Table, mapping: CaseMapping, path: Path) -> pa.Table:
    """Rename and read the columns of a table by a mapping.

    Raises
    ------
    SourceError
        If a column is missing, or the coordinates contradict the CRS.
    """
    check_columns(mapping, path, table.column_names)
    columns = {
        name: pc.utf8_trim_whitespace(table[mapping.columns[role]].cast(pa.string()))
        for role, name in _ROLES.items()
        if role in mapping.columns
    }
    if "class" in columns or "class" in mapping.defaults:
        columns["class"] = _classes(columns.get("class"), mapping, table.num_rows)
    columns["reported_at"] = _moments(columns["reported_at"], mapping)
    if "lon" in columns:
        columns |= _places(columns["lon"], columns["lat"], mapping, path)
    if FAULT in table.column_names:
        columns[FAULT] = table[FAULT]
    return pa.table(columns)


def _classes(words: pa.ChunkedArray | None, mapping: CaseMapping, count: int) -> pa.ChunkedArray:
    """Codes of classes: what the mapping says of a word, else the word; its default where there is none."""
    default = mapping.defaults.get("class")
    if words is None:
        return pa.chunked_array([pa.array([default] * count, pa.string())])
    said = mapping.values.get("class", {})
    coded = words.dictionary_encode().unify_dictionaries().combine_chunks()
    chunk = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    values = [said.get(word, word) or default for word in chunk.dictionary.to_pylist()]
    codes = pa.chunked_array([pa.array(values, pa.string()).take(chunk.indices)])
    return pc.fill_null(codes, default) if default else codes


def _moments(texts: pa.ChunkedArray, mapping: CaseMapping) -> pa.ChunkedArray:
    """Moments in UTC as text; what no format reads stays as it was and is judged later."""
    zone = mapping.time_zone
    found = texts
    for form in mapping.formats:
        read = pc.strptime(texts, format=form, unit="us", error_is_null=True)
        if "%z" not in form and zone:
            read = pc.assume_timezone(read, zone, ambiguous="earliest", nonexistent="earliest")
        written = pc.strftime(pc.local_timestamp(pc.cast(read, pa.timestamp("us", "UTC"))), "%Y-%m-%dT%H:%M:%S")
        found = pc.coalesce(pc.binary_join_element_wise(written, "Z", ""), found)
    return found


def _places(lon: pa.ChunkedArray, lat: pa.ChunkedArray, mapping: CaseMapping, path: Path) -> dict[str, pa.Array]:
    """Longitude and latitude in EPSG:4490; null where the file has no usable place."""
    x, y = (_numbers(column) for column in (lon, lat))
    missing = ~(np.isfinite(x) & np.isfinite(y))
    if mapping.zero_is_missing:
        missing |= (x == 0) | (y == 0)
    try:
        east, north = to_stored(np.where(missing, np.nan, x), np.where(missing, np.nan, y), parse_crs(mapping.crs))
    except CrsError as error:
        raise SourceError(f"{path.name}: {error}") from None
    off = ~(np.isfinite(east) & np.isfinite(north))
    return {"lon": pa.array(east, mask=off), "lat": pa.array(north, mask=off)}


def _numbers(texts: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    sound = pc.match_substring_regex(texts, r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$")
    numbers = pc.if_else(sound, texts, pa.scalar(None, pa.string())).cast(pa.float64())
    return np.asarray(pc.fill_null(numbers, np.nan).to_numpy(), np.float64)
