from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.errors import PhotoError, PhotoTypeError, PhotoUnreadableError
from datastore.photo.header import PhotoHeader, read_header
from tests.photo_files import encode, jpeg_bomb, png_bomb, scene, webp_bomb


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"exif": b"Exif\0\0" + bytes(3000), "comment": b"\xff\xc0" * 40}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"icc_profile": b"x" * 200}),
    ],
)
def test_kind_and_size_are_read_from_the_bytes(kind, options):
    assert read_header(encode(scene(size=(123, 45)), kind, **options)) == PhotoHeader(kind, 123, 45)


@pytest.mark.parametrize(
    ("bomb", "kind", "size"),
    [
        (png_bomb(65_535, 65_535), "PNG", (65_535, 65_535)),
        (webp_bomb(16_383, 16_383), "WEBP", (16_383, 16_383)),
        (jpeg_bomb(65_500, 65_500), "JPEG", (65_500, 65_500)),
    ],
)
def test_the_size_that_a_bomb_says_is_told(bomb, kind, size):
    assert read_header(bomb) == PhotoHeader(kind, *size)


def test_the_larger_of_two_frames_counts():
    small, large = encode(scene()), jpeg_bomb(60_000, 60_000)
    frame = large.index(b"\xff\xc0")
    smuggled = small[:2] + large[frame : frame + 19] + small[2:]
    assert read_header(smuggled).pixels == 60_000 * 60_000


def test_pictures_behind_the_end_do_not_count():
    assert read_header(encode(scene()) + jpeg_bomb(60_000, 60_000)).width == 96


@pytest.mark.parametrize(
    ("received", "sentence"),
    [
        (b"", "the photo is empty; choose it again"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC or AVIF image, which is not taken; send it as JPEG"),
        (b"\0\0\0\x18ftypavif", "HEIC or AVIF"),
        (b"\0\0\0\x18ftypisom", "the photo is no image; send a JPEG, PNG or WebP image"),
        (b"GIF89a", "a GIF file; send a JPEG"),
        (b"%PDF-1.7", "a PDF file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no image"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "no image"),
        (b"\xff\xd8", "no image"),
    ],
)
def test_what_is_no_photo_is_called_by_its_name(received, sentence):
    with pytest.raises(PhotoTypeError, match=sentence):
        read_header(received)


@pytest.mark.parametrize(
    "received",
    [
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        png_bomb(0, 10),
        b"\xff\xd8" + b"\xff\xfe\0\2" * 4 + b"\xff\xc0\0\x11\x08\0\0\0\x10",
    ],
)
def test_a_photo_without_a_size_is_cut_off(received):
    with pytest.raises(PhotoUnreadableError, match="says no size; it is cut off, send it again"):
        read_header(received)


@pytest.mark.parametrize("part", [b"\xff\xda\0\2" * 101, b"\xff\xfe\0\2" * 5_001])
def test_a_jpeg_that_keeps_a_decoder_busy_is_refused(part):
    jpeg = encode(scene())
    with pytest.raises(PhotoUnreadableError, match="far more parts than a camera writes"):
        read_header(jpeg[:2] + part + jpeg[2:])


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", b""]), st.binary(max_size=200))
def test_any_bytes_have_a_size_or_are_refused(magic, rest):
    with suppress(PhotoError):
        assert read_header(magic + rest).pixels > 0
