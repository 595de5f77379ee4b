from datetime import UTC, date, datetime

import pytest

from datastore.queries.case_by_no import case_by_no
from datastore.queries.unplaced_cases import unplaced_cases
from datastore.sources.areas import import_areas
from datastore.sources.cases import import_cases
from datastore.sources.errors import SourceError
from datastore.sources.options import AreaOptions, CaseOptions
from datastore.stats import stats

GOOD = "1,2026-05-01 09:30:00,2026-05-01 11:00:00,116.005,39.905,Graffiti,web,done,Parks,"


def utc(*parts):
    """Moment as the store keeps it: UTC without a zone."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def load(store, now):
    def run(files, **options):
        return import_cases(store, files[0], CaseOptions(mapping=files[1], **options), now)

    return run


@pytest.fixture
def rejects(ask):
    return lambda: ask("SELECT row_number, reason, detail FROM reject ORDER BY row_number")


def test_a_case_is_stored_in_utc_with_its_local_day(load, case_file, ask):
    report = load(case_file(GOOD))
    assert (report.loaded, report.rejected) == (1, 0)
    assert ask(
        "SELECT case_id, case_no, source_ref, reported_at, closed_at, reported_day, reported_hour FROM cases"
    ) == [(0, "00000020260501000001", "1", utc(2026, 5, 1, 1, 30), utc(2026, 5, 1, 3), date(2026, 5, 1), 9)]
    keys = ask(
        "SELECT s.code, k.code, c.stage, u.code FROM cases c JOIN case_source s USING (source_id) "
        "JOIN case_class k USING (class_id) JOIN unit u USING (unit_id)"
    )
    assert keys == [("PUBLIC", "X-GRAFFITI", 70, "X-PARKS")]


def test_times_keep_the_offset_that_they_carry(load, case_file, ask):
    load(case_file(GOOD.replace("09:30:00", "09:30:00+00:00"), "2,2026-05-01T09:30:00Z,,,,Graffiti,web,open,,"))
    assert ask("SELECT DISTINCT reported_at FROM cases") == [(utc(2026, 5, 1, 9, 30),)]


def test_formats_of_the_mapping_are_tried_in_turn(load, case_file, ask):
    formats = ("[columns]", '[times]\nformats = ["%d/%m/%Y %H:%M", "%Y%m%d%H%M%S"]\n\n[columns]')
    load(case_file("1,03/04/2026 08:00,,,,A,web,open,,", "2,20260403080000,,,,A,web,open,,", replace=[formats]))
    assert ask("SELECT DISTINCT reported_at FROM cases") == [(utc(2026, 4, 3),)]


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ("2,,,,,A,web,open,,", "missing_time", "reported is empty; give the time of the report"),
        ("2,yesterday,,,,A,web,open,,", "unreadable_time", "reported yesterday cannot be read as a time"),
        ("2,0001-01-01 00:00,,,,A,web,open,,", "impossible_time", "is before 1970"),
        ("2,2026-06-01 20:00:01,,,,A,web,open,,", "future_time", "is in the future; correct it in the source"),
        (
            "2,2026-05-01 08:00,2026-06-02 08:00,,,A,web,done,,",
            "future_time",
            "closed 2026-06-02 08:00 is in the future",
        ),
        ("2,2026-05-01 08:00,,,,A,fax,open,,", "unknown_source", "the word fax of column from is not known; add it to"),
        ("2,2026-05-01 08:00,,,,A,web,lost,,", "unknown_stage", "the word lost of column state is not known"),
        ("2,2026-05-01 08:00,,,,,web,open,,", "missing_class", "the class is empty"),
        ("1,2026-05-01 08:00,,,,A,web,open,,", "duplicate_id", "the id 1 is that of record 1"),
        ("2,2026-05-01 08:00,,,,A,web,open,,,,", "wrong_field_count", "more or fewer fields than the header"),
    ],
)
def test_a_record_that_makes_no_sense_is_rejected_with_row_reason_and_mend(
    *, load, case_file, rejects, line, reason, detail
):
    report = load(case_file(GOOD, line, GOOD.replace("1,", "9,", 1)))
    assert (report.loaded, report.reasons) == (2, {reason: 1})
    ((row, stored, sentence),) = rejects()
    assert (row, stored) == (2, reason)
    assert detail in sentence


def test_a_time_without_zone_is_rejected_when_the_mapping_names_none(load, case_file, rejects):
    no_zone = ('time_zone = "Asia/Shanghai"', "")
    zoned = "2,2026-05-01 09:30:00+08:00,,116.005,39.905,Graffiti,web,open,Parks,"
    report = load(case_file(GOOD, zoned, replace=[no_zone]))
    assert (report.loaded, report.reasons) == (1, {"time_without_zone": 1})
    assert "has no time zone; set time_zone in mapping.toml" in rejects()[0][2]


@pytest.mark.parametrize("place", ["0,0", "116.0,0.0", ",", "x,y", "116.0,", "200,39.9"])
def test_a_case_without_a_usable_place_is_loaded_unplaced(load, case_file, ask, place):
    report = load(case_file(f"1,2026-05-01 08:00,,{place},A,web,open,,", GOOD.replace("1,", "2,", 1)))
    assert (report.loaded, report.rejected) == (2, 0)
    assert ask("SELECT lon, lat, street_id FROM cases WHERE source_ref = '1'") == [(None, None, None)]


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        ("GCJ-02", "116.30407660469037,39.96025932017854"),
        ("BD-09", "116.31054027386506,39.966365896349316"),
        ("EPSG:4548", "440017.409,4425212.630"),
    ],
)
def test_places_come_in_by_the_crs_of_the_mapping(load, case_file, ask, crs, place):
    load(case_file(f"1,2026-05-01 08:00,,{place},A,web,open,,", replace=[('"EPSG:4490"', f'"{crs}"')]))
    assert ask("SELECT lon, lat FROM cases")[0] == pytest.approx((116.298, 39.959), abs=1e-7)


def test_swapped_columns_are_refused_and_the_store_stays(load, case_file, content):
    before = content()
    with pytest.raises(SourceError, match=r"cases.csv: the coordinates contradict.*latitude then longitude"):
        load(case_file("1,2026-05-01 08:00,,39.9,116.3,A,web,open,,"))
    assert content() == before


def test_cases_lie_in_their_street_whether_areas_come_before_or_after(*, load, case_file, store, two_streets, now, ask):
    load(case_file(GOOD), name="early")
    import_areas(store, two_streets, AreaOptions(), now)
    load(case_file(GOOD.replace("116.005", "116.015")), name="late")
    found = ask(
        "SELECT d.name, a.code FROM cases JOIN dataset d USING (dataset_id) JOIN area a ON a.area_id = street_id"
    )
    assert sorted(found) == [("early", "110108001"), ("late", "110108002")]
    assert ask("SELECT count(DISTINCT case_no), max(case_no) FROM cases") == [(2, "11010820260501000002")]


def test_an_unplaced_case_keeps_the_area_that_it_names(*, load, case_file, store, geojson, square, now, ask):
    streets = [(square(116.0, 39.9), {"code": "110108005", "name": "东街道"})]
    import_areas(store, geojson(*streets), AreaOptions(), now)
    report = load(case_file("1,2026-05-01 08:00,,0,0,A,web,open,,东街道"))
    assert report.unplaced == 1
    streets.append((square(116.01, 39.9), {"code": "110108001", "name": "西街道"}))
    import_areas(store, geojson(*streets), AreaOptions(), now)
    assert ask("SELECT a.code, c.lon FROM cases c JOIN area a ON a.area_id = c.street_id") == [("110108005", None)]


def test_areas_are_derived_from_named_points_where_nobody_drew_any(load, case_file, ask):
    lines = [
        f"{i},2026-05-01 08:00,,{-122.40 + 0.01 * (i % 5):.3f},{37.70 + 0.01 * (i // 5):.3f},A,web,open,,{area}"
        for i, area in enumerate(["South"] * 10 + ["North End"] * 10)
    ]
    report = load(case_file(*lines, replace=[("class = true", 'class = true\nareas = "street"')]))
    assert report.counts["areas derived"] == 2
    assert ask("SELECT code, name, geom_source FROM area ORDER BY area_id") == [
        ("CITY", "某区", "derived"),
        ("NORTH-END", "North End", "derived"),
        ("SOUTH", "South", "derived"),
    ]
    named = ask("SELECT a.name, count(*) FROM cases JOIN area a ON a.area_id = street_id GROUP BY 1 ORDER BY 1")
    assert named == [("North End", 10), ("South", 10)]


def test_drawn_streets_replace_those_that_were_derived(*, load, case_file, store, geojson, square, now, ask):
    lines = [f"{i},2026-05-01 08:00,,{116 + i / 1000},39.905,A,web,open,,{'甲' if i < 5 else '乙'}" for i in range(10)]
    load(case_file(*lines, "99,2026-05-01 08:00,,116.0,39.908,A,web,open,,甲",
                   replace=[("class = true", 'class = true\nareas = "street"')]))  # fmt: skip
    drawn = geojson((square(116.0, 39.9, 0.02), {"code": "110108001", "name": "甲"}))
    import_areas(store, drawn, AreaOptions(), now)
    assert ask("SELECT code FROM area ORDER BY area_id") == [("110108",), ("110108001",)]
    assert ask("SELECT DISTINCT a.code FROM cases LEFT JOIN area a ON a.area_id = street_id") == [("110108001",)]


def test_the_same_file_again_changes_nothing_and_a_changed_one_replaces_it(load, case_file, store, content, ask):
    load(case_file(GOOD))
    before, version = content(), store.data_version()
    assert load(case_file(GOOD)).unchanged
    assert content() == before
    assert store.data_version() == version
    load(case_file(GOOD.replace("Graffiti", "Litter"), GOOD.replace("1,", "2,", 1).replace("Graffiti", "Litter")))
    assert ask("SELECT count(*) FROM cases") == [(2,)]
    assert ask("SELECT code FROM case_class WHERE code LIKE 'X-%'") == [("X-LITTER",)]
    assert ask("SELECT sum(n) FROM case_by_day") == [(2,)]


def test_a_case_closed_before_it_was_reported_keeps_its_stage_without_the_time(load, case_file, ask):
    report = load(case_file(GOOD.replace("11:00:00", "08:00:00")))
    assert "1 cases were closed before they were reported" in report.warnings[0]
    assert ask("SELECT stage, closed_at, closed_day FROM cases") == [(70, None, None)]


def test_the_as_of_moment_is_just_after_the_latest_event(load, case_file, store):
    load(case_file(GOOD))
    assert store.meta().as_of == datetime(2026, 5, 1, 3, 0, 0, 1, tzinfo=UTC)


def test_nothing_usable_is_refused_with_the_first_reason(load, case_file, content):
    before = content()
    with pytest.raises(SourceError, match=r"none of its 1 records can be used; record 1: the word fax"):
        load(case_file(GOOD.replace("web", "fax")))
    assert content() == before


def test_the_record_is_kept_as_it_was_found(load, case_file, ask):
    load(case_file(GOOD, '2,nonsense,,,,"=cmd()",web,open,,'))
    assert '"reported":"nonsense"' in ask("SELECT record FROM reject")[0][0]


def test_a_good_record_is_not_lost_to_a_bad_one_of_its_id(load, case_file, rejects, ask):
    bad = GOOD.replace("2026-05-01 09:30:00", "never")
    report = load(case_file(bad, GOOD, GOOD))
    assert (report.loaded, report.reasons) == (1, {"duplicate_id": 1, "unreadable_time": 1})
    assert [row[:2] for row in rejects()] == [(1, "unreadable_time"), (3, "duplicate_id")]
    assert "the id 1 is that of record 2" in rejects()[1][2]
    assert ask("SELECT source_ref FROM cases") == [("1",)]


def test_cases_keep_their_numbers_when_a_corrected_file_comes(load, case_file, ask):
    load(case_file(*(f"{i},2026-05-01 1{i}:00,,,,A,web,open,," for i in range(3))))
    numbers = dict(ask("SELECT source_ref, case_no FROM cases"))
    earlier, moved = "9,2026-05-01 08:00,,,,A,web,open,,", "1,2026-05-02 08:00,,,,A,web,open,,"
    load(case_file(earlier, moved, "2,2026-05-01 12:00,,,,A,web,open,,"))
    again = dict(ask("SELECT source_ref, case_no FROM cases"))
    assert again == {"1": numbers["1"], "2": numbers["2"], "9": "00000020260501000004"}
    assert ask("SELECT source_ref, case_id FROM cases ORDER BY reported_at") == [("9", 0), ("2", 1), ("1", 2)]


def test_a_case_is_found_by_a_number_of_another_day(load, case_file, store, ask):
    load(case_file("1,2026-05-01 08:00,,,,A,web,open,,"))
    load(case_file("1,2026-05-03 08:00,,,,A,web,open,,"))
    assert ask("SELECT case_no, reported_day FROM cases") == [("00000020260501000001", date(2026, 5, 3))]
    with store.read() as cur:
        assert case_by_no(cur, "00000020260501000001").num_rows == 1


def test_cases_without_an_id_are_numbered_anew(load, case_file, ask):
    lines = [f",2026-05-01 1{i}:00,,,,A,web,open,," for i in range(2)]
    load(case_file(*lines))
    load(case_file(*lines, ",2026-05-01 09:00,,,,A,web,open,,"))
    assert ask("SELECT case_no, reported_hour FROM cases ORDER BY case_no") == [
        ("00000020260501000001", 9), ("00000020260501000002", 10), ("00000020260501000003", 11),
    ]  # fmt: skip


def test_a_case_in_a_community_is_placed_where_the_store_holds_no_streets(
    *, load, case_file, store, geojson, square, now
):
    areas = geojson((square(116.0, 39.9), {"code": "110108001001", "name": "甲社区"}))
    import_areas(store, areas, AreaOptions(), now)
    outside = GOOD.replace("116.005", "116.015").replace("1,", "2,", 1)
    assert load(case_file(GOOD, outside)).unplaced == 1
    with store.read() as cur:
        assert stats(cur)["cases"]["unplaced"] == 1
        assert unplaced_cases(cur)["source_ref"].to_pylist() == ["2"]
