import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from datastore.errors import PhotoError, PhotoTooLargeError, PhotoTypeError, PhotoUnreadableError
from datastore.photo.photo_file import photo_path
from tests.photo_files import clock, corners, encode, exif, fix, jpeg_bomb, jpeg_segments, png_bomb, scene, webp_bomb
from twin_model.photo import PhotoLimits, TimeRule, hamming

FULL = exif(orientation=6, shot=clock("2026:11:23 10:00:00"), gps=fix(116.31, 39.981))


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_facts_of_a_photo_with_all_that_a_camera_writes(accept, kind):
    received = encode(corners(), kind, exif=FULL)
    facts, path = accept(received)
    assert facts.received_sha256 == hashlib.sha256(received).hexdigest()
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    assert (facts.received_format, facts.width, facts.height) == (kind, 32, 64)
    assert facts.bytes == path.stat().st_size
    assert (facts.taken_at, facts.time_rule) == (datetime(2026, 11, 23, 2, tzinfo=UTC), TimeRule.CITY)
    assert (facts.lon, facts.lat) == pytest.approx((116.31, 39.981))
    assert facts.distance_m == pytest.approx(111.0, abs=0.2)
    assert 0 <= facts.dhash < 2**64
    assert facts.sharpness > 0


def test_what_a_camera_did_not_write_is_not_known(accept):
    facts, _ = accept(encode(scene()))
    assert (facts.taken_at, facts.time_rule, facts.lon, facts.lat) == (None, TimeRule.NONE, None, None)
    assert facts.distance_m is None


def test_a_case_without_a_place_has_no_distance(accept):
    facts, _ = accept(encode(scene(), exif=FULL), case_lonlat=None)
    assert facts.lon is not None
    assert facts.distance_m is None


def test_the_stored_photo_stands_upright(accept):
    _, path = accept(encode(corners(), exif=FULL))
    with Image.open(path) as stored:
        assert stored.size == (32, 64)
        red, green, blue = stored.getpixel((2, 2))
    assert min(red, green, blue) > 200  # the white corner


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_stored_photo_says_nothing_but_the_picture(accept, kind):
    options = {"exif": FULL, "xmp": b"<x:xmpmeta/>"} | ({"comment": b"secret"} if kind == "JPEG" else {})
    facts, path = accept(encode(scene(), kind, **options))
    for stored in (path, photo_path(path.parents[2], facts.sha256, small=True)):
        image = stored.read_bytes()
        said = [(marker, body) for marker, body in jpeg_segments(image) if 0xE0 <= marker <= 0xFE]
        assert said == [(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]
        assert image.endswith(b"\xff\xd9")


def test_a_large_photo_is_kept_in_two_smaller_sizes(accept):
    facts, path = accept(encode(scene(size=(3000, 1500))))
    assert (facts.width, facts.height) == (2048, 1024)
    with Image.open(photo_path(path.parents[2], facts.sha256, small=True)) as small:
        assert small.size == (320, 160)


def test_the_same_bytes_give_the_same_file(accept, tmp_path):
    received = encode(scene())
    first, second = accept(received), accept(received)
    assert first == second
    assert len(files(tmp_path)) == 2


def test_many_at_once_give_one_file_and_nothing_half_done(accept, tmp_path):
    received = encode(scene())
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: accept(received), range(16)))
    assert len(found) == 1
    assert [path.suffix for path in files(tmp_path)] == [".jpg", ".jpg"]


def test_a_compressed_copy_is_found_again(accept):
    original, _ = accept(encode(scene(3, (640, 480))))
    copy, _ = accept(encode(scene(3, (640, 480)).resize((400, 300)), quality=40))
    assert copy.sha256 != original.sha256
    assert hamming(copy.dhash, original.dhash) <= 4


def test_what_calls_itself_a_jpeg_and_is_none_is_refused(accept, tmp_path):
    with pytest.raises(PhotoTypeError):
        accept(b"<html><script>alert(1)</script></html>")
    assert files(tmp_path) == []


def zipped():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("tail", [zipped(), b"<script>alert(1)</script>", b"%PDF-1.7 /JS"])
def test_a_file_that_is_something_else_too_is_only_a_photo_afterwards(accept, kind, tail):
    hidden = {"comment": b"<script>alert(2)</script>"} if kind == "JPEG" else {}
    _, path = accept(encode(scene(), kind, **hidden) + tail)
    stored = path.read_bytes()
    assert tail not in stored
    assert b"script" not in stored
    assert not zipfile.is_zipfile(path)


def test_too_many_bytes_are_refused(accept):
    with pytest.raises(PhotoTooLargeError, match=r"the photo has 12\.0 MB; send one of at most 12 MB"):
        accept(bytes((12 << 20) + 1))


@pytest.mark.parametrize("make", [png_bomb, webp_bomb, jpeg_bomb])
def test_a_bomb_is_refused_before_it_is_opened(accept, monkeypatch, make):
    def never(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(Image, "open", never)
    with pytest.raises(PhotoTooLargeError, match=r"16000 × 16000 pixels; send one of at most 50 megapixels"):
        accept(make(16_000, 16_000))


def test_limits_can_be_others(accept):
    small = PhotoLimits(max_side_px=50, small_side_px=20)
    assert accept(encode(scene()), limits=small)[0].width == 50


def test_a_truncated_photo_leaves_no_file(accept, tmp_path):
    received = encode(scene(size=(400, 300)))
    with pytest.raises(PhotoUnreadableError):
        accept(received[: len(received) // 2])
    assert files(tmp_path) == []


SOUND = {kind: encode(scene(size=(40, 30)), kind, exif=FULL) for kind in ("JPEG", "PNG", "WEBP")}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of damaged metadata and reads on
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(SOUND)),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    st.integers(0, 5000),
)
def test_a_damaged_photo_is_taken_or_refused(accept, kind, changes, length):
    received = bytearray(SOUND[kind])
    for place, value in changes:
        received[place % len(received)] = value
    with suppress(PhotoError):
        facts, path = accept(bytes(received[:length]))
        assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
