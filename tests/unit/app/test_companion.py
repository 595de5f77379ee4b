import os
import sys
from pathlib import Path

import pytest

from app.cli import companion
from app.cli.companion import local_url, simulator, simulator_words
from app.settings import Settings


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8050"),
        ("0.0.0.0", "http://127.0.0.1:8050"),  # noqa: S104 - what a server may be told
        ("::", "http://[::1]:8050"),
        ("fe80::1", "http://[fe80::1]:8050"),
        ("city.example", "http://city.example:8050"),
    ],
)
def test_the_simulator_asks_the_server_on_its_own_machine(host, url):
    assert local_url(Settings(host=host, port=8050)) == url


def test_the_simulator_knows_its_server_and_its_parent():
    words = simulator_words(Settings(data=Path("d"), port=8051), 5.0, 7)
    assert words[:4] == [sys.executable, "-m", "app.cli", "simulate"]
    told = dict(zip(words[4::2], words[5::2], strict=True))
    assert told["--url"] == "http://127.0.0.1:8051"
    assert told["--parent"] == str(os.getpid())
    assert told["--log"] == str(Path("d") / "simulate.log")
    assert (told["--lively"], told["--seed"]) == ("5", "7")


@pytest.fixture
def started(monkeypatch):
    """Processes that the companion started."""
    made = []

    def start(*_words, **_more):
        code = "import signal; signal.pause()"
        made.append(ORIGINAL([sys.executable, "-c", code]))
        return made[-1]

    monkeypatch.setattr(companion.subprocess, "Popen", start)
    return made


ORIGINAL = companion.subprocess.Popen


def test_the_simulator_ends_with_the_server(started):
    with simulator(Settings(), 5.0, 1):
        assert started[0].poll() is None
    assert started[0].poll() is not None


def test_the_simulator_ends_where_the_server_fails(started):
    with pytest.raises(OSError, match="no"), simulator(Settings(), 5.0, 1):
        raise OSError("no")
    assert started[0].poll() is not None


def test_the_servers_worker_leaves_the_simulator_alone(started, monkeypatch):
    with simulator(Settings(), 5.0, 1):
        monkeypatch.setattr(companion.os, "getpid", lambda: -1)
    assert started[0].poll() is None
    started[0].kill()
    started[0].wait()
