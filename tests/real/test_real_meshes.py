"""Meshes of real city models, which do not ship."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import trimesh

from twin_model.mesh_repair import repaired_all
from twin_model.mesh_surface import mesh_of_polygons

ROOT = Path(__file__).resolve().parents[2]
CITYJSON = ROOT.parent / "shared" / "data" / "city3d" / "cityjson"

pytestmark = [pytest.mark.real, pytest.mark.skipif(not CITYJSON.is_dir(), reason="the real files are not here")]


def solids(name):
    """Meshes of all solids of a file, as they are."""
    city = json.loads((CITYJSON / name).read_text())
    scale, move = city["transform"]["scale"], city["transform"]["translate"]
    vertices = np.array(city["vertices"]) * scale + move
    for thing in city["CityObjects"].values():
        for geometry in thing.get("geometry", ()):
            if geometry["type"] == "Solid":
                polygons = [polygon for shell in geometry["boundaries"] for polygon in shell]
                origin = vertices[polygons[0][0][0]]
                rings = [[vertices[ring] - origin for ring in polygon] for polygon in polygons]
                yield mesh_of_polygons(rings, [0] * len(rings)).mesh


@pytest.mark.parametrize(
    ("name", "expected"),
    [("multi_lod.json", {("valid", ""): 30}), ("delft.json", {("repaired", "holes_filled"): 160})],
)
def test_solids_are_sound_or_get_the_ground_that_they_lack_and_trimesh_agrees(name, expected):
    found = repaired_all(list(solids(name)), solid=True)
    assert Counter((report.state, report.reason) for _, report, _ in found) == expected
    for mesh, report, _ in found:
        body = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
        assert body.is_watertight
        assert body.is_winding_consistent
        assert body.volume == pytest.approx(report.volume_m3)
        assert body.euler_number == report.euler_number
