"""Forms as browsers send them: fields and, with photos, parts."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "citydeck-simulate-6f1b0c5d2a"
"""Between the parts; no JPEG of ours holds it, and a text never does."""


def url_form(fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Body and content type of a form without files."""
    return urlencode(fields).encode(), URLENCODED


def multipart(fields: Mapping[str, str], part: str, photos: Sequence[bytes]) -> tuple[bytes, str]:
    """Body and content type of a form with photos.

    Parameters
    ----------
    fields : mapping of str to str
    part : str
        Name of the parts that are photos.
    photos : sequence of bytes
        JPEG.
    """
    pieces = [_head(f'name="{name}"') + value.encode() for name, value in fields.items()]
    for number, photo in enumerate(photos, 1):
        head = _head(f'name="{part}"; filename="simulated-{number}.jpg"', "Content-Type: image/jpeg\r\n")
        pieces.append(head + photo)
    closed = f"\r\n--{BOUNDARY}--\r\n".encode()
    return b"\r\n".join(pieces) + closed, f"multipart/form-data; boundary={BOUNDARY}"


def _head(disposition: str, more: str = "") -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n".encode()
