"""Photos as cameras take them, which do not ship."""

from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from datastore.photo.accept import accept_photo
from datastore.photo.measure import picture_sharpness
from tests.photo_files import encode
from twin_model.photo import hamming, is_telling

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"
FILES = sorted(PHOTOS.glob("*.jpg")) if PHOTOS.is_dir() else []
NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = [pytest.mark.real, pytest.mark.skipif(not FILES, reason="the real files are not here")]


def take(folder, received):
    return accept_photo(folder, received, case_lonlat=None, zone=UTC, now=NOW)


def test_real_photos_are_taken_and_told_apart(tmp_path):
    facts = [take(tmp_path, path.read_bytes())[0] for path in FILES]
    assert all(is_telling(each.dhash) for each in facts)
    assert min(hamming(a.dhash, b.dhash) for a, b in combinations(facts, 2)) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_small_bad_copy_of_a_real_photo_is_found_again(tmp_path, path):
    original, _ = take(tmp_path, path.read_bytes())
    with Image.open(path) as image:
        copy, _ = take(tmp_path, encode(image.convert("RGB").resize((300, 225)), quality=30))
    assert hamming(copy.dhash, original.dhash) <= 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_blurred_real_photo_is_less_sharp(path):
    with Image.open(path) as image:
        blurred = image.filter(ImageFilter.GaussianBlur(4))
        assert picture_sharpness(blurred) < 10
        assert picture_sharpness(image) > 100
