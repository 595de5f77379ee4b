import numpy as np

from app.simulate.street import HEIGHT, WIDTH, draw_passers, draw_street, shade


def test_a_street_is_that_of_its_seed():
    assert draw_street(3).size == (WIDTH, HEIGHT)
    assert draw_street(3).tobytes() == draw_street(3).tobytes() != draw_street(4).tobytes()


def test_passers_come_and_go():
    empty = np.asarray(draw_street(3))
    views = []
    for seed in range(8):
        view = draw_street(3)
        draw_passers(view, seed)
        views.append((np.asarray(view) != empty).any())
    assert {bool(each) for each in views} == {True, False}


def test_a_shade_stays_a_colour():
    assert shade((10, 200, 250), 1.5) == (15, 255, 255)
    assert shade((10, 200, 250), 0) == (0, 0, 0)
