"""Which buildings a page is about: conditions on their use, size and cases, and the one written form of these.

``use:office_civic;height:50-;storeys:10-30;open:1-``: conditions in a fixed order, joined by ``;``. A choice lists its
words with ``_`` between them, a range has ``-`` between its ends, either of which may be missing.
"""

import re
from dataclasses import dataclass, replace

USES = ("residential", "commercial", "office", "education", "industrial", "civic", "village", "other")
CHOICES = {"use": USES}
"""Words of each condition that is a choice."""
RANGES = {"height": 1000.0, "storeys": 300.0, "open": 9999.0, "overdue": 9999.0, "recent": 9999.0}
"""Largest number of each condition that is a range; heights in metres."""
KEYS = (*CHOICES, *RANGES)
_RANGE = re.compile(r"(\d{1,4}(?:\.\d)?)?-(\d{1,4}(?:\.\d)?)?", re.ASCII)


@dataclass(frozen=True)
class BuildingCondition:
    """One condition that a building meets or does not.

    Parameters
    ----------
    key : str
        What it is about: one of `KEYS`.
    low, high : float or None
        Ends of a range, both within it; None leaves an end open.
    values : tuple of str
        Words of a choice, in the order of `CHOICES`.
    """

    key: str
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether every building meets it."""
        return not self.values and self.low is None and self.high is None

    def text(self) -> str:
        """Written form."""
        if self.key in CHOICES:
            return f"{self.key}:{'_'.join(self.values)}"
        return f"{self.key}:{_number(self.low)}-{_number(self.high)}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 1):g}"


def parse_conditions(text: str) -> tuple[BuildingCondition, ...] | None:
    """Conditions of their written form, or None where the text is none.

    Every condition is named once at most; the order does not matter.
    """
    found: dict[str, BuildingCondition] = {}
    for part in filter(None, text.split(";")):
        key, colon, rest = part.partition(":")
        condition = _choice(key, rest) if key in CHOICES else _range(key, rest)
        if not colon or condition is None or key in found:
            return None
        found[key] = condition
    return tuple(found[key] for key in KEYS if key in found)


def _choice(key: str, text: str) -> BuildingCondition | None:
    words = set(text.split("_"))
    if not words <= set(CHOICES[key]):
        return None
    return BuildingCondition(key, values=tuple(word for word in CHOICES[key] if word in words))


def _range(key: str, text: str) -> BuildingCondition | None:
    match = _RANGE.fullmatch(text)
    if key not in RANGES or match is None:
        return None
    low, high = (None if end is None else float(end) for end in match.groups())
    if (low is None and high is None) or max(low or 0.0, high or 0.0) > RANGES[key]:
        return None
    if low is not None and high is not None and low > high:
        return None
    return BuildingCondition(key, low, high)


def format_conditions(conditions: tuple[BuildingCondition, ...]) -> str:
    """Written form of conditions; those that every building meets are left out."""
    by_key = {condition.key: condition for condition in conditions if not condition.is_idle}
    return ";".join(by_key[key].text() for key in KEYS if key in by_key)


def canonical_conditions(text: str) -> str | None:
    """Give the written form of what a text says, or None where it cannot be read."""
    conditions = parse_conditions(text)
    return None if conditions is None else format_conditions(conditions)


def with_condition(text: str, condition: BuildingCondition) -> str:
    """Written form with one condition put in place of what was said of its key."""
    others = tuple(each for each in parse_conditions(text) or () if each.key != condition.key)
    return format_conditions((*others, condition))


def toggled(text: str, key: str, word: str) -> str:
    """Written form with one word of a choice taken in, or taken out."""
    now = next((each for each in parse_conditions(text) or () if each.key == key), BuildingCondition(key))
    words = set(now.values) ^ {word}
    return with_condition(text, replace(now, values=tuple(each for each in CHOICES[key] if each in words)))
