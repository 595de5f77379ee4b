"""One table format for every figure: what, median, spread, peer, ratio."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from rich.console import Console
from rich.table import Table

TABLE_WIDTH = 150


@dataclass(frozen=True)
class Figure:
    """One measured figure, with the peer of the same run where there is one."""

    what: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    note: str = ""

    @property
    def ratio(self) -> str:
        """Peer over ours, or empty without a peer."""
        return "" if not self.peer_value or not self.value else f"{self.value / self.peer_value:.2f}×"


def seconds(action: Callable[[], object], rounds: int = 3) -> list[float]:
    """Wall-clock seconds of each round."""
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        action()
        taken.append(perf_counter() - begun)
    return taken


def median_seconds(action: Callable[[], object], rounds: int = 3) -> float:
    """Median wall-clock seconds over some rounds."""
    return statistics.median(seconds(action, rounds))


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    """Print the figures as one table."""
    table = Table(title=title, title_justify="left")
    for column in ("what", "value", "unit", "peer", "peer value", "ours / peer", "note"):
        table.add_column(column, justify="right" if column in ("value", "peer value", "ours / peer") else "left")
    for figure in figures:
        peer_value = "" if figure.peer_value is None else f"{figure.peer_value:,.3g}"
        value = f"{figure.value:,.4g}"
        table.add_row(figure.what, value, figure.unit, figure.peer, peer_value, figure.ratio, figure.note)
    # Wide enough that a figure is never cut where the output is a file.
    Console(width=max(Console().width, TABLE_WIDTH)).print(table)
