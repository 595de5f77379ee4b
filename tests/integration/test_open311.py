"""Open311 GeoReport v2 over a real store and a real desk."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.case_server import NOW, CaseServer, Client, case_app, case_server
from tests.photo_files import encode, scene
from twin_model.actor import Actor, Role
from twin_model.command import Command
from twin_model.workflow import Action

REQUESTS = "/open311/v2/requests"
WASTE = {"service_code": "E0102", "lat": "39.978", "long": "116.32"}
FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


@pytest.fixture(scope="module")
def city(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseServer]:
    with case_server(small_data_dir, tmp_path_factory.mktemp("open311")) as opened:
        yield opened


@pytest.fixture
def client(city: CaseServer) -> Client:
    return city.client


def xml(answer: Any) -> Any:
    assert answer.content_type == "text/xml; charset=utf-8"
    return etree.fromstring(answer.data)


def reported(client: Client, **fields: Any) -> str:
    answer = client.post(f"{REQUESTS}.json", data={**WASTE, **fields})
    assert answer.status_code in (200, 201), answer.data
    return str(answer.get_json()[0]["service_request_id"])


def refused(answer: Any, status: int, said: str) -> None:
    assert answer.status_code == status, answer.data
    if "json" in answer.content_type:
        (error,) = answer.get_json()
    else:
        root = xml(answer)
        assert root.tag == "errors"
        error = {each.tag: each.text for each in root[0]}
    assert error["code"] == str(status)
    assert said in error["description"]


# ---- what can be reported ----


def test_services_are_the_same_in_json_and_xml(client: Client) -> None:
    told = client.get("/open311/v2/services.json").get_json()
    (waste,) = [each for each in told if each["service_code"] == "E0102"]
    assert (waste["service_name"], waste["group"], waste["type"]) == ("暴露垃圾", "市容环境", "realtime")
    written = xml(client.get("/open311/v2/services.xml"))
    assert [(each.findtext("service_code"), each.findtext("metadata")) for each in written.iter("service")] == [
        (each["service_code"], str(each["metadata"]).lower()) for each in told
    ]


def test_services_speak_english_to_who_asks_for_it(client: Client) -> None:
    told = client.get("/open311/v2/services.json?locale=en").get_json()
    assert {"Exposed waste", "Streetlight"} <= {each["service_name"] for each in told}


def test_a_definition_lists_the_conditions_of_the_service_levels(client: Client) -> None:
    told = client.get("/open311/v2/services/C0101.json").get_json()
    condition, component = told["attributes"]
    assert (condition["code"], condition["datatype"], condition["required"]) == ("condition", "singlevaluelist", False)
    assert {"key": "missing_cover", "name": "missing cover"} in condition["values"]
    assert (component["code"], component["datatype"]) == ("component", "string")
    keys = [key.text for key in xml(client.get("/open311/v2/services/C0101.xml")).iter("key")]
    assert keys == [value["key"] for value in condition["values"]]


def test_discovery_names_the_endpoint_and_its_formats(client: Client) -> None:
    (endpoint,) = client.get("/open311/v2/discovery.json").get_json()["endpoints"]
    assert endpoint["url"] == "http://localhost/open311/v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    assert xml(client.get("/open311/v2/discovery.xml")).find("endpoints/endpoint/formats/format").text


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_only_the_city_itself_is_a_jurisdiction(client: Client, fmt: str) -> None:
    for address in ("services", "requests", "services/E0102", "tokens/1", "requests/1"):
        refused(client.get(f"/open311/v2/{address}.{fmt}?jurisdiction_id=sfgov.org"), 404, "sfgov.org")
    assert client.get(f"/open311/v2/services.{fmt}?jurisdiction_id=110108").status_code == 200
    refused(client.post(f"{REQUESTS}.{fmt}", data={**WASTE, "jurisdiction_id": "x"}), 404, "jurisdiction_id")


# ---- reporting ----


def test_a_report_becomes_a_request_that_shows_no_personal_data(client: Client) -> None:
    personal = {"first_name": "三", "last_name": "张", "email": "zhang@example.org", "phone": "13800000000",
                "device_id": "device-7", "account_id": "account-8"}  # fmt: skip
    answer = client.post(f"{REQUESTS}.json", data={**WASTE, "description": "桶外有垃圾 <&>", **personal})
    assert answer.status_code == 201
    (told,) = answer.get_json()
    assert told["account_id"] == "account-8"
    number = told["service_request_id"]
    shown = client.get(f"{REQUESTS}/{number}.json?extensions=true")
    (request,) = shown.get_json()
    assert set(request) >= FIELDS
    assert (request["status"], request["service_code"], request["description"]) == ("open", "E0102", "桶外有垃圾 <&>")
    assert (request["lat"], request["long"]) == (39.978, 116.32)
    assert request["requested_datetime"] == "2026-11-23T10:00:00+08:00"
    assert request["expected_datetime"] > request["requested_datetime"]
    assert request["agency_responsible"]
    assert request["extended_attributes"]["street"] == "110108011"
    text = shown.get_data(as_text=True) + client.get(f"{REQUESTS}/{number}.xml?extensions=true").get_data(as_text=True)
    assert not [value for value in personal.values() if value in text]


def test_json_and_xml_tell_the_same_of_a_request(client: Client) -> None:
    number = reported(client, description="a < b & c", lat="39.9791")
    (told,) = client.get(f"{REQUESTS}/{number}.json").get_json()
    (written,) = xml(client.get(f"{REQUESTS}/{number}.xml"))
    assert {each.tag: each.text for each in written} == {
        name: None if value is None else str(value) for name, value in told.items()
    }


def test_the_same_ref_is_the_same_report(client: Client) -> None:
    first = client.post(f"{REQUESTS}.json", data={**WASTE, "ref": "twice"})
    again = client.post(f"{REQUESTS}.json", data={**WASTE, "ref": "twice", "description": "other words"})
    by_header = client.post(f"{REQUESTS}.json", data=WASTE, headers={"Idempotency-Key": "twice"})
    assert (first.status_code, again.status_code, by_header.status_code) == (201, 200, 200)
    numbers = {each.get_json()[0]["service_request_id"] for each in (first, again, by_header)}
    assert len(numbers) == 1
    refused(
        client.post(f"{REQUESTS}.json", data={**WASTE, "ref": "a"}, headers={"Idempotency-Key": "b"}), 400, "differ"
    )


def test_the_same_ref_of_another_source_is_another_report(client: Client) -> None:
    assert reported(client, ref="shared") != reported(client.as_("collector"), ref="shared")


def test_a_second_report_of_one_thing_is_closed_as_a_duplicate(client: Client) -> None:
    first = reported(client, lat="39.9721", long="116.3101", service_code="E0201")
    second = reported(client, lat="39.97211", long="116.31011", service_code="E0201")
    (told,) = client.get(f"{REQUESTS}/{second}.json?extensions=true&locale=en").get_json()
    assert told["status"] == "closed"
    assert first in told["status_notes"]
    assert told["extended_attributes"]["duplicate_of"] == first


def test_attributes_and_addresses_reach_the_case(city: CaseServer, client: Client) -> None:
    with city.store.read() as cursor:
        code, address = cursor.execute(
            "SELECT code, address FROM building JOIN building_detail USING (building_id) "
            "WHERE address IS NOT NULL ORDER BY code LIMIT 1"
        ).fetchall()[0]
    for where in ({"address_id": code}, {"address_string": address}):
        form = {"service_code": "C0102", "attribute[condition]": "missing_cover", **where}
        answer = client.post(f"{REQUESTS}.json", data=form)
        assert answer.status_code == 201, answer.data
        file = city.desk.read(answer.get_json()[0]["service_request_id"]).file
        assert (file.building, file.address, file.condition) == (code, address, "missing_cover")
    unplaced = client.post(f"{REQUESTS}.json", data={"service_code": "E0102", "address_string": "某处路口"})
    file = city.desk.read(unplaced.get_json()[0]["service_request_id"]).file
    assert (file.is_placed, file.address) == (False, "某处路口")


def test_a_link_to_a_photo_is_told_and_never_fetched(client: Client) -> None:
    number = reported(client, media_url="https://photos.example.org/1.jpg", lat="39.9741")
    assert client.get(f"{REQUESTS}/{number}.json").get_json()[0]["media_url"] == "https://photos.example.org/1.jpg"


def test_photos_can_be_sent_with_a_report(city: CaseServer, client: Client) -> None:
    form = {**WASTE, "lat": "39.9751", "media": [(io.BytesIO(encode(scene(seed))), f"{seed}.jpg") for seed in (1, 2)]}
    answer = client.post(f"{REQUESTS}.json", data=form, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.data
    record = city.desk.read(answer.get_json()[0]["service_request_id"])
    assert [photo.phase for photo in record.photos] == ["before", "before"]


def test_what_is_no_photo_is_refused_with_the_report(client: Client) -> None:
    form = {**WASTE, "ref": "bad photo", "media": (io.BytesIO(b"<svg onload='alert(1)'/>"), "a.jpg")}
    refused(client.post(f"{REQUESTS}.xml", data=form, content_type="multipart/form-data"), 415, "JPEG")
    assert client.post(f"{REQUESTS}.json", data={**WASTE, "ref": "bad photo"}).status_code == 201


def test_what_a_machine_is_not_sure_of_gets_a_token_until_somebody_decides(client: Client) -> None:
    sure = {"service_code": "E0507", "lat": "39.9681", "long": "116.3271", "confidence": "0.31", "ref": "frame-1"}
    (told,) = client.as_("video").post(f"{REQUESTS}.json", data=sure).get_json()
    token = told["token"]
    assert "service_request_id" not in told
    assert client.get(f"/open311/v2/tokens/{token}.json").get_json() == [
        {"service_request_id": None, "token": token, "state": "new"}
    ]
    made = client.as_("operator").post(f"/api/candidates/{token}/promote").get_json()
    (request,) = xml(client.get(f"/open311/v2/tokens/{token}.xml"))
    assert request.findtext("service_request_id") == made["case_no"]
    assert client.get(f"{REQUESTS}/{made['case_no']}.json").status_code == 200
    again = client.as_("video").post(f"{REQUESTS}.json", data=sure)
    assert again.get_json()[0]["service_request_id"] == made["case_no"]


def test_the_token_of_a_request_is_its_number(client: Client) -> None:
    number = reported(client, lat="39.9761")
    assert client.get(f"/open311/v2/tokens/{number}.json").get_json()[0]["service_request_id"] == number
    refused(client.get("/open311/v2/tokens/nothing.json"), 404, "nothing")


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "E9999"}, 404, "E9999"),
        ({"lat": ""}, 400, "lat and long"),
        ({"lat": "", "long": ""}, 400, "where it is"),
        ({"lat": "ninety"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"long": "1e999"}, 400, "long"),
        ({"lat": "91"}, 400, "lat"),
        ({"address_id": "no-such-building"}, 404, "address_id"),
        ({"description": "字" * 4001}, 400, "4001"),
        ({"email": "nobody"}, 400, "email"),
        ({"phone": "1" * 41}, 400, "phone"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "http://[::1"}, 400, "media_url"),
        ({"attribute[colour]": "red"}, 400, "colour"),
        ({"attribute[condition]": "sideways", "service_code": "C0101"}, 400, "sideways"),
        ({"confidence": "2"}, 400, "confidence"),
        ({"ref": "r" * 201}, 400, "201"),
        ({"source": "VIDEO"}, 403, "PUBLIC"),
        ({"description": "a\x00b"}, 400, "description"),
    ],
)
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_what_cannot_be_used_is_refused(
    client: Client, changes: dict[str, str], status: int, said: str, fmt: str
) -> None:
    refused(client.post(f"{REQUESTS}.{fmt}", data={**WASTE, **changes}), status, said)


def test_a_field_that_is_given_twice_is_refused(client: Client) -> None:
    refused(client.post(f"{REQUESTS}.json", data={**WASTE, "service_code": ["E0101", "E0102"]}), 400, "2 times")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
    b'<!ENTITY x SYSTEM "file:///etc/passwd">]><request><description>&b;&x;</description></request>'
)


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "application/json", "text/plain", None])
def test_a_report_is_a_form_and_nothing_else(client: Client, kind: str | None) -> None:
    answer = client.post(f"{REQUESTS}.xml", data=BOMB, content_type=kind)
    refused(answer, 415, "form")
    assert b"root:" not in answer.data


def test_a_body_that_is_too_large_is_not_read(client: Client) -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\n\r\n' + b"\xff" * (27 << 20)
    answer = client.post(f"{REQUESTS}.json", data=form, content_type="multipart/form-data; boundary=b")
    refused(answer, 413, "")
    refused(client.post(f"{REQUESTS}.json", data={**WASTE, "description": "x" * 2_000_000}), 413, "")


def test_a_form_that_breaks_off_is_refused(client: Client) -> None:
    broken = b'--b\r\nContent-Disposition: form-data; name="service_code"\r\n\r\nE01'
    answer = client.post(f"{REQUESTS}.json", data=broken, content_type="multipart/form-data; boundary=b")
    refused(answer, 400, "")


def test_a_part_without_a_name_is_left_aside(client: Client) -> None:
    form = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    answer = client.post(f"{REQUESTS}.json", data=form, content_type="multipart/form-data; boundary=b")
    refused(answer, 400, "where it is")


def test_who_reports_has_to_be_known_where_the_desk_is_not_open(city: CaseServer) -> None:
    closed = Client(case_app(city.store, city.desk, NOW, open_desk=False).test_client())
    refused(closed.post(f"{REQUESTS}.json", data=WASTE), 403, "who asks")
    refused(closed.as_("nobody-at-all").post(f"{REQUESTS}.xml", data=WASTE), 403, "nobody-at-all")
    refused(closed.as_("wall").post(f"{REQUESTS}.json", data={**WASTE, "source": "PUBLIC"}), 403, "wall")
    assert closed.get("/open311/v2/services.json").status_code == 200


def test_a_server_that_writes_nothing_says_so(city: CaseServer) -> None:
    reading = Client(case_app(city.store, None, NOW).test_client())
    refused(reading.post(f"{REQUESTS}.json", data=WASTE), 503, "takes cases in")
    assert reading.get("/open311/v2/services.json").status_code == 200
    assert reading.get(f"{REQUESTS}.json?page_size=1").get_json()


# ---- asking ----


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.data
    return [each["service_request_id"] for each in answer.get_json()]


def moments(answer: Any, name: str = "requested_datetime") -> list[datetime]:
    return [datetime.fromisoformat(each[name]) for each in answer.get_json()]


def test_the_last_ninety_days_are_given_latest_first_and_at_most_a_thousand(client: Client) -> None:
    answer = client.get(f"{REQUESTS}.json")
    told = moments(answer)
    assert len(told) == 1000
    assert told == sorted(told, reverse=True)
    assert min(told) >= datetime(2026, 11, 22, 16, tzinfo=UTC) - timedelta(days=90)


def test_pages_follow_each_other(client: Client) -> None:
    whole = ids(client.get(f"{REQUESTS}.json?page_size=60"))
    pages = [ids(client.get(f"{REQUESTS}.json?page_size=20&page={page}")) for page in (1, 2, 3)]
    assert [number for page in pages for number in page] == whole


def test_a_time_of_report_is_kept_to_in_any_zone(client: Client) -> None:
    spans = (
        ("2026-10-01T00:00:00+08:00", "2026-10-02T00:00:00+08:00"),
        ("2026-09-30T16:00:00Z", "2026-10-01T16:00:00Z"),
        ("2026-10-01", "2026-10-02"),
    )
    for start, end in spans:
        answer = client.get(f"{REQUESTS}.json", query_string={"start_date": start, "end_date": end})
        told = moments(answer)
        assert told
        assert all(
            datetime(2026, 9, 30, 16, tzinfo=UTC) <= each <= datetime(2026, 10, 1, 16, tzinfo=UTC) for each in told
        )
    lost_plus = client.get(f"{REQUESTS}.json?start_date=2026-10-01T00:00:00+08:00&end_date=2026-10-02T00:00:00+08:00")
    assert len(ids(lost_plus)) == len(told)


def test_one_end_of_the_time_reaches_ninety_days(client: Client) -> None:
    told = moments(client.get(f"{REQUESTS}.json?end_date=2026-03-01T00:00:00Z"))
    assert max(told) <= datetime(2026, 3, 1, tzinfo=UTC)
    assert min(told) >= datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=90)


def test_status_and_service_narrow_the_answer(client: Client) -> None:
    still_open = client.get(f"{REQUESTS}.json?status=open").get_json()
    assert {each["status"] for each in still_open} == {"open"}
    closed = client.get(f"{REQUESTS}.json?status=closed&service_code=E0102,E0201").get_json()
    assert {each["status"] for each in closed} == {"closed"}
    assert {each["service_code"] for each in closed} == {"E0102", "E0201"}
    both = ids(client.get(f"{REQUESTS}.json?status=open,closed&page_size=50"))
    assert both == ids(client.get(f"{REQUESTS}.json?page_size=50"))


def test_a_box_narrows_the_answer(client: Client) -> None:
    told = client.get(f"{REQUESTS}.json?bbox=116.30,39.97,116.31,39.98").get_json()
    assert told
    assert all(116.30 <= each["long"] <= 116.31 and 39.97 <= each["lat"] <= 39.98 for each in told)


def test_numbers_overrule_everything_else(client: Client) -> None:
    some = ids(client.get(f"{REQUESTS}.json?page_size=3&end_date=2026-03-01T00:00:00Z"))
    asked = client.get(f"{REQUESTS}.json?status=open&start_date=2026-11-01&service_request_id={','.join(some)},nothing")
    assert sorted(ids(asked)) == sorted(some)
    refused(client.get(f"{REQUESTS}.json?service_request_id=nothing"), 404, "nothing")
    refused(client.get(f"{REQUESTS}/11010820260101999999.xml"), 404, "11010820260101999999")


def test_what_changed_can_be_asked_for(client: Client) -> None:
    number = reported(client, lat="39.9701", long="116.3281")
    after = "2026-11-23T00:00:00Z"
    told = client.get(f"{REQUESTS}.json?updated_after={after}").get_json()
    assert number in [each["service_request_id"] for each in told]
    assert all(each["updated_datetime"] >= "2026-11-23T08:00:00+08:00" for each in told)
    old = moments(
        client.get(f"{REQUESTS}.json?updated_after=2026-05-01T00:00:00Z&updated_before=2026-05-02T00:00:00Z"),
        "updated_datetime",
    )
    assert old
    assert all(datetime(2026, 5, 1, tzinfo=UTC) <= each <= datetime(2026, 5, 2, tzinfo=UTC) for each in old)


def test_an_old_case_that_is_worked_on_now_changed_now(city: CaseServer, client: Client) -> None:
    (old,) = ids(client.get(f"{REQUESTS}.json?end_date=2026-03-01T00:00:00Z&status=closed&page_size=1"))
    before = client.get(f"{REQUESTS}/{old}.json").get_json()[0]["updated_datetime"]
    city.desk.do(Command(Action.NOTE, Actor("operator", Role.OPERATOR), old, {"text": "a secret note"}))
    answer = client.get(f"{REQUESTS}/{old}.json?extensions=true")
    assert before < answer.get_json()[0]["updated_datetime"] == "2026-11-23T10:00:00+08:00"
    assert b"secret" not in answer.data
    told = client.get(f"{REQUESTS}.json?updated_after=2026-11-23T00:00:00Z").get_json()
    assert old in [each["service_request_id"] for each in told]
    past = client.get(
        f"{REQUESTS}.json?updated_after=2025-12-01T00:00:00Z&updated_before=2026-02-28T00:00:00Z&status=closed"
    )
    assert old not in ids(past)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("start_date=yesterday", 400, "start_date"),
        ("start_date=2026-13-01", 400, "start_date"),
        ("start_date=2026-01-01T00:00:00", 400, "zone"),
        ("start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400, "before"),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400, "90 days"),
        ("start_date=9999-12-31T23:59:59Z", 400, ""),
        ("end_date=0001-01-01T00:00:00Z", 400, ""),
        ("updated_after=2026-01-01T00:00:00Z&updated_before=2026-06-01T00:00:00Z", 400, "90 days"),
        ("status=new", 400, "status"),
        ("service_code=E9999", 404, "E9999"),
        ("page=0", 400, "page"),
        ("page_size=1001", 400, "page_size"),
        ("page=٣", 400, "page"),
        ("bbox=1,2,3", 400, "bbox"),
        ("bbox=1,2,nan,4", 400, "bbox"),
        ("bbox=3,2,1,4", 400, "bbox"),
        ("start_date=2026-01-01&start_date=2026-01-02", 400, "start_date"),
        (f"service_request_id={','.join(map(str, range(1001)))}", 400, "1000"),
    ],
)
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_question_that_cannot_be_read_is_refused(
    client: Client, query: str, status: int, said: str, fmt: str
) -> None:
    refused(client.get(f"{REQUESTS}.{fmt}?{query}"), status, said)


def test_what_is_not_there_is_answered_as_the_standard_has_it(client: Client) -> None:
    refused(client.get("/open311/v2/nothing.json"), 404, "")
    refused(client.get("/open311/v3/requests.xml"), 404, "")
    refused(client.get("/open311/v2/services/E9999.xml"), 404, "E9999")
    refused(client.post("/open311/v2/services.json"), 405, "")
    refused(client.get("/open311/v2/requests.html"), 404, "")
