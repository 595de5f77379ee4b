"""A CityJSON file of as many houses with gabled roofs as one likes, a known part of them faulty."""

import json
from pathlib import Path

import numpy as np

EPSG = 7415
SOUTH_WEST = (84_000.0, 446_000.0)
"""Metres of EPSG:28992, the horizontal part of EPSG:7415."""
SPACING_M = 25.0
ROOF, WALL, GROUND = 0, 1, 2
FACES = (
    ([0, 3, 2, 1], GROUND), ([0, 1, 5, 4], WALL), ([2, 3, 7, 6], WALL), ([1, 2, 6, 9, 5], WALL),
    ([3, 0, 4, 8, 7], WALL), ([4, 5, 9, 8], ROOF), ([6, 7, 8, 9], ROOF),
)  # fmt: skip
"""Corners 0–3 on the ground, 4–7 at the eaves above them, 8 and 9 at the ends of the ridge; outward."""
INSIDE_OUT_EACH, OPEN_EACH = 20, 50
"""One house in so many is turned inside out; one in so many lacks its first roof face."""


def write_city(path: Path, houses: int, seed: int = 1) -> None:
    """Write the file: CityJSON 2.0, one Solid of LoD 2.2 a house, coordinates in millimetres of EPSG:7415."""
    dice = np.random.default_rng(seed)
    across = int(np.ceil(np.sqrt(houses)))
    east, north = np.divmod(np.arange(houses), across)
    corner = np.stack([SOUTH_WEST[0] + east * SPACING_M, SOUTH_WEST[1] + north * SPACING_M], axis=1)
    width, depth = dice.uniform(6, 12, houses), dice.uniform(8, 16, houses)
    eaves = dice.uniform(3, 9, houses)
    turn = dice.uniform(0, np.pi, houses)
    x = np.stack([0 * width, width, width, 0 * width] * 2 + [0 * width, width], axis=1)
    y = np.stack([0 * depth, 0 * depth, depth, depth] * 2 + [depth / 2, depth / 2], axis=1)
    z = np.repeat(np.stack([0 * eaves, eaves, eaves * 1.4], axis=1), (4, 4, 2), axis=1)
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    vertices = np.stack([corner[:, :1] + x * cos - y * sin, corner[:, 1:] + x * sin + y * cos, z], axis=2)
    millimetres = np.round((vertices - [*SOUTH_WEST, 0.0]) * 1000).astype(int).reshape(-1, 3)
    things = {f"house-{number:06d}": _house(number) for number in range(houses)}
    city = {
        "type": "CityJSON", "version": "2.0",
        "transform": {"scale": [0.001] * 3, "translate": [*SOUTH_WEST, 0.0]},
        "metadata": {"referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{EPSG}"},
        "CityObjects": things, "vertices": millimetres.tolist(),
    }  # fmt: skip
    path.write_text(json.dumps(city, separators=(",", ":")), encoding="utf-8")


def _house(number: int) -> dict[str, object]:
    faces = [face for face in FACES if not (number % OPEN_EACH == OPEN_EACH - 1 and face is FACES[5])]
    step = -1 if number % INSIDE_OUT_EACH == INSIDE_OUT_EACH - 1 else 1
    return {
        "type": "Building",
        "attributes": {"storeys": 1 + number % 4, "function": "residential"},
        "geometry": [
            {
                "type": "Solid", "lod": "2.2",
                "boundaries": [[[[number * 10 + corner for corner in ring[::step]]] for ring, _ in faces]],
                "semantics": {
                    "surfaces": [{"type": "RoofSurface"}, {"type": "WallSurface"}, {"type": "GroundSurface"}],
                    "values": [[kind for _, kind in faces]],
                },
            }
        ],
    }  # fmt: skip
