"""How sure a source must be: the most specific threshold decides."""

import pytest

from twin_model.errors import RuleDocumentError
from twin_model.intake_rules import CERTAIN, IntakeRules, default_document

ROWS = [
    {"source": "*", "class": "*", "confidence": 0.5},
    {"source": "VIDEO", "class": "*", "confidence": 0.8},
    {"source": "*", "class": "E05", "confidence": 0.6},
    {"source": "*", "class": "E0505", "confidence": 0.7},
    {"source": "VIDEO", "class": "E0505", "confidence": 0.9},
]


@pytest.mark.parametrize(
    ("source", "code", "least"),
    [
        ("PUBLIC", "C0101", 0.5), ("VIDEO", "C0101", 0.8), ("VIDEO", "E0501", 0.6), ("PUBLIC", "E0505", 0.7),
        ("VIDEO", "E0505", 0.9), ("VIDEO", "E0601", 0.8),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_the_more_is_said_of_the_class_the_more_a_row_counts_then_the_source(
    source: str, code: str, least: float, *, turned: bool
) -> None:
    rules = IntakeRules.from_document({"thresholds": ROWS[::-1] if turned else ROWS})
    assert rules.threshold(source, code) == least


def test_where_no_row_speaks_only_certainty_makes_a_case() -> None:
    assert IntakeRules().threshold("VIDEO", "E0505") == CERTAIN
    assert IntakeRules.from_document({}).thresholds == ()


def test_the_default_is_about_the_sources_that_guess() -> None:
    rules = IntakeRules.from_document(default_document())
    found = {source: rules.threshold(source, "E0505") for source in ("VIDEO", "SATELLITE", "DATA_IOT", "PUBLIC")}
    assert found == {"VIDEO": 0.85, "SATELLITE": 0.9, "DATA_IOT": 0.8, "PUBLIC": 1.0}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "thresholds row 1 has no confidence; add it"),
        ({"confidence": 1.1}, "thresholds row 1: confidence is 1.1; give a number from 0 to 1"),
        ({"confidence": "0.5"}, "confidence is '0.5'"),
        ({"confidence": 0.5, "class": "E-05"}, "class 'E-05' is no class code"),
        ({"confidence": 0.5, "source": 5}, "source is 5"),
        ("row", "thresholds row 1 is no table"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(row: object, said: str) -> None:
    with pytest.raises(RuleDocumentError, match=said):
        IntakeRules.from_document({"thresholds": [row]})
