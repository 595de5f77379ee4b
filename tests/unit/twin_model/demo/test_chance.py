import numpy as np

from twin_model.demo.chance import chances

CODES = [f"110108{number:06d}B{number:05d}" for number in range(4000)]


def test_chances_hang_on_the_code_and_the_seed_not_on_the_row() -> None:
    whole = chances(CODES, 3, 4)
    assert (chances(CODES[100:110], 3, 4) == whole[100:110]).all()
    assert (chances(CODES, 4, 4) != whole).all()


def test_chances_are_spread_evenly_and_each_column_for_itself() -> None:
    found = chances(CODES, 1, 3)
    assert found.min() >= 0
    assert found.max() < 1
    counts = np.stack([np.histogram(column, 10, (0, 1))[0] for column in found.T])
    assert np.abs(counts - 400).max() < 100
    assert np.abs(np.corrcoef(found.T) - np.eye(3)).max() < 0.06


def test_long_codes_that_differ_early_differ() -> None:
    assert (chances(["A" + "0" * 30, "B" + "0" * 30], 0, 1)[0] != chances(["B" + "0" * 30], 0, 1)[0]).all()
