"""Seasons that come back every year: from one day of the year to another."""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

MonthDay = tuple[int, int]
"""Month and day of the month."""

_TEXT = re.compile(r"(\d{2})-(\d{2})/(\d{2})-(\d{2})")
_LEAP_DAY = (2, 29)
_A_LEAP_YEAR = 2024


@dataclass(frozen=True)
class Season:
    """Days of every year from one to another, both inclusive, over the turn of the year where the last comes first.

    Parameters
    ----------
    first, last : MonthDay
        A 29 February stands for that day where the year has one.
    """

    first: MonthDay
    last: MonthDay

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read ``11-15/03-15``.

        Raises
        ------
        ValueError
            If the text is no season, or names a day that no year has.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no season; write e.g. 11-15/03-15")
        month, day, last_month, last_day = (int(part) for part in match.groups())
        for each in ((month, day), (last_month, last_day)):
            date(_A_LEAP_YEAR, *each)
        return cls((month, day), (last_month, last_day))

    @property
    def text(self) -> str:
        """The season as documents write it: ``11-15/03-15``."""
        return "/".join(f"{month:02d}-{day:02d}" for month, day in (self.first, self.last))

    def holds(self, day: date) -> bool:
        """Whether a day lies in the season."""
        here = day.month, day.day
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def turns(self, year: int) -> tuple[date, date]:
        """Days of a year at which the season begins, and at which it is over."""
        return _day(year, self.first), _day(year, self.last, after=True)


def _day(year: int, month_day: MonthDay, *, after: bool = False) -> date:
    if month_day == _LEAP_DAY and not isleap(year):
        return date(year, 3, 1)
    return date(year, *month_day) + timedelta(days=after)
