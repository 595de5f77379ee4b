"""Ring roads and radials: hand-drawn, approximate courses that cut blocks and cells. Schematic, not surveyed."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.outline import to_metres

REACH_M = 60_000.0
SMOOTHING_ROUNDS = 3

COURSES: tuple[tuple[str, str, tuple[tuple[float, float], ...]], ...] = (
    ("三环路", "trunk", ((116.3105, 39.88), (116.3102, 39.915), (116.3098, 39.945), (116.3125, 39.9625),
                         (116.321, 39.9668), (116.345, 39.9672), (116.39, 39.9670))),
    ("四环路", "trunk", ((116.2635, 39.87), (116.2645, 39.905), (116.2690, 39.935), (116.2715, 39.957),
                         (116.2800, 39.9735), (116.2960, 39.9835), (116.3250, 39.9862), (116.3900, 39.9868))),
    ("五环路", "motorway", ((116.2125, 39.87), (116.2120, 39.915), (116.2090, 39.950), (116.2135, 39.982),
                            (116.2330, 40.0040), (116.2620, 40.0170), (116.3000, 40.0195), (116.3900, 40.0185))),
    ("六环路", "motorway", ((116.110, 39.95), (116.118, 40.00), (116.127, 40.035), (116.142, 40.075),
                            (116.160, 40.112), (116.186, 40.145), (116.21, 40.18))),
    ("京藏高速", "motorway", ((116.377, 39.955), (116.374, 39.975), (116.362, 40.005), (116.343, 40.030),
                              (116.327, 40.055), (116.31, 40.08))),
    ("京新高速", "motorway", ((116.331, 40.005), (116.318, 40.021), (116.300, 40.042), (116.276, 40.066),
                              (116.256, 40.090), (116.243, 40.125))),
    ("复兴路", "trunk", ((116.20, 39.9068), (116.26, 39.9072), (116.35, 39.9075))),
    ("阜石路", "trunk", ((116.18, 39.9255), (116.23, 39.9262), (116.27, 39.9240), (116.36, 39.9236))),
    ("紫竹院路", "primary", ((116.269, 39.9445), (116.31, 39.9440), (116.37, 39.9425))),
    ("杏石口路", "primary", ((116.18, 39.9545), (116.215, 39.9500), (116.250, 39.9525), (116.272, 39.9560))),
    ("闵庄路", "primary", ((116.195, 39.9850), (116.225, 39.9770), (116.255, 39.9745), (116.284, 39.9760))),
    ("知春路", "primary", ((116.298, 39.9752), (116.33, 39.9760), (116.39, 39.9765))),
    ("中关村大街", "trunk", ((116.3255, 39.93), (116.3240, 39.955), (116.3195, 39.972), (116.3120, 39.9855),
                             (116.3085, 39.9905))),
    ("学院路", "trunk", ((116.3478, 39.935), (116.3480, 39.965), (116.3485, 39.995), (116.3500, 40.020))),
    ("万泉河路", "primary", ((116.2990, 39.955), (116.2975, 39.975), (116.2935, 39.995), (116.2960, 40.019))),
    ("成府路", "primary", ((116.306, 39.9905), (116.335, 39.9915), (116.39, 39.9920))),
    ("清华东路", "primary", ((116.329, 40.0022), (116.352, 40.0028), (116.37, 40.0032))),
    ("香山路", "primary", ((116.190, 39.9925), (116.198, 39.9935), (116.225, 39.9975), (116.240, 40.0060))),
    ("黑龙潭路", "primary", ((116.2590, 40.0160), (116.235, 40.0310), (116.205, 40.0430), (116.165, 40.0500),
                             (116.128, 40.0640), (116.112, 40.0772))),
    ("后厂村路", "primary", ((116.236, 40.0420), (116.270, 40.0480), (116.312, 40.0470))),
    ("北清路", "trunk", ((116.112, 40.0772), (116.15, 40.0755), (116.19, 40.0735), (116.26, 40.0705),
                         (116.31, 40.0700))),
    ("沙阳路", "primary", ((116.092, 40.1060), (116.13, 40.1030), (116.19, 40.1120), (116.27, 40.1080))),
    ("上庄路", "primary", ((116.207, 40.043), (116.205, 40.075), (116.211, 40.105), (116.215, 40.15))),
    ("西三旗南路", "primary", ((116.312, 40.0480), (116.34, 40.0430), (116.37, 40.0490))),
    ("信息路", "primary", ((116.3065, 40.019), (116.3040, 40.035), (116.2960, 40.058))),
)  # fmt: skip
"""Name, OSM class and course (degrees) of each arterial."""


@dataclass(frozen=True)
class Arterials:
    """Arterials in metres.

    Attributes
    ----------
    names, classes
        Name and OSM highway value of each.
    lines
        (n,) smooth lines, drawn out far beyond both ends.
    courses
        (n,) the lines without what was drawn out.
    sides
        (n,) polygons left of each line.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    lines: NDArray[np.object_]
    courses: NDArray[np.object_]
    sides: NDArray[np.object_]


def smooth(points: NDArray[np.float64], *, closed: bool = False, rounds: int = SMOOTHING_ROUNDS) -> NDArray[np.float64]:
    """Cut corners (Chaikin 1974): (n, 2) points to a smooth line; an open line keeps its ends."""
    for _ in range(rounds):
        following = np.roll(points, -1, axis=0) if closed else points[1:]
        first = points if closed else points[:-1]
        cut = np.stack((0.75 * first + 0.25 * following, 0.25 * first + 0.75 * following), axis=1).reshape(-1, 2)
        points = cut if closed else np.vstack((points[:1], cut, points[-1:]))
    return points


def _drawn_out(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Line with straight runs to far beyond both ends."""
    head, tail = points[0] - points[1], points[-1] - points[-2]
    first = points[0] + head / np.hypot(*head) * REACH_M
    last = points[-1] + tail / np.hypot(*tail) * REACH_M
    return np.vstack((first, points, last))


def arterials() -> Arterials:
    """Ring roads and radials, projected and smoothed."""
    names, classes, lines, courses, sides = [], [], [], [], []
    for name, klass, course in COURSES:
        points = smooth(to_metres(np.asarray(course)))
        line = _drawn_out(points)
        names.append(name)
        classes.append(klass)
        courses.append(shapely.LineString(points))
        lines.append(shapely.LineString(line))
        chord = line[-1] - line[0]
        left = np.array([-chord[1], chord[0]]) / np.hypot(*chord) * REACH_M
        sides.append(shapely.Polygon(np.vstack((line, line[-1] + left, line[0] + left))))
    return Arterials(tuple(names), tuple(classes), np.array(lines), np.array(courses), np.array(sides))
