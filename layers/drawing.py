"""How layers share depth: what lies flat on the plain is painted in order, what stands up hides what is behind."""

from typing import Any

FLAT: dict[str, Any] = {"depthCompare": "always", "depthWriteEnabled": False}
"""On the ground: painted in the order of the layers, so that planes of equal height never flicker."""
OVERLAY: dict[str, Any] = {"depthCompare": "always", "depthWriteEnabled": False}
"""In front of everything that was painted before."""
GLOWING: dict[str, Any] = {
    "depthCompare": "less-equal",
    "depthWriteEnabled": False,
    "blend": True,
    "blendColorSrcFactor": "src-alpha",
    "blendColorDstFactor": "one",
    "blendAlphaSrcFactor": "zero",
    "blendAlphaDstFactor": "one",
}
"""Light that is added to what lies behind; nearer buildings hide it."""
VEIL: dict[str, Any] = {"depthCompare": "less-equal", "depthWriteEnabled": False}
"""The same on a light ground, where light cannot be added: a tint."""
NO_SHADOW: dict[str, Any] = {"shadow_enabled": False}
"""Lies on the ground: shadows fall on it, and it throws none."""
SIGN: dict[str, Any] = {"shadow_enabled": False, "shaded": False}
"""A sign, not a thing: it neither throws shadows nor stands in one. Tints are signs too: a shadow on each of several
that lie on one another would be black."""
STANDING: dict[str, Any] = {"depthCompare": "less-equal", "depthWriteEnabled": True}
"""Buildings and hills: nearer hides farther."""
