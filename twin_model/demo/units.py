"""Units of the demo: departments and owners, simulated, and one street or town office per area."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from twin_model.case_class import CaseClass

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

_RESPONSIBLE: Mapping[str, str] = {
    **dict.fromkeys(("C0101", "C0132"), "O01"),
    **dict.fromkeys(("C0102", "C0103", "C0104", "C0127", "C0302", "E0404", "E0406"), "O02"),
    **dict.fromkeys(("C0105", "C0116", "C0133", "C0134"), "O03"),
    **dict.fromkeys(("C0106", "C0118", "C0119", "C0120"), "O08"),
    **dict.fromkeys(("C0107", "C0109", "C0115", "C0122", "E0408"), "O06"),
    **dict.fromkeys(("C0108",), "O07"),
    **dict.fromkeys(("C0110", "E0405"), "O05"),
    **dict.fromkeys(("C0111", "C0129", "C0135", "E0403"), "O04"),
    **dict.fromkeys(("C0112", "C0136", "C0138"), "D12"),
    **dict.fromkeys(("C0113",), "D11"),
    **dict.fromkeys(("C0128", "C0203"), "O09"),
    **dict.fromkeys(("C0205", "C0206", "C0207", "C0208", "C0213", "C0215", "C0216", "E0110", "E0401"), "O10"),
    **dict.fromkeys(("C0201", "C0202", "C0204", "C0212"), "D15"),
    **dict.fromkeys(("C0209", "C0210", "C0211", "C0214", "E0505"), "D05"),
    **dict.fromkeys(("C0301", "C0303", "C0304", "C0305", "E0102", "E0104", "E0112", "E0116", "E0407"), "D04"),
    **dict.fromkeys(("C0306", "C0307", "E0201", "E0202", "E0203", "E0205", "E0306"), "D01"),
    **dict.fromkeys(("C0308", "C0309", "C0310", "C0311", "E0118", "E0302"), "D08"),
    **dict.fromkeys(("C0602", "E0301", "E0303", "E0305", "C0503"), "D07"),
    **dict.fromkeys(("C0603", "C0604", "C0605", "C0606", "C0131", "E0105", "E0111", "E0114", "E0402"), "D03"),
    **dict.fromkeys(("C0601", "C0502"), "D10"),
    **dict.fromkeys(("C0126",), "D16"),
    **dict.fromkeys(("C0121", "C0124", "C0501"), "D14"),
    **dict.fromkeys(("C0125", "C0137"), "D09"),
    **dict.fromkeys(("E0502",), "D13"),
    **dict.fromkeys(("E0101", "E0304", "E0501", "E0503", "E0504", "E0508", "E0510"), "D02"),
    **dict.fromkeys(("E0106", "E0109"), "D06"),
}


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
        code = _RESPONSIBLE.get(row.code)
        if code is None and row.kind == "component" and row.big_code == "04":
            code = "D06"
        if code is not None:
            units[row.class_id] = ids[code]
    return units


def _street_office(street: Mapping[str, Any]) -> tuple[str, str, str, str]:
    town = street["kind"] == "town"
    name_zh = f"{street['name']}人民政府" if town else f"{street['name']}办事处"
    name_en = f"{street['name_en']} {'Town Government' if town else 'Subdistrict Office'}"
    return f"S{street['code']}", name_zh, name_en, "street"
