"""The live stream over HTTP: what it listens to, when it is refused, and that it is one stream under any server."""

import socket
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.api.live import LIVE_PATH, RETRY_AFTER_S, live_blueprint, names, scope_of
from app.api.problems import register_problems
from app.live.figures import Figures
from app.live.handover import SOCKET, HandedOverError, Handover
from app.live.hub import Hub
from app.live.scope import Scope
from app.live.service import Live
from tests.committed_events import committed
from tests.live_reader import Reader, parsed

AREAS = {"110108": 1, "110108011": 2, "110108011001": 3}
NAMES = [
    {"kind": "class", "code": "E0101", "name": "暴露垃圾", "name_en": "Exposed waste"},
    {"kind": "area", "code": "110108011", "name": "中关村街道", "name_en": None},
    {"kind": "area", "code": "110108012", "name": None, "name_en": None},
]


class Data:
    """As much of a data manager as the stream needs."""

    def query(self, name: str, _selection: Any, **params: Any) -> pa.Table:
        if name == "code_names":
            return pa.Table.from_pylist(NAMES)
        code = params["code"]
        rows = [{"code": each, "level": level} for each, level in AREAS.items() if code.startswith(each)]
        return pa.Table.from_pylist(rows if code in AREAS else [], pa.schema({"code": pa.string(), "level": pa.int8()}))


@pytest.fixture
def live() -> Iterator[Live]:
    hub = Hub("log", 10, most=1)
    hub.start()
    found = Live(hub, Figures(lambda _scope: {}, hub))
    yield found
    found.stop(30)


def client_of(live: Live | None) -> FlaskClient:
    server = Flask("live")
    server.register_blueprint(live_blueprint(live, Data()))  # type: ignore[arg-type]
    register_problems(server)
    server.wsgi_app = Handover(server.wsgi_app, LIVE_PATH)  # type: ignore[method-assign]
    return server.test_client()


def test_a_server_that_nothing_writes_to_says_that_it_is_not_live() -> None:
    answer = client_of(None).get(LIVE_PATH)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "Retry-After" not in answer.headers


def test_a_stream_under_any_server_is_that_of_the_hub(live: Live) -> None:
    with client_of(live).get(f"{LIVE_PATH}?area=110108011", headers={"Last-Event-ID": "log-9"}) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store, no-transform"
        chunks = answer.iter_encoded()
        text = ""
        while "event: gap" not in text:
            text += next(chunks).decode()
        live.hub.publish([committed(11)])
        while "event: case" not in text:
            text += next(chunks).decode()
    told = [message for part in text.split("\n\n") if (message := parsed(part))]
    assert [message.kind for message in told] == ["hello", "gap", "case"]
    assert told[0].data["area"] == "110108011"


def test_a_connection_that_can_be_handed_over_is_handed_to_the_hub(live: Live) -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(30)
    with ours:
        with pytest.raises(HandedOverError):
            client_of(live).get(f"{LIVE_PATH}?since=log-10", environ_overrides={SOCKET: theirs})
        reader = Reader(ours)
        while not reader.messages:
            part = ours.recv(1 << 16)
            assert part
            reader.rest += part
            *whole, reader.rest = reader.rest.split(b"\n\n")
            reader.messages += [message for text in whole if (message := parsed(text.decode()))]
            if whole and whole[0].startswith(b"HTTP"):
                assert whole[0].startswith(b"HTTP/1.1 200 OK\r\n")
        assert reader.kinds == ["hello"]


def test_one_too_many_is_told_to_come_back_later(live: Live) -> None:
    client = client_of(live)
    with client.get(LIVE_PATH) as first:
        assert next(first.iter_encoded())
        second = client.get(LIVE_PATH)
        assert (second.status_code, second.headers["Retry-After"]) == (503, str(RETRY_AFTER_S))


def test_asking_for_the_head_alone_takes_no_room(live: Live) -> None:
    assert client_of(live).head(LIVE_PATH).status_code == 200
    assert live.hub.metrics().joined == 0


@pytest.mark.parametrize("asked", ["?area=a b", "?filter=junk(", "?area=" + "x" * 100])
def test_what_cannot_be_read_is_refused(live: Live, asked: str) -> None:
    answer = client_of(live).get(LIVE_PATH + asked)
    assert (answer.status_code, answer.json["title"]) == (400, "SelectionError")


@pytest.mark.parametrize(
    ("area", "chosen", "scope"),
    [
        ("", "", Scope()),
        ("110108", "", Scope()),
        ("999", "", Scope()),
        ("110108011", "source(VIDEO)", Scope("110108011", "source(VIDEO)")),
        ("", "and(source(VIDEO),all)", Scope("", "source(VIDEO)")),
    ],
)
def test_the_whole_district_and_an_unknown_area_are_one_scope(area: str, chosen: str, scope: Scope) -> None:
    assert scope_of({"area": area, "filter": chosen}, Data()) == scope  # type: ignore[arg-type]


def test_names_follow_the_language_and_fall_back_to_the_code() -> None:
    zh, en = (names(Data(), lang) for lang in ("zh-CN", "en"))  # type: ignore[arg-type]
    assert zh == {"class": {"E0101": "暴露垃圾"}, "area": {"110108011": "中关村街道", "110108012": "110108012"}}
    assert en["class"]["E0101"] == "Exposed waste"
    assert en["area"] == zh["area"]
    assert client_of(None).get(f"{LIVE_PATH}/names?lang=en").json == en
