import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.case_class import default_case_classes
from twin_model.component import MAX_SERIAL, ComponentCodeError, component_code, parse_component_code

COMPONENT_CLASSES = [row.code for row in default_case_classes() if row.kind == "component"]


@given(st.sampled_from(COMPONENT_CLASSES), st.integers(1, MAX_SERIAL))
def test_code_round_trips(class_code, serial):
    text = component_code("110108", class_code, serial)
    parsed = parse_component_code(text)
    assert len(text) == 16
    assert (parsed.district, parsed.class_code, parsed.serial) == ("110108", class_code, serial)
    assert str(parsed) == text


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


@pytest.mark.parametrize("text", ["", "110108010100001", "11010801010000011", "11010801010000a1", "1101080101000000"])
def test_text_that_is_no_code_is_refused(text):
    with pytest.raises(ComponentCodeError):
        parse_component_code(text)
