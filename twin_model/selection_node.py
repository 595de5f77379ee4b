"""The nodes of a selection: a frozen tree that says which cases are meant.

Logic is two-valued. A leaf is true or false for every case, never unknown: a case without a place lies in no area and
in no polygon, a case without a unit belongs to no unit. So ``~Areas(("110108011",))`` holds the unplaced cases.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from twin_model.case import OPEN_STAGES, CaseStage
from twin_model.errors import SelectionError
from twin_model.selection_ring import without_repeats

STAGE_GROUPS: dict[str, tuple[CaseStage, ...]] = {"OPEN": OPEN_STAGES}
"""Names that stand for several stages. CLOSED needs no group: it is the one stage of that name."""

MAX_RING_VERTICES = 1000
"""More corners than a hand draws; a longer ring belongs into an imported area."""

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
"""Between them every moment has a date in every time zone."""

_RING_MIN_VERTICES = 3
_LON_LIMIT, _LAT_LIMIT = 180.0, 90.0


class Selection:
    """A set of cases; build one from the leaves below with ``&``, ``|`` and ``~``."""

    __slots__ = ()

    def __and__(self, other: "Selection") -> "Selection":
        """Cases in both selections."""
        return And((self, other))

    def __or__(self, other: "Selection") -> "Selection":
        """Cases in either selection."""
        return Or((self, other))

    def __invert__(self) -> "Selection":
        """Cases that are not in the selection."""
        return Not(self)


@dataclass(frozen=True)
class Everything(Selection):
    """Every case. Its negation is nothing."""


@dataclass(frozen=True)
class TimeWindow(Selection):
    """Cases reported at or after ``start`` and before ``end``, both aware and kept in UTC.

    Raises
    ------
    SelectionError
        If a moment has no time zone, lies within a day of the calendar's first or last, or the window does not end
        after it starts.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Bring both moments to UTC and check their order."""
        for name in ("start", "end"):
            moment = getattr(self, name)
            if moment.tzinfo is None:
                raise SelectionError(f"time window {name} {moment.isoformat()} has no time zone; give it in UTC")
            try:
                moment = moment.astimezone(UTC)
            except OverflowError:  # a zone's difference leads out of the calendar
                moment = None
            if moment is None or not FIRST_MOMENT <= moment <= LAST_MOMENT:
                raise SelectionError(
                    f"time window {name} {getattr(self, name).isoformat()} is out of the calendar; "
                    f"give one from {FIRST_MOMENT.isoformat()} to {LAST_MOMENT.isoformat(timespec='seconds')}"
                )
            object.__setattr__(self, name, moment)
        if self.end - self.start <= timedelta(0):
            raise SelectionError(
                f"time window from {self.start.isoformat()} to {self.end.isoformat()} does not end after it starts"
            )


@dataclass(frozen=True)
class _Codes(Selection):
    """A leaf that names codes of one dimension."""

    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check that there is a code and that each has a character."""
        object.__setattr__(self, "codes", tuple(self.codes))
        if not self.codes or not all(isinstance(code, str) and code for code in self.codes):
            name = type(self).__name__
            raise SelectionError(f"{name} needs at least one code and no empty one; use Everything for no filter")


class Areas(_Codes):
    """Cases in any of these areas, of any level: a code means the area and everything below it."""

    __slots__ = ()


class Buildings(_Codes):
    """Cases at any of these buildings, by code: in one, or nearest to it within the store's distance."""

    __slots__ = ()


class Classes(_Codes):
    """Cases of these classes: a class code (``E0102``) or the first three characters of one, a big class (``E01``)."""

    __slots__ = ()


class Sources(_Codes):
    """Cases from these sources, by code (``VIDEO``)."""

    __slots__ = ()


class Units(_Codes):
    """Cases that one of these units has to handle, by code."""

    __slots__ = ()


class Stages(_Codes):
    """Cases in these stages, by the stage's name or a group's (``OPEN``).

    Raises
    ------
    SelectionError
        If a name is neither a stage nor a group of stages.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        """Check the names."""
        super().__post_init__()
        stages_of(self)


@dataclass(frozen=True)
class Polygon(Selection):
    """Cases whose place lies inside a ring: longitude, latitude pairs in degrees, EPSG:4490, even-odd rule.

    The ring closes itself; a corner that equals the one before it is dropped, as is the first one repeated at the end.

    Raises
    ------
    SelectionError
        If the ring has fewer than three or too many corners, or one that is no place on Earth.
    """

    ring: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Drop repeated corners and check the rest."""
        ring = without_repeats([(float(lon) + 0.0, float(lat) + 0.0) for lon, lat in self.ring])  # -0.0 becomes 0.0
        if not _RING_MIN_VERTICES <= len(ring) <= MAX_RING_VERTICES:
            raise SelectionError(f"polygon has {len(ring)} corners; it needs 3 to {MAX_RING_VERTICES}")
        for lon, lat in ring:
            if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= _LON_LIMIT and abs(lat) <= _LAT_LIMIT):
                raise SelectionError(f"polygon corner {lon}, {lat} is no longitude, latitude in degrees")
        object.__setattr__(self, "ring", ring)


@dataclass(frozen=True)
class And(Selection):
    """Cases in all parts; without parts, every case."""

    parts: tuple[Selection, ...]


@dataclass(frozen=True)
class Or(Selection):
    """Cases in any part; without parts, none."""

    parts: tuple[Selection, ...]


@dataclass(frozen=True)
class Not(Selection):
    """Cases that the part does not hold."""

    part: Selection


def stages_of(leaf: Stages) -> frozenset[CaseStage]:
    """Stages that a leaf names, groups spelled out.

    Raises
    ------
    SelectionError
        If a name is neither a stage nor a group of stages.
    """
    found: set[CaseStage] = set()
    for name in leaf.codes:
        if name in STAGE_GROUPS:
            found.update(STAGE_GROUPS[name])
        elif name in CaseStage.__members__:
            found.add(CaseStage[name])
        else:
            known = ", ".join([*STAGE_GROUPS, *CaseStage.__members__])
            raise SelectionError(f"stage {name!r} is unknown; known are {known}")
    return frozenset(found)


def is_big_class(code: str) -> bool:
    """Whether a class code names a big class and so stands for every class that begins with it."""
    return len(code) == 3 and code[0].isalpha() and code[1:].isdigit()  # noqa: PLR2004 - kind letter and two digits


def class_matches(code: str, wanted: str) -> bool:
    """Whether a case's class is the wanted one or falls under the wanted big class."""
    return code == wanted or (is_big_class(wanted) and code.startswith(wanted))


def ring_edges(ring: tuple[tuple[float, float], ...]) -> list[tuple[float, float, float, float]]:
    """Edges of a ring as a ray to the east sees them.

    Returns
    -------
    list of (low, high, slope, intercept)
        A point's ray crosses the edge where ``low <= lat < high`` and ``lon < lat * slope + intercept``. Each edge is
        taken from its lower end, so that neither the ring's direction nor its first corner changes a single bit.
        Level edges never cross and are left out.
    """
    edges = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        (low_lon, low), (high_lon, high) = sorted((a, b), key=lambda corner: corner[1])
        if low == high:
            continue
        slope = (high_lon - low_lon) / (high - low)
        edges.append((low, high, slope, low_lon - low * slope))
    return edges
