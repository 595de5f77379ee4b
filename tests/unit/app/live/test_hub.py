"""The hub tells every reader what lies in its scope, in order, once, and lets go of who does not keep up."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from app.live.client import BACKLOG_BYTES
from app.live.hub import ASK_S, CHUNK, GATHER_S, PING_S, SETTLED_S, Hub
from app.live.scope import Scope
from tests.committed_events import committed
from tests.live_reader import Reader

HEAD = 100
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
HERE, ELSEWHERE = "110108011", "110108012"


class Trial:
    """A hub that turns when it is told to, under a clock that is moved."""

    def __init__(self, **options: int) -> None:
        self.now = 1000.0
        self.hub = Hub("log", HEAD, data_version=3, clock=lambda: self.now, now=lambda: NOW, **options)
        self.readers: list[Reader] = []

    def join(self, area: str = "", since: str = "", chosen: str = "") -> Reader:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self.readers.append(Reader(ours))
        self.hub.join(theirs, Scope(area, chosen), since)
        self.turn()
        return self.readers[-1]

    def turn(self, after_s: float = 0.0) -> None:
        """Let the hub do what is to be done after some time, and the readers read."""
        self.now += after_s
        self.hub.turn(0)
        for reader in self.readers:
            reader.take()

    def commit(self, *seqs: int, street: str = HERE) -> None:
        self.hub.publish([committed(seq, street_code=street) for seq in seqs])

    def close(self) -> None:
        self.hub.stop(0)
        self.hub.turn(0) if not self.hub._stopping else None
        for reader in self.readers:
            reader.sock.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Trial]]:
    trials: list[Trial] = []

    def begin(**options: int) -> Trial:
        trials.append(Trial(**options))
        return trials[-1]

    yield begin
    for trial in trials:
        trial.close()


@pytest.fixture
def trial(start: Callable[..., Trial]) -> Trial:
    return start()


def test_who_joins_is_greeted_with_where_the_log_stands(trial: Trial) -> None:
    reader = trial.join(HERE, chosen="source(VIDEO)")
    (hello,) = reader.messages
    assert (hello.kind, hello.id) == ("hello", f"log-{HEAD}")
    assert hello.data == {
        "now": "2026-11-23T01:00:00.000Z", "seq": HEAD, "data_version": 3, "as_of": None, "ask_s": ASK_S,
        "area": HERE, "filter": "source(VIDEO)", "ping_s": PING_S,
    }  # fmt: skip


def test_what_is_committed_reaches_every_reader_in_order_and_once(trial: Trial) -> None:
    readers = [trial.join() for _ in range(5)]
    trial.commit(101, 102)
    trial.turn()
    trial.commit(103)
    trial.turn(GATHER_S)
    assert [reader.seqs for reader in readers] == [[101, 102, 103]] * 5
    assert {reader.last_id for reader in readers} == {"log-103"}


def test_what_comes_together_is_sent_together(trial: Trial) -> None:
    reader = trial.join()
    trial.commit(101)
    trial.turn()
    trial.commit(102)
    trial.turn()
    assert reader.seqs == [101]
    trial.turn(GATHER_S)
    assert reader.seqs == [101, 102]


def test_a_reader_of_an_area_is_told_what_lies_in_it(trial: Trial) -> None:
    street, grid, other = trial.join(HERE), trial.join("110108011001001"), trial.join(ELSEWHERE)
    trial.commit(101)
    trial.hub.publish([committed(102, street_code="", community_code="", grid_code="", lon=None, lat=None)])
    trial.turn()
    assert (street.seqs, grid.seqs, other.seqs) == ([101], [101], [])


def test_a_sign_of_life_tells_everybody_how_far_they_have_read(trial: Trial) -> None:
    reader = trial.join(ELSEWHERE)
    trial.commit(101)
    trial.turn()
    assert reader.last_id == f"log-{HEAD}"
    trial.turn(PING_S)
    assert reader.kinds == ["hello", "ping"]
    assert (reader.last_id, reader.messages[-1].data["seq"]) == ("log-101", 101)


def test_who_comes_back_is_told_what_it_missed(trial: Trial) -> None:
    trial.commit(*range(101, 111))
    trial.turn()
    reader = trial.join(since="log-104")
    assert reader.kinds == ["hello"] + ["case"] * 6
    assert (reader.messages[0].id, reader.seqs) == ("", list(range(105, 111)))
    trial.commit(111)
    trial.turn(GATHER_S)
    assert reader.seqs == list(range(105, 112))


def test_who_missed_nothing_is_told_nothing(trial: Trial) -> None:
    reader = trial.join(since=f"log-{HEAD}")
    assert reader.kinds == ["hello"]


def test_a_long_absence_is_read_up_on_piece_by_piece_while_more_happens(trial: Trial) -> None:
    last = HEAD + 3 * CHUNK
    trial.commit(*range(HEAD + 1, last + 1))
    trial.turn()
    reader = trial.join(since=f"log-{HEAD}")
    assert trial.hub.metrics().reading_up == 1
    trial.commit(last + 1)
    trial.turn(GATHER_S)
    while trial.hub.metrics().reading_up:
        trial.turn()
    trial.commit(last + 2)
    trial.turn(GATHER_S)
    assert reader.seqs == list(range(HEAD + 1, last + 3))


@pytest.mark.parametrize("since", [f"log-{HEAD - 1}", f"log-{HEAD + 1}", f"other-{HEAD}", "nonsense"])
def test_an_id_that_cannot_be_read_on_from_is_a_gap(trial: Trial, since: str) -> None:
    reader = trial.join(since=since)
    assert reader.kinds == ["hello", "gap"]
    assert reader.last_id == f"log-{HEAD}"
    trial.commit(HEAD + 1)
    trial.turn()
    assert reader.seqs == [HEAD + 1]


def test_who_reads_up_too_slowly_meets_a_gap(start: Callable[..., Trial]) -> None:
    trial = start(kept=CHUNK + 10)
    trial.commit(*range(101, 101 + CHUNK + 10))
    trial.turn()
    reader = trial.join(since="log-100")
    head = 100 + CHUNK + 10
    for begin in range(head + 1, head + 4 * CHUNK, CHUNK):  # what it needs next is overtaken before it reads on
        trial.hub._add([committed(seq) for seq in range(begin, begin + CHUNK)])
    while trial.hub.metrics().reading_up or "gap" not in reader.kinds:
        trial.turn(GATHER_S)
    assert reader.kinds.count("gap") == 1


def test_a_gap_can_be_told_to_all(trial: Trial) -> None:
    readers = [trial.join(), trial.join(HERE)]
    trial.hub.gap(HEAD)
    trial.turn()
    assert [reader.kinds[-1] for reader in readers] == ["gap", "gap"]


def test_who_was_away_while_a_gap_was_told_is_told_of_it_too(trial: Trial) -> None:
    trial.commit(HEAD + 1)
    trial.turn()
    trial.hub.gap(HEAD + 50)
    trial.commit(HEAD + 51)
    trial.turn(GATHER_S)
    assert trial.join(since=f"log-{HEAD + 1}").kinds == ["hello", "gap"]
    back = trial.join(since=f"log-{HEAD + 50}")
    trial.turn(GATHER_S)
    assert (back.kinds, back.seqs) == (["hello", "case"], [HEAD + 51])


def test_an_event_out_of_order_is_not_told(trial: Trial, caplog: pytest.LogCaptureFixture) -> None:
    reader = trial.join()
    trial.commit(101, 101, 99)
    trial.turn()
    assert reader.seqs == [101]
    assert "event 99 came again or out of order" in caplog.text


def test_figures_reach_the_readers_of_their_scope_and_who_joins_it_later(trial: Trial) -> None:
    street, whole = trial.join(HERE), trial.join()
    trial.hub.send_figures(Scope(HERE), {"open": 5, "as_of": "2026-11-23T00:00:00Z"})
    trial.turn(GATHER_S)
    late = trial.join(HERE)
    assert [message.data["open"] for message in street.of("figures") + late.of("figures")] == [5, 5]
    assert not whole.of("figures")
    assert late.messages[0].data["as_of"] == "2026-11-23T00:00:00Z"


def test_figures_of_a_scope_that_everybody_left_are_forgotten(trial: Trial) -> None:
    reader = trial.join(HERE)
    trial.hub.send_figures(Scope(HERE), {"open": 5})
    trial.turn(GATHER_S)
    reader.sock.close()
    trial.readers.remove(reader)
    trial.turn()
    assert trial.hub.scopes() == []
    assert not trial.join(HERE).of("figures")


def test_a_new_scope_is_announced_once(trial: Trial) -> None:
    told: list[Scope] = []
    trial.hub.on_new_scope = told.append
    for area in (HERE, HERE, ""):
        trial.join(area)
    assert told == [Scope(HERE), Scope()]
    assert trial.hub.scopes() == [Scope(HERE), Scope()]


def test_a_settle_is_told_with_the_latest_version_once_a_second(trial: Trial) -> None:
    reader = trial.join()
    for version in (4, 5):
        trial.hub.settled(version)
        trial.turn()
    for version in (6, 7):
        trial.hub.settled(version)
    trial.turn(SETTLED_S)
    assert [message.data["data_version"] for message in reader.of("settled")] == [4, 7]


def test_who_does_not_read_is_let_go_of_and_nobody_waits_for_it(trial: Trial) -> None:
    stuck, reader = trial.join(), trial.join()
    trial.readers.remove(stuck)
    seq = HEAD
    while not trial.hub.metrics().dropped:
        trial.commit(*range(seq + 1, seq + 201))
        trial.turn(GATHER_S)
        seq += 200
        assert (seq - HEAD) * 300 < 20 * BACKLOG_BYTES
    assert reader.seqs == list(range(HEAD + 1, seq + 1))
    assert trial.hub.metrics().connected == 1
    stuck.sock.close()


def test_who_hangs_up_is_noticed(trial: Trial) -> None:
    reader = trial.join()
    trial.readers.remove(reader)
    reader.sock.close()
    trial.turn()
    found = trial.hub.metrics()
    assert (found.connected, found.joined, found.left, found.dropped) == (0, 1, 1, 0)


def test_there_is_room_for_as_many_readers_as_were_asked_for(start: Callable[..., Trial]) -> None:
    trial = start(most=2)
    assert trial.hub.has_room()
    readers = [trial.join(), trial.join()]
    assert not trial.hub.has_room()
    trial.readers.remove(readers[0])
    readers[0].sock.close()
    trial.turn()
    assert trial.hub.has_room()


def test_of_those_who_were_let_in_at_once_no_more_stay_than_there_is_room_for(start: Callable[..., Trial]) -> None:
    trial = start(most=1)
    pairs = [socket.socketpair() for _ in range(3)]  # each was told that there is room before the first joined
    for _, theirs in pairs:
        trial.hub.join(theirs, Scope())
    trial.turn()
    assert trial.hub.metrics().connected == 1
    for ours, _ in pairs[1:]:
        assert ours.recv(1) == b""
    for ours, _ in pairs:
        ours.close()


def test_many_pages_are_told_to_ask_seldom(trial: Trial) -> None:
    for _ in range(110):
        reader = trial.join()
    assert reader.messages[0].data["ask_s"] == pytest.approx(11.0)


def test_a_message_that_cannot_be_told_does_not_silence_the_others(
    trial: Trial, caplog: pytest.LogCaptureFixture
) -> None:
    reader = trial.join()
    trial.hub.publish([committed(101, moment="yesterday")])
    trial.commit(102)
    trial.turn()
    assert reader.seqs == [102]
    assert "a task failed" in caplog.text


def test_its_thread_sends_and_says_goodbye_at_the_end() -> None:
    hub = Hub("log", HEAD)
    hub.start()
    ours, theirs = socket.socketpair()
    ours.settimeout(30)
    with ours:
        hub.join(theirs, Scope(), "", b"head\n\n")
        hub.publish([committed(101)])
        received = b""
        while b"log-101" not in received:
            received += ours.recv(1 << 16)
        hub.stop(30)
        while data := ours.recv(1 << 16):
            received += data
    assert received.startswith(b"head\n\nretry: ")
    assert b"event: bye" in received
    assert hub._thread is not None
    assert not hub._thread.is_alive()
    assert not hub.has_room()


def test_who_joins_at_the_end_is_hung_up_on() -> None:
    hub = Hub("log", HEAD)
    hub.stop(0)
    hub.turn(0)
    ours, theirs = socket.socketpair()
    ours.settimeout(30)
    with ours:
        hub.join(theirs, Scope())
        assert ours.recv(10) == b""
