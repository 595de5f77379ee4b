import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_model.closing_policy import ClosingPolicy, default_document, from_document, to_document
from twin_model.errors import RuleDocumentError


def test_a_policy_survives_its_document_as_json():
    policy = ClosingPolicy(reuse_bits=0, near_m=50, review_unknown_place=False, audit_per_mille=100)
    assert from_document(json.loads(json.dumps(to_document(policy)))) == policy


def test_the_default_document_holds_no_fractions():
    document = default_document()
    assert from_document(document) == ClosingPolicy()
    assert all(type(value) in (int, bool) for value in document.values())


def test_what_is_left_out_has_its_default():
    assert from_document({"near_m": 80}) == ClosingPolicy(near_m=80)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "the closing policy is a list; write a mapping"),
        ({"nearm": 1}, "no member 'nearm'; it has after_photos, "),
        ({"near_m": "far"}, "near_m of the closing policy is 'far'; write a whole number 1…100000"),
        ({"near_m": 0}, "near_m of the closing policy is 0"),
        ({"near_m": True}, "near_m of the closing policy is True"),
        ({"audit_per_mille": 1001}, "write a whole number 0…1000"),
        ({"review_urgent": 1}, "review_urgent of the closing policy is 1; write true or false"),
    ],
)
def test_a_document_that_cannot_be_used_names_the_member_and_the_mend(document, sentence):
    with pytest.raises(RuleDocumentError, match=sentence):
        from_document(document)


@given(st.dictionaries(st.sampled_from([*default_document(), "other", 3]), st.none() | st.booleans() | st.integers()))
def test_any_document_is_a_policy_or_refused(document):
    with suppress(RuleDocumentError):
        assert to_document(from_document(document)) == default_document() | document
