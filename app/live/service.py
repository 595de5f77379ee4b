"""Live push as a whole: the hub, the figures, and what they listen to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.live.figures import Figures, FiguresOf
from app.live.hub import MOST_CLIENTS, Hub
from twin_model.case_event import Committed


class Desk(Protocol):
    """What takes commands and says what came of them."""

    def on_commit(self, listener: Callable[[Sequence[Committed]], None]) -> None:
        """Call a listener after each durable commit, in the writer's thread."""

    def on_settle(self, listener: Callable[[int], None]) -> None:
        """Call a listener with the new data version when figures have caught up with the log."""


@dataclass(frozen=True)
class Live:
    """Push to every open page.

    Parameters
    ----------
    hub : Hub
        Sends.
    figures : Figures
        Computes what is sent after a settle.
    """

    hub: Hub
    figures: Figures

    def settled(self, data_version: int) -> None:
        """Take that figures have caught up with the log, as a data version."""
        self.hub.settled(data_version)
        self.figures.settled(data_version)

    def stop(self, wait_s: float = 1.0) -> None:
        """Tell every reader goodbye, and compute no more figures."""
        self.figures.stop(0)
        self.hub.stop(wait_s)

    def finish(self, wait_s: float = 5.0) -> None:
        """Stop, and wait until the figures that are being computed are done, so that their store can be closed."""
        self.stop()
        self.figures.stop(wait_s)


def start_live(
    desk: Desk,
    figures_of: FiguresOf,
    log_id: str,
    head: int,
    *,
    data_version: int | None = None,
    most: int = MOST_CLIENTS,
) -> Live:
    """Begin to push what a desk commits.

    Parameters
    ----------
    desk : Desk
        What commits.
    figures_of : function
        Figures of a scope.
    log_id : str
        Names the store's log; without a ``-`` at its end.
    head : int
        Place in the log of the last event that is committed already.
    data_version : int, optional
        Data version now.
    most : int
        Readers that there is room for.
    """
    hub = Hub(log_id, head, most=most, data_version=data_version)
    live = Live(hub, Figures(figures_of, hub))
    hub.on_new_scope = live.figures.wanted
    hub.start()
    live.figures.start()
    desk.on_commit(hub.publish)
    desk.on_settle(live.settled)
    return live
