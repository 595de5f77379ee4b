import numpy as np
from PIL import Image

from app.simulate.watermark import mark


def test_the_mark_is_written_along_the_lower_edge_and_nowhere_else():
    picture = Image.new("RGB", (480, 360), (200, 100, 50))
    mark(picture, "2026-11-23 12:00")
    pixels = np.asarray(picture)
    changed = np.flatnonzero((pixels != (200, 100, 50)).any(axis=(1, 2)))
    assert changed.min() == 334
    glyphs = (pixels[338:356, 4:41] == 255).all(axis=2)
    assert 150 < glyphs.sum() < 300


def test_two_moments_have_two_marks():
    pictures = [Image.new("RGB", (480, 360)) for _ in range(2)]
    for picture, moment in zip(pictures, ("2026-11-23 12:00", "2026-11-23 12:01"), strict=True):
        mark(picture, moment)
    assert pictures[0].tobytes() != pictures[1].tobytes()
