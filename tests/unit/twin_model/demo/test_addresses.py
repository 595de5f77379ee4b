import pyarrow as pa

from twin_model.demo.addresses import building_details
from twin_model.demo.city import City

AREA = pa.table({"area_id": [0, 1, 2, 3], "name": ["海淀区", "中关村街道", "科源社区居委会", "某村村委会"]})
BUILDING = pa.table(
    {
        "building_id": pa.array([7, 8], pa.int32()),
        "code": ["110108011005B00012", "110108011205B00345"],
        "use": ["residential", "village"],
        "street_id": pa.array([1, 1], pa.int32()),
        "community_id": pa.array([2, 3], pa.int32()),
    }
)


def test_an_address_names_street_community_and_number() -> None:
    found = building_details(BUILDING, AREA)
    assert found["address"].to_pylist() == ["中关村街道科源社区12号楼", "中关村街道某村345号"]
    assert found["building_id"].to_pylist() == [7, 8]
    assert found["attributes"].to_pylist() == ["{}", "{}"]
    assert found["base_m"].to_pylist() == [0.0, 0.0]
    assert found["source_ref"].null_count == 2


def test_no_two_buildings_of_the_city_have_one_address(city: City) -> None:
    addresses = city.building_detail["address"].to_pylist()
    assert len(set(addresses)) == len(addresses) == city.building.num_rows
    assert not any("委会" in address for address in addresses)
