"""The mark on every simulated picture: 演示 simulated, and when."""

from PIL import Image, ImageDraw, ImageFont

_SIDE = 18
_GLYPHS = (
    (
        0x08080, 0x0C0C0, 0x06FFE, 0x00806, 0x00806, 0x007F8, 0x180C0, 0x0C0C0, 0x00FFC,
        0x008C4, 0x00FFC, 0x068C4, 0x048C4, 0x04FFC, 0x0C010, 0x08718, 0x19C0E, 0x00000,
    ),
    (
        0x07FF8, 0x00000, 0x00000, 0x00000, 0x1FFFE, 0x00300, 0x00300, 0x02310, 0x02310,
        0x06318, 0x0430C, 0x0C30C, 0x18306, 0x10304, 0x01F00, 0x00000, 0x00000, 0x00000,
    ),
)  # fmt: skip
"""演 and 示, a row a number, the left pixel in the highest bit: a machine need not have a font that holds them."""

_INK, _PAPER = (255, 255, 255), (32, 32, 32)
_TEXT_PX, _GAP_PX = 14, 4


def mark(picture: Image.Image, moment: str) -> None:
    """Write the mark on a band along the lower edge of a picture.

    Parameters
    ----------
    picture : PIL.Image.Image
        Mode RGB; it is changed.
    moment : str
        As it is to be read, in ASCII.
    """
    draw = ImageDraw.Draw(picture)
    top = picture.height - _SIDE - 2 * _GAP_PX
    draw.rectangle((0, top, picture.width, picture.height), _PAPER)
    x = _GAP_PX
    for rows in _GLYPHS:
        lit = [
            (x + column, top + _GAP_PX + row)
            for row, bits in enumerate(rows)
            for column in range(_SIDE)
            if bits >> (_SIDE - 1 - column) & 1
        ]
        draw.point(lit, _INK)
        x += _SIDE + 1
    middle = top + (picture.height - top) / 2
    draw.text((x + _GAP_PX, middle), f"simulated  {moment}", _INK, ImageFont.load_default(_TEXT_PX), anchor="lm")
