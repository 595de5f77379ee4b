"""One run of the simulator, from the first question to the last answer."""

import math
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from app.simulate.arrivals import RATE, Arrivals
from app.simulate.cast import Cast
from app.simulate.city_api import CityApi, offset_of
from app.simulate.errors import SimulateError, StoppedError
from app.simulate.ground import read_ground
from app.simulate.report import Reporters
from app.simulate.report_class import ClassMix, read_classes
from app.simulate.schedule import CityClock
from app.simulate.session import Session, Wait, address_parts
from app.simulate.simulator import Course, Simulator
from app.simulate.tally import Tally
from app.simulate.work import Work, World

DEFAULT_URL = "http://127.0.0.1:8050"
DEFAULT_SEED = 1
BACKLOG = 600
LIVELY = 5.0
"""How many times the published load the demo shows, so that a visitor sees something happen every few seconds."""
DEMO_EVEN = 0.25
"""Share of the demo's reports that come at any hour alike: somebody may look at it at night."""
_CHINA = timezone(timedelta(hours=8))
"""Where nothing says what the city's clock shows."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_GLANCE_S = 0.5


@dataclass(frozen=True)
class Options:
    """What a run is like.

    Parameters
    ----------
    url : str
        Address of the server.
    seed : int
    rate : float
        Reports on an average day.
    lively : float
        Times the rate.
    speed : float
        Simulated seconds to a real one.
    even : float
        See `Arrivals`.
    backlog : int
        Open cases of history that are taken up in a simulated hour.
    until : str
        Moment of the city's clock at which it ends: ``18:30``, or with its date; ``""`` for never.
    keys : mapping of str to str
        Of actors; empty where the desk is open.
    """

    url: str = DEFAULT_URL
    seed: int = DEFAULT_SEED
    rate: float = RATE
    lively: float = 1.0
    speed: float = 1.0
    even: float = 0.0
    backlog: int = BACKLOG
    until: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def arrivals(self) -> Arrivals:
        """When its reports come in."""
        return Arrivals(self.rate * self.lively, self.even)


def simulate(
    options: Options,
    tally: Tally,
    say: Callable[[str], object],
    stop: threading.Event,
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Simulate until it is over or stopped.

    Parameters
    ----------
    options : Options
    tally : Tally
        Counts what was done.
    say : function
        Told the state, a line at a time.
    stop : threading.Event
        Ends it.
    is_over : function
        Whether to end for another reason.

    Raises
    ------
    SimulateError
        If it cannot be done, or the server is gone.
    """
    address_parts(options.url)
    wait = _waiting(stop, is_over)
    cast = Cast(options.keys)
    jitter = Random(options.seed)  # noqa: S311 - spreads attempts, no secret
    city = CityApi(lambda: Session(options.url, wait, jitter), cast, tally)
    try:
        world = _world(city, cast, options, tally, say)
        begun_at = world.now().astimezone(world.zone)
        clock = CityClock(begun_at, options.speed, time.monotonic, time.monotonic())
        until_s = clock.second_of(until_moment(options.until, begun_at)) if options.until else math.inf
        say(told(options, begun_at))
        course = Course(options.seed, options.arrivals, clock, until_s, is_over, say)
        Simulator(Work(world), course, stop).run()
    except StoppedError:
        return
    finally:
        city.close()


def told(options: Options, begun_at: datetime) -> str:
    """Say in a sentence what a run is like."""
    a_day = options.arrivals.rate
    load = f"{a_day:,.0f} reports a day ({options.lively:g} × {options.rate:,.0f})"
    return (
        f"simulating on {options.url} from {begun_at:%Y-%m-%d %H:%M} on, {options.speed:g} × as fast as a clock: "
        f"{load}, {a_day * options.speed / (24 * 60):.1f} a minute on average, and {options.backlog:,} open cases "
        f"taken up an hour; seed {options.seed}"
    )


def until_moment(text: str, begun_at: datetime) -> datetime:
    """Moment at which to end.

    Parameters
    ----------
    text : str
        ``18:30``, the next such time of the city's clock, or ``2026-01-31T18:30``.
    begun_at : datetime
        Aware, in the city's zone.

    Raises
    ------
    SimulateError
        If it is neither, or lies in the past.
    """
    clock = _CLOCK.fullmatch(text)
    if clock:
        moment = begun_at.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return moment if moment > begun_at else moment + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SimulateError(f"--until {text!r} is no time; write 18:30 or 2026-01-31T18:30") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=begun_at.tzinfo)
    if moment <= begun_at:
        raise SimulateError(f"--until {text} lies before {begun_at:%Y-%m-%d %H:%M}; give a later time")
    return moment


def _world(city: CityApi, cast: Cast, options: Options, tally: Tally, say: Callable[[str], object]) -> World:
    """Ask the city what there is."""
    city.get_ready()
    city.check_demo()
    first = offset_of(city.requests(page_size="1"))
    zone = (first.tzinfo if first else None) or _CHINA
    mix, ground = ClassMix(read_classes(city)), read_ground(city, options.seed)
    reporters = Reporters(options.seed, f"{utc_now():%Y%m%dT%H%M%S}", mix, ground)
    return World(city, cast, reporters, tally, options.seed, options.backlog, options.speed, zone, utc_now, say)


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def _waiting(stop: threading.Event, is_over: Callable[[], bool]) -> Wait:
    """Wait so that a stop is noticed at once, and the end of whoever started it soon."""

    def wait(seconds: float) -> bool:
        left = seconds
        while left > 0 and not is_over():
            if stop.wait(min(left, _GLANCE_S)):
                return True
            left -= _GLANCE_S
        return stop.is_set() or is_over()

    return wait
