"""What a command asks of a running server: whatever goes wrong is one sentence."""

import pytest

from app.cli.ask_server import ServerRefusedError, ask_server
from app.errors import SettingsError

NOWHERE = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("url", "key", "actor"), [(NOWHERE, None, "管理员"), (NOWHERE, "a\nb", "admin"), (f"{NOWHERE}/é", None, "admin")]
)
def test_what_no_header_and_no_address_can_hold_is_said(url: str, key: str | None, actor: str) -> None:
    with pytest.raises((SettingsError, ServerRefusedError), match=r"cannot be sent|does not answer"):
        ask_server(url, "/api/cases/1/erase", {}, key=key, actor=actor)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(ServerRefusedError, match=f"{NOWHERE} does not answer"):
        ask_server(NOWHERE, "/", {}, key=None, actor="admin")


def test_an_address_of_no_server_is_said() -> None:
    with pytest.raises(SettingsError, match="is no address of a server"):
        ask_server("ftp://127.0.0.1", "/", {}, key=None, actor="admin")
