"""Export as 3D Tiles: seconds and bytes, beside py3dtiles on the same buildings in the same run.

python -m tests.benchmarks.bench_tiles --data DIR [--buildings N] [--rounds R]

Both write every building of the store at its best level of detail: its best model, else the block of its footprint and
height. py3dtiles takes geometries as WKB by the function behind its ``export`` command, with the code of each building
in its batch table; the WKB is made beforehand and not measured. Ours is measured from the store, and writes more:
blocks for the view from far above the models, and a table of properties. The ground and the components are left out,
which py3dtiles does not write. With ``--buildings`` both take the first so many buildings only.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from datastore.queries.building_models import building_models
from datastore.queries.scene import buildings_scene
from datastore.settle import settle
from datastore.store import FILE_NAME, Store
from datastore.tileset_export import TileOptions, export_tileset
from tests.benchmarks.peers import run_peer
from tests.benchmarks.report import Figure, print_figures
from twin_model.extrusion import extrude_all
from twin_model.local_frame import LocalFrame

BYTES_PER_MIB = 1024 * 1024
MODEL_TABLES = ("building_model", "building_detail", "building")


def first_buildings(data: Path, folder: Path, buildings: int | None) -> Path:
    """Copy of a store in a folder with its first buildings only, or the store itself for all of them."""
    if buildings is None:
        return data
    shutil.copy(data / FILE_NAME, folder)
    with Store.open(folder) as store, store.write() as con:
        for table in MODEL_TABLES:
            con.execute(
                f"DELETE FROM {table} WHERE building_id NOT IN "  # noqa: S608 - tables of ours
                "(SELECT building_id FROM building ORDER BY building_id LIMIT $n)",
                {"n": buildings},
            )
        settle(con)  # the cases at the others have lost their building
    return folder


def triangles(store: Store) -> tuple[list[str], NDArray[np.float64], NDArray[np.int64]]:
    """Codes of all buildings, the triangles of their best shapes and the building of each.

    Returns
    -------
    codes : list of str
    triangles : (m, 3, 3) float64
        Metres east, north and up around the middle of the first building.
    owner : (m,) int64
        Place of the building of each, ascending.
    """
    with store.read() as cur:
        rows, models = buildings_scene(cur), building_models(cur)
    ids = rows["building_id"].to_numpy()
    frame = LocalFrame(rows["lon"][0].as_py(), rows["lat"][0].as_py())
    scale, origin = np.array(frame.metres_per_degree), np.array([frame.lon, frame.lat])
    plain = np.flatnonzero(~np.isin(ids, models["building_id"].to_numpy()))
    shapes = shapely.from_wkb(rows["geom"].to_numpy()[plain])
    flat = shapely.transform(shapes, lambda corners: (corners - origin) * scale)
    made = extrude_all(flat, rows["height_m"].to_numpy()[plain])
    found = [made.vertices[made.faces]]
    owners = [np.repeat(plain, np.diff(made.face_start))]
    for row in _rows(models):
        corners = np.frombuffer(row["vertices"], "<f4").reshape(-1, 3).astype(np.float64)
        corners[:, :2] += (np.array([row["lon"], row["lat"]]) - origin) * scale
        faces = np.frombuffer(row["faces"], "<u4").reshape(-1, 3)
        found.append(corners[faces])
        owners.append(np.full(len(faces), np.searchsorted(ids, row["building_id"])))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return rows["code"].to_pylist(), np.concatenate(found)[order], owner[order]


def _rows(models: pa.Table) -> list[dict[str, object]]:
    return models.select(["building_id", "lon", "lat", "vertices", "faces"]).to_pylist()


def write_wkb(store: Store, path: Path) -> None:
    """What the peer reads."""
    codes, corners, owner = triangles(store)
    upright = np.stack([corners[..., 0], corners[..., 2], -corners[..., 1]], axis=-1)
    closed = np.concatenate([upright, upright[:, :1]], axis=1)
    whole = shapely.multipolygons(shapely.polygons(closed), indices=owner)
    wkbs = shapely.to_wkb(whole, flavor="iso")
    ends = np.cumsum([len(wkb) for wkb in wkbs])
    np.savez(path, wkb=np.frombuffer(b"".join(wkbs), np.uint8), ends=ends, codes=np.array(codes))


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def figures(data: Path, rounds: int, buildings: int | None = None) -> list[Figure]:
    """Seconds and bytes of both."""
    ours: list[float] = []
    peers: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with Store.open(first_buildings(data, folder, buildings), read_only=True) as store:
            for number in range(rounds):
                begun = perf_counter()
                report = export_tileset(store, folder / f"ours-{number}", TileOptions(ground=False, components=False))
                ours.append(perf_counter() - begun)
            write_wkb(store, folder / "buildings.npz")
        for number in range(rounds):
            arguments = (str(folder / "buildings.npz"), str(folder / f"theirs-{number}"))
            if answer := run_peer("peer_py3dtiles.py", ("py3dtiles",), *arguments):
                peers.append(answer["seconds"])
        sizes = size_of(folder / "ours-0"), size_of(folder / "theirs-0")
        files = [sum(path.is_file() for path in (folder / name).rglob("*")) for name in ("ours-0", "theirs-0")]
    peer = "py3dtiles" if peers else ""
    told = f"{report.buildings:,} buildings, {report.models:,} with a model"
    return [
        Figure("export", statistics.median(ours), "s", peer, statistics.median(peers) if peers else None, told),
        Figure(
            "tileset", sizes[0] / BYTES_PER_MIB, "MiB", peer, sizes[1] / BYTES_PER_MIB if peers else None,
            "ours with blocks for far views and properties",
        ),
        Figure("files", files[0], "", peer, files[1] if peers else None),
    ]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="data directory with a store")
    parser.add_argument("--buildings", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args(arguments)
    print_figures("3D Tiles", figures(options.data, options.rounds, options.buildings))


if __name__ == "__main__":
    main()
