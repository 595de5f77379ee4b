import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.case_class import default_case_classes
from twin_model.component import MAX_SERIAL, ComponentCodeError, component_code

COMPONENT_CLASSES = [row.code for row in default_case_classes() if row.kind == "component"]


@given(st.sampled_from(COMPONENT_CLASSES), st.integers(1, MAX_SERIAL))
def test_a_code_is_district_class_and_serial_in_sixteen_digits(class_code, serial):
    text = component_code("110108", class_code, serial)
    assert len(text) == 16
    assert (text[:6], f"C{text[6:10]}", int(text[10:])) == ("110108", class_code, serial)


@pytest.mark.parametrize(
    ("district", "class_code", "serial"),
    [
        ("11010", "C0101", 1),
        ("110108", "E0101", 1),
        ("110108", "C01", 1),
        ("110108", "C0101", 0),
        ("110108", "C0101", 10**6),
    ],
)
def test_part_that_does_not_fit_is_named(district, class_code, serial):
    with pytest.raises(ComponentCodeError, match=r"is not|does not fit"):
        component_code(district, class_code, serial)
