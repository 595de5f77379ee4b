from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.simulate.problem import draw_problem, family_of
from twin_model.case_class import default_case_classes


def drawn(class_code, *, is_solved):
    picture = Image.new("RGB", (640, 480), (120, 120, 120))
    random = Random(4)  # noqa: S311 - a picture, no secret
    draw_problem(ImageDraw.Draw(picture), random, class_code, (320, 360), is_solved=is_solved)
    return np.asarray(picture)


@pytest.mark.parametrize("class_code", [each.code for each in default_case_classes()] + ["Z9999", ""])
def test_every_class_has_a_problem_that_is_gone_when_it_is_solved(class_code):
    problem, solved = drawn(class_code, is_solved=False), drawn(class_code, is_solved=True)
    changed = (problem != solved).any(axis=2).sum()
    assert changed > 1000


def test_families_differ():
    classes = ("C0102", "C0118", "C0402", "E0102", "E0110", "E0201", "E0406", "E0504", "E0505")
    assert len({family_of(each) for each in classes}) == len(classes)


def test_a_class_decides_before_its_big_class():
    assert family_of("E0505") is not family_of("E0504")
    assert family_of("E0599") is family_of("E0504")
