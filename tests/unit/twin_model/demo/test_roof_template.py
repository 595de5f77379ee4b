import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from twin_model.demo.roof_pitched import gabled_wings, gables, hip
from twin_model.demo.roof_template import rectangles, template, terraces
from twin_model.mesh import Mesh
from twin_model.mesh_repair import repaired
from twin_model.surface import SurfaceKind

PITCHED = {
    "gable": gables(1),
    "gables": gables(3),
    "hip": hip(),
    "ell": gabled_wings(((0, 2),), 3),
    "tee": gabled_wings(((1, 3),), 4),
    "court": gabled_wings(((0, 2), (3, 5)), 5),
}
LEVELS = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=5), min_size=2, max_size=5)


def placed(shape, rng):
    """One building of a template at random lines and levels."""
    u, v, z = (np.cumsum(rng.uniform(0.1, 9, (1, side + 1)), axis=1) for side in shape.lattice.max(axis=0))
    angle = rng.uniform(0, 2 * np.pi)
    corners = shape.placed(u, v, z, np.array([[np.cos(angle), np.sin(angle)]]))[0]
    return Mesh(corners.astype(np.float64), shape.faces, shape.surfaces), u[0], v[0], z[0]


@pytest.mark.parametrize("name", PITCHED)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_pitched_roofs_are_closed_wherever_their_lines_are(name, seed):
    mesh, *_ = placed(PITCHED[name], np.random.default_rng(seed))
    _, report, _ = repaired(mesh, solid=True)
    assert (report.state, report.reason, report.euler_number) == ("valid", "", 2)
    assert set(mesh.surfaces) == {SurfaceKind.GROUND, SurfaceKind.WALL, SurfaceKind.ROOF}


def touches_at_a_corner(built):
    """Whether two cells of a level are joined by a corner only."""
    padded = np.pad(built, 1)
    one, other = padded[:-1, :-1] & padded[1:, 1:], padded[:-1, 1:] & padded[1:, :-1]
    return bool(
        (one & ~padded[1:, :-1] & ~padded[:-1, 1:]).any() or (other & ~padded[:-1, :-1] & ~padded[1:, 1:]).any()
    )


@given(LEVELS, st.integers(0, 2**32))
def test_terraces_are_closed_and_hold_what_stands_under_their_cells(rows, seed):
    levels = np.array([row[: min(map(len, rows))] for row in rows])
    assume(levels.any())
    assume(not any(touches_at_a_corner(levels > level) for level in range(levels.max())))
    mesh, u, v, z = placed(template(terraces(levels)), np.random.default_rng(seed))
    u, v = (np.append(side, np.full(9, side[-1])) for side in (u, v))
    cells = np.diff(u)[: levels.shape[0], None] * np.diff(v)[None, : levels.shape[1]]
    _, report, _ = repaired(mesh, solid=True)
    assert report.watertight
    assert report.volume_m3 == pytest.approx((cells * (z[levels] - z[0])).sum(), rel=1e-4)


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=5))
def test_rectangles_cover_the_marked_cells_once(rows):
    mask = np.array(rows)
    seen = np.zeros(mask.shape, dtype=int)
    for west, south, east, north in rectangles(mask):
        seen[west:east, south:north] += 1
    assert (seen == mask).all()
