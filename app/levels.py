"""Levels that data sets and buildings reach, asked of the store."""

from app.context import Context, Row
from twin_model.cim import CimLevel, building_cim_level, dataset_cim_level
from twin_model.selection import Everything


def dataset_levels(ctx: Context) -> list[tuple[Row, CimLevel]]:
    """Every data set with its level."""
    rows: list[Row] = ctx.query("dataset_levels", Everything()).to_pylist()
    return [(row, dataset_cim_level(row)) for row in rows]


def building_level(building: Row) -> CimLevel:
    """Level of one building, by its row of the question ``building_by_code``."""
    return building_cim_level(building["best_lod"], building["height_source"], semantic=building["semantic"])
