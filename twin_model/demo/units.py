"""Units of the demo: departments and owners, simulated, and one street or town office per area."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.case_class import CaseClass
from twin_model.class_pattern import patterns_of
from twin_model.responsibility_default import UNIT_BY_PATTERN

UNIT_SCHEMA = pa.schema(
    [
        pa.field("unit_id", pa.int16(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("name_zh", pa.string(), nullable=False),
        pa.field("name_en", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
    ]
)
"""Columns of the unit table, as stored."""

TERRITORY = -1
"""Unit id that stands for the street or town office of the place."""

DEPARTMENTS: tuple[tuple[str, str, str, str], ...] = (
    ("D01", "区城市管理委员会", "Urban Management Commission", "department"),
    ("D02", "区城管执法局", "Urban Management Law-Enforcement Bureau", "department"),
    ("D03", "区水务局", "Water Affairs Bureau", "department"),
    ("D04", "区环境卫生服务中心", "Sanitation Service Centre", "department"),
    ("D05", "交通支队", "Traffic Police Detachment", "department"),
    ("D06", "区园林绿化局", "Landscape and Forestry Bureau", "department"),
    ("D07", "区住房和城乡建设委员会", "Housing and Construction Commission", "department"),
    ("D08", "区生态环境局", "Ecology and Environment Bureau", "department"),
    ("D09", "区市场监督管理局", "Market Regulation Administration", "department"),
    ("D10", "区应急管理局", "Emergency Management Bureau", "department"),
    ("D11", "消防救援支队", "Fire and Rescue Detachment", "department"),
    ("D12", "公安分局", "Public Security Branch", "department"),
    ("D13", "区民政局", "Civil Affairs Bureau", "department"),
    ("D14", "区文化和旅游局", "Culture and Tourism Bureau", "department"),
    ("D15", "区交通委员会", "Transport Commission", "department"),
    ("D16", "区体育局", "Sports Bureau", "department"),
    ("O01", "供水权属单位", "Water-supply owner", "owner"),
    ("O02", "排水权属单位", "Drainage owner", "owner"),
    ("O03", "电力权属单位", "Power owner", "owner"),
    ("O04", "燃气权属单位", "Gas owner", "owner"),
    ("O05", "热力权属单位", "Heating owner", "owner"),
    ("O06", "通信权属单位", "Telecom owner", "owner"),
    ("O07", "有线电视权属单位", "Cable-TV owner", "owner"),
    ("O08", "路灯管理单位", "Streetlight operator", "owner"),
    ("O09", "公交权属单位", "Bus operator", "owner"),
    ("O10", "市政道路养护单位", "Road maintenance contractor", "owner"),
)
"""Code, Chinese name, English name, kind; ``unit_id`` is the position."""


def unit_table(streets: pa.Table) -> pa.Table:
    """Units of the demo: departments and owners, then the streets' offices in the order given.

    Parameters
    ----------
    streets : pyarrow.Table
        Columns ``code`` (9 digits), ``name``, ``name_en``, ``kind`` (``street`` or ``town``).

    Returns
    -------
    pyarrow.Table
        Columns of `UNIT_SCHEMA`; ``unit_id`` is the row.
    """
    rows = [*DEPARTMENTS, *(_street_office(row) for row in streets.to_pylist())]
    columns = [pa.array(range(len(rows)), pa.int16())]
    columns += [pa.array([row[column] for row in rows], pa.string()) for column in range(4)]
    return pa.Table.from_arrays(columns, schema=UNIT_SCHEMA)


def responsible_units(classes: tuple[CaseClass, ...]) -> NDArray[np.int16]:
    """Tell the unit that answers for each class: owner or department, or `TERRITORY`.

    Parameters
    ----------
    classes : tuple of CaseClass
        Ordered by ``class_id``.

    Returns
    -------
    (n,) int16
        ``unit_id`` by ``class_id``; green components go to the landscape bureau, the rest without a rule to the
        territory (属地兜底).
    """
    ids = {code: unit_id for unit_id, (code, *_) in enumerate(DEPARTMENTS)}
    units = np.full(len(classes), TERRITORY, np.int16)
    for row in classes:
        code = next((UNIT_BY_PATTERN[each] for each in patterns_of(row.code) if each in UNIT_BY_PATTERN), None)
        if code is not None:
            units[row.class_id] = ids[code]
    return units


def _street_office(street: Mapping[str, Any]) -> tuple[str, str, str, str]:
    town = street["kind"] == "town"
    name_zh = f"{street['name']}人民政府" if town else f"{street['name']}办事处"
    name_en = f"{street['name_en']} {'Town Government' if town else 'Subdistrict Office'}"
    return f"S{street['code']}", name_zh, name_en, "street"
