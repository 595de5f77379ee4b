import json
from io import BufferedReader, BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.sources import json_members
from datastore.sources.errors import SourceError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def found(text, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_members, "BLOCK", block)
        file = BufferedReader(BytesIO(text))
        return {
            member.key: json_members.read_member(file, member, "a.json")
            for member in json_members.members(file, text.index(b"{"), "a.json")
        }


@given(
    value=st.dictionaries(st.text(), VALUES, max_size=6),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 2]),
    block=st.integers(1, 50),
)
def test_members_are_those_that_json_reads_wherever_blocks_end(value, ascii_only, indent, block):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    assert found(b"  " + text, block) == json.loads(text)


@given(value=st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=4), share=st.floats(0.01, 0.99))
def test_an_object_that_is_cut_off_is_told(value, share):
    text = json.dumps(value).encode()
    with pytest.raises(SourceError, match="broken JSON in line 1, column"):
        found(text[: max(1, int(len(text) * share))], 16)
