import numpy as np
import pyarrow as pa

from twin_model.case_class import default_case_classes
from twin_model.demo.units import DEPARTMENTS, TERRITORY, UNIT_SCHEMA, responsible_units, unit_table

STREETS = pa.table(
    {
        "code": ["110108001", "110108026"],
        "name": ["万寿路街道", "温泉镇"],
        "name_en": ["Wanshoulu", "Wenquan"],
        "kind": ["street", "town"],
    }
)


def test_each_street_or_town_gets_an_office_after_the_departments():
    table = unit_table(STREETS)
    assert table.schema == UNIT_SCHEMA
    assert table["unit_id"].to_pylist() == list(range(len(DEPARTMENTS) + 2))
    assert table["name_zh"].to_pylist()[-2:] == ["万寿路街道办事处", "温泉镇人民政府"]
    assert table["code"].to_pylist()[-2:] == ["S110108001", "S110108026"]


def test_codes_and_names_are_unique():
    table = unit_table(STREETS)
    for column in ("code", "name_zh", "name_en"):
        assert len(set(table[column].to_pylist())) == table.num_rows


def test_a_class_goes_to_its_owner_or_department_or_to_the_territory():
    classes = default_case_classes()
    units = responsible_units(classes)
    by_code = {row.code: units[row.class_id] for row in classes}
    codes = [code for code, *_ in DEPARTMENTS]
    assert codes[by_code["C0111"]] == "O04"
    assert codes[by_code["C0402"]] == "D06"
    assert codes[by_code["E0102"]] == "D04"
    assert by_code["E0601"] == TERRITORY


def test_every_department_and_owner_answers_for_something():
    used = set(np.unique(responsible_units(default_case_classes())).tolist()) - {TERRITORY}
    assert used == set(range(len(DEPARTMENTS)))
