"""The Features API: milliseconds of an answer of a hundred features in a box, by collection.

python -m tests.benchmarks.bench_features --data DIR [--seconds S]

Boxes of 0.02 degrees lie around buildings chosen at random; the answer is made whole, as text, but not sent. Nothing is
kept between two answers.
"""

import argparse
import random
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask

from app.api.features.collections import COLLECTIONS
from app.api.features.routes import features_blueprint
from datastore.store import Store
from tests.benchmarks.report import Figure, print_figures

LIMIT = 100
SIDE_DEG = 0.02
TARGET_MS = 50.0
"""What 19 answers in 20 should stay below."""


class Data:
    """As much of a data manager as features need."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def remember(self, _key: str, ask: Callable[[Any], Any]) -> Any:
        """Ask, and forget."""
        with self.store.read() as cursor:
            return ask(cursor)


def figures(data: Path, seconds: float) -> list[Figure]:
    """Median and 95th percentile of each collection."""
    dice = random.Random(1)  # noqa: S311 - which boxes are asked for is no secret
    found = []
    with Store.open(data, read_only=True) as store:
        with store.read() as cursor:
            places = cursor.execute("SELECT lon, lat FROM building ORDER BY building_id").fetchall()
        server = Flask("features")
        server.register_blueprint(features_blueprint(Data(store)))
        client = server.test_client()
        for name in COLLECTIONS:
            took: list[float] = []
            until = perf_counter() + seconds
            while perf_counter() < until or len(took) < 2:
                lon, lat = dice.choice(places)
                box = f"{lon},{lat},{lon + SIDE_DEG},{lat + SIDE_DEG}"
                begun = perf_counter()
                answer = client.get(f"/features/collections/{name}/items?limit={LIMIT}&bbox={box}")
                took.append((perf_counter() - begun) * 1e3)
                assert answer.status_code == 200, answer.text
            p95 = sorted(took)[int(len(took) * 0.95)]
            found.append(Figure(f"{name}, p50", statistics.median(took), "ms", note=f"{len(took)} answers"))
            found.append(Figure(f"{name}, p95", p95, "ms", "target", TARGET_MS))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each collection")
    options = parser.parse_args(arguments)
    print_figures("Features", figures(options.data, options.seconds))


if __name__ == "__main__":
    main()
