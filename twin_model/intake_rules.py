"""Rules of intake: how sure a source must be before what it delivers becomes a case by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from twin_model.document import member, number
from twin_model.errors import RuleDocumentError
from twin_model.selection_node import class_matches

ANY = "*"
CERTAIN = 1.0


@dataclass(frozen=True)
class Threshold:
    """Least confidence of one source for one class.

    Parameters
    ----------
    source : str
        Code, or ``*``.
    class_code : str
        Class, or the beginning of one (``E05``), or ``*``.
    confidence : float
        0 to 1; what is below waits as a candidate.
    """

    source: str
    class_code: str
    confidence: float

    def matches(self, source: str, class_code: str) -> bool:
        """Whether it is about a source and a class."""
        about_class = self.class_code == ANY or class_matches(class_code, self.class_code)
        return self.source in (ANY, source) and about_class


@dataclass(frozen=True)
class IntakeRules:
    """Rules of intake.

    Parameters
    ----------
    thresholds : tuple of Threshold
        The most specific one that matches decides.
    """

    thresholds: tuple[Threshold, ...] = ()

    def threshold(self, source: str, class_code: str) -> float:
        """Least confidence that makes a case; what comes without a confidence is certain."""
        found = [row for row in self.thresholds if row.matches(source, class_code)]
        best = max(found, key=lambda row: (len(row.class_code.strip(ANY)), row.source != ANY), default=None)
        return CERTAIN if best is None else best.confidence

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Read a document of kind ``intake``.

        Raises
        ------
        RuleDocumentError
            If a row cannot be used; the message names it.
        """
        rows = []
        for place, row in enumerate(member(document, "thresholds", list, "the intake", []), 1):
            where = f"thresholds row {place}"
            code = member(row, "class", str, where, ANY)
            if code != ANY and not code.isalnum():
                raise RuleDocumentError(f"{where}: class {code!r} is no class code; write E0505, E05 or *")
            rows.append(
                Threshold(member(row, "source", str, where, ANY), code, number(row, "confidence", where, (0, CERTAIN)))
            )
        return cls(tuple(rows))


def default_document() -> Mapping[str, Any]:
    """Thresholds that a new store starts with; placeholders of ours."""
    rows = [
        {"source": "VIDEO", "class": ANY, "confidence": 0.85},
        {"source": "SATELLITE", "class": ANY, "confidence": 0.9},
        {"source": "DATA_IOT", "class": ANY, "confidence": 0.8},
    ]
    return {"note": "placeholder thresholds, to be set from measured precision", "thresholds": rows}
