"""Patterns planted in the demo's cases, recorded so that analytics can be tested against the truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

PatternKind = Literal["hotspot", "trend", "seasonality", "shock"]

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of latitude; good to 0.5 %, enough for the radius of a hot spot."""


@dataclass(frozen=True)
class Pattern:
    """One planted pattern.

    Attributes
    ----------
    kind
        What it is.
    class_code
        Class that it touches.
    first_day, last_day
        Local days, both included.
    magnitude
        Factor on the expected count; of a trend, factor a year; of a seasonality, on its peak day.
    note
        One sentence for a reader.
    area_code
        Street that holds it, or None.
    lon, lat, radius_m
        Disc that holds it (degrees, metres), or None.
    """

    kind: PatternKind
    class_code: str
    first_day: date
    last_day: date
    magnitude: float
    note: str
    area_code: str | None = None
    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None

    @property
    def districtwide(self) -> bool:
        """Whether the pattern holds in the whole district."""
        return self.area_code is None and self.lon is None

    def factor(self, days: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Factor on the expected count by day (a seasonality has its own, see `case_mix.Season`).

        Parameters
        ----------
        days : (n,) datetime64[D]
        """
        first, last = np.datetime64(self.first_day), np.datetime64(self.last_day)
        held = (days >= first) & (days <= last)
        if self.kind == "trend":
            years = (days - first).astype(np.int64) / 365.25
            return np.where(held, self.magnitude**years, 1.0)
        return np.where(held, self.magnitude, 1.0)

    def holds(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points lie in the disc; all where there is none.

        Parameters
        ----------
        lon, lat : (n,) float64
            Degrees, EPSG:4490.
        """
        if self.lon is None or self.lat is None or self.radius_m is None:
            return np.ones(len(lon), np.bool_)
        dx = (lon - self.lon) * np.cos(np.radians(self.lat)) * METRES_PER_DEGREE
        dy = (lat - self.lat) * METRES_PER_DEGREE
        return np.asarray(np.hypot(dx, dy) <= self.radius_m, np.bool_)


@dataclass(frozen=True)
class Site:
    """A place where a local pattern can be planted: a street's code and a point in a busy cell of it."""

    street_code: str
    lon: float
    lat: float


PLANTED_SCHEMA = pa.schema(
    [
        pa.field("pattern_id", pa.int16(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("class_code", pa.string()),
        pa.field("area_code", pa.string()),
        pa.field("lon", pa.float64()),
        pa.field("lat", pa.float64()),
        pa.field("radius_m", pa.float32()),
        pa.field("first_day", pa.date32()),
        pa.field("last_day", pa.date32()),
        pa.field("magnitude", pa.float32(), nullable=False),
        pa.field("cases", pa.int32(), nullable=False),
        pa.field("note", pa.string(), nullable=False),
    ]
)
"""Columns of the planted-pattern table, as stored."""

_HOTSPOTS: tuple[tuple[str, float, int, float, str], ...] = (
    ("E0501", 350, 730, 6.0, "长期游商聚集点"),
    ("E0506", 300, 730, 5.0, "共享单车淤积点(模拟)"),
    ("E0102", 300, 730, 5.0, "长期垃圾暴露点"),
    ("E0505", 350, 730, 4.0, "机动车违停集中点(模拟)"),
    ("E0504", 300, 730, 5.0, "商业街店外经营"),
    ("E0406", 400, 730, 6.0, "低洼积水点"),
    ("E0201", 350, 365, 4.0, "近一年小广告集中张贴"),
    ("E0302", 450, 180, 8.0, "近半年工地扬尘"),
    ("E0507", 300, 60, 8.0, "近两月堆物堆料新增热点"),
    ("E0102", 350, 21, 10.0, "近三周垃圾暴露新发热点"),
)
"""Class, radius in metres, days up to the last, magnitude, note."""

_AREA_SHOCKS: tuple[tuple[str, int, int, float, str], ...] = (
    ("E0103", 18, 12, 5.0, "集中拆除后渣土积存"),
    ("E0506", 6, 6, 4.0, "投放调整引起的单车淤积"),
    ("E0110", 240, 20, 4.0, "冻融后路面破损"),
)
"""Class, days before the end when it begins, length in days, magnitude, note."""

_DISTRICT_SHOCKS: tuple[tuple[str, int, int, int, float, str], ...] = (
    ("E0406", 7, 24, 4, 10.0, "强降雨"),
    ("E0407", 1, 12, 5, 8.0, "降雪"),
    ("E0302", 4, 9, 5, 4.0, "大风沙尘"),
)
"""Class, month, day, length in days, magnitude, note."""

_TRENDS: tuple[tuple[str, float, str], ...] = (
    ("E0201", 0.75, "非法小广告逐年下降"),
    ("E0506", 1.3, "非机动车乱停放逐年上升"),
    ("E0511", 0.6, "地桩地锁逐年下降"),
    ("E0118", 1.5, "油烟污染逐年上升"),
)
"""Class, factor a year, note."""

SITES_NEEDED = len(_HOTSPOTS) + len(_AREA_SHOCKS)
"""Places that `plan_patterns` wants."""


def plan_patterns(
    first_day: date, last_day: date, sites: Sequence[Site], seasons: Sequence[tuple[str, float]]
) -> tuple[Pattern, ...]:
    """Lay out the patterns to plant.

    Parameters
    ----------
    first_day, last_day : datetime.date
        Local days of the history, both included.
    sites : sequence of Site
        Places for the local patterns, best first; fewer than `SITES_NEEDED` are used again.
    seasons : sequence of (str, float)
        Class code and peak factor of the classes with a season of their own.
    """
    spots = [sites[i % len(sites)] for i in range(SITES_NEEDED)]
    hotspots = [
        Pattern(
            "hotspot", code, max(first_day, last_day - timedelta(days=length - 1)), last_day, magnitude, note,
            lon=site.lon, lat=site.lat, radius_m=radius,
        )
        for (code, radius, length, magnitude, note), site in zip(_HOTSPOTS, spots, strict=False)
    ]  # fmt: skip
    shocks = []
    for (code, back, length, magnitude, note), site in zip(_AREA_SHOCKS, spots[len(_HOTSPOTS) :], strict=True):
        first = last_day - timedelta(days=back - 1)
        shocks.append(Pattern("shock", code, first, _last(first, length), magnitude, note, area_code=site.street_code))
    for code, month, day, length, magnitude, note in _DISTRICT_SHOCKS:
        first = _latest(month, day, last_day - timedelta(days=length))
        shocks.append(Pattern("shock", code, first, _last(first, length), magnitude, note))
    trends = [Pattern("trend", code, first_day, last_day, factor, note) for code, factor, note in _TRENDS]
    rhythms = [Pattern("seasonality", code, first_day, last_day, peak, "年度季节性") for code, peak in seasons]
    return (*hotspots, *shocks, *trends, *rhythms)


def planted_table(patterns: Sequence[Pattern], cases: Sequence[int]) -> pa.Table:
    """Record patterns.

    Parameters
    ----------
    patterns : sequence of Pattern
    cases : sequence of int
        Cases of the class in the pattern's days and place.

    Returns
    -------
    pyarrow.Table
        Columns of `PLANTED_SCHEMA`.
    """
    columns = {
        field.name: pa.array([getattr(pattern, field.name) for pattern in patterns], field.type)
        for field in PLANTED_SCHEMA
        if field.name not in ("pattern_id", "cases")
    }
    columns["pattern_id"] = pa.array(range(len(patterns)), pa.int16())
    columns["cases"] = pa.array(cases, pa.int32())
    return pa.table([columns[field.name] for field in PLANTED_SCHEMA], schema=PLANTED_SCHEMA)


def _last(first: date, length: int) -> date:
    return first + timedelta(days=length - 1)


def _latest(month: int, day: int, until: date) -> date:
    """Latest such day of a year that is not after ``until``."""
    this_year = date(until.year, month, day)
    return this_year if this_year <= until else date(until.year - 1, month, day)
