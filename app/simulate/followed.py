"""A case that the simulation follows, and what it knows about it that the city does not."""

from dataclasses import dataclass, replace
from typing import Self

from app.simulate.report import Report


@dataclass(frozen=True)
class Followed:
    """One case.

    Parameters
    ----------
    case_no : str
    key : str
        What its chances hang on: the ref of its report, or its number.
    step : int
        How many things were planned for it.
    refusals : int
        Of the latest things in a row.
    is_waiting : bool
        Whether it lies about since before the simulation began: then its next step does not take its time from now.
    true_class : str
        Class that its report should have named, or ``""``.
    is_nonsense : bool
    repeats : str
        Number of the case that it is about too, or ``""``.
    had_no : bool
        Whether its unit was refused more time.
    has_before : bool
        Whether its report came with a photo.
    """

    case_no: str
    key: str
    step: int = 0
    refusals: int = 0
    is_waiting: bool = False
    true_class: str = ""
    is_nonsense: bool = False
    repeats: str = ""
    had_no: bool = False
    has_before: bool = False

    def after(self, *, refused: bool = False, had_no: bool = False) -> Self:
        """Tell the same of the case one step further."""
        return replace(
            self,
            step=self.step + 1,
            refusals=self.refusals + 1 if refused else 0,
            is_waiting=False,
            had_no=self.had_no or had_no,
        )


def followed_report(case_no: str, report: Report) -> Followed:
    """Case that a report of ours became."""
    return Followed(
        case_no,
        report.ref,
        true_class=report.true_class,
        is_nonsense=report.is_nonsense,
        repeats=report.repeats,
        has_before=report.has_photo,
    )
