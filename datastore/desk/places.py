"""Where a case lies: its areas, building and component, found at once when it comes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from datastore.building_join import join_distance_m
from datastore.desk.reference import Reference
from datastore.sources.area_index import AreaIndex, build_area_index
from twin_model.building_join import NO_BUILDING, BuildingLocator
from twin_model.local_frame import metres_per_degree

Floats = NDArray[np.float64]

COMPONENT_WITHIN_M = 15.0
"""A case of a component class is about the nearest component of that class within this distance, metres."""


@dataclass(frozen=True)
class Place:
    """What a point lies in and by, as codes; ``""`` for none."""

    street: str = ""
    community: str = ""
    grid: str = ""
    building: str = ""
    building_m: str = ""


@dataclass(frozen=True)
class ComponentAt:
    """A component near a point, and the units that its register names."""

    code: str = ""
    owner: str = ""
    maintainer: str = ""


NOWHERE = Place()
NO_COMPONENT = ComponentAt()


@dataclass(frozen=True)
class _Components:
    tree: Any
    codes: tuple[str, ...]
    places: Mapping[str, int]
    owners: tuple[int | None, ...]
    maintainers: tuple[int | None, ...]
    scale: tuple[float, float]


class Places:
    """Locators of a store's areas, buildings and components, made once; a second or two for a district.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    reference : Reference
        Codes of the areas and units.
    """

    def __init__(self, cur: duckdb.DuckDBPyConnection, reference: Reference) -> None:
        self._reference = reference
        self._areas: AreaIndex = build_area_index(cur)
        rows = cur.sql("SELECT code, building_id, ST_AsWKB(geom) AS geom FROM building ORDER BY building_id")
        table = rows.to_arrow_table()
        self._building_codes: list[str] = table["code"].to_pylist()
        self.building_ids: dict[str, int] = dict(
            zip(self._building_codes, table["building_id"].to_pylist(), strict=True)
        )
        shapes: NDArray[Any] = shapely.from_wkb(np.array([*table["geom"].to_pylist(), None], dtype=object)[:-1])
        self._buildings = BuildingLocator(shapes) if len(shapes) else None
        self._within_m = join_distance_m(cur)
        self._components = _read_components(cur, reference)
        self.component_ids: dict[str, int] = dict(cur.execute("SELECT code, component_id FROM component").fetchall())

    def find(self, lon: float | None, lat: float | None) -> Place:
        """Areas and building of a point (degrees, EPSG:4490); nowhere without one."""
        return NOWHERE if lon is None or lat is None else self.find_each([(lon, lat)])[0]

    def find_each(self, points: Sequence[tuple[float, float]]) -> list[Place]:
        """Areas and building of some points (longitude, latitude); for many of them little slower than for one."""
        x, y = np.array(points, np.float64).reshape(-1, 2).T
        codes, keys = self._reference.area_codes, self._areas.keys(x, y)
        streets, communities, grids = (
            [codes.get(key, "") for key in keys[f"{level}_id"].to_pylist()] for level in ("street", "community", "grid")
        )
        rows = zip(streets, communities, grids, self._buildings_at(x, y), strict=True)
        return [Place(street, community, grid, *building) for street, community, grid, building in rows]

    def _buildings_at(self, x: Floats, y: Floats) -> list[tuple[str, str]]:
        """Code of the building at each point, and metres to it."""
        if self._buildings is None:
            return [("", "")] * len(x)
        found = zip(*self._buildings.locate(x, y, self._within_m), strict=True)
        return [
            ("", "") if index == NO_BUILDING else (self._building_codes[index], repr(float(distance)))
            for index, distance in found
        ]

    def find_many(self, lon: Floats, lat: Floats) -> dict[str, pa.Array]:
        """Areas and buildings of many points, as keys.

        Parameters
        ----------
        lon, lat : (n,) float64
            Degrees, EPSG:4490; not-a-number lies nowhere.

        Returns
        -------
        dict of str to pyarrow.Array
            ``street_id``, ``community_id``, ``grid_id``, ``building_id`` (int32) and ``building_m`` (float32, metres);
            null where there is none.
        """
        keys = self._areas.keys(lon, lat)
        if self._buildings is None:
            none = {"building_id": pa.nulls(len(lon), pa.int32()), "building_m": pa.nulls(len(lon), pa.float32())}
            return {**keys, **none}
        index, distance = self._buildings.locate(lon, lat, self._within_m)
        ids = np.fromiter((*self.building_ids.values(), NO_BUILDING), np.int32)[index]
        outside = index == NO_BUILDING
        return {**keys, "building_id": pa.array(ids, mask=outside), "building_m": pa.array(distance, mask=outside)}

    def components_near(self, class_code: str, lon: Floats, lat: Floats) -> NDArray[np.int64]:
        """Rows of `register_of` of the component nearest to each of many points within `COMPONENT_WITHIN_M`, or -1."""
        found = np.full(len(lon), -1, np.int64)
        among = self._components.get(class_code)
        placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        if among is None or not len(placed):
            return found
        points = np.column_stack((lon[placed], lat[placed])) * among.scale
        distance, nearest = among.tree.query(points, distance_upper_bound=COMPONENT_WITHIN_M)
        found[placed] = np.where(np.isfinite(distance), nearest, -1)
        return found

    def register_of(self, class_code: str) -> pa.Table:
        """Components of a class.

        Returns
        -------
        pyarrow.Table
            code, component_id, owner, maintainer (codes of units; ``""`` for none).
        """
        among = self._components.get(class_code)
        codes = among.codes if among else ()
        units = self._reference.unit_codes
        owners, maintainers = (among.owners, among.maintainers) if among else ((), ())
        return pa.table(
            {
                "code": pa.array(codes, pa.string()),
                "component_id": pa.array([self.component_ids[code] for code in codes], pa.int32()),
                "owner": pa.array([units.get(each, "") if each is not None else "" for each in owners], pa.string()),
                "maintainer": pa.array(
                    [units.get(each, "") if each is not None else "" for each in maintainers], pa.string()
                ),
            }
        )

    def component(self, class_code: str, lon: float | None, lat: float | None) -> ComponentAt:
        """Nearest component of a class within `COMPONENT_WITHIN_M` of a point."""
        among = self._components.get(class_code)
        if among is None or lon is None or lat is None:
            return NO_COMPONENT
        per_lon, per_lat = among.scale
        distance, nearest = among.tree.query((lon * per_lon, lat * per_lat), distance_upper_bound=COMPONENT_WITHIN_M)
        return self._at(among, int(nearest)) if np.isfinite(distance) else NO_COMPONENT

    def component_of(self, class_code: str, code: str) -> ComponentAt:
        """Component of a code, among those of a class."""
        among = self._components.get(class_code)
        if among is None or code not in among.places:
            return NO_COMPONENT
        return self._at(among, among.places[code])

    def _at(self, among: _Components, place: int) -> ComponentAt:
        units = self._reference.unit_codes
        owner, maintainer = among.owners[place], among.maintainers[place]
        return ComponentAt(
            among.codes[place],
            "" if owner is None else units.get(owner, ""),
            "" if maintainer is None else units.get(maintainer, ""),
        )


def _read_components(cur: duckdb.DuckDBPyConnection, reference: Reference) -> dict[str, _Components]:
    """Components by class, with a tree over their places in metres."""
    table = cur.sql(
        "SELECT class_id, code, owner_unit_id, maintainer_unit_id, lon, lat FROM component "
        "ORDER BY class_id, component_id"
    ).to_arrow_table()
    if not table.num_rows:
        return {}
    class_id, lon, lat = (table[name].to_numpy() for name in ("class_id", "lon", "lat"))
    scale = metres_per_degree(float(np.median(lat)))
    codes, owners, maintainers = (table[n].to_pylist() for n in ("code", "owner_unit_id", "maintainer_unit_id"))
    starts = np.flatnonzero(np.r_[True, class_id[1:] != class_id[:-1]])
    found = {}
    for start, end in zip(starts, np.r_[starts[1:], len(class_id)], strict=True):
        tree = cKDTree(np.column_stack((lon[start:end] * scale[0], lat[start:end] * scale[1])))
        part = slice(start, end)
        found[reference.class_codes[int(class_id[start])]] = _Components(
            tree,
            tuple(codes[part]),
            {code: place for place, code in enumerate(codes[part])},
            tuple(owners[part]),
            tuple(maintainers[part]),
            scale,
        )
    return found
