"""Settings: from the environment, overruled by arguments, refused with a sentence."""

from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import load_settings


def test_defaults_serve_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CITYDECK_DATA", raising=False)
    settings = load_settings()
    assert (settings.data, settings.host, settings.port) == (Path("data"), "127.0.0.1", 8050)


def test_the_environment_sets_and_an_argument_overrules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYDECK_PORT", "9000")
    monkeypatch.setenv("CITYDECK_DATA", "/somewhere")
    assert (load_settings(port=None).port, load_settings(port=9001).port) == (9000, 9001)
    assert load_settings().data == Path("/somewhere")


def test_what_cannot_be_used_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYDECK_PORT", "99999")
    with pytest.raises(SettingsError, match=r"CITYDECK_PORT.*99999"):
        load_settings()
