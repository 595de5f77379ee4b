"""gunicorn's threaded worker, which leaves handed-over connections alone and ends them when it stops."""

import resource
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SPARE_FILES = 512
"""Files that a process needs besides its connections."""


class LiveWorker(ThreadWorker):  # type: ignore[misc]
    """Threaded worker for an application with ``stop_live`` and ``close_desk`` methods."""

    def init_process(self) -> None:
        """Begin to serve, with room for as many open files as there may be connections."""
        allow_files(2 * self.cfg.worker_connections + SPARE_FILES)
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop; then what was handed in is finished."""
        try:
            super().run()
        finally:
            self.app.close_desk()

    def finish_request(self, conn: Any, fs: Any) -> None:  # noqa: ANN401 - as gunicorn gives them
        """Tidy up after a request: a connection that was handed over is counted out, and not shut down."""
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin a graceful stop: live connections end at once, requests under way are answered."""
        self.app.stop_live()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Stop now."""
        self.app.stop_live()
        super().handle_quit(sig, frame)


def allow_files(wanted: int) -> int:
    """Raise the number of files that this process may open, as far as the system lets it; gives the number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        return allowed
    return soft
