"""Measures of a picture: the hash that finds it again, and how sharp it is."""

import numpy as np
from PIL import Image

from twin_model.photo import HASH_SHAPE, difference_hash, sharpness

SHARPNESS_SIDE_PX = 640
"""Longer side of the picture whose sharpness is measured; a smaller one is measured as it is."""


def picture_hash(picture: Image.Image) -> int:
    """64-bit `twin_model.photo.difference_hash` of an upright picture."""
    rows, columns = HASH_SHAPE
    return difference_hash(np.asarray(picture.convert("L").resize((columns, rows), Image.Resampling.LANCZOS)))


def picture_sharpness(picture: Image.Image) -> float:
    """`twin_model.photo.sharpness` of a picture, at one size for all."""
    grey = picture.convert("L")
    grey.thumbnail((SHARPNESS_SIDE_PX, SHARPNESS_SIDE_PX), Image.Resampling.LANCZOS)
    return sharpness(np.asarray(grey))
