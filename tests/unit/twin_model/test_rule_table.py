from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.twin_model.responsibility_lists import lists
from twin_model import responsibility
from twin_model.case_class import default_case_classes
from twin_model.errors import ResponsibilityError, RuleDocumentError
from twin_model.responsibility import Responsibilities
from twin_model.rule_book import RuleKind, default_documents
from twin_model.rule_document import checked_document
from twin_model.rule_table import COLUMNS, document_of_table, rule_table

DEFAULTS = default_documents(tuple(default_case_classes()))
HEAD = ["rule_id", "class_pattern", "lead"]
AROUND = {"last_resort": "D01", "rules": []}


def is_usable(rule):
    with suppress(ResponsibilityError):
        return bool(responsibility.from_document(responsibility.to_document(Responsibilities((rule,), "D01"))))
    return False


def read(*rows, head=HEAD, kind=RuleKind.RESPONSIBILITY, around=AROUND):
    return document_of_table(kind, [head, *rows], around)


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_table_of_the_default_rules_reads_back_as_the_same_document(kind):
    document = DEFAULTS[kind]
    again = document_of_table(kind, rule_table(kind, document), document)
    assert checked_document(kind, again) == document


@given(lists())
def test_every_list_reads_back_from_its_table(rules):
    document = responsibility.to_document(replace(rules, rules=tuple(filter(is_usable, rules.rules))))
    table = rule_table(RuleKind.RESPONSIBILITY, document)
    again = document_of_table(RuleKind.RESPONSIBILITY, table, document)
    assert checked_document(RuleKind.RESPONSIBILITY, again) == document


@given(st.text().map(str.strip))
def test_every_text_reads_back_and_none_is_run_by_a_spreadsheet(note):
    row = {"rule_id": "R-1", "class_pattern": "*", "lead": "D01", "note": note}
    document = checked_document(RuleKind.RESPONSIBILITY, {"last_resort": "D01", "rules": [row]})
    table = rule_table(RuleKind.RESPONSIBILITY, document)
    assert not table[1][-1].startswith(("=", "+", "-", "@"))
    again = document_of_table(RuleKind.RESPONSIBILITY, table, document)
    assert checked_document(RuleKind.RESPONSIBILITY, again) == document


def test_what_a_table_has_no_place_for_stays_as_it_was():
    assert read(["R-1", "*", "@territory"])["last_resort"] == "D01"


def test_columns_may_stand_in_any_order_and_empty_rows_and_columns_are_left_out():
    found = read(["D01", "R-1", "", ""], ["", "", "", ""], ["D02", "R-2"], head=["lead", "rule_id", "", ""])
    assert found["rules"] == [{"lead": "D01", "rule_id": "R-1"}, {"lead": "D02", "rule_id": "R-2"}]


def test_a_quoted_symbol_is_read_as_one_that_is_not():
    assert read(["R-1", "*", "'@territory"])["rules"] == read(["R-1", "*", "@territory"])["rules"]


def test_words_of_spreadsheets_are_read():
    head = ["rule_id", "urgent", "limit", "placeholder"]
    found = read(["S-1", "TRUE", "4.5", "FALSE"], head=head, kind=RuleKind.SERVICE_LEVEL)["rules"][0]
    assert found == {"rule_id": "S-1", "urgent": True, "limit": 4.5, "placeholder": False}


def test_a_number_that_is_none_is_left_to_the_check_which_names_the_row():
    document = read(["R-1", "*", "D01", "high"], head=[*HEAD, "priority"])
    with pytest.raises(ValueError, match=r"row 1 \(R-1\) of the responsibility list: priority is 'high'"):
        checked_document(RuleKind.RESPONSIBILITY, document)


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        ([], [], "the table has no column rule_id"),
        ([], ["class_pattern"], "the table has no column rule_id"),
        ([], ["rule_id", "unit"], "column 2 is 'unit'; known are"),
        ([], ["rule_id", "lead", "rule_id"], "column rule_id stands there twice"),
        ([["R-1", "*", "D01", "x"]], HEAD, "row 1 of the table has the cell 'x' beyond the last column"),
    ],
)
def test_a_table_that_is_wrong_is_refused_in_one_sentence(rows, head, said):
    with pytest.raises(RuleDocumentError) as caught:
        read(*rows, head=head)
    assert said in str(caught.value)


@pytest.mark.parametrize("kind", [RuleKind.CALENDAR, RuleKind.WORKFLOW, RuleKind.INTAKE])
def test_kinds_that_are_no_lists_have_no_table(kind):
    with pytest.raises(RuleDocumentError, match="no list of rows"):
        rule_table(kind, DEFAULTS[kind])
