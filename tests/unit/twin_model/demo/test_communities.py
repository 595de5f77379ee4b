import numpy as np
import pytest
import shapely


def test_every_community_of_the_streets_is_there_once_in_code_order(facts, communities):
    wanted = [
        code for code in facts.communities["code"].to_pylist() if code[:9] in {code[:9] for code in communities.codes}
    ]
    assert list(communities.codes) == sorted(wanted)


def test_communities_tile_their_streets(facts, street_fit, communities):
    codes = facts.streets["code"].to_pylist()
    area = np.bincount(communities.street, shapely.area(communities.polygons))
    rows = [codes.index(code) for code in sorted({code[:9] for code in communities.codes})]
    assert area == pytest.approx(shapely.area(street_fit.cells[rows]), rel=1e-9)
    first, second = np.triu_indices(len(communities.codes), 1)
    overlap = shapely.intersection(communities.polygons[first], communities.polygons[second])
    assert shapely.area(overlap).max() < 1e-2


def test_communities_of_a_dense_street_have_like_sizes(communities):
    dense = np.array([code.startswith("110108002") for code in communities.codes])
    area = shapely.area(communities.polygons[dense])
    assert area.max() / area.min() < 8
