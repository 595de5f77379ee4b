"""Tokens: one list in three places, and colours that people can read."""

import re
from pathlib import Path

import pytest

from app.settings import ASSETS_DIR
from app.theme import TOKENS, template

CSS = (ASSETS_DIR / "css" / "tokens.css").read_text(encoding="utf-8")
DARK, _, LIGHT = CSS.partition('[data-theme="light"]')
TEXT_ON_PANEL = ("text", "text-muted", "accent", "open", "due-soon", "overdue", "closed")


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "block"), [("dark", DARK), ("light", LIGHT)])
def test_style_sheet_and_charts_have_the_same_colours(theme: str, block: str) -> None:
    assert declared(block) == TOKENS[theme]


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("name", TEXT_ON_PANEL)
@pytest.mark.parametrize("ground", ["panel-solid", "panel-raised"])
def test_text_stands_out_from_its_ground(theme: str, name: str, ground: str) -> None:
    assert contrast(TOKENS[theme][name], TOKENS[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", TOKENS)
def test_text_on_the_accent_and_on_bars_stands_out(theme: str) -> None:
    token = TOKENS[theme]
    assert contrast(token["on-accent"], token["accent"]) >= 4.5
    assert contrast(token["text"], token["bar"]) >= 4.5


def test_other_style_sheets_name_no_colour_and_no_unknown_token() -> None:
    known = set(re.findall(r"--([\w-]+):", CSS)) | {"share"}
    for path in Path(ASSETS_DIR / "css").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= known, path.name
        if path.name != "tokens.css":
            assert not [c for c in re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text) if c != "#000"], path.name


def test_no_style_sheet_reaches_outside() -> None:
    for path in Path(ASSETS_DIR / "css").glob("*.css"):
        assert "http" not in path.read_text(encoding="utf-8"), path.name


def test_a_chart_takes_its_theme() -> None:
    assert template("light")["layout"]["font"]["color"] == TOKENS["light"]["text"]
