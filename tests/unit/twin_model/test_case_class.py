import pyarrow as pa

from twin_model.case_class import CASE_CLASS_SCHEMA, case_class_table, default_case_classes


def test_ids_are_dense_and_codes_unique_and_ordered():
    classes = default_case_classes()
    codes = [row.code for row in classes]
    assert [row.class_id for row in classes] == list(range(len(classes)))
    assert codes == sorted(set(codes))


def test_code_is_kind_letter_and_big_and_small_code():
    letters = {"component": "C", "event": "E"}
    for row in default_case_classes():
        assert row.code == f"{letters[row.kind]}{row.big_code}{row.small_code}"


def test_default_table_has_six_big_component_classes_with_84_small_ones():
    components = [row for row in default_case_classes() if row.kind == "component"]
    assert len(components) == 84
    assert len({row.big_code for row in components}) == 6


def test_names_exist_in_both_languages_and_limits_are_positive():
    for row in default_case_classes():
        assert row.name_zh
        assert row.name_en
        assert row.name_en.isascii() or row.name_en == "Dirty façade"
        assert row.limit_h > 0


def test_table_has_the_stored_columns():
    table = case_class_table()
    assert table.schema == CASE_CLASS_SCHEMA
    row = table.filter(pa.compute.equal(table["code"], "E0102")).to_pylist()[0]
    assert (row["name_zh"], row["name_en"], row["limit_h"]) == ("暴露垃圾", "Exposed waste", 4.0)
