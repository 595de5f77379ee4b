import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.case_class import default_case_classes
from twin_model.errors import RuleDocumentError
from twin_model.rule_book import RuleKind, default_documents
from twin_model.toml_text import toml_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = TEXTS | st.booleans() | st.integers() | st.floats(allow_nan=False)
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


@given(st.dictionaries(TEXTS, VALUES, max_size=6))
def test_what_is_written_reads_back_the_same(document):
    assert tomllib.loads(toml_text(document)) == document


@pytest.mark.parametrize("kind", list(RuleKind))
def test_every_kind_of_rules_reads_back(kind):
    document = default_documents(tuple(default_case_classes()))[kind]
    assert tomllib.loads(toml_text(document)) == document


def test_rows_stand_under_headers_and_short_lists_on_one_line():
    assert toml_text({"rules": [{"id": "R-1", "units": ["D01", "D02"]}], "zone": "Asia/Shanghai"}) == (
        'zone = "Asia/Shanghai"\n\n[[rules]]\nid = "R-1"\nunits = ["D01", "D02"]\n'
    )


def test_a_member_without_a_value_is_left_out():
    assert toml_text({"a": None, "b": 1}) == "b = 1\n"


def test_a_value_that_toml_has_no_place_for_is_refused():
    with pytest.raises(RuleDocumentError, match="no place in TOML"):
        toml_text({"a": {1, 2}})
