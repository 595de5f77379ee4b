"""The demo city: facts in, tables out."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.case_class import case_class_table
from twin_model.demo.addresses import building_details
from twin_model.demo.archetypes import Kind
from twin_model.demo.areas import area_table
from twin_model.demo.arterials import arterials
from twin_model.demo.buildings import build, building_table, living_space
from twin_model.demo.cells import divide_communities
from twin_model.demo.communities import divide_streets
from twin_model.demo.components import component_table
from twin_model.demo.coverage import stitch
from twin_model.demo.frontages import frontages_of
from twin_model.demo.greens import green_lots, landuse_table
from twin_model.demo.ground import Ground
from twin_model.demo.land import survey
from twin_model.demo.landuse import draw_landuse
from twin_model.demo.lots import lots_of
from twin_model.demo.manner import manner_of
from twin_model.demo.outline import district_polygon, to_metres
from twin_model.demo.plan import DemoPlan, Progress, no_progress
from twin_model.demo.roads import road_table
from twin_model.demo.roofs import building_models
from twin_model.demo.streets import fit_streets
from twin_model.demo.streetwork import rank_edges
from twin_model.demo.units import unit_table
from twin_model.errors import AreaCodeError


@dataclass(frozen=True)
class CityFacts:
    """Real facts that frame the demo city.

    Attributes
    ----------
    outline
        (n, 2) float64 ring of the district, longitude and latitude in degrees, EPSG:4490; open or closed.
    streets
        Columns code, name, register_name, name_en, kind, lon, lat, population, area_km2.
    communities
        Columns code, name.
    """

    outline: NDArray[np.float64]
    streets: pa.Table
    communities: pa.Table


@dataclass(frozen=True)
class City:
    """Generated tables with the store's column names (less ``dataset_id``); ``geom`` is WKB, EPSG:4490."""

    area: pa.Table
    building: pa.Table
    building_detail: pa.Table
    building_model: pa.Table
    road: pa.Table
    landuse: pa.Table
    component: pa.Table
    unit: pa.Table
    case_class: pa.Table


def _chosen_streets(facts: CityFacts, plan: DemoPlan) -> NDArray[np.int64]:
    """Rows of the streets to build, in code order."""
    codes = facts.streets["code"].to_pylist()
    wanted = set(codes if plan.streets is None else plan.streets)
    if unknown := sorted(wanted - set(codes)):
        raise AreaCodeError(f"street {unknown[0]!r} of the plan is not in the table of streets; use one of its codes")
    return np.array(sorted((row for row, code in enumerate(codes) if code in wanted), key=codes.__getitem__))


def generate_city(facts: CityFacts, plan: DemoPlan, progress: Progress = no_progress) -> City:
    """Generate the city's geography: the same facts and plan give the same tables, byte for byte.

    Parameters
    ----------
    facts
        Real facts that frame the city.
    plan
        Seed and extent.
    progress
        Told the phase and the fraction done.

    Raises
    ------
    AreaCodeError
        If the plan names a street that the facts do not have.
    GeometryError
        If the outline is no polygon or the streets' areas cannot be met.
    """
    progress("streets", 0.0)
    district = district_polygon(facts.outline)
    rows = _chosen_streets(facts, plan)
    places = np.column_stack((facts.streets["lon"].to_numpy(), facts.streets["lat"].to_numpy()))
    fit = fit_streets(district, to_metres(places), facts.streets["area_km2"].to_numpy())
    streets = facts.streets.take(pa.array(rows))
    codes = tuple(streets["code"].to_pylist())
    progress("communities", 0.12)
    roads, landuse = arterials(), draw_landuse(district, plan)
    communities = divide_streets(codes, fit.cells[rows], facts.communities, roads, plan)
    progress("grid", 0.2)
    cells = divide_communities(communities, survey(communities, codes, landuse.wild, plan), roads, plan)
    coverage = stitch(cells.polygons)
    progress("roads", 0.35)
    streetwork = rank_edges(coverage, cells, communities, roads, landuse)
    ground = Ground(codes, communities, cells, coverage, streetwork, roads, landuse)
    progress("buildings", 0.45)
    manner = manner_of(cells, communities, codes, plan)
    lots = lots_of(ground, manner.kind != Kind.GREEN)
    buildings = build(frontages_of(lots, manner, ground, plan), manner, plan)
    building = building_table(buildings, ground)
    progress("roofs", 0.7)
    model = building_models(building, plan.seed)
    progress("components", 0.8)
    unit = unit_table(streets)
    offices = np.nonzero(np.array(unit["kind"].to_pylist()) == "street")[0].astype(np.int16)
    component = component_table(ground, offices, plan)
    progress("tables", 0.9)
    area = area_table(facts.outline, streets, ground, living_space(buildings, len(cells.block)))
    city = City(
        area=area,
        building=building,
        building_detail=building_details(building, area),
        building_model=model,
        road=road_table(ground),
        landuse=landuse_table(landuse, green_lots(ground, manner)),
        component=component,
        unit=unit,
        case_class=case_class_table(),
    )
    progress("tables", 1.0)
    return city
