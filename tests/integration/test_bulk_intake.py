"""New work in bulk: the same rows as single reports, in files, over HTTP and from the command line."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.desk.bulk import load
from datastore.desk.bulk_report import BulkReport
from datastore.desk.desk import Desk
from datastore.errors import DeskError, UnknownCodeError
from datastore.log.tables import log_size, tile_reader
from datastore.rollup import refresh_rollups
from datastore.store import Store
from tests.case_server import NOW, CaseServer, Client, case_app, case_server
from twin_model.actor import Actor, Role
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.errors import NotAllowedError
from twin_model.merkle import Frontier, leaf_hash
from twin_model.workflow import Action

OPERATOR = Actor("operator", Role.OPERATOR)
EARLIER = "2026-11-23T09:30:00+08:00"


@pytest.fixture(scope="module")
def city(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseServer]:
    with case_server(small_data_dir, tmp_path_factory.mktemp("bulk")) as opened:
        yield opened


@pytest.fixture
def fresh(small_data_dir: Path, tmp_path: Path) -> Iterator[CaseServer]:
    with case_server(small_data_dir, tmp_path / "store") as opened:
        yield opened


def rows_of(count: int, start: int = 0, **columns: Any) -> pa.Table:
    """Give rows that repeat nothing: each class and place once."""
    numbers = range(start, start + count)
    given_columns = {name: value if isinstance(value, list) else [value] * count for name, value in columns.items()}
    return pa.table(
        {
            "ref": [f"row-{number}" for number in numbers],
            "class": ["E0102"] * count,
            "lon": [116.3165 + number % 40 * 0.0006 for number in numbers],
            "lat": [39.9700 + number // 40 * 0.0006 for number in numbers],
            **given_columns,
        }
    )


def loaded(city: CaseServer, table: pa.Table, source: str = "COLLECTOR", actor: Actor = OPERATOR) -> BulkReport:
    return city.desk.exclusive(lambda con, desk: load(con, desk, table, actor, source, now=NOW))  # type: ignore[no-any-return]


def stored(store: Store, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with store.read() as cursor:
        return cursor.execute(query, list(values)).fetchall()


def case_of(city: CaseServer, ref: str) -> Any:
    ((number,),) = stored(city.store, "SELECT case_no FROM cases WHERE source_ref = ?", ref)
    return city.desk.read(number)


# ---- what becomes of rows ----


def test_rows_become_cases_like_single_reports(fresh: CaseServer) -> None:
    table = rows_of(30, description="批量", address="某路", reported_at=EARLIER)
    report = loaded(fresh, table)
    assert (report.rows, report.cases, report.rejected, report.repeated) == (30, 30, 0, 0)
    single = fresh.desk.do(
        Command(
            Action.REPORT, OPERATOR, data={"source": "COLLECTOR", "class": "E0102", "lon": 116.3165, "lat": 39.9845}
        )
    )
    one, bulk = single.file, case_of(fresh, "row-0").file
    assert one is not None
    assert (bulk.stage, bulk.unit, bulk.deadline_at) == (one.stage, one.unit, one.deadline_at)
    assert bulk.reported_at == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert (bulk.street, bulk.description, bulk.address) == ("110108011", "批量", "某路")
    assert bulk.case_no.startswith("11010820261123")


def test_a_ref_that_came_before_does_nothing(city: CaseServer) -> None:
    table = rows_of(20, start=1000, class_name="x")
    assert loaded(city, table).cases == 20
    again = loaded(city, pa.concat_tables([table, table]))
    assert (again.cases, again.repeated) == (0, 40)
    assert loaded(city, table, "PUBLIC").cases == 20
    answer = city.client.as_("collector").post("/api/cases", json={"class": "E0102", "ref": "row-1000"})
    assert (answer.status_code, answer.get_json()["case_no"]) == (200, case_of_source(city, "row-1000", "COLLECTOR"))


def case_of_source(city: CaseServer, ref: str, source: str) -> str:
    query = "SELECT case_no FROM cases JOIN case_source USING (source_id) WHERE source_ref = ? AND code = ?"
    return str(stored(city.store, query, ref, source)[0][0])


def test_a_live_report_and_a_row_of_one_ref_are_one_case(city: CaseServer) -> None:
    told = city.client.as_("collector").post("/api/cases", json={"class": "E0102", "ref": "live-1"})
    assert told.status_code == 201
    assert loaded(city, rows_of(1, ref=["live-1"])).repeated == 1


def test_of_rows_about_one_thing_the_first_is_the_original(fresh: CaseServer) -> None:
    times = [f"2026-11-23T09:0{minute}:00+08:00" for minute in (2, 0, 1)]
    table = rows_of(3, lon=116.3201, lat=39.9781, reported_at=times, **{"class": "E0201"})
    report = loaded(fresh, table)
    assert (report.cases, report.duplicates) == (3, 2)
    original = case_of(fresh, "row-1").file
    assert original.stage is CaseStage.DISPATCHED
    for ref in ("row-0", "row-2"):
        file = case_of(fresh, ref).file
        assert (file.stage, file.parent) == (CaseStage.DUPLICATE, original.case_no)
    later = loaded(fresh, rows_of(1, start=9, lon=116.32011, lat=39.9781, **{"class": "E0201"}))
    assert later.duplicates == 1


def test_a_live_report_repeats_a_row_of_a_moment_ago(fresh: CaseServer) -> None:
    loaded(fresh, rows_of(1, lon=116.3222, lat=39.9783, **{"class": "E0201"}))
    answer = fresh.client.as_("public").post("/api/cases", json={"class": "E0201", "lon": 116.32221, "lat": 39.9783})
    assert answer.get_json()["file"]["parent"] == case_of(fresh, "row-0").file.case_no


def test_what_a_machine_is_not_sure_of_waits(fresh: CaseServer) -> None:
    table = rows_of(4, confidence=[0.2, 0.99, None, 0.5], reported_at=EARLIER)
    report = loaded(fresh, table, "VIDEO")
    assert (report.cases, report.candidates) == (2, 2)
    told = fresh.client.as_("operator").get("/api/candidates").get_json()["candidates"]
    assert [each["source_ref"] for each in told] == ["row-3", "row-0"]
    made = fresh.client.as_("operator").post(f"/api/candidates/{told[0]['candidate_no']}/promote")
    assert made.status_code == 200, made.data
    assert loaded(fresh, table, "VIDEO").repeated == 4


def test_components_are_found_by_code_or_by_place(fresh: CaseServer) -> None:
    ((code, lon, lat, kind),) = stored(
        fresh.store,
        "SELECT component.code, lon, lat, class.code FROM component JOIN case_class class USING (class_id) "
        "WHERE owner_unit_id IS NOT NULL ORDER BY component.code LIMIT 1",
    )
    table = pa.table(
        {
            "ref": ["by code", "by place", "by wrong code"],
            "class": [kind] * 3,
            "lon": [lon, lon, lon],
            "lat": [lat, lat, lat],
            "component": [code, None, "nothing"],
            "reported_at": ["2026-11-01T08:00:00+08:00", "2026-10-01T08:00:00+08:00", "2026-09-01T08:00:00+08:00"],
        }
    )
    assert loaded(fresh, table).cases == 3
    found = [case_of(fresh, ref).file.component for ref in table["ref"].to_pylist()]
    assert found[0] == code
    assert found[1]
    assert not found[2]


def test_rows_that_cannot_be_used_are_counted_with_row_and_reason(fresh: CaseServer) -> None:
    bad: list[tuple[str, dict[str, Any]]] = [
        ("no_class", {"class": "  "}),
        ("unknown_class", {"class": "E9999"}),
        ("half_a_place", {"lon": None}),
        ("bad_place", {"lon": "far"}),
        ("bad_place", {"lat": "nan"}),
        ("bad_place", {"lat": "91"}),
        ("bad_time", {"reported_at": "soon"}),
        ("old_time", {"reported_at": "1950-01-01T00:00:00Z"}),
        ("future_time", {"reported_at": "2026-11-23T10:00:01+08:00"}),
        ("bad_confidence", {"confidence": "1.5"}),
        ("long_ref", {"ref": "r" * 201}),
        ("long_text", {"description": "x" * 4001}),
        ("no_text", {"description": "a\x00b"}),
    ]
    sound = {"ref": None, "class": "E0102", "lon": "116.32", "lat": "39.978", "reported_at": None, "confidence": None,
             "description": None}  # fmt: skip
    table = pa.Table.from_pylist(
        [sound | changes for _, changes in bad], pa.schema([(name, pa.string()) for name in sound])
    )
    report = loaded(fresh, table)
    assert (report.cases, report.rejected) == (0, len(bad))
    assert [(each.row, each.reason) for each in report.rejects] == [
        (row, reason) for row, (reason, _) in enumerate(bad, 1)
    ]
    kept = stored(fresh.store, "SELECT row_number, reason FROM reject ORDER BY row_number")
    assert kept == [(each.row, each.reason) for each in report.rejects]


def test_times_without_a_zone_are_the_citys_and_typed_ones_are_taken(fresh: CaseServer) -> None:
    moments = [datetime(2026, 11, 23, hour, 30) for hour in (1, 9)]  # noqa: DTZ001 - as the store keeps them
    typed = pa.array([moments[0].replace(tzinfo=UTC)] * 2, pa.timestamp("us", "UTC"))
    loaded(fresh, rows_of(2).append_column("reported_at", typed))
    loaded(fresh, rows_of(1, start=5).append_column("reported_at", pa.array([moments[1]], pa.timestamp("us"))))
    loaded(fresh, rows_of(1, start=6, reported_at="2026-11-23 09:30:00"))
    for ref in ("row-0", "row-5", "row-6"):
        assert case_of(fresh, ref).file.reported_at == moments[0].replace(tzinfo=UTC)


def test_a_class_may_be_given_by_its_name(fresh: CaseServer) -> None:
    assert loaded(fresh, rows_of(1, **{"class": "暴露垃圾"})).cases == 1
    assert case_of(fresh, "row-0").file.class_code == "E0102"


def test_the_tables_the_rollups_and_the_log_agree_after_a_load(fresh: CaseServer) -> None:
    loaded(fresh, rows_of(300, confidence=[0.1 if row % 7 == 0 else None for row in range(300)]), "VIDEO")
    fresh.desk.do(Command(Action.REPORT, OPERATOR, data={"source": "PUBLIC", "class": "E0102"}))
    with fresh.store.read() as cursor:
        leaves = [
            leaf_hash(entry.encode())
            for (entry,) in cursor.execute("SELECT entry FROM log_entry ORDER BY seq").fetchall()
        ]
        size = log_size(cursor)
        restored = Frontier.restore(size, tile_reader(cursor))
        gaps = cursor.execute(
            "SELECT count(*) FROM cases WHERE log_first IS NULL OR log_first NOT IN (SELECT seq FROM log_entry)"
        ).fetchall()
    whole = Frontier()
    whole.extend(leaves)
    assert (len(leaves), restored.root(), gaps) == (size, whole.root(), [(0,)])
    counted = counts(fresh.store)
    with fresh.store.write() as con:
        refresh_rollups(con)
    assert counts(fresh.store) == counted


def counts(store: Store) -> Any:
    queries = {
        "case_by_day": "reported_day, street_id, source_id, stage",
        "case_by_grid": "street_id, community_id, grid_id, source_id, stage",
        "case_by_building": "building_id, source_id, stage",
    }
    told = [
        stored(store, f"SELECT {keys}, sum(n) AS n FROM {name} GROUP BY ALL HAVING n <> 0 ORDER BY ALL")  # noqa: S608
        for name, keys in queries.items()
    ]
    return [*told, stored(store, "SELECT count(*), count(deadline_at) FROM open_case")]


def test_work_goes_on_with_a_case_that_came_in_bulk(fresh: CaseServer) -> None:
    loaded(fresh, rows_of(1, reported_at=EARLIER))
    number = case_of(fresh, "row-0").file.case_no
    operator = fresh.client.as_("operator")
    told = operator.get(f"/api/cases/{number}").get_json()
    assert [event["kind"] for event in told["events"]] == ["import"]
    unit = Actor("unit", Role.STREET, unit_code=told["file"]["unit"])
    done = fresh.desk.do(Command(Action.ACCEPT, unit, number))
    assert done.file is not None
    assert done.file.stage is CaseStage.ACCEPTED
    assert operator.get(f"/open311/v2/requests/{number}.json").get_json()[0]["status"] == "open"


def test_numbers_go_on_where_they_were(fresh: CaseServer) -> None:
    first = fresh.client.as_("public").post("/api/cases", json={"class": "E0102"}).get_json()["case_no"]
    loaded(fresh, rows_of(3))
    last = fresh.client.as_("public").post("/api/cases", json={"class": "E0102"}).get_json()["case_no"]
    assert int(last) - int(first) == 4


def test_a_number_stays_taken_though_the_day_of_its_report_was_corrected(fresh: CaseServer) -> None:
    first = fresh.client.as_("public").post("/api/cases", json={"class": "E0102"}).get_json()["case_no"]

    def correct(con: Any, _desk: Desk) -> None:
        con.execute("UPDATE cases SET reported_day = reported_day - 1 WHERE case_no = ?", [first])

    fresh.desk.exclusive(correct)  # as an import does whose source says another day now
    second = fresh.client.as_("public").post("/api/cases", json={"class": "E0102"}).get_json()["case_no"]
    fresh.desk.exclusive(lambda con, _: con.execute("UPDATE cases SET reported_day = reported_day - 1"))
    loaded(fresh, rows_of(1))
    third = case_of(fresh, "row-0").file.case_no
    assert [int(second) - int(first), int(third) - int(second)] == [1, 1]


def test_what_a_refused_row_says_beside_the_columns_that_are_read_is_not_kept(fresh: CaseServer) -> None:
    report = loaded(fresh, rows_of(1, phone="13800000000", **{"class": "E9999"}))
    assert (report.rejected, report.ignored) == (1, ("phone",))
    ((record,),) = stored(fresh.store, "SELECT record FROM reject")
    assert json.loads(record)["class"] == "E9999"
    assert "13800000000" not in record


@pytest.mark.parametrize(
    ("actor", "source", "error"),
    [
        (Actor("wall", Role.WALL), "COLLECTOR", NotAllowedError),
        (Actor("anybody", Role.PUBLIC), "COLLECTOR", NotAllowedError),
        (Actor("video", Role.PUBLIC, source_code="VIDEO"), "COLLECTOR", NotAllowedError),
        (OPERATOR, "MARS", UnknownCodeError),
    ],
)
def test_who_may_load_is_who_may_report(city: CaseServer, actor: Actor, source: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        loaded(city, rows_of(1), source, actor)


def test_a_load_that_fails_changes_nothing(city: CaseServer) -> None:
    before = stored(city.store, "SELECT count(*), max(log_last) FROM cases")

    def work(con: Any, desk: Desk) -> None:
        load(con, desk, rows_of(5, start=7000), OPERATOR, "COLLECTOR", now=NOW)
        raise DeskError("stop")

    with pytest.raises(DeskError):
        city.desk.exclusive(work)
    assert stored(city.store, "SELECT count(*), max(log_last) FROM cases") == before
    assert city.client.as_("public").post("/api/cases", json={"class": "E0102"}).status_code == 201


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.sampled_from(["a", "b", " a ", "", "\U0001f600"]), st.text(max_size=8)),
            st.one_of(st.none(), st.sampled_from(["E0102", "C0101", "E", "暴露垃圾"]), st.text(max_size=6)),
            st.one_of(st.none(), st.sampled_from(["116.32", "nan", "1e400", "-"]), st.text(max_size=8)),
            st.one_of(st.none(), st.sampled_from([EARLIER, "2026-02-30", "0001-01-01"]), st.text(max_size=12)),
        ),
        max_size=12,
    )
)
def test_every_row_is_a_case_a_repeat_or_a_reject(city: CaseServer, rows: list[tuple[Any, ...]]) -> None:
    def text(value: str | None) -> str | None:
        return None if value is None else value.encode("utf-8", "replace").decode()

    columns = {
        name: pa.array([text(row[place]) for row in rows], pa.string())
        for place, name in enumerate(("ref", "class", "lon", "reported_at"))
    }
    report = loaded(city, pa.table({**columns, "lat": columns["lon"]}), "DATA_IOT")
    assert report.cases + report.repeated + report.rejected + report.candidates == report.rows == len(rows)


# ---- over HTTP ----

CSV = """ref,class,lon,lat,description,colour
h-1,E0102,116.31,39.97,"一, 二",red
h-2,E0102,116.32,39.975,,
h-3,E9999,,,,
h-4
"""


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def arrow(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def lines(table: pa.Table) -> bytes:
    return "\n".join(json.dumps(row) for row in table.to_pylist()).encode()


def test_csv_is_taken_in_with_its_faults_counted(city: CaseServer) -> None:
    answer = city.client.as_("operator").post("/api/intake/COLLECTOR", data=CSV.encode(), content_type="text/csv")
    told = answer.get_json()
    assert answer.status_code == 200, told
    assert (told["rows"], told["cases"], told["rejected"]) == (4, 2, 2)
    assert told["reasons"] == {"unknown_class": 1, "wrong_field_count": 1}
    assert told["ignored"] == ["colour"]
    assert case_of(city, "h-1").file.description == "一, 二"


@pytest.mark.parametrize(
    ("media", "write"),
    [
        ("application/x-ndjson", lines),
        ("application/vnd.apache.parquet", parquet),
        ("application/vnd.apache.arrow.stream", arrow),
    ],
)
def test_every_format_gives_the_same_cases(city: CaseServer, media: str, write: Callable[[pa.Table], bytes]) -> None:
    table = rows_of(5, ref=[f"{media}-{row}" for row in range(5)], reported_at=EARLIER)
    answer = city.client.as_("operator").post("/api/intake/COLLECTOR", data=write(table), content_type=media)
    assert answer.status_code == 200, answer.data
    assert answer.get_json()["cases"] == 5


def test_lines_that_are_no_json_are_counted(city: CaseServer) -> None:
    body = b'{"class": "E0102", "ref": "n-1"}\nnot json\n[1]\n{"class": {"a": 1}}\n{"class": NaN}\n{"a": 1, "a": 2}\n\n'
    told = (
        city.client.as_("operator")
        .post("/api/intake/COLLECTOR", data=body, content_type="application/x-ndjson")
        .get_json()
    )
    assert told["cases"] == 1
    assert told["reasons"] == {"no_json": 3, "no_object": 1, "wrong_type": 1}


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"", "text/csv", 400),
        (b"ref,class\n", "text/csv", 400),
        (b"ref,ref\n1,2\n", "text/csv", 400),
        (b"ref,class\n\xff,1\n", "text/csv", 400),
        (b'ref,class\n"1,2\n', "text/csv", 400),
        (b"PAR1 no parquet PAR1", "application/vnd.apache.parquet", 400),
        (b"no arrow", "application/vnd.apache.arrow.stream", 400),
        (b"\xff\xff\xff\xff\xff\xff\xff\x7f", "application/vnd.apache.arrow.stream", 400),
        (b"<a/>", "text/xml", 415),
        (b"{}", "application/json", 415),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(city: CaseServer, body: bytes, media: str, status: int) -> None:
    answer = city.client.as_("operator").post("/api/intake/COLLECTOR", data=body, content_type=media)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("place", range(40, 600, 37))
def test_a_damaged_arrow_stream_never_brings_the_server_down(city: CaseServer, place: int) -> None:
    body = bytearray(arrow(rows_of(5, start=8000)))
    body[place % len(body)] ^= 0xFF
    answer = city.client.as_("operator").post(
        "/api/intake/OTHER", data=bytes(body), content_type="application/vnd.apache.arrow.stream"
    )
    assert answer.status_code in (200, 400)


def test_a_file_is_for_known_sources_and_for_those_who_may_report(city: CaseServer) -> None:
    body = b"class\nE0102\n"
    for code, source, status in (("operator", "MARS", 404), ("wall", "COLLECTOR", 403), ("video", "COLLECTOR", 403)):
        answer = city.client.as_(code).post(f"/api/intake/{source}", data=body, content_type="text/csv")
        assert answer.status_code == status
    assert city.client.post("/api/intake/COLLECTOR", data=body, content_type="text/csv").status_code == 401
    reading = Client(case_app(city.store, None, NOW).test_client()).as_("operator")
    assert reading.post("/api/intake/COLLECTOR", data=body, content_type="text/csv").status_code == 503


def test_reports_of_parts_add_up() -> None:
    one = BulkReport(2, cases=1, rejected=1, reasons={"a": 1})
    both = one.plus(BulkReport(3, cases=2, rejected=1, reasons={"a": 1, "b": 2}))
    assert (both.rows, both.cases, both.reasons) == (5, 3, {"a": 2, "b": 2})
