"""Files of new cases by a mapping: other names, other words, another CRS."""

from pathlib import Path

import pyarrow as pa
import pytest

from datastore.sources.case_mapping import CaseMapping
from datastore.sources.errors import SourceError
from datastore.sources.intake_file import IntakeFormat
from datastore.sources.intake_mapping import mapped, read_mapped

FILE = Path("new.csv")


def mapping(**changes: object) -> CaseMapping:
    columns = {"id": "no", "reported_at": "when", "class": "what", "lon": "x", "lat": "y"}
    return CaseMapping(Path("m.toml"), **({"columns": columns} | changes))  # type: ignore[arg-type]


def table(**changes: list[str | None]) -> pa.Table:
    columns = {
        "no": ["1", "2"],
        "when": ["2026/11/20 09:30", "soon"],
        "what": ["垃圾", None],
        "x": ["116.3", "0"],
        "y": ["39.9", "0"],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in (columns | changes).items()})


def test_words_and_times_are_read_and_what_is_not_read_stays() -> None:
    said = mapping(
        formats=("%Y/%m/%d %H:%M",),
        time_zone="Asia/Shanghai",
        values={"class": {"垃圾": "E0102"}},
        defaults={"class": "E0101"},
    )
    read = mapped(table(), said, FILE)
    assert read["ref"].to_pylist() == ["1", "2"]
    assert read["class"].to_pylist() == ["E0102", "E0101"]
    assert read["reported_at"].to_pylist() == ["2026-11-20T01:30:00.000000Z", "soon"]


def test_places_come_in_the_stores_crs_and_zero_is_none() -> None:
    read = mapped(table(), mapping(), FILE)
    assert read["lon"].to_pylist() == [116.3, None]
    shifted = mapped(table(), mapping(crs="GCJ-02"), FILE)["lon"].to_pylist()[0]
    assert 0.004 < 116.3 - shifted < 0.008
    assert mapped(table(x=["far", "1e999"]), mapping(), FILE)["lon"].to_pylist() == [None, None]
    with pytest.raises(SourceError, match=r"new\.csv"):
        mapped(table(x=["443000", "443001"], y=["4425000", "4425001"]), mapping(), FILE)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match="'what'"):
        mapped(table().drop_columns("what"), mapping(), FILE)


def test_a_file_of_its_own_encoding_is_read() -> None:
    body = "no;when;what;x;y\n甲;2026-11-20T09:30:00+08:00;垃圾;116.3;39.9\n".encode("gb18030")
    read = read_mapped(body, IntakeFormat.CSV, FILE, mapping(encoding="gb18030", delimiter=";"), 10)
    assert read["ref"].to_pylist() == ["甲"]
    with pytest.raises(SourceError, match="no encoding"):
        read_mapped(body, IntakeFormat.CSV, FILE, mapping(encoding="klingon", delimiter=";"), 10)
