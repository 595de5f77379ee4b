"""Addresses of the demo's buildings: simulated, made of the street, the community and the building's number in it."""

import numpy as np
import pyarrow as pa

_COMMITTEES = ("居委会", "村委会", "村民委员会", "居民委员会")
_HOUSE, _YARD = "号楼", "号"
_NUMBER_DIGITS = 5
"""Digits at the end of a building's code that count the buildings of its community."""


def building_details(building: pa.Table, area: pa.Table) -> pa.Table:
    """Rows of the store's table building_detail, less ``dataset_id``, in the order of the buildings.

    Parameters
    ----------
    building : pyarrow.Table
        Columns building_id, code, use, street_id, community_id.
    area : pyarrow.Table
        Columns area_id, name.

    Returns
    -------
    pyarrow.Table
        ``address`` such as 中关村街道科源社区12号楼, and in a village 上庄镇某村12号. Nothing else is claimed: there is
        no reference of a source, the ground is at 0 m, and the attributes are empty.
    """
    names = np.full(int(np.max(area["area_id"].to_numpy(), initial=-1)) + 1, "", dtype=object)
    names[area["area_id"].to_numpy()] = [_place(name) for name in area["name"].to_pylist()]
    street, community = (names[building[column].to_numpy()] for column in ("street_id", "community_id"))
    numbers = [str(int(code[-_NUMBER_DIGITS:])) for code in building["code"].to_pylist()]
    kinds = [_YARD if use == "village" else _HOUSE for use in building["use"].to_pylist()]
    addresses = ["".join(parts) for parts in zip(street, community, numbers, kinds, strict=True)]
    count = building.num_rows
    return pa.table(
        {
            "building_id": building["building_id"],
            "source_ref": pa.nulls(count, pa.string()),
            "address": pa.array(addresses, pa.string()),
            "base_m": pa.array(np.zeros(count), pa.float64()),
            "attributes": pa.array(["{}"] * count, pa.string()),
        }
    )


def _place(name: str) -> str:
    """Name of a community without that of its committee."""
    for committee in _COMMITTEES:
        name = name.removesuffix(committee)
    return name
