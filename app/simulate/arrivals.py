"""When reports come in: of each source a Poisson process whose rate follows the weekday and the hour of the city."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from twin_model.demo.case_times import HOURS, WEEKDAYS

RATE = 2_800.0
"""Reports a day of all sources: 2,040,552 cases in the demo's 730 days are 2,795 a day."""

PER_DAY: Mapping[str, float] = {
    "COLLECTOR": 2_363.0,
    "ASSESSMENT": 426.0,
    "PUBLIC": 343.0,
    "DUTY_EMERGENCY": 86.0,
    "VIDEO": 36.0,
    "DATA_IOT": 36.0,
    "SATELLITE": 12.0,
}
"""How sources compare, as reports a day; scaled so that their sum is the rate that is asked for.

The first two are the published counts over 730 days, the next two those of the demo's feed. The machines' are invented:
published are about two cases a day of each, and what they detect without being sure is not.
"""

_DAYTIME = (0.5, 0.3, 0.2, 0.2, 0.3, 0.8, 2, 4, 6, 7, 7.5, 7, 5, 5, 6, 6.5, 6.5, 7, 7.5, 7.5, 6.5, 4.5, 2.5, 1.2)
_PROFILE: Mapping[str, tuple[float, ...]] = {**HOURS, "PUBLIC": _DAYTIME, "DUTY_EMERGENCY": _DAYTIME}
_WEEK: Mapping[str, tuple[float, ...]] = {
    **WEEKDAYS,
    "PUBLIC": (1.05, 1.0, 1.0, 1.0, 1.05, 1.0, 0.9),
    "DUTY_EMERGENCY": (1.0,) * 7,
}

DAY_H, WEEK_DAYS = 24, 7
_HOUR_S = 3_600.0
_MOST_HOURS = 24 * 400


@dataclass(frozen=True)
class Arrivals:
    """When reports of a day come in.

    Parameters
    ----------
    rate : float
        Reports on an average day, of all sources, above 0.
    even : float
        0 to 1: share of each source's reports that come at any hour alike, so that a screen shows something at night.
    """

    rate: float = RATE
    even: float = 0.0

    def per_day(self, source: str) -> float:
        """Tell how many reports of a source an average day has."""
        return self.rate * PER_DAY[source] / sum(PER_DAY.values())

    def per_hour(self, source: str, moment: datetime) -> float:
        """Tell how many reports of a source come in an hour, at a moment of the city's clock."""
        week, hours = _WEEK[source], _PROFILE[source]
        day = self.per_day(source) * week[moment.weekday()] * WEEK_DAYS / sum(week)
        share = (1 - self.even) * hours[moment.hour] / sum(hours) + self.even / DAY_H
        return day * share

    def next_after(self, source: str, moment: datetime, random: Random) -> datetime:
        """Moment of the next report of a source.

        The rate is constant within an hour, so that the time that a unit exponential variate takes to be used up is
        exact: no candidate is drawn in vain, and one report takes one number.

        Parameters
        ----------
        source : str
        moment : datetime
            Aware, in the city's zone: of the one before.
        random : random.Random
        """
        left = random.expovariate(1.0)
        for _ in range(_MOST_HOURS):
            rest_s = _HOUR_S - (moment.minute * 60 + moment.second + moment.microsecond / 1e6)
            rate_s = self.per_hour(source, moment) / _HOUR_S
            if left <= rate_s * rest_s:
                return moment + timedelta(seconds=left / rate_s)
            left -= rate_s * rest_s
            moment += timedelta(seconds=rest_s)
        return moment

    def expected(self, source: str, start: datetime, hours: int) -> float:
        """Tell how many reports of a source to expect in whole hours from the beginning of one."""
        return math.fsum(self.per_hour(source, start + timedelta(hours=hour)) for hour in range(hours))
