"""Components (部件): covers, lamps, trees, bins and the rest, set out along the roads."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from twin_model.case_class import default_case_classes
from twin_model.component import component_code
from twin_model.demo.areas import DISTRICT_CODE
from twin_model.demo.coverage import Coverage
from twin_model.demo.ground import Ground
from twin_model.demo.outline import to_degrees
from twin_model.demo.plan import DemoPlan, stream
from twin_model.demo.streetwork import PRIMARY, RESIDENTIAL, SECONDARY, SERVICE, TERTIARY, WIDTHS_M, Streetwork
from twin_model.demo.units import TERRITORY, responsible_units

UNOWNED_SHARE = 0.006
"""Share of components without an owner, beside the covers that are unowned by their class."""
NO_COVER_OWNER = "C0114"
STATES = ("intact", "damaged", "lost")
STATE_CHANCES = (0.985, 0.011, 0.004)


@dataclass(frozen=True)
class Rule:
    """How a class stands along roads.

    Attributes
    ----------
    code
        Component class.
    spacing_m
        Mean metres of road edge for one.
    ranks
        Lowest and highest rank of road (`twin_model.demo.streetwork.CLASSES`).
    beside
        Where across the road: 0 is the middle, 1 the kerb, above 1 the pavement.
    """

    code: str
    spacing_m: float
    ranks: tuple[int, int]
    beside: float


WIDE = len(WIDTHS_M) - 1
RULES: tuple[Rule, ...] = (
    Rule("C0101", 420, (SERVICE, WIDE), 0.5), Rule("C0102", 230, (SERVICE, WIDE), 0.3),
    Rule("C0103", 330, (RESIDENTIAL, WIDE), 0.6), Rule("C0104", 200, (RESIDENTIAL, WIDE), 0.93),
    Rule("C0105", 480, (RESIDENTIAL, WIDE), 1.2), Rule("C0106", 650, (TERTIARY, WIDE), 1.15),
    Rule("C0107", 420, (RESIDENTIAL, WIDE), 1.25), Rule("C0108", 1500, (RESIDENTIAL, WIDE), 1.2),
    Rule("C0109", 1300, (RESIDENTIAL, WIDE), 1.2), Rule("C0110", 900, (SERVICE, WIDE), 0.4),
    Rule("C0111", 850, (SERVICE, WIDE), 0.45), Rule("C0112", 4000, (TERTIARY, WIDE), 1.2),
    Rule("C0113", 650, (SERVICE, WIDE), 1.15), Rule(NO_COVER_OWNER, 3500, (SERVICE, WIDE), 0.6),
    Rule("C0115", 1400, (RESIDENTIAL, WIDE), 1.3), Rule("C0116", 1300, (RESIDENTIAL, WIDE), 1.3),
    Rule("C0117", 420, (RESIDENTIAL, WIDE), 1.15), Rule("C0118", 105, (SERVICE, WIDE), 1.12),
    Rule("C0121", 9000, (TERTIARY, WIDE), 1.3), Rule("C0123", 9000, (TERTIARY, WIDE), 1.25),
    Rule("C0126", 3500, (SERVICE, RESIDENTIAL), 1.4), Rule("C0127", 2500, (TERTIARY, WIDE), 0.5),
    Rule("C0134", 1700, (SERVICE, RESIDENTIAL), 1.4), Rule("C0135", 3500, (SERVICE, RESIDENTIAL), 1.4),
    Rule("C0136", 700, (RESIDENTIAL, WIDE), 1.15), Rule("C0203", 1700, (TERTIARY, PRIMARY + 1), 1.12),
    Rule("C0209", 380, (TERTIARY, WIDE), 1.12), Rule("C0210", 900, (SECONDARY, WIDE), 1.08),
    Rule("C0211", 700, (TERTIARY, WIDE), 0.98), Rule("C0212", 900, (RESIDENTIAL, WIDE), 1.2),
    Rule("C0213", 650, (RESIDENTIAL, WIDE), 1.15), Rule("C0301", 4500, (RESIDENTIAL, PRIMARY), 1.5),
    Rule("C0304", 6500, (SERVICE, RESIDENTIAL), 1.5), Rule("C0305", 230, (SERVICE, WIDE), 1.15),
    Rule("C0307", 1600, (RESIDENTIAL, WIDE), 1.3), Rule("C0401", 25000, (SERVICE, TERTIARY), 1.5),
    Rule("C0402", 62, (SERVICE, WIDE), 1.1), Rule("C0403", 700, (RESIDENTIAL, WIDE), 1.1),
    Rule("C0404", 2500, (TERTIARY, WIDE), 1.2), Rule("C0407", 1200, (RESIDENTIAL, WIDE), 1.3),
    Rule("C0501", 1600, (SERVICE, RESIDENTIAL), 1.4), Rule("C0602", 9000, (RESIDENTIAL, SECONDARY), 1.5),
)  # fmt: skip


@dataclass(frozen=True)
class _Stand:
    """Where components stand: cell and place, metres."""

    cell: NDArray[np.int64]
    points: NDArray[np.float64]


def _stand(
    rule: Rule, coverage: Coverage, streetwork: Streetwork, settled: NDArray[np.bool_], rng: np.random.Generator
) -> _Stand:
    """Set one class out along the sides of the roads that have it."""
    ranked = (streetwork.ranks >= rule.ranks[0]) & (streetwork.ranks <= rule.ranks[1])
    start, end = (coverage.vertices[coverage.edges[:, side]] for side in (0, 1))
    length = np.hypot(*(end - start).T)
    edge, side = np.nonzero((coverage.sides >= 0) & ranked[:, None])
    cell = coverage.sides[edge, side]
    expected = length[edge] / rule.spacing_m / 2 * np.where(settled[cell], 1.0, 0.25)
    count = np.floor(expected + rng.random(len(edge))).astype(np.int64)
    row = np.repeat(np.arange(len(edge)), count)
    slot = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    along = (slot + rng.uniform(0.3, 0.7, len(row))) / count[row]
    edge, side, cell = edge[row], side[row], cell[row]
    direction = (end - start)[edge] / length[edge][:, None]
    left = np.column_stack((-direction[:, 1], direction[:, 0])) * np.where(side == 0, 1.0, -1.0)[:, None]
    across = np.maximum(WIDTHS_M[streetwork.ranks[edge]] / 2 * rule.beside, 0.6)
    points = start[edge] + (end - start)[edge] * along[:, None] + left * across[:, None]
    return _Stand(cell, points)


def component_table(ground: Ground, street_office: NDArray[np.int16], plan: DemoPlan) -> pa.Table:
    """Component table of the store, in code order.

    Parameters
    ----------
    street_office
        (streets,) int16 unit of each street's or town's office.
    """
    coverage, cells, communities = ground.coverage, ground.cells, ground.communities
    first_area = ground.first_area
    classes = default_case_classes()
    class_ids = {row.code: row.class_id for row in classes}
    responsible = responsible_units(classes)
    stands = [
        _stand(rule, coverage, ground.streetwork, cells.settled, stream(plan, "components", int(rule.code[1:])))
        for rule in RULES
    ]
    of_rule = np.repeat(np.arange(len(RULES)), [len(stand.cell) for stand in stands])
    cell, points = np.concatenate([s.cell for s in stands]), np.concatenate([s.points for s in stands])
    polygons = coverage.polygons()
    shapely.prepare(polygons)
    inside = shapely.contains_xy(polygons[cell], points[:, 0], points[:, 1])
    of_rule, cell, points = of_rule[inside], cell[inside], points[inside]
    order = np.lexsort((cell, of_rule))
    of_rule, cell, points = of_rule[order], cell[order], points[order]
    serial = np.arange(len(cell)) - np.searchsorted(of_rule, of_rule) + 1
    codes = [
        component_code(DISTRICT_CODE, RULES[rule].code, number)
        for rule, number in zip(of_rule.tolist(), serial.tolist(), strict=True)
    ]
    class_id = np.array([class_ids[rule.code] for rule in RULES], dtype=np.int16)[of_rule]
    rng = stream(plan, "components")
    street = communities.street[cells.community[cell]]
    owner = np.where(responsible[class_id] == TERRITORY, street_office[street], responsible[class_id])
    unowned = (rng.random(len(cell)) < UNOWNED_SHARE) | (class_id == class_ids[NO_COVER_OWNER])
    state = np.array(STATES, dtype=object)[rng.choice(len(STATES), len(cell), p=STATE_CHANCES)]
    degrees = to_degrees(points)
    return pa.table(
        {
            "component_id": pa.array(np.arange(len(cell)), pa.int32()),
            "code": pa.array(codes, pa.string()),
            "class_id": pa.array(class_id, pa.int16()),
            "owner_unit_id": pa.array(owner.astype(np.int16), pa.int16(), mask=unowned),
            "maintainer_unit_id": pa.array(
                np.where(unowned, street_office[street], owner).astype(np.int16), pa.int16()
            ),
            "state": pa.array(state, pa.string()),
            "lon": pa.array(degrees[:, 0], pa.float64()),
            "lat": pa.array(degrees[:, 1], pa.float64()),
            "street_id": pa.array(street + first_area[0], pa.int32()),
            "community_id": pa.array(cells.community[cell] + first_area[1], pa.int32()),
            "grid_id": pa.array(cell + first_area[2], pa.int32()),
        }
    )
