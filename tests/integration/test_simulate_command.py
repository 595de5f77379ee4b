"""``citydeck simulate`` as a process: how it ends, and what it says then."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import command_line
from app.cli import simulate as module
from app.simulate.tally import Tally
from tests.fake_city import fake_city

WORDS = [sys.executable, "-m", "app.cli", "simulate", "--url"]
PATIENCE_S = 60


def busy(_asked: object) -> tuple[int, object, dict[str, str]]:
    return 503, {"detail": "later"}, {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_cleanly_with_one_paragraph(number: signal.Signals) -> None:
    def interrupt(_asked: object) -> tuple[int, object, dict[str, str]]:
        child.send_signal(number)
        return 503, {}, {}

    with fake_city(interrupt) as city:
        words = [*WORDS, city.url]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:  # noqa: S603 - our own program
            out, err = child.communicate(timeout=PATIENCE_S)
    assert (child.returncode, err) == (0, "")
    assert out.startswith("simulated: 0 requests sent")
    assert out.count("\n") == 1


def test_it_ends_when_its_parent_has(tmp_path: Path) -> None:
    log = tmp_path / "simulate.log"
    with fake_city(busy) as city:
        words = [*WORDS, city.url, "--log", str(log), "--parent"]
        code = (
            "import os, subprocess, sys\n"
            "child = subprocess.Popen([*sys.argv[1:], str(os.getpid())])\n"
            "print(child.pid, flush=True)\n"
            "sys.stdin.readline()\n"
            "os._exit(0)\n"
        )
        with subprocess.Popen(  # noqa: S603 - as above
            [sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as parent:
            assert parent.stdin is not None
            assert parent.stdout is not None
            child = int(parent.stdout.readline())
            os.kill(child, 0)
            parent.stdin.write("\n")
            parent.stdin.flush()
            parent.wait(PATIENCE_S)
            # The child holds the other end of the pipe until it ends.
            assert parent.stdout.read() == ""
    assert "simulated: 0 requests sent" in log.read_text(encoding="utf-8")


def test_a_real_city_is_one_sentence() -> None:
    with fake_city(lambda _asked: (200, {"endpoints": [{"type": "production"}]}, {})) as city:
        done = subprocess.run([*WORDS, city.url, "--quiet"], capture_output=True, text=True, check=False)  # noqa: S603 - as above
    assert done.returncode == 1
    assert (
        done.stderr == "citydeck: this server serves a real city; simulated cases are only for a demo (citydeck demo)\n"
    )


def test_quiet_says_nothing_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_options: object, tally: Tally, say: object, *_more: object) -> None:
        say("a line")  # type: ignore[operator]
        tally.accepted("report")

    monkeypatch.setattr(sys.modules[module.__module__], "run_simulation", run)
    loud, quiet = (CliRunner().invoke(command_line(), ["simulate", *words]).stdout for words in ([], ["--quiet"]))
    assert loud.startswith("a line\nsimulated: ")
    assert quiet.startswith("simulated: ")
    assert "report 1" in quiet


def test_a_failure_is_in_the_log_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def run(*_more: object) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr(sys.modules[module.__module__], "run_simulation", run)
    log = tmp_path / "simulate.log"
    assert CliRunner().invoke(command_line(), ["simulate", "--log", str(log)]).exit_code == 1
    text = log.read_text(encoding="utf-8")
    assert "ended: it broke" in text
    assert "simulated: 0 requests sent" in text
