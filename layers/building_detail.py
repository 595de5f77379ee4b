"""Detail by distance: where the meshes of buildings come from, and how near one must be to see them."""

from dataclasses import dataclass
from typing import Any

MESHES_FROM_ZOOM = 15.4
"""Zoom, at the distance of a mesh tile, from which its meshes are drawn in place of blocks."""
MESHES_UNTIL_ZOOM = 15.15
"""Zoom below which they are blocks again: a little less, so that a small movement does not switch to and fro."""
MESH_BUDGET_BYTES = 96 * 1024 * 1024
"""Memory that meshes may take in the browser, arrays and graphics buffers together."""


@dataclass(frozen=True)
class Detail:
    """Source of the meshes.

    Attributes
    ----------
    tiles
        Address of the table ``model_tiles``.
    models
        Address of the table ``models``; the tile's number is added to its end.
    budget_bytes
        Memory that meshes may take in the browser.
    """

    tiles: str
    models: str
    budget_bytes: int = MESH_BUDGET_BYTES

    def json(self) -> dict[str, Any]:
        """As the bridge reads it."""
        return {
            "tiles": self.tiles,
            "models": self.models,
            "from": MESHES_FROM_ZOOM,
            "until": MESHES_UNTIL_ZOOM,
            "budget": self.budget_bytes,
        }
