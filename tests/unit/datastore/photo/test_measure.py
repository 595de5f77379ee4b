import pytest
from PIL import Image, ImageEnhance, ImageFilter

from datastore.photo.measure import picture_hash, picture_sharpness
from tests.photo_files import scene
from twin_model.photo import hamming


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_of_another_size_and_brightness_has_nearly_the_same_hash(seed):
    original = scene(seed, (640, 480))
    copy = ImageEnhance.Brightness(original.resize((200, 150))).enhance(0.7)
    assert hamming(picture_hash(original), picture_hash(copy)) <= 4


def test_different_pictures_have_hashes_far_apart():
    hashes = [picture_hash(scene(seed)) for seed in range(40)]
    assert min(hamming(a, b) for i, a in enumerate(hashes) for b in hashes[:i]) > 10


def test_a_blurred_picture_is_less_sharp():
    sharp = scene(1, (900, 600)).resize((90, 60), Image.Resampling.NEAREST).resize((900, 600), Image.Resampling.NEAREST)
    assert picture_sharpness(sharp.filter(ImageFilter.GaussianBlur(6))) < picture_sharpness(sharp) / 5
