"""The demo city: facts in, tables out."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.demo.plan import DemoPlan, Progress, no_progress


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
    road: pa.Table
    landuse: pa.Table
    component: pa.Table
    unit: pa.Table
    case_class: pa.Table


def generate_city(facts: CityFacts, plan: DemoPlan, progress: Progress = no_progress) -> City:
    """Generate the city's geography.

    Raises
    ------
    NotImplementedError
        Until the parts are in place.
    """
    raise NotImplementedError
