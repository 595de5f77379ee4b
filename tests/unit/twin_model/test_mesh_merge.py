import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tests.unit.twin_model.shapes import block, soup
from twin_model.mesh import Mesh
from twin_model.mesh_merge import merged

EMPTY = Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32), np.zeros(0, np.uint8))
SIZES = st.tuples(*[st.floats(1, 30)] * 3)
MESHES = st.lists(
    st.one_of(SIZES.map(lambda size: block(size=size)), SIZES.map(lambda size: soup(block(size=size))), st.just(EMPTY)),
    max_size=6,
)


@given(MESHES, st.randoms(use_true_random=False), st.booleans())
def test_every_vertex_and_triangle_keeps_its_mesh_and_id(meshes, random, moved):
    ids = np.array([random.randrange(2**31) for _ in meshes], dtype=np.int64)
    offsets = np.array([[random.uniform(-900, 900) for _ in range(3)] for _ in meshes]).reshape(-1, 3)
    whole = merged(meshes, ids, offsets if moved else None)
    assert whole.vertex_start[-1] == len(whole.mesh.vertices) == len(whole.vertex_id)
    assert whole.face_start[-1] == len(whole.mesh.faces) == len(whole.face_id) == len(whole.mesh.surfaces)
    for number, mesh in enumerate(meshes):
        vertices = slice(*whole.vertex_start[number : number + 2])
        faces = slice(*whole.face_start[number : number + 2])
        at = offsets[number] if moved else 0
        assert_array_equal(whole.mesh.vertices[vertices], mesh.vertices + at)
        assert_array_equal(whole.mesh.faces[faces] - whole.vertex_start[number], mesh.faces)
        assert_array_equal(whole.mesh.surfaces[faces], mesh.surfaces)
        assert (whole.vertex_id[vertices] == ids[number]).all()
        assert (whole.face_id[faces] == ids[number]).all()
        assert_array_equal(whole.vertex_id[whole.mesh.faces[faces]], ids[number])


def test_the_given_meshes_are_left_as_they_were():
    mesh = block()
    before = mesh.vertices.copy()
    merged([mesh], np.array([7]), np.array([[1.0, 2.0, 3.0]]))
    assert_array_equal(mesh.vertices, before)
