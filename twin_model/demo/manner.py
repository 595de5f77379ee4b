"""The manner in which each block is built up: its kind and measures, drawn once for the block."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin_model.demo.archetypes import ARCHETYPES, CENTRES, Kind, Range, centre_pull, mix_weights
from twin_model.demo.cells import Cells
from twin_model.demo.communities import Communities
from twin_model.demo.plan import DemoPlan, stream
from twin_model.demo.setting import is_village

TALLEST_M = 150.0
CELL_STRAY = 0.10
"""Share of cells that do not follow their block's kind."""


@dataclass(frozen=True)
class Manner:
    """How each cell is built up, drawn by block: kind and (cells,) measures in metres."""

    kind: NDArray[np.int64]
    length: NDArray[np.float64]
    depth: NDArray[np.float64]
    gap_x: NDArray[np.float64]
    gap_y: NDArray[np.float64]
    height: NDArray[np.float64]
    pull: NDArray[np.float64]


def between(span: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values a share of the way along (n, 2) spans."""
    values: NDArray[np.float64] = span[:, 0] + (span[:, 1] - span[:, 0]) * share
    return values


def spans(name: str) -> NDArray[np.float64]:
    """(kinds, 2) ranges of a measure; zero for kinds without buildings."""
    none: Range = (0.0, 0.0)
    return np.array([getattr(ARCHETYPES[kind], name) if kind in ARCHETYPES else none for kind in Kind])


def of_kind(name: str) -> NDArray[np.float64]:
    """(kinds,) single measure."""
    return np.array([getattr(ARCHETYPES[kind], name) if kind in ARCHETYPES else 0.0 for kind in Kind])


def manner_of(cells: Cells, communities: Communities, street_codes: tuple[str, ...], plan: DemoPlan) -> Manner:
    """Draw each block's manner; open land is green."""
    rng = stream(plan, "buildings")
    blocks = int(cells.block.max()) + 1
    middle = shapely.get_coordinates(shapely.centroid(cells.polygons))
    count = np.maximum(np.bincount(cells.block, minlength=blocks), 1)
    place = np.column_stack([np.bincount(cells.block, axis, blocks) / count for axis in middle.T])
    community = np.zeros(blocks, dtype=np.int64)
    community[cells.block] = cells.community
    weights = np.array(
        [
            mix_weights(street_codes[street], is_village(code))
            for code, street in zip(communities.codes, communities.street, strict=True)
        ]
    )[community]
    pull = centre_pull(place)
    for column, centre in enumerate(CENTRES):
        weights[:, centre[4]] += 2.2 * pull[:, column]
    below = np.cumsum(weights / weights.sum(axis=1)[:, None], axis=1)
    draws = rng.random((7, blocks))
    kind = (draws[0][:, None] > below).sum(axis=1)[cells.block]
    strays = (rng.random(len(kind))[:, None] > below[cells.block]).sum(axis=1)
    kind = np.where(rng.random(len(kind)) < CELL_STRAY, strays, kind)
    kind[~cells.settled] = Kind.GREEN
    rise = 1 + (pull * np.array([centre[3] for centre in CENTRES])).max(axis=1)[cells.block]
    share = draws[:, cells.block]
    height = between(spans("height")[kind], share[1] ** of_kind("skew").clip(1)[kind]) * rise
    return Manner(
        kind=kind,
        length=between(spans("length")[kind], share[2]),
        depth=between(spans("depth")[kind], share[3]),
        gap_x=between(spans("gap_x")[kind], share[4]),
        gap_y=between(spans("gap_y")[kind], share[5]) + of_kind("sun")[kind] * np.minimum(height, TALLEST_M),
        height=height,
        pull=rise - 1,
    )
