"""Commands that ask a running server, because it has the store open."""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from app.errors import AppError, SettingsError
from app.identity import ACTOR_HEADER, BEARER

WAIT_S = 60.0
MAX_ANSWER = 1 << 20


class ServerRefusedError(AppError):
    """What the server says it does not do."""


def ask_server(url: str, path: str, body: Mapping[str, Any], *, key: str | None, actor: str) -> Any:  # noqa: ANN401 - any JSON value
    """Post a document to a server and give its answer.

    Parameters
    ----------
    url : str
        Where it is: ``http://127.0.0.1:8050``.
    path : str
        Address on it.
    body : mapping
        Sent as JSON.
    key : str or None
        Key of the actor; without one the actor is only named, which an open desk takes.
    actor : str
        Code of the actor.

    Raises
    ------
    SettingsError
        If the address is none.
    ServerRefusedError
        If the server cannot be reached, or refuses it.
    """
    return send(url, path, json.dumps(body).encode(), "application/json", key=key, actor=actor)


def send(url: str, path: str, content: bytes, media: str, *, key: str | None, actor: str) -> Any:  # noqa: ANN401 - any JSON value
    """Post bytes of a media type to a server and give its answer.

    Raises
    ------
    SettingsError, ServerRefusedError
        As `ask_server`.
    """
    connection = _connection(url)
    headers = {"Content-Type": media, **({"Authorization": f"{BEARER}{key}"} if key else {ACTOR_HEADER: actor})}
    try:
        connection.request("POST", urlsplit(url).path.rstrip("/") + path, content, headers)
        answer = connection.getresponse()
        content = answer.read(MAX_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise ServerRefusedError(f"{url} does not answer ({error}); is the server running there?") from error
    except ValueError as error:  # what no header and no address can hold
        raise SettingsError(f"--by, --key or --url cannot be sent ({error}); they are plain ASCII") from error
    finally:
        connection.close()
    told = _read(content)
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        why = told.get("detail") if isinstance(told, dict) else None
        raise ServerRefusedError(f"{url} refuses it ({answer.status}): {why or answer.reason}")
    return told


def _connection(url: str) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError(f"--url {url!r} is no address of a server; write http://127.0.0.1:8050")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(host, port, timeout=WAIT_S)


def _read(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(content)
    except ValueError:
        return None
