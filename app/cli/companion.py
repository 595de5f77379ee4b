"""The simulator beside a demo's server: a process of its own that ends with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.settings import Settings
from app.simulate.run import DEMO_EVEN

LOG_NAME = "simulate.log"
END_S = 5.0
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what is asked for is not bound here


def local_url(settings: Settings) -> str:
    """Address of the server for a client on this machine."""
    host = _ANY_ADDRESS.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def simulator_words(settings: Settings, lively: float, seed: int) -> list[str]:
    """Command line of the simulator."""
    told = {
        "--url": local_url(settings),
        "--lively": f"{lively:g}",
        "--even": f"{DEMO_EVEN:g}",
        "--seed": str(seed),
        "--log": str(settings.data / LOG_NAME),
        "--parent": str(os.getpid()),
    }
    return [sys.executable, "-m", "app.cli", "simulate", *(word for pair in told.items() for word in pair)]


@contextmanager
def simulator(settings: Settings, lively: float, seed: int) -> Iterator[None]:
    """Have the simulator run; it waits for the server, and ends with the block or with this process."""
    child = subprocess.Popen(  # noqa: S603 - our own program
        simulator_words(settings, lively, seed),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    owner = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:  # the server's own worker leaves through here too
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
