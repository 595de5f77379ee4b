"""The documents keep up with the program: every command, option and setting is described."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.cli import command_line
from app.settings import Settings

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
MARKDOWN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Commands that do something; typer brings its own click, so that a group is known by what it can do."""
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from leaves(child, f"{path} {name}")
    else:
        yield path, command


def test_every_command_and_option_is_documented() -> None:
    missing = []
    for path, command in leaves(typer.main.get_command(command_line()), "citydeck"):
        section = COMMANDS.partition(f"## `{path}`")[2].partition("\n## ")[0]
        if not section:
            missing.append(path)
            continue
        options = [name for parameter in command.params for name in parameter.opts if name.startswith("--")]
        missing += [f"{path} {name}" for name in options if f"`{name}" not in section and name != "--help"]
    assert not missing


def test_every_documented_command_exists() -> None:
    documented = set(re.findall(r"^## `(citydeck[^`]*)`", COMMANDS, flags=re.MULTILINE))
    assert documented == {path for path, _ in leaves(typer.main.get_command(command_line()), "citydeck")}


def test_every_setting_is_documented() -> None:
    prefix = Settings.model_config["env_prefix"]
    assert not [name for name in Settings.model_fields if f"`{prefix}{name.upper()}`" not in SETTINGS]


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    assert not [link for link in local if not (page.parent / link).exists()]
