import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.simulate.errors import CityGoneError, NoDemoError, SimulateError
from app.simulate.run import Options, simulate, told, until_moment
from app.simulate.tally import Tally
from tests.fake_city import fake_city

BEGUN = datetime(2026, 11, 26, 8, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
SQUARE = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]]}
FILE = {
    "case_no": "7", "source": "COLLECTOR", "class_code": "E0102", "stage": 30, "unit": "D04",
    "reported_at": "2026-11-26T00:00:00Z", "last_at": "2026-11-26T00:00:00Z", "lon": 116.3, "lat": 39.9,
}  # fmt: skip
RECEIPT = {"case_no": "7", "seq": 1, "kind": "report", "repeated": False, "candidate": False, "file": FILE}


def answer(asked, kind="test"):
    """A small city, over HTTP."""
    attribute = {"code": "condition", "values": [{"key": "guard"}]}
    told_by_path = {
        "/readyz": {"status": "ready"},
        "/open311/v2/discovery.json": {"endpoints": [{"type": kind}]},
        "/api/candidates": {"candidates": []},
        "/open311/v2/services.json": [
            {"service_code": "E0102", "service_name": "暴露垃圾", "metadata": True},
            {"service_code": "E0505", "service_name": "机动车乱停放", "metadata": False},
            {"service_code": "E0101", "service_name": "私搭乱建", "metadata": False},
            {"service_code": "E0406", "service_name": "道路积水", "metadata": False},
        ],
        "/open311/v2/services/E0102.json": {"attributes": [attribute]},
        "/features/collections/communities/items": {
            "features": [{"geometry": SQUARE, "properties": {"name": "科源社区", "population": 9}}]
        },
        "/features/collections/buildings/items": {"numberMatched": 0, "features": []},
    }
    if asked.path == "/open311/v2/requests.json" and asked.method == "GET":
        moment = "2026-11-26T08:00:00+08:00"
        return 200, [{"service_request_id": "5", "requested_datetime": moment}], {}
    if asked.path == "/open311/v2/requests.json":
        return 201, [{"service_request_id": "8"}], {}
    if asked.path.startswith("/api/cases"):
        return (201 if asked.path == "/api/cases" else 200), RECEIPT, {}
    if asked.path not in told_by_path:
        return 404, {"detail": f"no {asked.path}"}, {}
    return 200, told_by_path[asked.path], {}


def run(answered=answer, **more):
    lines, tally = [], Tally()
    with fake_city(answered) as city:
        options = Options(city.url, speed=3600.0, rate=800.0, even=1.0, **more)
        is_over = lambda: sum(tally.actions.values()) >= 20  # noqa: E731 - two words
        simulate(options, tally, lines.append, threading.Event(), is_over)
    return city, tally, lines


def test_a_run_asks_what_there_is_and_then_reports_and_works():
    city, tally, lines = run()
    assert city.paths()[:2] == ["/readyz", "/open311/v2/discovery.json"]
    assert tally.actions["report"] > 0
    assert not tally.refusals
    assert "800 reports a day (1 × 800)" in lines[0]
    assert {asked.query.get("as") for asked in city.asked} >= {"collector", "operator", "dept-D04"}


def test_a_run_with_keys_names_nobody():
    city, _, _ = run(keys={"operator": "a", "collector": "b", "dept-D04": "c", "assessor": "d", "public": "e",
                           "duty": "f", "video": "g", "iot": "h", "satellite": "i"})  # fmt: skip
    assert not any("as" in asked.query for asked in city.asked)
    assert {asked.headers.get("authorization") for asked in city.asked} >= {"Bearer a", "Bearer b", "Bearer c"}


def test_nothing_is_reported_to_a_real_city():
    with fake_city(lambda asked: answer(asked, "production")) as city:
        with pytest.raises(NoDemoError):
            simulate(Options(city.url), Tally(), str, threading.Event())
        assert not [asked for asked in city.asked if asked.method == "POST"]


def test_a_server_that_is_none_of_ours_is_told():
    with fake_city(lambda _asked: (404, "no", {})) as city, pytest.raises(CityGoneError, match="/readyz answers 404"):
        simulate(Options(city.url), Tally(), str, threading.Event())


def test_an_address_that_is_none_is_told():
    with pytest.raises(SimulateError, match="--url"):
        simulate(Options("nowhere"), Tally(), str, threading.Event())


def test_a_stop_before_the_server_is_there_ends_it():
    stop = threading.Event()
    with fake_city(lambda _asked: (stop.set() or 503, {}, {})) as city:
        simulate(Options(city.url), Tally(), str, stop)
    assert len(city.asked) == 1


def test_a_run_whose_parent_is_gone_ends_while_it_waits():
    with fake_city(lambda _asked: (503, {}, {})) as city:
        simulate(Options(city.url), Tally(), str, threading.Event(), lambda: bool(city.asked))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("18:30", BEGUN.replace(hour=18, minute=30)),
        ("08:15", BEGUN + timedelta(days=1)),
        ("2026-11-26T20:00", BEGUN.replace(hour=20, minute=0)),
        ("2026-11-26T20:00:00Z", datetime(2026, 11, 26, 20, tzinfo=UTC)),
    ],
)
def test_an_end_is_a_time_of_day_or_a_moment(text, moment):
    assert until_moment(text, BEGUN) == moment


@pytest.mark.parametrize("text", ["25:00", "soon", "2026-11-26T08:15", "2020-01-01"])
def test_an_end_that_is_none_or_past_is_refused(text):
    with pytest.raises(SimulateError, match="--until"):
        until_moment(text, BEGUN)


def test_a_run_says_what_it_is_like():
    text = told(Options(lively=5.0, seed=9), BEGUN)
    for part in ("2026-11-26 08:15", "14,000 reports a day (5 × 2,800)", "9.7 a minute", "seed 9"):
        assert part in text
