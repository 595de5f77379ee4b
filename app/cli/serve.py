"""``citydeck serve``: the web server."""

import socket
from typing import Any

import typer
from gunicorn.app.base import BaseApplication

from app.cli.options import DataDir, Host, Port
from app.errors import PortInUseError
from app.factory import create_app
from app.settings import Settings, load_settings
from datastore.store import Store

REQUEST_TIMEOUT_S = 120


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process (DuckDB has one writer process) and several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options."""
        options: dict[str, Any] = {
            "bind": address(self._settings),
            "workers": 1,
            "worker_class": "gthread",
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
        return create_app(self._settings).server


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
    Store.open(settings.data, read_only=True).close()
    check_port(settings)
    typer.echo(f"citydeck: open http://{address(settings)}/  (Ctrl+C stops)")
    WebServer(settings).run()


def serve(data: DataDir = None, host: Host = None, port: Port = None) -> None:
    """Serve the store in a data directory."""
    run_server(load_settings(data=data, host=host, port=port))
