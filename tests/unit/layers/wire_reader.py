"""A reader of the wire format for tests: slow and plain, and written apart from the encoder."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa


@dataclass
class Wire:
    head: dict[str, Any]
    physical: dict[str, list[Any]]

    def integers(self, spec: dict[str, Any], name: str) -> list[int]:
        values = [spec["constant"]] * spec["count"] if spec["planes"] == 0 else [0] * spec["count"]
        for plane in range(spec["planes"]):
            for index, byte in enumerate(self.physical[f"{name}.{plane}"]):
                values[index] |= byte << (8 * plane)
        if spec["planes"]:
            values = [(value >> 1) ^ -(value & 1) for value in values]
        return list(np.cumsum(values)) if spec["codec"] == "delta" else values

    def column(self, name: str) -> list[Any]:
        spec, path = self.head["columns"][name], f"columns/{name}"
        if spec["codec"] in ("text", "float32"):
            return self.physical[path]
        if spec["codec"] == "shaped":
            parts = [
                part
                if isinstance(part, str)
                else [f"{part['base'] + n:0{part['width']}d}" for n in self.integers(part, f"{path}/{at}")]
                for at, part in enumerate(spec["parts"])
            ]
            return ["".join(p if isinstance(p, str) else p[row] for p in parts) for row in range(spec["count"])]
        whole = self.integers(spec, path)
        if "dictionary" in spec:
            return [spec["dictionary"][code] for code in whole]
        return [number * spec["quantum"] for number in whole] if "quantum" in spec else whole

    def geometry(self, name: str) -> list[int]:
        return self.integers(self.head["geometry"][name], f"geometry/{name}")

    def runs(self) -> list[np.ndarray]:
        """Vertices of each ring (open), line or point, degrees."""
        quantum = self.head["quantum"]
        steps = list(zip(self.geometry("step_x"), self.geometry("step_y"), strict=True))
        starts = zip(self.geometry("start_x"), self.geometry("start_y"), self.geometry("run_sizes"), strict=True)
        runs = []
        for x, y, size in starts:
            mine, steps = steps[: size - 1], steps[size - 1 :]
            if size == 4:
                mine[2] = (mine[2][0] - mine[0][0], mine[2][1] - mine[0][1])
            whole = np.cumsum([(x, y), *mine], axis=0)
            runs.append(
                whole * (quantum["step_lon"], quantum["step_lat"]) + (quantum["lon"], quantum["lat"])
            )  # fmt: skip
        return runs

    def parts(self) -> list[tuple[int, list[np.ndarray]]]:
        """Row and rings of each part."""
        runs = self.runs()
        found = []
        for row, count in zip(self.geometry("part_rows"), self.geometry("part_runs"), strict=True):
            found.append((row, runs[:count]))
            runs = runs[count:]
        return found

    def triangles(self) -> list[np.ndarray]:
        """(t, 2 × 3) corners of the triangles of each part, degrees."""
        flat = self.geometry("triangles")
        found = []
        for (_, rings), convex, lack in zip(
            self.parts(), self.geometry("convex"), self.geometry("triangle_lack"), strict=True
        ):
            vertices = np.concatenate(rings)
            count = len(vertices) - 2 + 2 * (len(rings) - 1) - lack
            if convex:
                corners = [(0, k + 1, k + 2) for k in range(count)]
            else:
                mine, flat = flat[: 3 * count], flat[3 * count :]
                corners = [tuple(mine[3 * k : 3 * k + 3]) for k in range(count)]
            found.append(vertices[np.array(corners, dtype=int).reshape(-1, 3)])
        return found


def read_wire(message: bytes) -> Wire:
    table = pa.ipc.open_stream(message).read_all()
    head = json.loads(table.schema.metadata[b"citydeck"])
    return Wire(head, {name: table.column(name)[0].as_py() for name in table.column_names})
