"""A street that never was: sky, houses, pavement and road, drawn from a seed."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 480
"""Of the whole view, pixels; a picture shows a part of it."""
HORIZON, KERB = 230, 345
"""Where the houses end and the pavement begins, and where the road begins, pixels from the top."""

Colour = tuple[int, int, int]

_WALLS: tuple[Colour, ...] = (
    (176, 96, 76), (205, 190, 165), (150, 158, 168), (222, 214, 200), (122, 104, 92), (188, 170, 120), (96, 110, 124),
)  # fmt: skip
_GREENS: tuple[Colour, ...] = ((58, 92, 48), (84, 120, 60), (104, 128, 70))
_CLOTHES: tuple[Colour, ...] = ((40, 60, 120), (150, 40, 40), (30, 30, 34), (210, 180, 60), (90, 130, 110))


def draw_street(seed: int) -> Image.Image:
    """View of a street, mode RGB, `WIDTH` × `HEIGHT`; one seed always gives the same."""
    random = Random(seed)  # noqa: S311 - a picture, no secret
    view = _washes(random)
    draw = ImageDraw.Draw(view)
    _houses(draw, random)
    _ground(draw, random)
    _shades(view, random)
    _trees(ImageDraw.Draw(view), random)
    return view


def draw_passers(view: Image.Image, seed: int) -> None:
    """Add people who are there at one moment and not at the next."""
    random = Random(seed)  # noqa: S311 - a picture, no secret
    draw = ImageDraw.Draw(view)
    for _ in range(random.randint(0, 3)):
        x, foot, tall = random.randint(20, WIDTH - 20), random.randint(HORIZON + 20, KERB - 10), random.randint(50, 80)
        draw.rectangle((x - 8, foot - tall * 0.8, x + 8, foot - tall * 0.35), random.choice(_CLOTHES))
        draw.rectangle((x - 6, foot - tall * 0.35, x + 6, foot), random.choice(_CLOTHES))
        draw.ellipse((x - 6, foot - tall, x + 6, foot - tall * 0.8), (196, 160, 132))


def shade(colour: Colour, factor: float) -> Colour:
    """Colour made lighter or darker."""
    red, green, blue = (max(0, min(255, round(part * factor))) for part in colour)
    return red, green, blue


def _washes(random: Random) -> Image.Image:
    """Sky with clouds: large soft patches."""
    coarse = Image.new("RGB", (10, 7))
    blue = random.choice(((150, 185, 220), (190, 200, 210), (170, 178, 186)))
    coarse.putdata([shade(blue, random.uniform(0.7, 1.25)) for _ in range(70)])
    return coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _houses(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x = -random.randint(0, 60)
    while x < WIDTH:
        width, top = random.randint(50, 130), random.randint(20, 150)
        wall = shade(random.choice(_WALLS), random.uniform(0.6, 1.25))
        draw.rectangle((x, top, x + width, HORIZON), wall)
        glass = shade(wall, random.choice((0.5, 0.65, 1.35)))
        step_x, step_y = random.randint(18, 30), random.randint(24, 36)
        for left in range(x + 8, x + width - 14, step_x):
            for upper in range(top + 10, HORIZON - 50, step_y):
                draw.rectangle((left, upper, left + step_x // 2, upper + step_y // 2), glass)
        shop = shade(random.choice(_WALLS + _CLOTHES), random.uniform(0.7, 1.3))
        draw.rectangle((x + 4, HORIZON - 36, x + width - 4, HORIZON - 24), shop)
        draw.rectangle((x + 8, HORIZON - 22, x + width - 8, HORIZON), shade(wall, 0.45))
        x += width + random.choice((0, 0, 0, 24))


def _ground(draw: ImageDraw.ImageDraw, random: Random) -> None:
    paving = shade((172, 166, 156), random.uniform(0.8, 1.15))
    road = shade((92, 94, 98), random.uniform(0.8, 1.2))
    draw.rectangle((0, HORIZON, WIDTH, KERB), paving)
    for row, y in enumerate(range(HORIZON, KERB, 16)):
        for x in range(-20 * (row % 2), WIDTH, 40):
            draw.rectangle((x, y, x + 38, y + 14), shade(paving, random.uniform(0.92, 1.06)))
    draw.rectangle((0, KERB, WIDTH, HEIGHT), road)
    draw.rectangle((0, KERB, WIDTH, KERB + 7), shade(paving, 1.15))
    for x in range(random.randint(-80, 0), WIDTH, 130):
        draw.polygon([(x, 440), (x + 70, 440), (x + 66, 450), (x - 8, 450)], (226, 224, 214))


def _shades(view: Image.Image, random: Random) -> None:
    """Sun and shadow, repairs and stains on pavement and road."""
    cover = Image.new("L", view.size, 0)
    draw = ImageDraw.Draw(cover)
    for _ in range(16):
        x, y = random.randint(-40, WIDTH), random.randint(HORIZON, HEIGHT)
        wide, slant, deep = random.randint(40, 150), random.randint(-60, 60), random.randint(20, 70)
        corners = [(x, y), (x + wide, y), (x + wide + slant, y + deep), (x + slant, y + deep)]
        draw.polygon(corners, random.randint(0, 150))
    cover.paste(0, (0, 0, WIDTH, HORIZON))
    cover = cover.filter(ImageFilter.BoxBlur(4))
    view.paste(Image.new("RGB", view.size, (34, 36, 44)), (0, 0), cover)


def _trees(draw: ImageDraw.ImageDraw, random: Random) -> None:
    for _ in range(random.randint(1, 4)):
        x, foot, tall = random.randint(0, WIDTH), HORIZON + random.randint(4, 40), random.randint(110, 200)
        draw.rectangle((x - 4, foot - tall, x + 4, foot), (74, 58, 44))
        for _ in range(14):
            dx, dy, size = random.gauss(0, 26), random.gauss(0, 22), random.randint(12, 30)
            leaf = shade(random.choice(_GREENS), random.uniform(0.7, 1.2))
            middle = (x + dx, foot - tall + dy)
            draw.ellipse((middle[0] - size, middle[1] - size, middle[0] + size, middle[1] + size), leaf)
