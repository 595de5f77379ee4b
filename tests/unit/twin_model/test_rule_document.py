import json
from datetime import UTC, datetime

import pytest

from twin_model.case_class import default_case_classes
from twin_model.errors import RuleDocumentError, TwinModelError
from twin_model.rule_book import RuleBook, RuleKind, default_documents
from twin_model.rule_document import checked_document

DEFAULTS = default_documents(tuple(default_case_classes()))


@pytest.mark.parametrize("kind", list(RuleKind))
def test_the_default_documents_are_kept_as_they_are(kind):
    kept = checked_document(kind, DEFAULTS[kind])
    assert kept == DEFAULTS[kind]
    assert json.loads(json.dumps(kept)) == kept


@pytest.mark.parametrize("kind", list(RuleKind))
def test_what_is_kept_is_kept_as_it_is(kind):
    once = checked_document(kind, DEFAULTS[kind])
    assert checked_document(kind, once) == once


@pytest.mark.parametrize("kind", list(RuleKind))
@pytest.mark.parametrize("document", [None, [], "rules", {"surprise": 1}])
def test_what_is_no_document_is_refused(kind, document):
    with pytest.raises(TwinModelError):
        checked_document(kind, document)


def test_rows_get_the_fields_that_they_leave_out():
    sparse = {"last_resort": "D01", "rules": [{"rule_id": "R-1", "class_pattern": "*", "lead": "D01"}]}
    assert checked_document(RuleKind.RESPONSIBILITY, sparse)["rules"][0]["priority"] == 0


def test_a_workflow_may_leave_everything_out():
    kept = checked_document(RuleKind.WORKFLOW, {})
    assert kept["modes"] == {"file": "auto", "dispatch": "auto", "check": "auto", "evaluate": "auto"}
    assert kept["closing"]["after_photos"] == 1


@pytest.mark.parametrize(
    ("kind", "document", "said"),
    [
        (RuleKind.WORKFLOW, {"mode": {}}, "the workflow has the unknown field 'mode'; known are"),
        (RuleKind.WORKFLOW, {"points": {"lates": 1}}, "points has the unknown field 'lates'"),
        (RuleKind.WORKFLOW, {"enforcement": [7]}, "enforcement row 1 is 7; write a code"),
        (RuleKind.WORKFLOW, {"closing": {"photos": 1}}, "the closing policy has no member 'photos'"),
        (RuleKind.WORKFLOW, {"note": 7}, "the workflow: note is 7, not str"),
        (RuleKind.INTAKE, {"thresholds": [{"source": "VIDEO", "clas": "*", "confidence": 1}]}, "field 'clas'"),
        (RuleKind.INTAKE, {"threshold": []}, "the intake has the unknown field 'threshold'"),
    ],
)
def test_a_misspelt_field_is_refused_by_name(kind, document, said):
    with pytest.raises(RuleDocumentError) as caught:
        checked_document(kind, document)
    assert said in str(caught.value)


def test_a_book_reads_what_is_kept():
    kept = {kind: checked_document(kind, document) for kind, document in DEFAULTS.items()}
    book = RuleBook.read(kept, dict.fromkeys(RuleKind, 1))
    assert book.limit("E0102", "", "110108011", datetime(2026, 3, 2, 1, tzinfo=UTC)).amount > 0
