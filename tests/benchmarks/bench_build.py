"""Build time and peak memory of the demo city, in a process of its own."""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.benchmarks.report import Figure, print_figures

BYTES_PER_MIB = 1024 * 1024


def build_once(cases: int) -> tuple[float, int]:
    """Build the demo with the command that users run; seconds and bytes on disk."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "app.cli", "demo", "--no-serve", "--cases", str(cases), "--data", folder]
        begun = perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        taken = perf_counter() - begun
        return taken, sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


def figures(cases: int, rounds: int) -> list[Figure]:
    """Median seconds, peak resident memory of the child and size of the store."""
    builds = [build_once(cases) for _ in range(rounds)]
    # On Linux ru_maxrss is in KiB, of the largest child: the build.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / BYTES_PER_MIB
    return [
        Figure(f"demo build, {cases:,} cases", statistics.median(t for t, _ in builds), "s", "target", 30.0),
        Figure("peak memory of the build", peak, "MiB"),
        Figure("store on disk", builds[-1][1] / BYTES_PER_MIB, "MiB"),
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_040_552)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print_figures("Demo build", figures(options.cases, options.rounds))


if __name__ == "__main__":
    main()
