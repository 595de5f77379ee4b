import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.local_frame import LocalFrame
from twin_model.placement import Placement, placed

AT = {"lon": 116.3, "lat": 39.96}


def metres(vertices, **how):
    found = placed(np.array(vertices, dtype=float), Placement(**AT, **how))
    return LocalFrame(**AT).to_local(found)


def test_without_a_heading_the_model_looks_north():
    # Where y is up, the negative z axis points north, as a glTF model is seen on a map.
    assert metres([[1, 2, 3]])[0] == pytest.approx((1, -3, 2), abs=1e-6)
    assert metres([[1, 2, 3]], up="z")[0] == pytest.approx((1, 2, 3), abs=1e-6)


@pytest.mark.parametrize(("heading", "east", "north"), [(90, 1, 0), (180, 0, -1), (270, -1, 0), (45, 0.70711, 0.70711)])
def test_headings_turn_clockwise_from_north(heading, east, north):
    assert metres([[0, 1, 0]], up="z", heading_deg=heading)[0] == pytest.approx((east, north, 0), abs=1e-5)


def test_scale_height_and_anchor():
    assert metres([[0, 0, 1000]], up="z", scale=0.001, height_m=50)[0] == pytest.approx((0, 0, 51), abs=1e-6)
    box = [[100, 200, 7], [110, 220, 9]]
    assert metres(box, up="z", anchor="base") == pytest.approx(np.array([[-5, -10, 0], [5, 10, 2]]), abs=1e-6)


@given(
    points=st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=2, max_size=6),
    heading=st.floats(-720, 720),
    up=st.sampled_from(["y", "z"]),
)
def test_turning_keeps_every_distance(points, heading, up):
    before, after = np.array(points), metres(points, heading_deg=heading, up=up)
    assert np.linalg.norm(after - after[0], axis=1) == pytest.approx(
        np.linalg.norm(before - before[0], axis=1), abs=1e-4
    )
