"""What a simulation did so far, counted."""

import threading
from collections import Counter

_MOST_REASONS = 6


class Tally:
    """Counts; any thread may add to them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._actions: Counter[str] = Counter()
        self._seconds = 0.0

    def count(self, what: str, number: int = 1) -> None:
        """Count something."""
        with self._lock:
            self._counts[what] += number

    def answered(self, seconds: float, attempts: int) -> None:
        """Count a request that was answered, and how long that took."""
        with self._lock:
            self._counts["sent"] += 1
            self._counts["retried"] += attempts - 1
            self._seconds += seconds

    def accepted(self, action: str) -> None:
        """Count an action that was accepted."""
        with self._lock:
            self._actions[action] += 1

    def refused(self, reason: str) -> None:
        """Count an action that was refused."""
        with self._lock:
            self._refused[reason] += 1

    def of(self, what: str) -> int:
        """Count of something."""
        with self._lock:
            return self._counts[what]

    @property
    def actions(self) -> dict[str, int]:
        """Accepted actions by their name."""
        with self._lock:
            return dict(self._actions)

    @property
    def refusals(self) -> dict[str, int]:
        """Refused actions by their reason."""
        with self._lock:
            return dict(self._refused)

    @property
    def latency_s(self) -> float:
        """Mean seconds from a request to its answer, without the waits between attempts."""
        with self._lock:
            sent = self._counts["sent"]
            return self._seconds / sent if sent else 0.0

    def line(self) -> str:
        """Short state, for a log."""
        actions, refused = self.actions, sum(self.refusals.values())
        return (
            f"{actions.get('report', 0):,} reported, {self.of('candidates'):,} candidates, "
            f"{sum(actions.values()):,} actions, {self.of('closed'):,} closed, {refused:,} refused, "
            f"{self.latency_s * 1000:.0f} ms a request"
        )

    def paragraph(self) -> str:
        """Everything in one paragraph."""
        actions = sorted(self.actions.items(), key=lambda item: (-item[1], item[0]))
        refusals = sorted(self.refusals.items(), key=lambda item: (-item[1], item[0]))
        done = ", ".join(f"{name} {number:,}" for name, number in actions) or "nothing"
        why = ", ".join(f"{name} {number:,}" for name, number in refusals[:_MOST_REASONS])
        refused = f"{sum(number for _, number in refusals):,} refused" + (f" ({why})" if why else "")
        return (
            f"simulated: {self.of('sent'):,} requests sent, {sum(number for _, number in actions):,} actions accepted "
            f"({done}), {refused}; {self.of('candidates'):,} candidates, {self.of('duplicates'):,} duplicates "
            f"recognised, {self.of('closed'):,} cases closed; {self.of('retried'):,} attempts repeated, "
            f"{self.latency_s * 1000:.0f} ms a request on average."
        )
