"""The problem in a simulated picture, and the place when it is solved, by families of classes."""

from collections.abc import Callable, Mapping
from random import Random

from PIL import ImageDraw

from app.simulate.street import Colour, shade

Draw = ImageDraw.ImageDraw
Drawing = Callable[[Draw, Random, float, float, bool], None]
"""Draws at x, y (pixels, the foot of the thing), solved or not."""

_IRON, _EARTH, _HOLE = (88, 86, 84), (120, 96, 70), (16, 16, 18)
_BRIGHT: tuple[Colour, ...] = ((214, 60, 50), (236, 190, 50), (60, 120, 190), (240, 240, 236), (70, 150, 90))
_BAGS: tuple[Colour, ...] = ((30, 30, 34), (62, 82, 60), (150, 130, 104), (226, 226, 222), (176, 60, 50))


def draw_problem(draw: Draw, random: Random, class_code: str, place: tuple[float, float], *, is_solved: bool) -> None:
    """Draw what a case is about.

    Parameters
    ----------
    draw : PIL.ImageDraw.ImageDraw
    random : random.Random
        Of the case: the same for both pictures.
    class_code : str
        Such as ``E0102``; a class that is not known is drawn as a heap.
    place : (float, float)
        Pixels, the foot of the thing.
    is_solved : bool
        Whether the problem is gone.
    """
    family_of(class_code)(draw, random, *place, is_solved)


def family_of(class_code: str) -> Drawing:
    """How a class is drawn."""
    return _FAMILIES.get(class_code) or _FAMILIES.get(class_code[:3]) or _heap


