"""The case interface over a real store and a real desk."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.case_server import NOW, CaseServer, Client, case_app, case_server
from tests.photo_files import encode, scene

PLACE = {"lon": 116.32, "lat": 39.978}
WASTE = {"class": "E0102", **PLACE}
UNIT = "street-110108011"


@pytest.fixture(scope="module")
def city(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseServer]:
    with case_server(small_data_dir, tmp_path_factory.mktemp("cases")) as opened:
        yield opened


@pytest.fixture
def client(city: CaseServer) -> Client:
    return city.client.as_("operator")


_places = iter(range(1, 1000))


def spot() -> dict[str, float]:
    """Give a place of its own, so that no report repeats another."""
    number = next(_places)
    return {"lon": round(116.3165 + number % 12 * 0.0006, 6), "lat": round(39.9750 + number // 12 * 0.0005, 6)}


def new_case(client: Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/api/cases", json={"class": "E0102", "source": "PUBLIC", **spot(), **fields})
    assert answer.status_code == 201, answer.data
    return dict(answer.get_json())


def at_a_unit(city: CaseServer) -> tuple[str, Client]:
    """Give a case that is with the office of a street, and that office."""
    number = new_case(city.client.as_("operator"), **{"class": "E0507"})["case_no"]
    unit = city.desk.read(number).file.unit
    operator = city.client.as_("operator")
    if unit != "S110108011":
        sent = operator.post(f"/api/cases/{number}/dispatch", json={"unit": "S110108011", "reason": "for the test"})
        assert sent.status_code == 200, sent.data
    return number, city.client.as_(UNIT)


def refused(answer: Any, status: int, said: str = "") -> None:
    assert answer.status_code == status, answer.data
    assert answer.mimetype == "application/problem+json"
    assert said in json.loads(answer.data)["detail"]


# ---- reports ----


def test_a_report_is_taken_in_once_however_often_it_is_sent(client: Client) -> None:
    sent = {**WASTE, "source": "PUBLIC", "ref": "app-1", "description": "桶外有垃圾"}
    first, again = (client.post("/api/cases", json=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["Location"] == f"/api/cases/{first.get_json()['case_no']}"
    assert again.get_json()["repeated"]
    assert again.get_json()["case_no"] == first.get_json()["case_no"]
    by_header = client.post("/api/cases", json={**WASTE, "source": "PUBLIC"}, headers={"Idempotency-Key": "app-1"})
    assert by_header.get_json()["case_no"] == first.get_json()["case_no"]


def test_the_same_report_at_the_same_moment_is_one_case(city: CaseServer) -> None:
    sent = {"class": "E0102", "source": "PUBLIC", "ref": "race", **spot()}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: city.client.as_("operator").post("/api/cases", json=sent), range(24)))
    assert len({answer.get_json()["case_no"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 23 + [201]


def test_the_actor_decides_the_source(city: CaseServer) -> None:
    collector = city.client.as_("collector")
    told = collector.post("/api/cases", json={"class": "E0102", **spot()}).get_json()
    assert told["file"]["source"] == "COLLECTOR"
    refused(collector.post("/api/cases", json={"class": "E0102", "source": "VIDEO", **spot()}), 403, "COLLECTOR")
    refused(city.client.as_("operator").post("/api/cases", json=WASTE), 400, "source")
    refused(city.client.as_("operator").post("/api/cases", json={**WASTE, "source": "MARS"}), 422, "MARS")


def test_lines_are_reports_of_their_own(client: Client) -> None:
    lines = [
        json.dumps({"class": "E0102", "source": "PUBLIC", "ref": "line-1", **spot()}),
        '{"class": "E0102", "class": "E0101"}',
        "",
        json.dumps({"class": "E9999", "source": "PUBLIC", **spot()}),
        json.dumps({"class": "E0102", "source": "PUBLIC", "ref": "line-1", **spot()}),
        json.dumps({"class": "E0102", "source": "PUBLIC", "colour": "red"}),
        json.dumps({"class": "E0102"}),
    ]
    answer = client.post("/api/cases", data="\n".join(lines), content_type="application/x-ndjson")
    results = answer.get_json()["results"]
    assert [(each["line"], each["status"]) for each in results] == [
        (1, 201), (2, 400), (4, 422), (5, 200), (6, 422), (7, 400),
    ]  # fmt: skip
    assert results[3]["receipt"]["case_no"] == results[0]["receipt"]["case_no"]
    assert "twice" in results[1]["detail"]


def test_a_thousand_lines_are_the_most(client: Client) -> None:
    refused(client.post("/api/cases", data="{}\n" * 1001, content_type="application/x-ndjson"), 400, "1001")


def test_a_report_may_come_as_a_form_with_photos(city: CaseServer, client: Client) -> None:
    form = {
        "class": "E0102", "source": "PUBLIC", "lon": "116.3177", "lat": "39.9777", "evidence": '{"frame": 7}',
        "photo": (io.BytesIO(encode(scene(5))), "a.jpg"),
    }  # fmt: skip
    answer = client.post("/api/cases", data=form, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.data
    assert [photo.phase for photo in city.desk.read(answer.get_json()["case_no"]).photos] == ["before"]


DEEP = "[" * 40 + "]" * 40


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"class": NaN}', "NaN"),
        (b'{"lon": -Infinity}', "Infinity"),
        (b'{"class": "E0102", "class": "E0101"}', "twice"),
        (f'{{"evidence": {DEEP}}}'.encode(), "deeper"),
        (b'{"evidence": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "deeper"),
        (b'{"class": "\xff"}', "UTF-8"),
        (b'{"class": "\\ud800"}', "no text"),
        (b'{"class": "a\\u0000b"}', "no text"),
        (b'{"lon": ' + b"9" * 40 + b"}", "2^53"),
        (b'{"reporter": "me"}', "reporter"),
        (b"\xef\xbb\xbf{}", "JSON"),
    ],
)
def test_json_that_readers_would_read_differently_is_refused(client: Client, body: bytes, said: str) -> None:
    refused(client.post("/api/cases", data=body, content_type="application/json"), 400, said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"class": ["E0102"]}, "class"),
        ({"class": {"a": 1}}, "class"),
        ({"class": 5}, "class"),
        ({"source": ["PUBLIC"]}, "source"),
        ({"ref": 12}, "ref"),
        ({"ref": "r" * 201}, "201"),
        ({"lon": "far"}, "lon"),
        ({"lon": 181}, "lon"),
        ({"lon": [116.3]}, "lon"),
        ({"lat": None}, "lat"),
        ({"confidence": "very"}, "confidence"),
        ({"confidence": 1.5}, "confidence"),
        ({"evidence": [1]}, "evidence"),
        ({"evidence": {"a": "x" * 20_000}}, "16384"),
        ({"description": "x" * 5000}, "5000"),
        ({"photos": []}, "photos"),
        ({"parent": "11010820261123000001"}, "parent"),
        ({"reporter": {"shoe_size": "43"}}, "shoe_size"),
    ],
)
def test_a_field_of_another_type_is_refused(client: Client, changes: dict[str, Any], said: str) -> None:
    refused(client.post("/api/cases", json={**WASTE, "source": "PUBLIC", **changes}), 422, said)


@pytest.mark.parametrize("kind", ["text/xml", "text/plain", "application/x-www-form-urlencoded", None])
def test_other_content_types_are_refused(client: Client, kind: str | None) -> None:
    for address in ("/api/cases", "/api/cases/actions", "/api/cases/1/accept"):
        refused(client.post(address, data=b"<a/>", content_type=kind), 415)


def test_a_part_without_a_name_is_refused(client: Client) -> None:
    form = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    refused(client.post("/api/cases", data=form, content_type="multipart/form-data; boundary=b"), 400, "no name")


def test_too_much_is_refused(client: Client) -> None:
    body = b'{"description": "' + b"x" * (1 << 20) + b'"}'
    refused(client.post("/api/cases", data=body, content_type="application/json"), 413)
    refused(client.post("/api/cases", data=b"x" * (27 << 20), content_type="application/x-ndjson"), 413)
    refused(client.post("/api/cases/actions", json={"action": "accept", "cases": ["1"] * 1001}), 413)


# ---- one case ----


def test_a_case_tells_its_file_its_events_and_what_comes_next(client: Client) -> None:
    number = new_case(client, reporter={"name": "张三", "phone": "13800000000"})["case_no"]
    answer = client.get(f"/api/cases/{number}")
    told = answer.get_json()
    assert answer.headers["ETag"] == f'"{told["seq"]}"'
    assert told["file"]["class_code"] == "E0102"
    assert told["reporter"] == {"name": "张三", "phone": "13800000000"}
    kinds = [event["kind"] for event in told["events"]]
    assert kinds[:3] == ["report", "file", "dispatch"]
    assert told["events"][0]["actor"] == "operator"
    assert told["events"][1]["rule"].startswith("service_level@")
    assert [event["seq"] for event in told["events"]] == sorted(event["seq"] for event in told["events"])
    assert {"dispatch", "void"} <= set(told["next_actions"])
    assert "张三" not in json.dumps(told["events"], ensure_ascii=False)


def test_a_case_of_the_past_has_one_event(city: CaseServer, client: Client) -> None:
    with city.store.read() as cursor:
        number = cursor.execute("SELECT min(case_no) FROM cases").fetchall()[0][0]
    told = client.get(f"/api/cases/{number}").get_json()
    (event,) = told["events"]
    assert (event["kind"], event["data"]["stage"]) == ("import", told["file"]["stage"])


def test_who_reported_is_for_those_who_answer_to_that_person(city: CaseServer, client: Client) -> None:
    number = new_case(client, reporter={"name": "李四"})["case_no"]
    for code in ("collector", "analyst"):
        answer = city.client.as_(code).get(f"/api/cases/{number}")
        assert answer.status_code == 200
        assert "李四" not in answer.get_data(as_text=True)


def test_a_case_is_for_the_centre_and_for_its_unit(city: CaseServer) -> None:
    number, unit = at_a_unit(city)
    assert unit.get(f"/api/cases/{number}").status_code == 200
    for code in ("street-110108012", "public", "wall"):
        refused(city.client.as_(code).get(f"/api/cases/{number}"), 403, number)
    refused(city.client.get(f"/api/cases/{number}"), 401)


def test_a_number_that_no_case_has_is_not_found(client: Client) -> None:
    for number in ("11010820261123999999", "nothing", "%00", "a%27b"):
        refused(client.get(f"/api/cases/{number}"), 404)
        refused(client.post(f"/api/cases/{number}/note", json={"text": "x"}), 404)


# ---- actions ----


def test_a_case_goes_through_the_loop(city: CaseServer, client: Client) -> None:
    number, unit = at_a_unit(city)
    assert unit.post(f"/api/cases/{number}/accept", json={}).get_json()["file"]["stage_name"] == "accepted"
    form = {"result": "清理完毕", "photo": (io.BytesIO(encode(scene(9))), "after.jpg")}
    fed = unit.post(f"/api/cases/{number}/feedback", data=form, content_type="multipart/form-data")
    assert fed.status_code == 200, fed.data
    told = client.get(f"/api/cases/{number}").get_json()
    assert [photo["phase"] for photo in told["photos"]] == ["after"]
    closed = client.post(f"/api/cases/{number}/close", json={"result": "现场核查通过"})
    assert closed.get_json()["file"]["stage_name"] == "closed"
    assert client.get(f"/api/cases/{number}").get_json()["file"]["score"]
    refused(unit.post(f"/api/cases/{number}/accept", json={}), 409, "closed")


def test_an_action_on_a_case_that_moved_on_is_refused(city: CaseServer) -> None:
    number, unit = at_a_unit(city)
    seen = unit.get(f"/api/cases/{number}").headers["ETag"]
    first = unit.post(f"/api/cases/{number}/accept", json={}, headers={"If-Match": seen})
    assert first.status_code == 200
    refused(unit.post(f"/api/cases/{number}/start", json={}, headers={"If-Match": seen}), 412, "moved on")
    now = first.headers["ETag"]
    assert unit.post(f"/api/cases/{number}/start", json={}, headers={"If-Match": now}).status_code == 200
    refused(unit.post(f"/api/cases/{number}/note", json={"text": "x"}, headers={"If-Match": "soon"}), 400, "If-Match")


def test_only_the_unit_that_has_a_case_works_on_it(city: CaseServer) -> None:
    number, _ = at_a_unit(city)
    refused(city.client.as_("street-110108012").post(f"/api/cases/{number}/accept", json={}), 403, "S110108011")
    refused(city.client.as_("public").post(f"/api/cases/{number}/note", json={"text": "x"}), 403, "public")


def test_no_photo_is_kept_of_who_may_not_bring_one(city: CaseServer, client: Client) -> None:
    number = new_case(client)["case_no"]
    stranger = encode(scene(77))
    before = sorted(city.store.path.parent.glob("photos/*/*.jpg"))
    form = {"photo": (io.BytesIO(stranger), "a.jpg")}
    answer = city.client.as_("street-110108012").post(
        f"/api/cases/{number}/feedback", data=form, content_type="multipart/form-data"
    )
    assert answer.status_code in (403, 409)
    assert sorted(city.store.path.parent.glob("photos/*/*.jpg")) == before


def test_photos_come_only_with_what_photos_belong_to(client: Client) -> None:
    number = new_case(client)["case_no"]
    form = {"photo": (io.BytesIO(encode(scene(3))), "a.jpg"), "phase": "after"}
    refused(client.post(f"/api/cases/{number}/dispatch", data=form, content_type="multipart/form-data"), 415)
    form = {"photo": (io.BytesIO(encode(scene(3))), "a.jpg"), "phase": "during"}
    refused(client.post(f"/api/cases/{number}/photo", data=form, content_type="multipart/form-data"), 400, "during")
    form = {"photo": (io.BytesIO(b"GIF89a"), "a.gif")}
    refused(client.post(f"/api/cases/{number}/photo", data=form, content_type="multipart/form-data"), 415)
    refused(client.post(f"/api/cases/{number}/photo", data={"phase": "after"}, content_type="multipart/form-data"), 422)
    form = {"photo": [(io.BytesIO(encode(scene(seed))), f"{seed}.jpg") for seed in range(9)]}
    refused(client.post(f"/api/cases/{number}/photo", data=form, content_type="multipart/form-data"), 400, "at most 8")


@pytest.mark.parametrize(
    ("action", "data", "status", "said"),
    [
        ("fly", {}, 404, "fly"),
        ("import", {}, 404, "import"),
        ("suggest", {}, 404, "suggest"),
        ("report", {}, 404, "report"),
        ("dispatch", {}, 422, "unit"),
        ("dispatch", {"unit": "X99"}, 422, "X99"),
        ("dispatch", {"unit": ["D04"]}, 422, "unit"),
        ("dispatch", {"unit": "D04", "assist": "D03"}, 422, "assist"),
        ("dispatch", {"unit": "D04", "assist": [["D03"]]}, 422, "assist"),
        ("extend", {"reason": "x", "amount": "long"}, 422, "amount"),
        ("extend", {"reason": "x", "amount": -1}, 422, "amount"),
        ("split", {"parts": [{"unit": "D04"}, 5]}, 422, "parts"),
        ("split", {"parts": [{"unit": ["D04"]}, {"unit": "D03"}]}, 422, "unit"),
        ("duplicate", {"parent": "11010820261123999999"}, 404, "11010820261123999999"),
        ("correct", {"class": "E0101"}, 409, "dispatched"),
        ("void", {}, 422, "reason"),
        ("void", {"reason": "x", "verdict": "pass"}, 422, "verdict"),
        ("note", {"text": 5}, 422, "text"),
        ("accept", {}, 403, "operator"),
    ],
)
def test_an_action_that_cannot_be_taken_says_why(
    client: Client, action: str, data: dict[str, Any], status: int, said: str
) -> None:
    number = new_case(client)["case_no"]
    refused(client.post(f"/api/cases/{number}/{action}", json=data), status, said)


@pytest.mark.parametrize(("data", "said"), [({}, "correct"), ({"class": "E9999"}, "E9999"), ({"lon": 116.3}, "lat")])
def test_a_correction_that_makes_no_sense_says_why(city: CaseServer, data: dict[str, Any], said: str) -> None:
    number, unit = at_a_unit(city)
    assert unit.post(f"/api/cases/{number}/return", json={"reason": "不属本街道"}).status_code == 200
    refused(city.client.as_("operator").post(f"/api/cases/{number}/correct", json=data), 422, said)


def test_one_thing_can_be_done_with_many_cases(client: Client) -> None:
    numbers = [new_case(client)["case_no"] for _ in range(3)]
    asked = {"action": "note", "cases": [*numbers, "nothing", numbers[0]], "data": {"text": "同一片区"}}
    results = client.post("/api/cases/actions", json=asked).get_json()["results"]
    assert [(each["case_no"], each["status"]) for each in results] == [*((no, 200) for no in numbers), ("nothing", 404)]
    voided = {"action": "void", "cases": numbers, "data": {"reason": "演练"}}
    assert {each["status"] for each in client.post("/api/cases/actions", json=voided).get_json()["results"]} == {200}
    results = client.post("/api/cases/actions", json=voided).get_json()["results"]
    assert {each["status"] for each in results} == {409}


@pytest.mark.parametrize(
    "body",
    [{}, {"action": "note"}, {"action": "note", "cases": []}, {"action": "note", "cases": [1]},
     {"action": "note", "cases": "1"}, {"action": "note", "cases": ["1"], "data": []},
     {"action": "note", "cases": ["1"], "more": 1}],
)  # fmt: skip
def test_a_list_of_cases_that_cannot_be_read_is_refused(client: Client, body: dict[str, Any]) -> None:
    refused(client.post("/api/cases/actions", json=body), 400)


def test_an_address_where_something_is_done_says_so_to_who_looks_at_it(client: Client) -> None:
    for address in ("/api/cases", "/api/cases/1/note", "/api/candidates/K1/promote", "/api/intake/COLLECTOR"):
        answer = client.get(address)
        refused(answer, 405)
        assert answer.headers["Allow"] == "POST"


# ---- candidates ----


def waiting(city: CaseServer, **fields: Any) -> str:
    sent = {"class": "E0507", "confidence": 0.4, **spot(), **fields}
    answer = city.client.as_("video").post("/api/cases", json=sent)
    assert answer.status_code == 202, answer.data
    assert city.client.get(answer.headers["Location"]).get_json()[0]["state"] == "new"
    return str(answer.get_json()["case_no"])


def test_a_candidate_waits_until_somebody_decides(city: CaseServer, client: Client) -> None:
    first, second = waiting(city, evidence={"box": [1, 2.5]}), waiting(city, confidence=0.6)
    told = {each["candidate_no"]: each for each in client.get("/api/candidates").get_json()["candidates"]}
    assert told[first]["report"]["evidence"] == {"box": [1, "2.5"]}
    made = client.post(f"/api/candidates/{first}/promote")
    assert client.get(f"/api/cases/{made.get_json()['case_no']}").status_code == 200
    assert client.post(f"/api/candidates/{second}/dismiss").status_code == 200
    for state, number in (("promoted", first), ("dismissed", second)):
        numbers = [
            each["candidate_no"] for each in client.get(f"/api/candidates?state={state}").get_json()["candidates"]
        ]
        assert number in numbers
        refused(client.post(f"/api/candidates/{number}/promote"), 409, state)


def test_candidates_are_for_those_who_decide(city: CaseServer, client: Client) -> None:
    number = waiting(city)
    for code in ("public", "video", UNIT, "analyst"):
        refused(city.client.as_(code).get("/api/candidates"), 403)
        refused(city.client.as_(code).post(f"/api/candidates/{number}/dismiss"), 403)
    refused(client.post("/api/candidates/K1/promote"), 404)
    refused(client.get("/api/candidates?state=lost"), 400, "lost")
    refused(client.get("/api/candidates?limit=0"), 400, "limit")


def test_a_server_that_writes_nothing_says_so(city: CaseServer) -> None:
    reading = Client(case_app(city.store, None, NOW).test_client()).as_("operator")
    refused(reading.post("/api/cases", json={**WASTE, "source": "PUBLIC"}), 503)
    assert reading.get("/api/candidates").status_code == 200
