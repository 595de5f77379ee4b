from urllib.parse import urlsplit

import pytest

from app.simulate.chance import chance
from app.simulate.errors import CityGoneError, SimulateError, StoppedError
from app.simulate.session import LONGEST_WAIT_S, Answer, Request, Session, address_parts
from tests.fake_city import fake_city

ASK = Request("GET", "/x", {"a": "1&2"})


class Waits:
    """Waits in no time."""

    def __init__(self, stop_at=None):
        self.seconds = []
        self.stop_at = stop_at

    def __call__(self, seconds):
        self.seconds.append(seconds)
        return self.stop_at is not None and len(self.seconds) >= self.stop_at


def session(url, waits=None, **more):
    return Session(url, waits or Waits(), chance(1), **more)


def answering(*statuses, headers=None):
    left = list(statuses)

    def answer(_asked):
        status = left.pop(0) if len(left) > 1 else left[0]
        return None if status is None else (status, {"detail": f"it is {status}"}, headers or {})

    return answer


def ask(url, waits=None, request=ASK, times=1, **more):
    one = session(url, waits, **more)
    try:
        return [one.ask(request) for _ in range(times)]
    finally:
        one.close()


def test_a_connection_is_kept():
    with fake_city(answering(200)) as city:
        answers = ask(city.url, times=3)
    assert [answer.status for answer in answers] == [200] * 3
    assert len({asked.connection for asked in city.asked}) == 1
    assert city.asked[0].query == {"a": "1&2"}


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_longer_and_longer_waits(status):
    waits = Waits()
    with fake_city(answering(status, status, status, 200)) as city:
        (answer,) = ask(city.url, waits)
    assert (answer.status, answer.attempts) == (200, 4)
    assert len(waits.seconds) == 3
    assert waits.seconds[0] <= 0.25
    assert waits.seconds[-1] <= 1.0
    assert waits.seconds == sorted(waits.seconds)


def test_a_server_says_how_long_to_wait():
    waits = Waits()
    with fake_city(answering(503, 200, headers={"Retry-After": "3"})) as city:
        ask(city.url, waits)
    assert waits.seconds == [3.0]


@pytest.mark.parametrize("text", ["nan", "1e9", "-5", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_no_server_makes_anybody_wait_for_ever(text):
    waits = Waits()
    with fake_city(answering(503, 200, headers={"Retry-After": text})) as city:
        ask(city.url, waits)
    assert 0 < waits.seconds[0] <= LONGEST_WAIT_S


@pytest.mark.parametrize("status", [200, 201, 400, 403, 404, 409, 412, 422, 500])
def test_any_other_answer_is_an_answer(status):
    waits = Waits()
    with fake_city(answering(status)) as city:
        (answer,) = ask(city.url, waits)
    assert answer.status == status
    assert answer.is_good == (status < 300)
    assert answer.why == f"it is {status}"
    assert not waits.seconds


def test_a_connection_that_breaks_is_made_anew():
    waits = Waits()
    with fake_city(answering(None, 200)) as city:
        (answer,) = ask(city.url, waits)
    assert answer.attempts == 2
    assert len(waits.seconds) == 1


def test_a_kept_connection_that_the_server_has_closed_is_nobodys_fault():
    waits = Waits()
    with fake_city(answering(200, None, 200)) as city:
        answers = ask(city.url, waits, times=2)
    assert [answer.attempts for answer in answers] == [1, 1]
    assert not waits.seconds


def test_a_request_is_sent_again_as_it_was():
    request = Request("POST", "/x", {}, {"If-Match": '"5"'}, b"body", "application/json")
    with fake_city(answering(503, 200)) as city:
        ask(city.url, request=request)
    first, second = city.asked
    assert (first.body, first.headers) == (second.body, second.headers)
    assert first.headers["if-match"] == '"5"'
    assert first.headers["content-type"] == "application/json"


def test_patience_ends():
    waits = Waits()
    with fake_city(answering(503)) as city, pytest.raises(CityGoneError, match="it is 503"):
        ask(city.url, waits, patience_s=20)
    assert 20 <= sum(waits.seconds) <= 20 + LONGEST_WAIT_S


def test_a_server_that_is_not_there_is_gone_in_the_end():
    with fake_city(answering(200)) as city:
        pass
    with pytest.raises(CityGoneError, match="has not answered"):
        ask(city.url, patience_s=1)


def test_a_stop_ends_the_waits():
    waits = Waits(stop_at=2)
    with fake_city(answering(503)) as city, pytest.raises(StoppedError):
        ask(city.url, waits)
    assert len(city.asked) == 2


@pytest.mark.parametrize("url", ["", "localhost:8050", "ftp://x", "http://", "http://x:99999", "http://x:0"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(SimulateError, match="--url"):
        address_parts(url)


def test_an_address_may_have_a_path():
    made = []

    class Connection:
        def __init__(self, parts, _timeout):
            made.append(parts)

        def request(self, method, target, _body, _headers):
            made.append((method, target))
            raise OSError("no")

        def close(self):
            pass

    with pytest.raises(CityGoneError):
        ask("http://host/city/", patience_s=0, connect=Connection)
    assert made == [urlsplit("http://host/city/"), ("GET", "/city/x?a=1%262")]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"detail": "no"}', "no"),
        (b'[{"code": "400", "description": "bad"}]', "bad"),
        (b"<html>", ""),
        (b"[]", ""),
        (b"5", ""),
    ],
)
def test_a_refusal_says_why(body, why):
    assert Answer(400, body).why == why


def test_what_is_no_json_is_from_no_server_of_ours():
    with pytest.raises(CityGoneError, match="--url"):
        Answer(200, b"<html>").json()
