import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from twin_model.body_batch import body_batch
from twin_model.city_object import LodGeometry
from twin_model.outline import building_outlines, flat_outlines, outlines_to_stored
from twin_model.surface import SurfaceKind

LON, LAT = 116.3, 39.96
M_LON, M_LAT = 85_500.0, 111_030.0
"""Metres to a degree there, near enough: areas are compared to a part in a thousand."""


def prism(polygon, height, *, kinds=False, lod="1", solid=True):
    """Body of a polygon with holes, raised."""
    rings = [np.array(ring.coords)[:-1] for ring in (polygon.exterior, *polygon.interiors)]
    floor = [np.column_stack((ring[::-1], np.zeros(len(ring)))) for ring in rings]
    top = [np.column_stack((ring, np.full(len(ring), height))) for ring in rings]
    polygons = [floor, top]
    for ring in rings:
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            polygons.append([np.array([[*a, 0], [*b, 0], [*b, height], [*a, height]])])
    names = [SurfaceKind.GROUND, SurfaceKind.ROOF, *[SurfaceKind.WALL] * (len(polygons) - 2)]
    return body(polygons, names if kinds else [SurfaceKind.UNKNOWN] * len(polygons), lod=lod, solid=solid)


def body(polygons, kinds, *, lod="1", solid=True):
    rings = [np.asarray(ring, dtype=float) for polygon in polygons for ring in polygon]
    return LodGeometry(
        lod,
        np.concatenate(rings),
        np.concatenate(([0], np.cumsum([len(ring) for ring in rings]))),
        np.concatenate(([0], np.cumsum([len(polygon) for polygon in polygons]))),
        np.array(kinds, dtype=np.uint8),
        solid,
    )


def batch(*objects):
    metres = np.concatenate([each.positions for bodies in objects for each in bodies])
    return body_batch(objects, metres / [M_LON, M_LAT, 1] + [LON, LAT, 0])


def areas(outlines):
    return shapely.area(outlines)


polygons = st.builds(
    lambda radii, hole: shapely.Polygon(
        [
            (r * np.cos(a), r * np.sin(a))
            for r, a in zip(radii, np.linspace(0, 2 * np.pi, len(radii), endpoint=False), strict=True)
        ],
        [[(np.cos(a), np.sin(a)) for a in (0, 2, 4)]] if hole else [],
    ),
    st.lists(st.floats(5, 20), min_size=4, max_size=9),
    st.booleans(),
)


@given(polygon=polygons, kinds=st.booleans(), solid=st.booleans())
def test_the_footprint_of_a_raised_polygon_is_the_polygon_courtyards_included(polygon, kinds, solid):
    (outline,) = building_outlines(batch([prism(polygon, 9, kinds=kinds, solid=solid)]))
    # Without kinds an open body counts as all that is seen from above, which a courtyard's wall does not cover.
    assert outline.area == pytest.approx(polygon.area, rel=2e-3)


def test_ground_surfaces_come_before_an_eave_that_reaches_further():
    ground, eaves = shapely.box(0, 0, 10, 10), shapely.box(-1, -1, 11, 11)
    rings = [[np.array([(*xy, z) for xy in each.exterior.coords[:-1]])] for each, z in ((ground, 0), (eaves, 6))]
    told = body(rings, [SurfaceKind.GROUND, SurfaceKind.ROOF], lod="2", solid=False)
    untold = body(rings, [SurfaceKind.UNKNOWN] * 2, lod="2", solid=False)
    assert areas(building_outlines(batch([told], [untold]))) == pytest.approx([100, 144], rel=2e-3)


def test_lod_0_is_the_footprint_where_the_shapes_have_no_ground():
    flat = body(
        [[np.array([(*xy, 0.0) for xy in shapely.box(0, 0, 5, 5).exterior.coords[:-1]])]], [0], lod="0", solid=False
    )
    assert areas(building_outlines(batch([flat, prism(shapely.box(0, 0, 10, 10), 5)]))) == pytest.approx([25], rel=2e-3)


def test_objects_side_by_side_keep_their_own_outlines():
    boxes = [shapely.box(0, 0, side, side) for side in (1, 2, 3)]
    found = building_outlines(batch(*([prism(box, 4)] for box in boxes)))
    assert areas(found) == pytest.approx([1, 4, 9], rel=2e-3)


def test_what_only_stands_upright_has_no_outline():
    wall = body([[np.array([(0, 0, 0), (5, 0, 0), (5, 0, 3), (0, 0, 3.0)])]], [SurfaceKind.WALL])
    assert building_outlines(batch([wall])).tolist() == [None]


def test_the_triangles_of_a_surface_join_without_seams():
    corners = [(0, 0, 1), (10, 0, 2), (10, 10, 3), (0, 10, 0)]
    triangles = [
        [np.array([corners[0], corners[1], corners[2]], float)],
        [np.array([corners[0], corners[2], corners[3]], float)],
    ]
    (outline,) = flat_outlines(batch([body(triangles, [0, 0], solid=False)]))
    assert (outline.geom_type, len(outline.exterior.coords)) == ("Polygon", 5)


def test_outlines_go_back_to_the_place_they_came_from():
    made = batch([prism(shapely.box(0, 0, 10, 10), 4)])
    (stored,) = outlines_to_stored(building_outlines(made), made.frames)
    assert stored.bounds == pytest.approx((LON, LAT, LON + 10 / M_LON, LAT + 10 / M_LAT), abs=1e-8)