def _cover(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Manhole: open, or with its cover on."""
    wide, high = random.uniform(46, 64), random.uniform(16, 22)
    draw.ellipse((x - wide, y - high, x + wide, y + high), shade(_IRON, 0.7))
    inner = (x - wide + 6, y - high + 3, x + wide - 6, y + high - 3)
    draw.ellipse(inner, _IRON if is_solved else _HOLE)
    if is_solved:
        for i in range(-3, 4):
            draw.line((x + i * 11, y - high * 0.6, x + i * 11, y + high * 0.6), shade(_IRON, 1.3), 2)
    else:
        draw.ellipse((x + wide, y - high * 0.2, x + wide * 2.6, y + high * 1.4), _IRON)


def _post(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Lamp, pole or sign: leaning, or upright."""
    tall, lean = random.uniform(150, 210), 0.0 if is_solved else random.choice((-1, 1)) * random.uniform(60, 120)
    head = random.choice(_BRIGHT)
    top = (x + lean, y - tall + abs(lean) * 0.5)
    draw.line((x, y, *top), _IRON, 9)
    draw.rectangle((top[0] - 30, top[1] - 14, top[0] + 30, top[1] + 14), head if is_solved else shade(head, 0.5))


def _heap(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Waste on the ground, or swept ground."""
    if is_solved:
        draw.ellipse((x - 70, y - 12, x + 70, y + 12), (158, 154, 146))
        return
    for _ in range(random.randint(18, 28)):
        dx, size = random.gauss(0, 48), random.uniform(10, 26)
        lift = max(0.0, 46 - abs(dx) * 0.6) * random.random()
        bag = (x + dx - size, y - lift - size, x + dx + size, y - lift + size * 0.7)
        (draw.ellipse if random.random() < 0.6 else draw.rectangle)(bag, random.choice(_BAGS))  # noqa: PLR2004 - more bags than boxes


def _puddle(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Standing water or dirt on the road, or a dry road."""
    wide, high = random.uniform(130, 190), random.uniform(24, 38)
    if is_solved:
        draw.ellipse((x - wide * 0.4, y - high * 0.3, x + wide * 0.4, y + high * 0.3), (104, 104, 106))
        return
    draw.ellipse((x - wide, y - high, x + wide, y + high), (70, 74, 72))
    draw.ellipse((x - wide * 0.9, y - high * 0.8, x + wide * 0.8, y + high * 0.7), (132, 146, 156))
    draw.ellipse((x - wide * 0.5, y - high * 0.5, x + wide * 0.1, y - high * 0.1), (196, 208, 214))


def _vehicle(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Vehicle where none may stand, or nothing."""
    paint = random.choice(_BRIGHT)
    if is_solved:
        return
    draw.polygon([(x - 60, y - 50), (x - 34, y - 84), (x + 50, y - 84), (x + 78, y - 50)], shade(paint, 0.8))
    draw.polygon([(x - 48, y - 52), (x - 28, y - 78), (x + 44, y - 78), (x + 62, y - 52)], (60, 72, 84))
    draw.rounded_rectangle((x - 110, y - 52, x + 110, y - 12), 12, paint)
    for wheel in (x - 66, x + 66):
        draw.ellipse((wheel - 20, y - 30, wheel + 20, y + 8), (24, 24, 26))


def _bills(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Wall with bills on it, or clean."""
    wall = shade((196, 188, 176), random.uniform(0.8, 1.1))
    draw.rectangle((x - 150, y - 130, x + 150, y), wall)
    draw.rectangle((x - 150, y - 134, x + 150, y - 126), shade(wall, 0.7))
    if is_solved:
        return
    for _ in range(random.randint(9, 14)):
        left, top = x + random.uniform(-140, 90), y + random.uniform(-120, -50)
        draw.rectangle((left, top, left + random.uniform(26, 56), top + random.uniform(30, 44)), random.choice(_BRIGHT))


def _pothole(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Hole in the road, or its patch."""
    outline = [(x + dx * random.uniform(0.8, 1.2), y + dy) for dx, dy in _ROUND]
    draw.polygon(outline, (58, 58, 62) if is_solved else shade(_EARTH, 0.6))
    if not is_solved:
        draw.polygon([(x + (px - x) * 0.7, y + (py - y) * 0.6) for px, py in outline], _HOLE)


def _goods(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Stall or piled goods on the pavement, or a free pavement."""
    roof = random.choice(_BRIGHT)
    if is_solved:
        return
    draw.polygon([(x - 110, y - 120), (x + 110, y - 120), (x + 130, y - 92), (x - 130, y - 92)], roof)
    for post in (x - 100, x + 100):
        draw.line((post, y - 92, post, y), _IRON, 4)
    for i in range(7):
        for j in range(random.randint(1, 3)):
            left, top = x - 98 + i * 28, y - 22 - j * 20
            draw.rectangle((left, top, left + 25, top + 18), random.choice(_BRIGHT + _BAGS))


def _tree(draw: Draw, random: Random, x: float, y: float, is_solved: bool) -> None:
    """Tree: broken and lying, or standing."""
    bark, tall = (84, 64, 46), random.uniform(120, 160)
    end = (x, y - tall) if is_solved else (x + tall, y - 24)
    draw.line((x, y, *end), bark, 12)
    for _ in range(16):
        px, py, size = end[0] + random.gauss(0, 30), end[1] + random.gauss(0, 18), random.uniform(12, 26)
        leaf = shade((70, 112, 56) if is_solved else (118, 112, 60), random.uniform(0.7, 1.2))
        draw.ellipse((px - size, py - size, px + size, py + size), leaf)


_ROUND = ((-84, 0), (-60, -20), (-10, -26), (50, -22), (88, -4), (62, 18), (4, 26), (-56, 20))


def _classes(big: str, *small: int) -> tuple[str, ...]:
    return tuple(f"{big}{number:02d}" for number in small)


_FAMILIES: Mapping[str, Drawing] = {
    **dict.fromkeys(("C01", "C02", "C03", "C05", "C06"), _post),
    **dict.fromkeys(_classes("C01", *range(1, 13), 14, *range(27, 31)), _cover),
    "C0305": _heap,
    "C04": _tree,
    "E02": _bills,
    "E03": _heap,
    "E05": _goods,
    **dict.fromkeys(_classes("E01", 5, 14), _puddle),
    **dict.fromkeys(_classes("E01", 10, 11), _pothole),
    "E0107": _vehicle,
    "E0109": _tree,
    "E0113": _bills,
    "E0304": _pothole,
    "E0306": _vehicle,
    "E0401": _pothole,
    **dict.fromkeys(_classes("E04", 2, 3, 4, 5, 6, 7), _puddle),
    "E0408": _post,
    **dict.fromkeys(_classes("E05", 5, 6), _vehicle),
    "E0511": _post,
}
"""Class or big class -> how it is drawn; the class decides where both are listed."""
