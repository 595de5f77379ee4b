"""Recent cases in memory, by class and place, so that one new report finds what it is about again at once."""

from collections.abc import Iterator
from datetime import datetime
from math import floor

from twin_model.case import CaseStage
from twin_model.duplicate import (
    SCALE_STEP_DEG,
    DuplicateRule,
    DuplicateRules,
    Match,
    ReportedCase,
    find_original,
    scale_at,
)

CELL_DEG = 0.00045
"""Side of a cell in degrees both ways: about 50 m of latitude."""

_MARGIN = 1.0001

Key = tuple[str | int, ...]
"""Class, column and row of a cell; class and component; original of duplicates: told apart by their lengths."""


class DuplicateIndex:
    """Cases that a report may be about again; one thread at a time."""

    def __init__(self) -> None:
        self._cases: dict[str, ReportedCase] = {}
        self._groups: dict[Key, dict[str, None]] = {}

    def __len__(self) -> int:
        """Count the cases in it."""
        return len(self._cases)

    def add(self, case: ReportedCase) -> None:
        """Put a case in, in place of what is known under its number; a void one is only taken out."""
        self.remove(case.case_no)
        if case.stage == CaseStage.VOID:
            return
        self._cases[case.case_no] = case
        for key in _keys(case):
            self._groups.setdefault(key, {})[case.case_no] = None

    def remove(self, case_no: str) -> None:
        """Take a case out, if it is there; duplicates of it then link to nothing."""
        case = self._cases.pop(case_no, None)
        if case is None:
            return
        for key in _keys(case):
            members = self._groups[key]
            del members[case_no]
            if not members:
                del self._groups[key]

    def forget_before(self, moment: datetime) -> None:
        """Take out what was reported before an aware moment, except the originals of later duplicates.

        Parameters
        ----------
        moment : datetime
            Earlier than now by `twin_model.duplicate.DuplicateRules.longest_h` or more.
        """
        old = [case for case in self._cases.values() if case.reported_at < moment]
        for case in sorted(old, key=lambda case: case.reported_at, reverse=True):  # duplicates before their originals
            if (case.case_no,) not in self._groups:
                self.remove(case.case_no)

    def find(self, rules: DuplicateRules, candidate: ReportedCase) -> Match | None:
        """Find the case that a report is about again, as `twin_model.duplicate.find_original` does among all.

        Parameters
        ----------
        rules : DuplicateRules
        candidate : ReportedCase
            It need not be in the index.
        """
        rule = rules.rule_for(candidate.class_code, candidate.reported_at)
        if rule is None:
            return None
        near = dict.fromkeys(self._near(rule, candidate))
        others = [self._cases[case_no] for case_no in near]
        return find_original(rules, candidate, [*others, *self._originals(others)])

    def _near(self, rule: DuplicateRule, candidate: ReportedCase) -> Iterator[str]:
        """Numbers of the cases in the cells around, and of those about the same component."""
        if candidate.component:
            yield from self._groups.get((candidate.class_code, candidate.component), ())
        if candidate.lon is None or candidate.lat is None:
            return
        east, north = scale_at(floor(candidate.lat / SCALE_STEP_DEG))
        reach = rule.distance_m * _MARGIN
        for column in _span(candidate.lon, reach / east):
            for row in _span(candidate.lat, reach / north):
                yield from self._groups.get((candidate.class_code, column, row), ())

    def _originals(self, cases: list[ReportedCase]) -> Iterator[ReportedCase]:
        seen: set[str] = set()
        for each in cases:
            case: ReportedCase | None = each
            while case is not None and case.stage == CaseStage.DUPLICATE and case.parent_no not in seen:
                seen.add(case.parent_no)
                case = self._cases.get(case.parent_no)
                if case is not None:
                    yield case


def _keys(case: ReportedCase) -> Iterator[Key]:
    if case.lon is not None and case.lat is not None:
        yield case.class_code, floor(case.lon / CELL_DEG), floor(case.lat / CELL_DEG)
    if case.component:
        yield case.class_code, case.component
    if case.parent_no:
        yield (case.parent_no,)


def _span(centre: float, reach: float) -> range:
    """Cells that lie within a reach, both in degrees."""
    return range(floor((centre - reach) / CELL_DEG), floor((centre + reach) / CELL_DEG) + 1)
