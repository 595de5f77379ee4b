"""Numbers of new cases: six administrative digits, the day in the city, and a sequence that begins anew each day."""

from datetime import date

import duckdb

from datastore.errors import DeskError

SEQUENCE_DIGITS = 6
DAYS_KEPT = 3
"""Days whose last number is remembered: a clock that is set may go back over midnight."""
CANDIDATE_PREFIX = "K"
"""Number of a candidate is this and one of the same sequence."""

_LAST = """
SELECT max(TRY_CAST(right(no, $digits) AS INTEGER)) FROM (
    SELECT case_no AS no FROM cases WHERE starts_with(case_no, $prefix)
    UNION ALL SELECT substr(candidate_no, 2) FROM candidate WHERE starts_with(candidate_no, $candidate)
) WHERE length(no) = $length
"""
"""The day of the report is not asked for: it may have been corrected since the number was given. What came in bulk may
have numbers of another form that begin alike."""


class CaseNumbers:
    """Gives each new case the next number of its day.

    Parameters
    ----------
    district : str
        Six digits that every number begins with.
    """

    def __init__(self, district: str) -> None:
        self._district = district
        self._last: dict[date, int] = {}

    def take(self, cur: duckdb.DuckDBPyConnection, day: date) -> str:
        """Next number of a day.

        Raises
        ------
        DeskError
            If the day has no numbers left.
        """
        if day not in self._last:
            self._last = dict(list(self._last.items())[1 - DAYS_KEPT :])
            self._last[day] = last_number(cur, self._district, day)
        self._last[day] += 1
        if self._last[day] >= 10**SEQUENCE_DIGITS:
            raise DeskError(
                f"no case number is left for {day}; {10**SEQUENCE_DIGITS - 1:,} cases are the most of a day"
            )
        return f"{self._district}{day:%Y%m%d}{self._last[day]:0{SEQUENCE_DIGITS}d}"


def last_number(cur: duckdb.DuckDBPyConnection, district: str, day: date) -> int:
    """Last number of a day that a case or candidate of the store has, or 0."""
    prefix = f"{district}{day:%Y%m%d}"
    values = {
        "digits": SEQUENCE_DIGITS,
        "prefix": prefix,
        "candidate": f"{CANDIDATE_PREFIX}{prefix}",
        "length": len(prefix) + SEQUENCE_DIGITS,
    }
    last: int | None = cur.execute(_LAST, values).fetchall()[0][0]
    return last or 0
