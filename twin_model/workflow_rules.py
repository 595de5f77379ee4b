"""Rules of the loop itself: which automatic steps the system takes, and what a closed case scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from twin_model.case_file import CaseFile
from twin_model.document import member, number
from twin_model.errors import RuleDocumentError
from twin_model.workflow import AUTOMATIC_STEPS, Mode, Step

FULL_SCORE = 100.0


@dataclass(frozen=True)
class ScorePoints:
    """Points that a closed case loses; a placeholder of ours, no published weights.

    Parameters
    ----------
    late : float
        Once, where the unit fed back after the deadline.
    rework, returned, extension, reopening : float
        Each time.
    """

    late: float = 40.0
    rework: float = 15.0
    returned: float = 5.0
    extension: float = 5.0
    reopening: float = 20.0


@dataclass(frozen=True)
class WorkflowRules:
    """Rules of the loop.

    Parameters
    ----------
    modes : mapping of Step to Mode
        Of each automatic step.
    points : ScorePoints
    verify_sources : tuple of str
        Sources whose reports a collector confirms on the spot before they are filed.
    enforcement : tuple of str
        Classes whose closing is an act of law enforcement: never closed automatically.
    closing : mapping
        Document of the automatic check before closing (`twin_model.closing_check`).
    """

    modes: Mapping[Step, Mode] = field(default_factory=lambda: dict.fromkeys(AUTOMATIC_STEPS, Mode.AUTO))
    points: ScorePoints = ScorePoints()
    verify_sources: tuple[str, ...] = ()
    enforcement: tuple[str, ...] = ()
    closing: Mapping[str, Any] = field(default_factory=dict)

    def mode(self, step: Step) -> Mode:
        """Mode of a step; a manual one is only ever suggested."""
        return self.modes.get(step, Mode.SUGGEST)

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Read a document of kind ``workflow``.

        Raises
        ------
        RuleDocumentError
            If a member cannot be used; the message names it.
        """
        named = member(document, "modes", dict, "the workflow", {})
        known = {step.name.lower(): step for step in AUTOMATIC_STEPS}
        modes = dict.fromkeys(AUTOMATIC_STEPS, Mode.AUTO)
        for name, mode in named.items():
            if name not in known or mode not in tuple(Mode):
                raise RuleDocumentError(
                    f"modes: {name} = {mode!r}; steps are {', '.join(known)}, modes {', '.join(Mode)}"
                )
            modes[known[name]] = Mode(mode)
        points = member(document, "points", dict, "the workflow", {})
        names = ScorePoints.__dataclass_fields__
        read = {name: number(points, name, "points", (0, FULL_SCORE), getattr(ScorePoints, name)) for name in names}
        sources = member(document, "verify_sources", list, "the workflow", [])
        enforced = member(document, "enforcement", list, "the workflow", [])
        return cls(
            modes=modes,
            points=ScorePoints(**read),
            verify_sources=tuple(str(each) for each in sources),
            enforcement=tuple(str(each) for each in enforced),
            closing=member(document, "closing", dict, "the workflow", {}),
        )


def default_document(closing: Mapping[str, Any]) -> dict[str, Any]:
    """Rules that a new store starts with; every value is a placeholder of ours.

    Parameters
    ----------
    closing : mapping
        Document of the automatic check.
    """
    points = {name: getattr(ScorePoints, name) for name in ScorePoints.__dataclass_fields__}
    return {
        "note": "placeholder: which steps are manual, and what a case scores, is not published",
        "modes": {step.name.lower(): Mode.AUTO.value for step in AUTOMATIC_STEPS},
        "points": points,
        "verify_sources": [],
        "enforcement": ["E0101", "E0304"],
        "closing": dict(closing),
    }


def score(file: CaseFile, points: ScorePoints) -> float:
    """Score of a closed case, 0 to 100: full less what went wrong."""
    late = bool(file.deadline_at and (file.handled_at or file.closed_at or file.last_at) > file.deadline_at)
    lost = (
        points.late * late
        + points.rework * file.reworks
        + points.returned * file.returns
        + points.extension * file.extensions
        + points.reopening * file.reopenings
    )
    return max(FULL_SCORE - lost, 0.0)
