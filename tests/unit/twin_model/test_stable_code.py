import re

import pytest

from twin_model.stable_code import stable_code


@pytest.mark.parametrize(
    ("name", "code"),
    [("South of Market", "SOUTH-OF-MARKET"), ("MUNI  -", "MUNI"), ("General Request - PUC", "GENERAL-REQUEST-PUC")],
)
def test_plain_names_stay_readable(name, code):
    assert stable_code(name) == code


def test_the_prefix_comes_first():
    assert stable_code("Graffiti", "X-") == "X-GRAFFITI"


def test_names_in_other_scripts_get_distinct_stable_codes():
    codes = {stable_code(name) for name in ("中关村", "学院路", "Ünal", "Unal", "a" * 60, "a" * 61)}
    assert len(codes) == 6
    assert all(re.fullmatch(r"[A-Z0-9-]+", code) for code in codes)
    assert stable_code("中关村") == stable_code("中关村")
