"""CityJSON into checked meshes by cjio and trimesh, called as their documents show: ``peer_cjio.py FILE``.

cjio reads the file and triangulates every surface with earcut; each building becomes a `trimesh.Trimesh` that merges
its vertices; one that is no volume has its normals fixed and its holes filled; then watertightness and volume are
asked.
"""

import json
import sys
from time import perf_counter

import numpy as np
import trimesh
from cjio import cityjson


def meshes(path):
    """Every building as a mesh, in the coordinates of the file."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as cjio's documents open it
        model = cityjson.reader(file)
    model.triangulate(sloppy=True)
    model.decompress()
    vertices = np.array(model.j["vertices"])
    for thing in model.j["CityObjects"].values():
        for geometry in thing.get("geometry", []):
            faces = [face[0] for shell in geometry["boundaries"] for face in shell]
            used, indices = np.unique(np.array(faces), return_inverse=True)
            yield trimesh.Trimesh(vertices[used], indices.reshape(-1, 3), process=True)


def main():
    """Measure once and print."""
    begun = perf_counter()
    count = watertight = 0
    for mesh in meshes(sys.argv[1]):
        if not mesh.is_volume:
            trimesh.repair.fix_normals(mesh)
            trimesh.repair.fill_holes(mesh)
        count += 1
        watertight += bool(mesh.is_watertight) and mesh.volume > 0
    print(json.dumps({"seconds": perf_counter() - begun, "meshes": count, "watertight": int(watertight)}))  # noqa: T201 - its output


if __name__ == "__main__":
    main()
