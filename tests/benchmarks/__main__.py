"""Every benchmark, one after the other: ``python -m tests.benchmarks`` (or ``make bench``)."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import (
    bench_build,
    bench_city,
    bench_desk,
    bench_features,
    bench_flight,
    bench_locate,
    bench_push,
    bench_queries,
    bench_scene,
    bench_tiles,
)
from tests.benchmarks.peer_postgres import Peer
from tests.benchmarks.report import print_figures
from tests.benchmarks.scene_page import WINDOW

PUBLISHED_CASES = 2_040_552


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=PUBLISHED_CASES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each run of queries")
    parser.add_argument("--houses", type=int, default=20_000, help="buildings of the generated city model")
    parser.add_argument("--tile-buildings", type=int, default=10_000, help="buildings of the exports that are compared")
    parser.add_argument("--flight-minutes", type=float, default=10.0)
    parser.add_argument("--desk-minutes", type=float, default=60.0, help="of steady work while memory is read")
    parser.add_argument("--no-browser", action="store_true", help="leave out what needs Chromium")
    options = parser.parse_args(arguments)
    print_figures("Demo build", bench_build.figures(options.cases, options.rounds))
    print_figures("Point location", bench_locate.figures(25_000, options.cases, options.rounds))
    print_figures("City models", bench_city.figures(options.houses, options.rounds))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "app.cli", "demo", "--no-serve", "--cases", str(options.cases)]
        subprocess.run([*command, "--data", folder], check=True, capture_output=True)  # noqa: S603
        bench_queries.main(["--data", folder, "--seconds", str(options.seconds)])
        print_figures("Features", bench_features.figures(Path(folder), options.seconds))
        lengths = bench_desk.Lengths(2 * options.seconds, options.desk_minutes)
        print_figures("Desk", bench_desk.figures(Path(folder), lengths, Peer.found()))
        window = None if options.no_browser else WINDOW
        print_figures("Live push", bench_push.figures(Path(folder), seconds=2 * options.seconds, window=window))
        print_figures("3D Tiles", bench_tiles.figures(Path(folder), 1, options.tile_buildings))
        if not options.no_browser:
            print_figures("Scene", bench_scene.figures(Path(folder), options.rounds))
            print_figures("Flight", bench_flight.figures(Path(folder), options.flight_minutes * 60))


if __name__ == "__main__":
    main()
