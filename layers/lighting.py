"""Lights: soft ambient light and one low sun from the south-east, so that walls part from roofs."""

from typing import Any

from layers.palette import Theme

SUN_DIRECTION = (-2.2, 3.0, -4.2)
"""Where sunlight goes: metres to the east, to the north and up."""
FILL_DIRECTION = (2.5, -1.0, -1.6)
"""A faint second light from the north-west, so that shaded walls keep their shape."""

INTENSITIES: dict[Theme, tuple[float, float, float]] = {"dark": (0.95, 1.75, 0.5), "light": (1.35, 1.2, 0.35)}
"""Ambient, sun and fill."""

MATERIAL = {"ambient": 0.42, "diffuse": 0.62, "shininess": 24, "specularColor": [34, 40, 52]}
"""Of buildings and hills: nearly matt."""


def lighting(theme: Theme) -> list[dict[str, Any]]:
    """Deck effects with the scene's lights."""
    ambient, sun, fill = INTENSITIES[theme]
    return [
        {
            "@@type": "LightingEffect",
            "ambient": {"@@type": "AmbientLight", "color": [226, 234, 255], "intensity": ambient},
            "sun": {
                "@@type": "DirectionalLight",
                "color": [255, 244, 228],
                "intensity": sun,
                "direction": list(SUN_DIRECTION),
            },
            "fill": {
                "@@type": "DirectionalLight",
                "color": [150, 184, 255],
                "intensity": fill,
                "direction": list(FILL_DIRECTION),
            },
        }
    ]
