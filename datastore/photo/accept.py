"""The way in for photos: whatever was sent is looked at, decoded, drawn anew and kept as a plain JPEG.

What is kept shows the picture and nothing else: no metadata, no trailing bytes, nothing that a reader of another kind
could run. The received bytes are not kept; their hash is. Faces and number plates are not made unrecognisable.
"""

import hashlib
import io
from datetime import datetime, tzinfo
from pathlib import Path

from PIL import Image

from datastore.errors import PhotoTooLargeError
from datastore.photo.exif import CameraNotes, read_camera_notes
from datastore.photo.header import PhotoHeader, read_header
from datastore.photo.measure import picture_hash, picture_sharpness
from datastore.photo.photo_file import place_of, write_photo
from datastore.photo.picture import decode, open_picture, upright
from twin_model.photo import DEFAULT_LIMITS, PhotoFacts, PhotoLimits, distance_m


def accept_photo(
    data_dir: Path,
    received: bytes,
    *,
    case_lonlat: tuple[float, float] | None,
    zone: tzinfo,
    now: datetime,
    limits: PhotoLimits = DEFAULT_LIMITS,
) -> tuple[PhotoFacts, Path]:
    """Take a photo in: the same bytes give the same file, however often they are sent.

    Parameters
    ----------
    data_dir : Path
        Data directory; the photo goes to ``photos/ab/<sha256>.jpg`` below it, its small copy beside it.
    received : bytes
        A JPEG, PNG or WebP image, whatever the sender calls it.
    case_lonlat : (float, float) or None
        Longitude and latitude of the case, degrees, EPSG:4490.
    zone : tzinfo
        Of the city; see `twin_model.photo.TimeRule`.
    now : datetime
        Aware.
    limits : PhotoLimits, optional

    Returns
    -------
    PhotoFacts, Path
        What is known of it, and its file, which is on the disk.

    Raises
    ------
    PhotoTypeError
        If it is no JPEG, PNG or WebP; HEIC is none.
    PhotoTooLargeError
        If it has too many bytes or pixels; it is not decoded.
    PhotoUnreadableError
        If it is damaged or cut off.
    StoreFullError, StoreError
        If it cannot be written.
    """
    header = _checked_header(received, limits)
    opened = open_picture(received, header)
    picture = decode(opened, header, limits.max_side_px)
    notes = read_camera_notes(opened.info.get("exif"), zone, now, limits.ahead_s)
    picture = upright(picture, notes.orientation)
    image = _jpeg(picture, limits.quality)
    sha256 = hashlib.sha256(image).hexdigest()
    small = picture.copy()
    small.thumbnail((limits.small_side_px, limits.small_side_px), Image.Resampling.LANCZOS)
    # The small one first: where there is a photo, there is its small copy.
    write_photo(place_of(data_dir, sha256, small=True), _jpeg(small, limits.quality))
    path = place_of(data_dir, sha256, small=False)
    write_photo(path, image)
    facts = PhotoFacts(
        sha256=sha256,
        received_sha256=hashlib.sha256(received).hexdigest(),
        received_format=header.format,
        width=picture.width,
        height=picture.height,
        bytes=len(image),
        taken_at=notes.taken_at,
        time_rule=notes.time_rule,
        lon=notes.lon,
        lat=notes.lat,
        distance_m=_distance(notes, case_lonlat),
        dhash=picture_hash(picture),
        sharpness=picture_sharpness(picture),
    )
    return facts, path


def _checked_header(received: bytes, limits: PhotoLimits) -> PhotoHeader:
    if len(received) > limits.max_bytes:
        size, most = len(received) / (1 << 20), limits.max_bytes / (1 << 20)
        raise PhotoTooLargeError(f"the photo has {size:.1f} MB; send one of at most {most:g} MB")
    header = read_header(received)
    if header.pixels > limits.max_pixels:
        raise PhotoTooLargeError(
            f"the photo has {header.width} × {header.height} pixels; "
            f"send one of at most {limits.max_pixels / 1e6:g} megapixels"
        )
    return header


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


def _distance(notes: CameraNotes, case_lonlat: tuple[float, float] | None) -> float | None:
    if notes.lon is None or notes.lat is None or case_lonlat is None:
        return None
    return distance_m(notes.lon, notes.lat, *case_lonlat)
