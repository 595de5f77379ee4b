"""Import of 3D city models: buildings a second, beside cjio and trimesh on the same file in the same run.

python -m tests.benchmarks.bench_city [--houses N] [--rounds R]

The file is generated: houses with gabled roofs as CityJSON 2.0 solids of LoD 2.2, one in twenty inside out and one in
fifty open. Both sides go from the file to meshes that are mended, tested for watertightness and measured. Ours also
turns the coordinates into longitude, latitude and metres around each house; the peer stays in those of the file. The
whole import, into a new store with outlines, areas, joins and report, is measured too, without a peer.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np

from datastore.sources.city import import_city
from datastore.sources.city_format import open_city
from datastore.sources.city_writer import BATCH_OBJECTS
from datastore.sources.options import CityOptions
from datastore.store import Store
from tests.benchmarks.generated_city import EPSG, write_city
from tests.benchmarks.peers import run_peer
from tests.benchmarks.report import Figure, print_figures
from twin_model.body_batch import body_batch
from twin_model.building_model import BuildingModel, building_models
from twin_model.city_object import CityObject
from twin_model.position import positions_to_stored

BYTES_PER_MIB = 1024 * 1024
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def meshes(path: Path) -> Iterator[BuildingModel]:
    """Every building of a file as mended meshes, batch by batch as the import has them."""
    objects = (thing for thing in open_city(path, None).objects(lambda _: None) if isinstance(thing, CityObject))
    while things := list(islice(objects, BATCH_OBJECTS)):
        positions = np.concatenate([body.positions for thing in things for body in thing.geometries])
        stored = positions_to_stored(positions, f"EPSG:{EPSG}")
        yield from (model for _, model in building_models(body_batch([thing.geometries for thing in things], stored)))


def mesh_once(path: Path) -> tuple[float, int, int]:
    """Seconds from the file to mended meshes, how many there are, and how many are watertight."""
    begun = perf_counter()
    count = watertight = 0
    for model in meshes(path):
        count += 1
        watertight += model.report.watertight
    return perf_counter() - begun, count, watertight


def import_once(path: Path) -> float:
    """Seconds of the whole import into a new store."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        begun = perf_counter()
        import_city(store, path, CityOptions(), NOW)
        return perf_counter() - begun


def figures(houses: int, rounds: int) -> list[Figure]:
    """Buildings a second of both, and how many solids each finds or makes watertight."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "houses.city.json"
        write_city(path, houses)
        size = path.stat().st_size / BYTES_PER_MIB
        ours = [mesh_once(path) for _ in range(rounds)]
        imports = [import_once(path) for _ in range(rounds)]
        peers = [run_peer("peer_cjio.py", ("cjio", "trimesh"), str(path)) for _ in range(rounds)]
    found = [peer for peer in peers if peer]
    name = "cjio + trimesh" if found else ""
    rate = houses / statistics.median(peer["seconds"] for peer in found) if found else None
    return [
        Figure(
            "file to mended meshes", houses / statistics.median(taken for taken, _, _ in ours), "buildings/s",
            name, rate, f"{houses:,} solids, {size:.1f} MiB",
        ),
        Figure(
            "solids that are watertight then", ours[0][2], "", name, found[0]["watertight"] if found else None,
            "one in fifty lacks a roof face",
        ),
        Figure(
            "whole import into a new store", houses / statistics.median(imports), "buildings/s",
            note="outlines, models, joins, report",
        ),
    ]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--houses", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print_figures("City models", figures(options.houses, options.rounds))


if __name__ == "__main__":
    main()
