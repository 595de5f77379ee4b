"""Which column of a file plays which role: named by the user, else found by its common names."""

from collections.abc import Sequence
from pathlib import Path

from datastore.sources.errors import SourceError

COMMON_NAMES: dict[str, tuple[str, ...]] = {
    "area.code": ("code", "adcode", "gb", "area_code", "区划代码", "代码", "编码", "id"),
    "area.name": ("name", "name_zh", "name:zh", "名称", "nbs_name", "neighborhood", "neighbourhood"),
    "area.name_en": ("name_en", "name:en", "英文名称"),
    "area.kind": ("kind", "类型"),
    "area.population": ("population", "pop", "常住人口", "人口"),
    "area.parent": ("parent", "parent_code", "上级代码"),
    "building.code": ("code", "building_id", "osm_way", "osm_id", "fid_1", "gml_id", "id", "编码"),
    "building.name": ("name", "name_zh", "name:zh", "名称"),
    "building.height": ("height", "building:height", "height_m", "measured_height", "measuredheight", "高度", "楼高"),
    "building.levels": ("levels", "building:levels", "building_levels", "storeys", "floors", "num_floors", "层数"),
    "building.use": ("use", "building:use", "building", "fclass", "function", "type", "用途"),
    "road.name": ("name", "name_zh", "name:zh", "名称"),
    "road.class": ("highway", "fclass", "class", "road_class", "type", "等级"),
    "road.width": ("width", "width_m", "宽度"),
    "landuse.name": ("name", "name_zh", "name:zh", "名称"),
    "landuse.class": ("kind", "fclass", "landuse", "natural", "leisure", "class", "type", "类型"),
    "landuse.elevation": ("elevation_m", "elevation", "ele", "高程"),
}
"""Role -> column names that sources use, the best first; case does not matter."""


def find_fields(path: Path, columns: Sequence[str], asked: dict[str, str | None], noun: str) -> dict[str, str]:
    """Column of each role that the file has.

    Parameters
    ----------
    path : Path
        The file, for messages.
    columns : sequence of str
        Columns of the file.
    asked : dict of str to str or None
        Role -> column that the user named, or None to look for the common names.
    noun : str
        ``area``, ``building``, ``road`` or ``landuse``.

    Raises
    ------
    SourceError
        If a column that the user named is not there.
    """
    by_lower = {column.lower(): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for role, wanted in asked.items():
        if wanted is not None:
            if wanted not in columns:
                there = ", ".join(columns) or "none"
                raise SourceError(f"{path.name}: there is no column {wanted!r} for the {role}; the columns are {there}")
            found[role] = wanted
            continue
        match = next((by_lower[name] for name in COMMON_NAMES[f"{noun}.{role}"] if name in by_lower), None)
        if match is not None and match not in found.values():
            found[role] = match
    return found
