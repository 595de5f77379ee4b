"""What a selection means for one case, in plain Python: the yardstick of the compiled queries, and the live filter."""

from dataclasses import dataclass
from datetime import UTC, datetime

from twin_model.case import CaseStage
from twin_model.selection_node import (
    And,
    Areas,
    Buildings,
    Classes,
    Everything,
    Not,
    Or,
    Polygon,
    Selection,
    Sources,
    Stages,
    TimeWindow,
    Units,
    class_matches,
    ring_edges,
    stages_of,
)


@dataclass(frozen=True)
class SelectableCase:
    """The parts of a case that a selection can ask about.

    Parameters
    ----------
    reported_at : datetime
        Aware.
    area_codes : frozenset of str
        Codes of every area that holds the case, whole to part; empty for an unplaced case.
    class_code, source_code : str
        Codes of class and source.
    stage : CaseStage
        Where the case stands.
    unit_code : str or None
        Unit that has to handle it, if one is named.
    lon, lat : float or None
        Degrees, EPSG:4490; None for an unplaced case.
    building_code : str or None
        Building that it happened at, if there is one.
    """

    reported_at: datetime
    area_codes: frozenset[str]
    class_code: str
    source_code: str
    stage: CaseStage
    unit_code: str | None
    lon: float | None
    lat: float | None
    building_code: str | None = None


def matches(selection: Selection, case: SelectableCase) -> bool:  # noqa: C901, PLR0911 - a branch for each node
    """Whether a case is in a selection."""
    match selection:
        case Everything():
            return True
        case And(parts=parts):
            return all(matches(part, case) for part in parts)
        case Or(parts=parts):
            return any(matches(part, case) for part in parts)
        case Not(part=part):
            return not matches(part, case)
        case TimeWindow(start=start, end=end):
            return start <= case.reported_at.astimezone(UTC) < end
        case Areas(codes=codes):
            return not case.area_codes.isdisjoint(codes)
        case Buildings(codes=codes):
            return case.building_code in codes
        case Classes(codes=codes):
            return any(class_matches(case.class_code, code) for code in codes)
        case Sources(codes=codes):
            return case.source_code in codes
        case Units(codes=codes):
            return case.unit_code in codes
        case Stages():
            return case.stage in stages_of(selection)
        case Polygon(ring=ring):
            return case.lon is not None and case.lat is not None and _inside(ring, case.lon, case.lat)
    raise TypeError(f"{type(selection).__name__} is no selection")


def _inside(ring: tuple[tuple[float, float], ...], lon: float, lat: float) -> bool:
    crossings = sum(
        low <= lat < high and lon < lat * slope + intercept for low, high, slope, intercept in ring_edges(ring)
    )
    return crossings % 2 == 1
