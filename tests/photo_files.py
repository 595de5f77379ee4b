"""Photos made in memory, as cameras and mischief-makers write them."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import ExifTags, Image

BASE, SHOT, GPS = ExifTags.Base, ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo


def scene(seed: int = 0, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Patches of colour, smoothly joined: every seed has a hash of its own."""
    patches = np.random.default_rng(seed).integers(0, 256, (8, 9, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def corners(width: int = 64, height: int = 32) -> Image.Image:
    """Red, green, blue and white quarters, clockwise from the upper left."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    places = ((0, 0), (half[0], 0), half, (0, half[1]))
    for colour, place in zip(("red", "lime", "blue", "white"), places, strict=True):
        image.paste(Image.new("RGB", half, colour), place)
    return image


def encode(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **({"quality": 92} if kind == "JPEG" else {}) | options)
    return written.getvalue()


def exif(
    *, orientation: int | None = None, shot: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    """EXIF block with the tags given, by directory."""
    block = Image.Exif()
    if orientation is not None:
        block[BASE.Orientation] = orientation
    block.get_ifd(SHOT).update(shot or {})
    block.get_ifd(GPS).update(gps or {})
    return block.tobytes()


def fix(lon: float, lat: float) -> dict[int, Any]:
    """GPS directory of a place, degrees."""
    return {
        ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
        ExifTags.GPS.GPSLongitude: sixties(abs(lon)),
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: sixties(abs(lat)),
    }


def sixties(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), minutes % 1 * 60


def clock(written: str, offset: str | None = None) -> dict[int, Any]:
    """EXIF directory with the time of the shot."""
    return {BASE.DateTimeOriginal: written} | ({BASE.OffsetTimeOriginal: offset} if offset else {})


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int) -> bytes:
    """PNG of a few hundred bytes that says it is as large as you like."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", zlib.compress(bytes(10_000))) + png_chunk(b"IEND", b"")


def webp_bomb(width: int, height: int) -> bytes:
    """WebP that says it is as large as you like."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_bomb(width: int, height: int) -> bytes:
    """JPEG whose frame says it is as large as you like."""
    return patched_frame(encode(scene()), width, height)


def patched_frame(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def jpeg_segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """Markers and bodies of a JPEG up to its image data."""
    found, at = [], 2
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return found
