"""The first look at a received photo: what it is and how large, before anything is decoded."""

import re
from dataclasses import dataclass

from datastore.errors import PhotoTypeError, PhotoUnreadableError

MAX_SEGMENTS = 5_000
"""Segments of a JPEG; a camera writes dozens."""
MAX_SCANS = 100
"""Passes over the whole image that a JPEG may ask for; a progressive one asks for about ten."""

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"})
_KNOWN = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\0", "a TIFF or raw"),
    (b"MM\0*", "a TIFF or raw"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP"),
)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_START, _TEM, _END, _SCAN = 0xD8, 0x01, 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class PhotoHeader:
    """What the first bytes say.

    Parameters
    ----------
    format : str
        ``JPEG``, ``PNG`` or ``WEBP``, Pillow's names.
    width, height : int
        Pixels, as the file says; at least 1.
    """

    format: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height


def read_header(received: bytes) -> PhotoHeader:
    """Kind and size of a received photo; its bytes decide, not its name and not what the sender calls it.

    Raises
    ------
    PhotoTypeError
        If it is no JPEG, PNG or WebP.
    PhotoUnreadableError
        If it says no size, or is made to keep a decoder busy.
    """
    if received.startswith(b"\xff\xd8\xff"):
        kind, size = "JPEG", _jpeg_size(received)
    elif received.startswith(_PNG_MAGIC):
        kind, size = "PNG", _png_size(received)
    elif received[:4] == b"RIFF" and received[8:12] == b"WEBP":
        kind, size = "WEBP", _webp_size(received)
    else:
        raise PhotoTypeError(_refusal(received))
    if min(size) < 1:
        raise PhotoUnreadableError(f"the photo begins like a {kind} but says no size; it is cut off, send it again")
    return PhotoHeader(kind, *size)


def _refusal(received: bytes) -> str:
    if not received:
        return "the photo is empty; choose it again"
    if received[4:8] == b"ftyp" and received[8:12] in _HEIF_BRANDS:
        return (
            "the photo is a HEIC or AVIF image, which is not taken; send it as JPEG "
            "(on an iPhone: Settings, Camera, Formats, Most Compatible)"
        )
    what = next((name for magic, name in _KNOWN if received.startswith(magic)), None)
    return f"the photo is {f'{what} file' if what else 'no image'}; send a JPEG, PNG or WebP image"


def _png_size(received: bytes) -> tuple[int, int]:
    if received[12:16] != b"IHDR":
        return 0, 0
    return int.from_bytes(received[16:20], "big"), int.from_bytes(received[20:24], "big")


def _webp_size(received: bytes) -> tuple[int, int]:
    chunk, body = received[12:16], received[20:30]
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0


def _jpeg_size(received: bytes) -> tuple[int, int]:
    """Largest frame of a JPEG, by walking from marker to marker."""
    size, scans, at = (0, 0), 0, 2
    for _ in range(MAX_SEGMENTS):
        found = _NEXT_MARKER.search(received, at)
        if found is None or received[found.end() - 1] == _END:
            return size
        marker, at = received[found.end() - 1], found.end()
        if marker in (_START, _TEM):
            continue
        if marker in _FRAMES:
            height, width = (int.from_bytes(received[at + i : at + i + 2], "big") for i in (3, 5))
            size = max(size, (width, height), key=lambda each: each[0] * each[1])
        scans += marker == _SCAN
        if scans > MAX_SCANS:
            break
        at += max(int.from_bytes(received[at : at + 2], "big"), 2)
    raise PhotoUnreadableError("the photo is a JPEG of far more parts than a camera writes; save it anew and send that")
