"""``/api/live``: what happens, as server-sent events; ``/api/live/names``: names of the codes in them."""

import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.api.problems import problem
from app.data import DataManager
from app.live.handover import OFFER, Offer
from app.live.hub import Hub
from app.live.message import MIMETYPE
from app.live.scope import Scope
from app.live.service import Live
from app.state import LANGUAGES, READERS
from twin_model.area import AreaLevel
from twin_model.errors import SelectionError
from twin_model.selection import Everything

LIVE_PATH = "/api/live"
RETRY_AFTER_S = 15
READ_BYTES = 1 << 16
NAMES_KEPT_S = 3600
HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # a proxy that gathers answers would hold back what is live
}


def live_blueprint(live: Live | None, data: DataManager) -> Blueprint:
    """Blueprint of the live stream.

    Parameters
    ----------
    live : Live or None
        What pushes; None where nothing is written while this server runs.
    data : DataManager
        Where areas and names are looked up.
    """
    blueprint = Blueprint("live", __name__)

    @blueprint.get(LIVE_PATH)
    def _live() -> ResponseReturnValue:
        if live is None:
            return problem(503, "not live", "this server shows what its store held when it began: nothing will change")
        if not live.hub.has_room():
            full = problem(503, "no room", f"{live.hub.most} pages listen already; see CITYDECK_LIVE_CLIENTS")
            full.headers["Retry-After"] = str(RETRY_AFTER_S)
            return full
        scope = scope_of(request.args, data)
        # A browser that comes back by itself says in a header where it was, one that a script sends in the address.
        since = request.headers.get("Last-Event-ID") or request.args.get("since", "")
        return Response(listening(live.hub, scope, since), mimetype=MIMETYPE, headers=HEADERS)

    @blueprint.get(f"{LIVE_PATH}/names")
    def _names() -> Response:
        lang = request.args.get("lang", LANGUAGES[0])
        response = jsonify(names(data, lang))
        response.headers["Cache-Control"] = f"private, max-age={NAMES_KEPT_S}"
        return response

    return blueprint


def scope_of(arguments: Any, data: DataManager) -> Scope:  # noqa: ANN401 - any mapping with get
    """Scope of the parameters ``area`` and ``filter``; an area that the store does not hold is the whole district.

    Raises
    ------
    SelectionError
        If one cannot be read.
    """
    area, chosen = (READERS[name](arguments.get(name, "")) for name in ("area", "filter"))
    if area is None:
        raise SelectionError(f"area {arguments.get('area')!r} cannot be a code")
    if chosen is None:
        raise SelectionError(f"filter {arguments.get('filter')!r} is no selection")
    trail = data.query("breadcrumb", Everything(), code=area) if area else None
    levels = [] if trail is None else trail["level"].to_pylist()
    return Scope(area if levels and levels[-1] != AreaLevel.DISTRICT else "", chosen)


def listening(hub: Hub, scope: Scope, since: str) -> Iterator[bytes] | tuple[()]:
    """Let the hub have the connection of this request, or else one that ends in the request's own thread."""
    if request.method == "HEAD":
        return ()
    offer: Offer | None = request.environ.get(OFFER)
    if offer is not None:
        offer.take(partial(_join, hub, scope, since))
        return ()
    ours, its = socket.socketpair()
    hub.join(its, scope, since)
    return _received(ours)


def names(data: DataManager, lang: str) -> dict[str, dict[str, str]]:
    """Names of classes, sources, units and areas above grid cells by code, in a language as far as they have one."""
    found: dict[str, dict[str, str]] = {}
    for row in data.query("code_names", Everything()).to_pylist():
        name = row["name_en"] if lang == "en" and row["name_en"] else row["name"]
        found.setdefault(row["kind"], {})[row["code"]] = name or row["code"]
    return found


def _join(hub: Hub, scope: Scope, since: str, sock: socket.socket, head: bytes) -> None:
    hub.join(sock, scope, since, head)


def _received(sock: socket.socket) -> Iterator[bytes]:
    with sock:
        while data := sock.recv(READ_BYTES):
            yield data
