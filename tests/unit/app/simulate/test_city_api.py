import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.simulate.cast import Cast
from app.simulate.chance import chance
from app.simulate.city_api import CityApi, offset_of
from app.simulate.errors import CityGoneError, NoDemoError
from app.simulate.session import Session
from app.simulate.tally import Tally
from tests.fake_city import fake_city

RECEIPT = {"case_no": "7", "seq": 12, "kind": "accept", "repeated": False, "candidate": False, "file": {"stage": 35}}


def asked_of(answer, ask, keys=None, tally=None):
    """What a method asked a city, and what it gave."""
    with fake_city(lambda _asked: answer) as city:
        api = CityApi(
            lambda: Session(city.url, lambda _s: False, chance(1), patience_s=0), Cast(keys or {}), tally or Tally()
        )
        try:
            given = ask(api)
        finally:
            api.close()
    return city.asked[-1], given


def test_a_report_is_json_of_whoever_reports_for_the_source():
    asked, receipt = asked_of((201, RECEIPT, {}), lambda api: api.report("ASSESSMENT", {"class": "E0102", "ref": "r"}))
    assert (asked.method, asked.path, asked.query) == ("POST", "/api/cases", {"as": "assessor"})
    assert json.loads(asked.body) == {"class": "E0102", "ref": "r"}
    assert (receipt.case_no, receipt.seq, receipt.file) == ("7", 12, {"stage": 35})


def test_a_report_with_a_photo_is_a_form():
    fields = {"class": "E0102", "evidence": {"a": "b"}}
    asked, _ = asked_of((201, RECEIPT, {}), lambda api: api.report("COLLECTOR", fields, [b"\xff\xd8"]))
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="photo"; filename="simulated-1.jpg"' in asked.body
    assert b'{"a": "b"}' in asked.body


def test_with_a_key_nobody_is_named():
    asked, _ = asked_of((201, RECEIPT, {}), lambda api: api.report("COLLECTOR", {}), {"collector": "abc"})
    assert asked.query == {}
    assert asked.headers["authorization"] == "Bearer abc"


@pytest.mark.parametrize(
    ("status", "told", "number", "candidate"),
    [(201, {"service_request_id": "7"}, "7", False), (201, {"token": "K7"}, "K7", True)],
)
def test_the_public_reports_by_open311(status, told, number, candidate):
    asked, receipt = asked_of((status, [told], {}), lambda api: api.report_open311({"service_code": "E0102"}))
    assert (asked.path, asked.query) == ("/open311/v2/requests.json", {"as": "public"})
    assert asked.body == b"service_code=E0102"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (receipt.case_no, receipt.candidate, receipt.repeated) == (number, candidate, False)


def test_an_action_says_which_event_it_has_seen():
    asked, _ = asked_of((200, RECEIPT, {}), lambda api: api.act("dept-D04", "7", "accept", {"text": "x"}, seq=11))
    assert (asked.path, asked.query) == ("/api/cases/7/accept", {"as": "dept-D04"})
    assert asked.headers["if-match"] == '"11"'
    assert json.loads(asked.body) == {"text": "x"}


def test_parts_are_json_in_a_form_too():
    parts = {"parts": [{"unit": "D04"}], "amount": 3}
    asked, _ = asked_of((200, RECEIPT, {}), lambda api: api.act("operator", "7", "split", parts, seq=-1, photos=[b"x"]))
    assert b'[{"unit": "D04"}]' in asked.body
    assert b"\r\n\r\n3\r\n" in asked.body
    assert "if-match" not in asked.headers


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422])
def test_a_refusal_is_an_answer(status):
    refused = (status, {"detail": "no, because"}, {})
    for ask in (
        lambda api: api.act("dept-D04", "7", "accept", {}, seq=1),
        lambda api: api.report("COLLECTOR", {}),
        lambda api: api.report_open311({}),
        lambda api: api.decide("K1", "promote"),
        lambda api: api.case("7"),
    ):
        _, receipt = asked_of(refused, ask)
        assert not receipt.is_good
        assert (receipt.status, receipt.why) == (status, "no, because")


def test_a_candidate_is_decided_on_by_the_operator():
    asked, _ = asked_of((200, RECEIPT, {}), lambda api: api.decide("K1", "promote"))
    assert (asked.path, asked.query) == ("/api/candidates/K1/promote", {"as": "operator"})


def test_what_cannot_be_read_is_told_with_its_address():
    with pytest.raises(CityGoneError, match="/features/collections/communities/items answers 404: nothing of the kind"):
        asked_of((404, {"detail": "nothing of the kind"}, {}), lambda api: api.features("communities"))


@pytest.mark.parametrize("endpoints", [[], [{"type": "production"}], [{"type": "test"}, {"type": "production"}]])
def test_nothing_is_simulated_on_a_real_city(endpoints):
    with pytest.raises(NoDemoError, match="real city"):
        asked_of((200, {"endpoints": endpoints}, {}), lambda api: api.check_demo())


def test_a_closed_desk_wants_keys():
    def answer(asked):
        if asked.path.endswith("discovery.json"):
            return 200, {"endpoints": [{"type": "test"}]}, {}
        return 401, {"detail": "say who asks"}, {}

    with fake_city(answer) as city:
        api = CityApi(lambda: Session(city.url, lambda _s: False, chance(1)), Cast(), Tally())
        with pytest.raises(NoDemoError, match="say who asks; give keys with --key FILE"):
            api.check_demo()
        api.close()


def test_every_thread_has_a_connection_of_its_own_and_every_answer_is_counted():
    tally = Tally()
    with fake_city(lambda _asked: (200, [], {})) as city:
        api = CityApi(lambda: Session(city.url, lambda _s: False, chance(1)), Cast(), tally)
        threads = [threading.Thread(target=lambda: [api.services() for _ in range(3)]) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        api.close()
    assert len({asked.connection for asked in city.asked}) == 3
    assert tally.of("sent") == 9


def test_the_citys_offset_is_that_of_its_requests():
    moment = offset_of([{"requested_datetime": "2026-11-26T08:00:00+08:00"}])
    assert moment == datetime(2026, 11, 26, tzinfo=UTC)
    assert moment.utcoffset() == timedelta(hours=8)
    assert offset_of([]) is None
