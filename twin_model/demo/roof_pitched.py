"""Pitched roofs: rows of gables, hips, and gabled wings that meet a higher main wing."""

from collections.abc import Sequence

from twin_model.demo.roof_template import Face, Point, Template, template
from twin_model.surface import SurfaceKind

GROUND, EAVES, RIDGE = 0, 1, 2
"""Levels of gables and hips."""
WING_EAVES, WING_RIDGE, MAIN_EAVES, MAIN_RIDGE = 1, 2, 3, 4
"""Levels of gabled wings; the ground is 0."""


def gables(ridges: int) -> Template:
    """Rectangle under ridges along u: lines of u 0 and 1; lines of v eaves, ridge, valley, ridge … eaves."""
    last = 2 * ridges
    faces: list[Face] = [
        (((0, 0, GROUND), (0, last, GROUND), (1, last, GROUND), (1, 0, GROUND)), SurfaceKind.GROUND),
        (((0, 0, GROUND), (1, 0, GROUND), (1, 0, EAVES), (0, 0, EAVES)), SurfaceKind.WALL),
        (((1, last, GROUND), (0, last, GROUND), (0, last, EAVES), (1, last, EAVES)), SurfaceKind.WALL),
    ]
    for ridge in range(ridges):
        low, top, high = 2 * ridge, 2 * ridge + 1, 2 * ridge + 2
        end = ((0, low, GROUND), (0, low, EAVES), (0, top, RIDGE), (0, high, EAVES), (0, high, GROUND))
        faces += [
            (end, SurfaceKind.WALL),
            (tuple((1, v, z) for _, v, z in reversed(end)), SurfaceKind.WALL),
            (((0, low, EAVES), (1, low, EAVES), (1, top, RIDGE), (0, top, RIDGE)), SurfaceKind.ROOF),
            (((0, top, RIDGE), (1, top, RIDGE), (1, high, EAVES), (0, high, EAVES)), SurfaceKind.ROOF),
        ]
    return template(faces)


def hip() -> Template:
    """Rectangle under a ridge along u: lines of u eaves, ridge, ridge, eaves; lines of v eaves, ridge, eaves."""
    corners = ((0, 0), (3, 0), (3, 2), (0, 2))
    faces: list[Face] = [
        (tuple((u, v, GROUND) for u, v in reversed(corners)), SurfaceKind.GROUND),
        (((0, 0, EAVES), (3, 0, EAVES), (2, 1, RIDGE), (1, 1, RIDGE)), SurfaceKind.ROOF),
        (((3, 0, EAVES), (3, 2, EAVES), (2, 1, RIDGE)), SurfaceKind.ROOF),
        (((3, 2, EAVES), (0, 2, EAVES), (1, 1, RIDGE), (2, 1, RIDGE)), SurfaceKind.ROOF),
        (((0, 2, EAVES), (0, 0, EAVES), (1, 1, RIDGE)), SurfaceKind.ROOF),
    ]
    for (u, v), (to_u, to_v) in zip(corners, (*corners[1:], corners[0]), strict=True):
        wall = ((u, v, GROUND), (to_u, to_v, GROUND), (to_u, to_v, EAVES), (u, v, EAVES))
        faces.append((wall, SurfaceKind.WALL))
    return template(faces)


def gabled_wings(wings: Sequence[tuple[int, int]], width: int) -> Template:
    """Build a main wing under a ridge along u, with lower wings under ridges along v that end at its front wall.

    Lines of v: back, ridge and front of the main wing, and the ends of the wings, 0 to 3.

    Parameters
    ----------
    wings : sequence of (int, int)
        First and last line of u of each wing, from west to east; its ridge is on the line between.
    width : int
        Last line of u of the main wing.
    """
    end = ((0, 0, GROUND), (0, 0, MAIN_EAVES), (0, 1, MAIN_RIDGE), (0, 2, MAIN_EAVES), (0, 2, GROUND))
    faces: list[Face] = [
        (((0, 0, GROUND), (0, 2, GROUND), (width, 2, GROUND), (width, 0, GROUND)), SurfaceKind.GROUND),
        (((0, 0, GROUND), (width, 0, GROUND), (width, 0, MAIN_EAVES), (0, 0, MAIN_EAVES)), SurfaceKind.WALL),
        (end, SurfaceKind.WALL),
        (tuple((width, v, z) for _, v, z in reversed(end)), SurfaceKind.WALL),
        (((0, 0, MAIN_EAVES), (width, 0, MAIN_EAVES), (width, 1, MAIN_RIDGE), (0, 1, MAIN_RIDGE)), SurfaceKind.ROOF),
        (((0, 1, MAIN_RIDGE), (width, 1, MAIN_RIDGE), (width, 2, MAIN_EAVES), (0, 2, MAIN_EAVES)), SurfaceKind.ROOF),
    ]
    free = 0
    for first, last in wings:
        if first > free:
            faces.append(_front(free, first))
        faces += _wing(first, last)
        free = last
    if free < width:
        faces.append(_front(free, width))
    return template(faces)


def _front(start: int, end: int) -> Face:
    ring: tuple[Point, ...] = ((end, 2, GROUND), (start, 2, GROUND), (start, 2, MAIN_EAVES), (end, 2, MAIN_EAVES))
    return ring, SurfaceKind.WALL


def _wing(first: int, last: int) -> list[Face]:
    """Wing between two lines of u, and the main wing's front above it."""
    top = first + 1
    gable = (
        (last, 3, GROUND),
        (first, 3, GROUND),
        (first, 3, WING_EAVES),
        (top, 3, WING_RIDGE),
        (last, 3, WING_EAVES),
    )
    left, right, peak = (first, 2, WING_EAVES), (last, 2, WING_EAVES), (top, 2, WING_RIDGE)
    over_left, over_right = (first, 2, MAIN_EAVES), (last, 2, MAIN_EAVES)
    rings: list[tuple[tuple[Point, ...], SurfaceKind]] = [
        (((first, 2, GROUND), (first, 3, GROUND), (last, 3, GROUND), (last, 2, GROUND)), SurfaceKind.GROUND),
        (((first, 3, GROUND), (first, 2, GROUND), left, (first, 3, WING_EAVES)), SurfaceKind.WALL),
        (((last, 2, GROUND), (last, 3, GROUND), (last, 3, WING_EAVES), right), SurfaceKind.WALL),
        (gable, SurfaceKind.WALL),
        ((left, peak, (top, 3, WING_RIDGE), (first, 3, WING_EAVES)), SurfaceKind.ROOF),
        ((peak, right, (last, 3, WING_EAVES), (top, 3, WING_RIDGE)), SurfaceKind.ROOF),
        ((left, over_left, peak), SurfaceKind.WALL),
        ((peak, over_left, over_right), SurfaceKind.WALL),
        ((peak, over_right, right), SurfaceKind.WALL),
    ]
    return rings
