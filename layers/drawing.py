"""How layers share depth: what lies flat on the plain is painted in order, what stands up hides what is behind."""

from typing import Any

FLAT: dict[str, Any] = {"depthCompare": "always", "depthWriteEnabled": False}
"""On the ground: painted in the order of the layers, so that planes of equal height never flicker."""
OVERLAY: dict[str, Any] = {"depthCompare": "always", "depthWriteEnabled": False}
"""In front of everything that was painted before."""
STANDING: dict[str, Any] = {"depthCompare": "less-equal", "depthWriteEnabled": True}
"""Buildings and hills: nearer hides farther."""
