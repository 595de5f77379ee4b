"""The picture of a received photo: decoded, upright, in sRGB, and nothing beside it."""

import io
import zlib
from threading import Lock

from PIL import Image, ImageCms

from datastore.errors import PhotoUnreadableError
from datastore.photo.exif import UNREADABLE
from datastore.photo.header import PhotoHeader

_DECODING = Lock()
"""One at a time: while it is decoded, a picture of 50 megapixels takes up to 1 GB (WebP)."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes the picture upright."""

_DAMAGED = (*UNREADABLE, MemoryError, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning)


def open_picture(received: bytes, header: PhotoHeader) -> Image.Image:
    """Open a received photo without decoding it.

    Raises
    ------
    PhotoUnreadableError
        If it is damaged, or says two sizes.
    """
    try:
        image = Image.open(io.BytesIO(received), formats=[header.format])
    except _DAMAGED as error:
        raise _unreadable(header) from error
    if image.width * image.height > header.pixels:
        raise _unreadable(header)
    return image


def decode(image: Image.Image, header: PhotoHeader, max_side_px: int) -> Image.Image:
    """Decode an opened photo.

    Parameters
    ----------
    image : PIL.Image.Image
        Of `open_picture`; it is used up, but for its ``info``, which then holds all that the file says.
    header : PhotoHeader
    max_side_px : int
        The picture is shrunk until neither side is longer.

    Returns
    -------
    PIL.Image.Image
        Mode RGB, sRGB, as it lies in the file, without metadata. Of an animation it is the first frame.

    Raises
    ------
    PhotoUnreadableError
        If it cannot be read to its end.
    """
    with _DECODING:
        try:
            image.draft("RGB", (max_side_px, max_side_px))
            image.load()
            shrunk = _plain(image)
            shrunk.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
        except _DAMAGED as error:
            raise _unreadable(header) from error
    picture = _srgb(_opaque(shrunk), image.info.get("icc_profile"))
    picture.info = {}  # Pillow would write a comment that it has read
    return picture


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """Turn and mirror a picture as its EXIF orientation, 1…8, says."""
    return picture.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else picture


def _plain(image: Image.Image) -> Image.Image:
    """Picture in a mode that can be shrunk smoothly."""
    if image.mode.startswith(("I", "F")):  # 16 bits of grey; the upper eight are kept
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "P":
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def _opaque(image: Image.Image) -> Image.Image:
    """Picture on white, where it lets something through."""
    if image.mode not in ("RGBA", "LA", "PA", "La", "RGBa"):
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    """Picture in sRGB; one whose profile cannot be used is taken to be in it already."""
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            made = None
        if made is not None:
            return made
    return image.convert("RGB")


def _unreadable(header: PhotoHeader) -> PhotoUnreadableError:
    return PhotoUnreadableError(
        f"the photo begins like a {header.format} of {header.width} × {header.height} pixels "
        "but is damaged or cut off; send it again"
    )
