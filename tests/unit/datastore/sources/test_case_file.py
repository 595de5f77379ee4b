import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from datastore.sources.case_mapping import read_mapping
from datastore.sources.cases import import_cases
from datastore.sources.errors import MappingError, SourceError
from datastore.sources.options import CaseOptions

GOOD = "1,2026-05-01 09:30:00,2026-05-01 11:00:00,116.005,39.905,Graffiti,web,done,Parks,"


@pytest.fixture
def load(store, now):
    return lambda files: import_cases(store, files[0], CaseOptions(mapping=files[1]), now)


def test_a_column_that_is_not_there_is_named_with_those_that_are(load, case_file):
    files = case_file(GOOD, replace=[('class = "kind"', 'class = "sort"')])
    with pytest.raises(
        MappingError, match=r"takes the class from column 'sort', which is not there; the columns are id, "
    ):
        load(files)


def test_an_unknown_code_is_named_with_those_that_are_known(load, case_file):
    files = case_file(GOOD, replace=[('web = "PUBLIC"', 'web = "PEOPLE"')])
    with pytest.raises(MappingError, match=r"'PEOPLE' is no source of the store; known are COLLECTOR, VIDEO"):
        load(files)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "id"', 'ident = "id"', r"'ident' in \[columns\] is unknown; known are id, reported_at"),
        ("[create]", "[make]", r"'make' at the top is unknown"),
        ('reported_at = "reported"', "", "names no reported_at"),
        ('lat = "lat"', "", "names one of lon and lat"),
        ('class = "kind"', "", "name the column of the class"),
        ('"Asia/Shanghai"', '"Beijing"', "'Beijing' is no IANA time zone"),
        ("class = true", 'areas = "parish"', "'parish' is no level; known are street, community, grid"),
        ("class = true", "class = yes", "not a TOML mapping"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_told_in_one_sentence(case_file, old, new, message):
    _, toml = case_file(GOOD, replace=[(old, new)])
    with pytest.raises(MappingError, match=message) as caught:
        read_mapping(toml)
    assert str(caught.value).startswith("mapping.toml")


def test_unknown_crs_of_a_mapping_is_told(load, case_file):
    with pytest.raises(SourceError, match="'nowhere' is no coordinate reference system"):
        load(case_file(GOOD, replace=[('"EPSG:4490"', '"nowhere"')]))


def test_a_missing_mapping_is_told(store, now, case_file, tmp_path):
    file, _ = case_file(GOOD)
    with pytest.raises(MappingError, match="the mapping cannot be read"):
        import_cases(store, file, CaseOptions(mapping=tmp_path / "none.toml"), now)


def test_gb18030_is_read_when_the_mapping_says_so_and_told_when_not(load, case_file, ask):
    line = GOOD.replace("Graffiti", "暴露垃圾")
    with pytest.raises(SourceError, match=r"cannot be read as utf-8 text.*set \[file\] encoding"):
        load(case_file(line, encoding="gb18030"))
    said = ("[columns]", '[file]\nencoding = "gb18030"\n\n[columns]')
    load(case_file(line, encoding="gb18030", replace=[said]))
    assert ask("SELECT name_zh FROM case_class WHERE code LIKE 'X-%'") == [("暴露垃圾",)]


def test_byte_order_mark_quotes_and_line_breaks_in_text_are_read(load, case_file, ask):
    line = '1,2026-05-01 09:30:00,,,,"Graffiti, big\nand red",web,open,,'
    load(case_file(line, encoding="utf-8-sig"))
    assert ask("SELECT name_en FROM case_class WHERE code LIKE 'X-%'") == [("Graffiti, big\nand red",)]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the file is empty"), ("id,reported,closed,lon,lat,kind,from,state,dept,area\n", "holds no record")],
)
def test_a_file_without_records_is_told(load, case_file, content, text, message):
    file, toml = case_file(GOOD)
    file.write_text(text, encoding="utf-8")
    before = content()
    with pytest.raises(SourceError, match=message):
        load((file, toml))
    assert content() == before


def test_a_header_that_names_a_column_twice_is_told(load, case_file):
    with pytest.raises(MappingError, match="the column 'id' is there twice"):
        load(case_file(GOOD, head="id,reported,closed,lon,lat,kind,from,state,dept,area,id"))


def test_another_kind_of_file_is_told(load, case_file, tmp_path):
    _, toml = case_file(GOOD)
    other = tmp_path / "cases.xlsx"
    other.write_bytes(b"PK")
    with pytest.raises(SourceError, match=r"cases.xlsx: not a case file that is read; convert it to .csv or .parquet"):
        load((other, toml))


def test_parquet_with_typed_columns_gives_the_same_cases(load, case_file, tmp_path, ask):
    file, toml = case_file(GOOD, "2,2026-05-02 09:30:00,,,,Graffiti,web,open,,")
    pq.write_table(pacsv.read_csv(file), tmp_path / "cases.parquet")
    load((tmp_path / "cases.parquet", toml))
    assert ask("SELECT source_ref, lon, stage FROM cases ORDER BY case_id") == [
        ("1", 116.005, 70),
        ("2", None, 30 + 10),
    ]


def test_record_numbers_go_on_after_a_ragged_record(load, case_file, ask):
    load(case_file("a,b", GOOD, "2,never,,,,A,web,open,,", "c", "3,never,,,,A,web,open,,"))
    assert ask("SELECT row_number, reason FROM reject ORDER BY row_number") == [
        (1, "wrong_field_count"),
        (3, "unreadable_time"),
        (4, "wrong_field_count"),
        (5, "unreadable_time"),
    ]
