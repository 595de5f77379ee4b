"""A small city of square cells, with the tables that the generator of cases reads."""

import numpy as np
import pyarrow as pa
import shapely

from twin_model.area import grid_code
from twin_model.case_class import case_class_table
from twin_model.demo.city import City
from twin_model.demo.units import DEPARTMENTS, unit_table

WEST, SOUTH = 116.2, 39.9
CELL_DEG = 0.0012


def square_city(streets=4, communities=3, side=8):
    """Streets in a row from west to east, communities stacked in each, side × side cells in every community."""
    areas = _areas(streets, communities, side)
    street_rows = [row for row in areas if row["level"] == 2]
    grids = [row for row in areas if row["level"] == 4]
    table = pa.Table.from_pylist(areas, _AREA_SCHEMA)
    units = unit_table(
        pa.Table.from_pylist([{k: row[k] for k in ("code", "name", "name_en", "kind")} for row in street_rows])
    )
    return City(
        area=table,
        building=pa.table({"grid_id": pa.array([row["area_id"] for row in grids[::2]], pa.int32())}),
        building_detail=pa.table({}),
        building_model=pa.table({}),
        road=_roads(streets, communities, side),
        landuse=_landuse(),
        component=_components(grids),
        unit=units,
        case_class=case_class_table(),
    )


_AREA_SCHEMA = pa.schema(
    [
        ("area_id", pa.int32()),
        ("code", pa.string()),
        ("level", pa.uint8()),
        ("parent_id", pa.int32()),
        ("name", pa.string()),
        ("name_en", pa.string()),
        ("kind", pa.string()),
        ("population", pa.int32()),
        ("area_m2", pa.float64()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("geom", pa.binary()),
        ("geom_source", pa.string()),
    ]
)


def _areas(streets, communities, side):
    span = side * CELL_DEG
    whole = shapely.box(WEST, SOUTH, WEST + streets * span, SOUTH + communities * span)
    rows = [_area("110108", 1, None, "海淀区", "district", whole, 0)]
    for s in range(streets):
        box = shapely.box(WEST + s * span, SOUTH, WEST + (s + 1) * span, SOUTH + communities * span)
        rows.append(
            _area(f"110108{s + 1:03d}", 2, 0, f"第{s + 1}街道", "town" if s == 0 else "street", box, 20_000 * (s + 1))
        )
    for s in range(streets):
        for c in range(communities):
            box = shapely.box(WEST + s * span, SOUTH + c * span, WEST + (s + 1) * span, SOUTH + (c + 1) * span)
            rows.append(
                _area(f"110108{s + 1:03d}{c + 1:03d}", 3, 1 + s, f"第{c + 1}社区居委会", "community", box, None)
            )
    for s in range(streets):
        for c in range(communities):
            parent = 1 + streets + s * communities + c
            for k in range(side * side):
                x = WEST + s * span + (k % side) * CELL_DEG
                y = SOUTH + c * span + (k // side) * CELL_DEG
                box = shapely.box(x, y, x + CELL_DEG, y + CELL_DEG)
                rows.append(_area(grid_code(rows[parent]["code"], k + 1), 4, parent, f"网格{k + 1}", "grid", box, None))
    return [{"area_id": number, **row} for number, row in enumerate(rows)]


def _area(code, level, parent, name, kind, shape, population):  # noqa: PLR0917 - a row, written as a row
    return {
        "code": code,
        "level": level,
        "parent_id": parent,
        "name": name,
        "name_en": f"Area {code}",
        "kind": kind,
        "population": population,
        "area_m2": shape.area * 111_320.0**2 * 0.766,
        "lon": shape.centroid.x,
        "lat": shape.centroid.y,
        "geom": shapely.to_wkb(shape),
        "geom_source": "derived",
    }


def _roads(streets, communities, side):
    width, height = streets * side * CELL_DEG, communities * side * CELL_DEG
    lines = [
        shapely.LineString([(WEST, SOUTH + height * 0.37), (WEST + width, SOUTH + height * 0.41)]),
        shapely.LineString([(WEST + width * 0.52, SOUTH), (WEST + width * 0.55, SOUTH + height)]),
    ]
    return pa.table(
        {
            "name": ["北环路", None],
            "class": ["primary", "residential"],
            "geom": pa.array(shapely.to_wkb(lines), pa.binary()),
        }
    )


def _landuse():
    water = shapely.box(WEST + 0.001, SOUTH + 0.001, WEST + 0.004, SOUTH + 0.006)
    return pa.table({"kind": ["water"], "geom": pa.array([shapely.to_wkb(water)], pa.binary())})


def _components(grids):
    """One component of a few classes in every cell; every third is unowned."""
    rng = np.random.default_rng(7)
    n = len(grids)
    boxes = shapely.bounds(shapely.from_wkb([row["geom"] for row in grids]))
    u, v = rng.uniform(0.05, 0.95, (2, n))
    owner = rng.integers(0, len(DEPARTMENTS), n).astype(np.int16)
    return pa.table(
        {
            "component_id": pa.array(np.arange(n, dtype=np.int32)),
            "class_id": pa.array((np.arange(n) % 40).astype(np.int16)),
            "owner_unit_id": pa.array(owner, mask=np.arange(n) % 3 == 0),
            "lon": boxes[:, 0] + u * (boxes[:, 2] - boxes[:, 0]),
            "lat": boxes[:, 1] + v * (boxes[:, 3] - boxes[:, 1]),
            "grid_id": pa.array([row["area_id"] for row in grids], pa.int32()),
        }
    )
