"""Photos that come with a request: taken in before the command that brings them."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from werkzeug.datastructures import FileStorage

from app.api.request_errors import RequestError, TooLargeError
from datastore.photo.accept import accept_photo
from twin_model.photo import DEFAULT_LIMITS, PhotoFacts

BEFORE, AFTER, OTHER = "before", "after", "other"
PHASES = (BEFORE, AFTER, OTHER)
MAX_PHOTOS = 8
"""Photos in one request."""


def take_photos(
    data_dir: Path,
    files: Sequence[FileStorage],
    phase: str,
    *,
    lonlat: tuple[float, float] | None,
    zone: tzinfo,
    now: datetime,
) -> tuple[tuple[str, PhotoFacts], ...]:
    """Take photos in, all or none of them becoming part of a command.

    Parameters
    ----------
    data_dir : Path
        Data directory.
    files : sequence of FileStorage
        As they were sent; parts without a name and without bytes are what a form sends for no file.
    phase : str
        One of `PHASES`.
    lonlat : (float, float) or None
        Of the case, degrees, EPSG:4490.
    zone : tzinfo
        Of the city.
    now : datetime
        Aware.

    Raises
    ------
    RequestError
        If the phase is none, or there are too many.
    TooLargeError
        If one has too many bytes.
    PhotoError
        If one is no photo that is taken.
    """
    if phase not in PHASES:
        raise RequestError(f"phase {phase[:20]!r} is none of {', '.join(PHASES)}")
    most = DEFAULT_LIMITS.max_bytes
    bodies = [body for file in files if (body := file.stream.read(most + 1)) or file.filename]
    if len(bodies) > MAX_PHOTOS:
        raise RequestError(f"the request brings {len(bodies)} photos; send at most {MAX_PHOTOS} at once")
    if any(len(body) > most for body in bodies):
        raise TooLargeError(f"a photo has more than {most >> 20} MB; send a smaller one")
    return tuple((phase, accept_photo(data_dir, body, case_lonlat=lonlat, zone=zone, now=now)[0]) for body in bodies)
