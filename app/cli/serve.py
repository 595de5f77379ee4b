"""``citydeck serve``: the web server."""

import socket
from typing import Any

import typer
from gunicorn.app.base import BaseApplication

from app.cli.options import DataDir, Host, Port
from app.errors import PortInUseError
from app.factory import CityDash, create_app
from app.settings import Settings, load_settings
from datastore.desk.desk import Desk
from datastore.store import Store

REQUEST_TIMEOUT_S = 120
WORKER = "app.live.worker.LiveWorker"
CONNECTIONS = 1000
"""Connections that are not live."""


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process (DuckDB has one writer process) and several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app: CityDash | None = None
        self._store: Store | None = None
        self._desk: Desk | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options."""
        options: dict[str, Any] = {
            "bind": address(self._settings),
            "workers": 1,
            "worker_class": WORKER,
            "worker_connections": CONNECTIONS + self._settings.live_clients,
            "http_protocols": "h1",  # a live connection is one of its own
            "threads": self._settings.threads,
            "timeout": REQUEST_TIMEOUT_S,
            "graceful_timeout": 3,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "citydeck",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - a WSGI application
        """Build the application, in the worker process."""
        if self._settings.live:
            self._store = Store.open(self._settings.data)
            self._desk = Desk.open(self._store)
        self._app = create_app(self._settings, self._store, self._desk)
        return self._app.server

    def stop_live(self) -> None:
        """Tell every page that listens goodbye; the worker calls it when it begins to stop."""
        if self._app is not None and self._app.live is not None:
            self._app.live.stop()

    def close_desk(self) -> None:
        """Finish what was handed in and write everything into the one file; the worker calls it at its end."""
        if self._app is not None and self._app.live is not None:
            self._app.live.finish()
        if self._desk is not None:
            self._desk.close()
        if self._store is not None:
            self._store.close()


def address(settings: Settings) -> str:
    """``host:port``, with an IPv6 address in brackets."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def check_port(settings: Settings) -> None:
    """See that the address can be served on.

    Raises
    ------
    PortInUseError
        If it cannot.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortInUseError(
                f"cannot serve on {address(settings)}: {error.strerror or error}; choose another with --port or --host"
            ) from error


def run_server(settings: Settings) -> None:
    """Serve until interrupted; the store and the port are tried first, so that a fault is one sentence.

    Raises
    ------
    DatastoreError
        If the store cannot be opened.
    PortInUseError
        If the address is taken.
    """
    Store.open(settings.data, read_only=not settings.live).close()
    check_port(settings)
    typer.echo(f"citydeck: open http://{address(settings)}/  (Ctrl+C stops)")
    WebServer(settings).run()


def serve(data: DataDir = None, host: Host = None, port: Port = None) -> None:
    """Serve the store in a data directory."""
    run_server(load_settings(data=data, host=host, port=port))
