import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from datastore.errors import PhotoUnreadableError
from datastore.photo.header import read_header
from datastore.photo.picture import decode, open_picture, upright
from tests.photo_files import corners, encode, patched_frame, png_chunk, scene


def picture(received, max_side_px=2048):
    header = read_header(received)
    return decode(open_picture(received, header), header, max_side_px)


def mean(image):
    return np.asarray(image, np.float64).reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_mode_of_a_png_becomes_rgb(mode):
    assert (picture(encode(scene().convert(mode), "PNG")).mode) == "RGB"


def test_sixteen_bits_of_grey_keep_their_upper_eight():
    grey = Image.fromarray(np.full((8, 8), 0x80FF, np.uint16))
    assert mean(picture(encode(grey, "PNG"))) == pytest.approx([0x80] * 3, abs=1)


def test_a_cmyk_jpeg_keeps_its_colours():
    red = Image.new("RGB", (64, 64), (200, 30, 30)).convert("CMYK")
    assert mean(picture(encode(red))) == pytest.approx([200, 30, 30], abs=6)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_lets_light_through_lies_on_white(kind):
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert mean(picture(encode(clear, kind))) == pytest.approx([255] * 3, abs=2)


def test_the_first_frame_of_an_animation_is_taken():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    moving = encode(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert mean(picture(moving)) == pytest.approx([255, 0, 0], abs=2)


def test_colours_of_another_profile_become_srgb():
    grey = Image.new("RGB", (32, 32), (128, 128, 128))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert mean(picture(encode(grey, "PNG", icc_profile=profile))) == pytest.approx([128] * 3, abs=1)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for unusable in (lab, b"no profile", profile[:200]):
        assert mean(picture(encode(grey, "PNG", icc_profile=unusable))) == pytest.approx([128] * 3, abs=1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_shrunk_and_keeps_its_shape(kind):
    assert picture(encode(scene(size=(900, 300)), kind), 300).size == (300, 100)


def test_a_small_picture_is_not_enlarged():
    assert picture(encode(scene(size=(90, 30))), 300).size == (90, 30)


def test_nothing_but_the_picture_is_left():
    received = encode(scene(), comment=b"hello", exif=b"Exif\0\0", dpi=(72, 72))
    assert picture(received).info == {}


@pytest.mark.parametrize(
    ("orientation", "upper_left"),
    [(1, "red"), (2, "lime"), (3, "blue"), (4, "white"), (5, "red"), (6, "white"), (7, "blue"), (8, "lime")],
)
def test_every_orientation_is_turned_upright(orientation, upper_left):
    turned = upright(corners(), orientation)
    assert turned.getpixel((2, 2)) == Image.new("RGB", (1, 1), upper_left).getpixel((0, 0))
    assert turned.size == ((64, 32) if orientation < 5 else (32, 64))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_photo_that_is_cut_off_is_refused(kind, share):
    received = encode(scene(size=(400, 300)), kind)
    with pytest.raises(PhotoUnreadableError, match=f"like a {kind} of 400 × 300 pixels but is damaged or cut off"):
        picture(received[: int(len(received) * share)])


def test_a_png_that_says_two_sizes_is_refused():
    received = encode(scene(), "PNG")
    second = png_chunk(b"IHDR", (20_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
    with pytest.raises(PhotoUnreadableError):
        picture(received[:33] + second + received[33:])


def test_a_jpeg_that_says_it_is_larger_than_its_data_is_grey_where_there_is_none():
    assert picture(patched_frame(encode(scene()), 3000, 2000)).getpixel((2000, 1300)) == (128, 128, 128)


def test_a_png_with_a_text_bomb_is_refused():
    received = encode(scene(), "PNG")
    bomb = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80 << 20)))
    with pytest.raises(PhotoUnreadableError):
        picture(received[:33] + bomb + received[33:])
