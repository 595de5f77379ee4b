import pytest

from twin_model.area import codes_above
from twin_model.errors import AreaCodeError


def test_the_codes_above_an_area_go_up_to_its_district():
    assert codes_above("110108011002003") == ("110108011002", "110108011", "110108")
    assert codes_above("110108") == ()


@pytest.mark.parametrize("code", ["", "1101", "11010801a", "１１０１０８０１１"])
def test_a_code_of_another_form_has_none_above_it(code):
    with pytest.raises(AreaCodeError, match="is not 6, 9, 12 or 15 digits"):
        codes_above(code)
