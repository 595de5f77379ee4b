"""Catalogues: the same keys and placeholders in each language, and a text for every key that the code uses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.errors import SettingsError
from app.i18n import catalogue
from app.state import LANGUAGES, LAYERS, LISTS, METRICS

APP = Path(app.__file__).parent
ZH, EN = catalogue("zh-CN"), catalogue("en")


def used_keys() -> Iterator[tuple[str, bool]]:
    """Key of each ``t("…")`` and ``word("…")`` in the code; for an f-string its constant beginning, and False."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("t", "word")
            ):
                continue
            for arg in (
                [node.args[0]] if not isinstance(node.args[0], ast.IfExp) else [node.args[0].body, node.args[0].orelse]
            ):
                if isinstance(arg, ast.Constant):
                    yield arg.value, True
                elif isinstance(arg, ast.JoinedStr) and isinstance(arg.values[0], ast.Constant):
                    yield arg.values[0].value, False


def test_languages_have_the_same_keys() -> None:
    assert set(ZH.texts) == set(EN.texts)


def test_languages_have_the_same_placeholders() -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert not [key for key in ZH.texts if names(ZH.texts[key]) != names(EN.texts[key])]


def test_every_key_in_the_code_has_a_text() -> None:
    keys = set(used_keys())
    assert len(keys) > 40
    assert not [key for key, whole in keys if whole and key not in ZH.texts]
    assert not [key for key, whole in keys if not whole and not any(k.startswith(key) for k in ZH.texts)]


def test_every_text_is_used() -> None:
    keys = set(used_keys())
    idle = [text for text in ZH.texts if not any(text == key if whole else text.startswith(key) for key, whole in keys)]
    assert not idle


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_of_a_page_has_a_text(language: str) -> None:
    texts = catalogue(language).texts
    wanted = [f"metric.{m}" for m in METRICS] + [f"layer.{m}" for m in LAYERS] + [f"cases.{m}" for m in LISTS]
    assert not [key for key in wanted if not texts.get(key)]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="no catalogue for language 'fr'"):
        catalogue("fr")


def test_names_follow_the_language_and_fall_back_to_chinese() -> None:
    row = {"name": "科馨社区", "name_en": None, "unit_name_zh": "区城管委", "unit_name_en": "Commission"}
    assert (EN.name(row), EN.name(row, "unit_name"), ZH.name(row, "unit_name")) == (
        "科馨社区",
        "Commission",
        "区城管委",
    )
