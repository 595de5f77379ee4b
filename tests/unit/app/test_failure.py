"""What a reader sees when a callback fails: a sentence of the page's language, nothing of the program's."""

from pathlib import Path

import pytest

from app.callbacks.failure import sentence
from datastore.errors import StoreBusyError, UnknownCodeError
from twin_model.errors import SelectionError

OURS = (SelectionError("position 3: expected"), StoreBusyError("in use", Path("city.duckdb"), 1))


@pytest.mark.parametrize("error", [*OURS, ValueError("boom")])
def test_a_chinese_page_shows_no_sentence_of_the_program(error: Exception) -> None:
    said = sentence(error, "")
    assert str(error) not in said
    assert said.endswith("详情见服务日志。")


@pytest.mark.parametrize(
    ("search", "said"), [("", "数据中没有来源 A、B。"), ("?lang=en", "The data hold no source A, B.")]
)
def test_codes_that_are_not_there_are_named_in_the_pages_language(search: str, said: str) -> None:
    assert sentence(UnknownCodeError("source", ("A", "B")), search) == said
