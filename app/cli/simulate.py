"""``citydeck simulate``: a day in the city, as a client of its public interfaces."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from app.simulate.arrivals import RATE
from app.simulate.cast import read_keys
from app.simulate.run import BACKLOG, DEFAULT_SEED, DEFAULT_URL, Options
from app.simulate.run import simulate as run_simulation
from app.simulate.tally import Tally

LOG_BYTES, OLD_LOGS = 200_000, 1
NICE = 5
"""How much a simulator that a server started stands back behind it."""
FASTEST = 100_000.0

Say = Callable[[str], object]


def simulate(
    *,
    url: Annotated[str, typer.Option(help="Address of the server.")] = DEFAULT_URL,
    rate: Annotated[float, typer.Option(min=1, help="Reports on an average day.")] = RATE,
    lively: Annotated[float, typer.Option(min=0.01, max=1000, help="Times that rate.")] = 1.0,
    speed: Annotated[float, typer.Option(min=0.01, max=FASTEST, help="Simulated seconds to a real one.")] = 1.0,
    even: Annotated[float, typer.Option(min=0, max=1, help="Share of the reports that come at any hour alike.")] = 0.0,
    backlog: Annotated[int, typer.Option(min=0, max=1000, help="Open cases taken up in a simulated hour.")] = BACKLOG,
    seed: Annotated[int, typer.Option(min=0, help="Root of every chance.")] = DEFAULT_SEED,
    until: Annotated[str, typer.Option(metavar="TIME", help="End at 18:30 of the city's clock, or at a moment.")] = "",
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Keys of actors, TOML or JSON.")] = None,
    log: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there in place of the terminal.")] = None,
    parent: Annotated[int | None, typer.Option(metavar="PID", help="End when this parent process has.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing before the end.")] = False,
) -> None:
    """Simulate a day on a running demo through its public interfaces (simulated data)."""
    options = Options(url, seed, rate, lively, speed, even, backlog, until, read_keys(key) if key else {})
    if parent is not None:
        os.nice(NICE)
    tally, stop = Tally(), threading.Event()
    with _log(log) as say, _stopped_by_signals(stop):
        try:
            run_simulation(options, tally, _silent if quiet else say, stop, lambda: _is_orphan(parent))
        except Exception as error:
            if log:
                say(f"ended: {error}")
            raise
        finally:
            say(tally.paragraph())


def _is_orphan(parent: int | None) -> bool:
    return parent is not None and os.getppid() != parent


def _silent(_line: str) -> None:
    """Say nothing."""


@contextmanager
def _log(path: Path | None) -> Iterator[Say]:
    """Write lines to the terminal, or to a file that begins anew before it is large."""
    if path is None:
        yield typer.echo
        return
    with closing(RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding="utf-8")) as handler:
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        yield lambda line: handler.handle(logging.makeLogRecord({"msg": line}))


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """End cleanly at the first Ctrl-C or kill; at the second, at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        restore()

    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        restore()
