"""What a tooltip of the scene says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Tooltip:
    """What a tooltip says of one kind of thing.

    Attributes
    ----------
    title
        Column whose value is the heading.
    rows
        Label, column and unit (or ``""``) of each line, in the page's language.
    words
        By column: what the page's language calls a stored value, such as ``use``: ``residential``: 住宅.
    """

    title: str
    rows: tuple[tuple[str, str, str], ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """As the bridge reads it."""
        words = {column: dict(translated) for column, translated in self.words.items()}
        return {"title": self.title, "rows": [list(row) for row in self.rows], "words": words}
