"""The entry of the command."""

import importlib

import pytest

from app import start


def test_ctrl_c_while_the_program_loads_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", interrupted)
    with pytest.raises(SystemExit) as left:
        start.main()
    assert left.value.code == start.INTERRUPTED
    assert capsys.readouterr().err == "interrupted; the store is as it was\n"
