"""Short texts of the demo's newest cases: an address and a description; older cases carry none."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.case_class import CaseClass
from twin_model.demo.city import City

RECENT = 20_000
"""Newest cases that carry texts; history keeps the store small."""

_FOUND_BY = {
    "COLLECTOR": "巡查发现",
    "ASSESSMENT": "考评发现",
    "SATELLITE": "卫星影像比对发现疑似",
    "VIDEO": "视频识别疑似",
    "DATA_IOT": "设备告警：",
}


def addresses(
    city: City, community_id: NDArray[np.int32], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> list[str]:
    """Write addresses: street, community and the nearest named road.

    Parameters
    ----------
    city : City
    community_id : (n,) int32
    lon, lat : (n,) float64
        Degrees, EPSG:4490.
    """
    name = dict(zip(city.area["area_id"].to_pylist(), city.area["name"].to_pylist(), strict=True))
    parent = dict(zip(city.area["area_id"].to_pylist(), city.area["parent_id"].to_pylist(), strict=True))
    roads = nearest_roads(city.road, lon, lat)
    return [
        f"{name[parent[community]]}{_short(name[community])}{road}"
        for community, road in zip(community_id.tolist(), roads, strict=True)
    ]


def nearest_roads(road: pa.Table, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
    """Name the road nearest to each point, as ``…附近``; empty where no road has a name."""
    named = road.filter(road["name"].is_valid())
    if named.num_rows == 0:
        return [""] * len(lon)
    lines = shapely.from_wkb(named["geom"].to_numpy(zero_copy_only=False))
    nearest = shapely.STRtree(lines).nearest(shapely.points(lon, lat))
    names = named["name"].to_pylist()
    return [f"{names[row]}附近" for row in np.atleast_1d(nearest)]


def descriptions(source_codes: Sequence[str], class_id: NDArray[np.int16], classes: Sequence[CaseClass]) -> list[str]:
    """Write one sentence a case: who found what."""
    return [
        f"{_FOUND_BY[source]}{_problem(classes[number])}"
        for source, number in zip(source_codes, class_id.tolist(), strict=True)
    ]


def newest(texts: Sequence[str], rows: int) -> pa.Array:
    """Put texts at the end of an otherwise empty column of so many rows."""
    parts: list[Any] = [pa.nulls(rows - len(texts), pa.string()), pa.array(texts, pa.string())]
    return pa.concat_arrays(parts)


def _problem(row: CaseClass) -> str:
    return f"{row.name_zh}破损或缺失" if row.kind == "component" else row.name_zh


def _short(community: str) -> str:
    """Drop the committee from a community's name: 中关村社区居委会 is 中关村社区."""
    return community.removesuffix("居委会").removesuffix("村委会")
