"""Spans of working hours within a day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from twin_model.errors import CalendarError

DAY_MIN = 24 * 60
"""Minutes on the face of a day's clock."""

_TEXT = re.compile(r"(\d{2}):([0-5]\d)-(\d{2}):([0-5]\d)")


@dataclass(frozen=True)
class WorkSpan:
    """One span of working hours.

    Parameters
    ----------
    start_min, end_min : int
        Minutes after midnight, local time; 1,440 is the end of the day.
    """

    start_min: int
    end_min: int

    @classmethod
    def from_text(cls, text: object, where: str) -> Self:
        """Read ``09:00-12:00``; ``24:00`` is the end of the day.

        Raises
        ------
        CalendarError
            If the text is no span; `where` names its place.
        """
        match = _TEXT.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise CalendarError(f"{where}: {text!r} is no span of hours; write e.g. 09:00-12:00")
        start_h, start, end_h, end = (int(part) for part in match.groups())
        return cls(start_h * 60 + start, end_h * 60 + end)

    @property
    def text(self) -> str:
        """The span as documents write it: ``09:00-12:00``."""
        return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (self.start_min, self.end_min))


def check_spans(spans: Sequence[WorkSpan], where: str) -> None:
    """Check that spans lie in a day, one after the other.

    Raises
    ------
    CalendarError
        If a span ends before it starts, leaves the day, or starts before the one above it ends.
    """
    last = 0
    for span in spans:
        if not 0 <= span.start_min < span.end_min <= DAY_MIN:
            raise CalendarError(
                f"{where}: {span.text} does not end after it starts on the same day; split a night at 24:00"
            )
        if span.start_min < last:
            raise CalendarError(f"{where}: {span.text} starts before the span above it ends; order or join them")
        last = span.end_min
