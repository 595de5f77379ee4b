"""Textures beside a city model: only images, and only from its own folder."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal, TypeAlias

MAX_BYTES = 64 << 20
"""A texture that is larger is refused."""

_MAGIC = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+:")

Fault: TypeAlias = Literal["missing", "refused"]


@dataclass(frozen=True)
class Texture:
    """An image as it is stored.

    Parameters
    ----------
    path : str
        As the file names it.
    media_type, sha256 : str
        Of the image.
    image : bytes
        The image itself.
    """

    path: str
    media_type: str
    sha256: str
    image: bytes


@dataclass(frozen=True)
class NoTexture:
    """An image that is not taken.

    Parameters
    ----------
    path : str
        As the file names it.
    fault : str
        ``missing`` or ``refused``.
    why : str
        A few words.
    """

    path: str
    fault: Fault
    why: str


def read_texture(folder: Path, written: str) -> Texture | NoTexture:
    """Image that a city model names.

    Parameters
    ----------
    folder : Path
        Folder of the model; nothing outside of it is opened.
    written : str
        Path as the model names it.
    """
    place = texture_place(folder, written)
    if isinstance(place, NoTexture):
        return place
    try:
        if not place.is_file():
            return NoTexture(written, "missing", "not there")
        if place.stat().st_size > MAX_BYTES:
            return NoTexture(written, "refused", f"larger than {MAX_BYTES >> 20} MB")
        return texture_of(written, place.read_bytes())
    except (OSError, ValueError) as error:
        return NoTexture(written, "missing", str(getattr(error, "strerror", None) or error))


def texture_of(written: str, image: bytes) -> Texture | NoTexture:
    """Texture of the bytes of an image; its first bytes say what it is, not its name."""
    media = next((media for magic, media in _MAGIC if image.startswith(magic)), None)
    if media is None and image[:4] == b"RIFF" and image[8:12] == b"WEBP":
        media = "image/webp"
    if media is None:
        return NoTexture(written, "refused", "not a JPEG, PNG or WebP image")
    return Texture(written, media, hashlib.sha256(image).hexdigest(), image)


def texture_place(folder: Path, written: str) -> Path | NoTexture:
    """Where a texture is, or why it is refused: an address, an absolute path, or one that leaves the folder."""
    if "\0" in written or not written.strip():
        return NoTexture(written.replace("\0", "?"), "refused", "no path")
    if _SCHEME.match(written) or written.startswith("//"):
        return NoTexture(written, "refused", "an address, not a file of its folder")
    if PurePosixPath(written).is_absolute() or PureWindowsPath(written).anchor:
        return NoTexture(written, "refused", "an absolute path")
    try:
        root = folder.resolve()
        place = (root / written.replace("\\", "/")).resolve()
    except (OSError, RuntimeError, ValueError):
        return NoTexture(written, "refused", "a path that cannot be followed")
    if not place.is_relative_to(root):
        return NoTexture(written, "refused", "a path that leaves the folder of the file")
    return place
