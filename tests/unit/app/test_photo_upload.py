"""Photos that come with a request: all of them or none."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from app.api.photo_upload import MAX_PHOTOS, take_photos
from app.api.request_errors import RequestError, TooLargeError
from datastore.errors import PhotoTypeError
from tests.photo_files import encode, scene

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def sent(*bodies: bytes) -> list[FileStorage]:
    return [FileStorage(io.BytesIO(body), f"{place}.jpg") for place, body in enumerate(bodies)]


def take(data_dir: Path, files: list[FileStorage], phase: str = "after") -> list[str]:
    return [phase for phase, _ in take_photos(data_dir, files, phase, lonlat=None, zone=UTC, now=NOW)]


def test_each_photo_has_the_phase(tmp_path: Path) -> None:
    assert take(tmp_path, sent(encode(scene(1)), encode(scene(2)))) == ["after", "after"]


def test_what_a_form_sends_for_no_file_is_no_photo(tmp_path: Path) -> None:
    assert take(tmp_path, [FileStorage(io.BytesIO(b""), "")]) == []


def test_what_cannot_be_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="phase"):
        take(tmp_path, [], "during")
    with pytest.raises(RequestError, match="at most"):
        take(tmp_path, sent(*[b"x"] * (MAX_PHOTOS + 1)))
    with pytest.raises(TooLargeError):
        take(tmp_path, sent(b"x" * (12 << 20) + b"x"))
    with pytest.raises(PhotoTypeError):
        take(tmp_path, sent(b"x"))
    with pytest.raises(PhotoTypeError):
        take(tmp_path, sent(b""))
