"""Lights: soft ambient light and one low sun from the south-east, so that walls part from roofs."""

from math import cos, radians, sin
from typing import Any

from layers.palette import Theme
from layers.sunlight import Sun

SUN_DIRECTION = (-2.2, 3.0, -4.2)
"""Where sunlight goes: metres to the east, to the north and up."""
FILL_DIRECTION = (2.5, -1.0, -1.6)
"""A faint second light from the north-west, so that shaded walls keep their shape."""

INTENSITIES: dict[Theme, tuple[float, float, float]] = {"dark": (0.92, 1.22, 0.4), "light": (1.18, 1.02, 0.32)}
"""Ambient, sun and fill: a flat roof comes out as bright as its colour in the legend."""
SUNLIT: dict[Theme, tuple[float, float, float]] = {"dark": (0.8, 1.5, 0.3), "light": (1.05, 1.2, 0.3)}
"""The same at noon of a chosen day."""
NIGHT: dict[Theme, tuple[float, float]] = {"dark": (0.62, 0.3), "light": (0.95, 0.4)}
"""Ambient and fill while the sun is below the horizon."""
SHADOWS_FROM_DEG = 3.0
"""Altitude from which buildings throw shadows; below it they would be longer than the city."""
HIGH_SUN_DEG = 35.0
"""Altitude from which sunlight has its full strength and is white."""

MATERIAL = {"ambient": 0.42, "diffuse": 0.62, "shininess": 24, "specularColor": [34, 40, 52]}
"""Of buildings and hills: nearly matt."""

SKY = (226, 234, 255)
DAYLIGHT = (255, 244, 228)
EVENING = (255, 176, 112)
FILL = (150, 184, 255)


def lighting(theme: Theme, sun: Sun | None = None) -> list[dict[str, Any]]:
    """Deck effects with the scene's lights: its own even ones, or those of a chosen date and hour."""
    if sun is None:
        ambient, strength, fill = INTENSITIES[theme]
        lights = {"sun": _directional(DAYLIGHT, strength, SUN_DIRECTION)}
    elif sun.altitude_deg <= 0:
        ambient, fill = NIGHT[theme]
        lights = {}
    else:
        ambient, strength, fill = SUNLIT[theme]
        height = min(1.0, sun.altitude_deg / HIGH_SUN_DEG)
        colour = tuple(round(low + (high - low) * height) for low, high in zip(EVENING, DAYLIGHT, strict=True))
        shadows = sun.shadows and sun.altitude_deg >= SHADOWS_FROM_DEG
        lights = {"sun": _directional(colour, strength * (0.45 + 0.55 * height), _direction(sun), shadows=shadows)}
        if shadows:  # every directional light would throw its own
            ambient, fill = ambient + fill / 2, 0.0
    if fill:
        lights["fill"] = _directional(FILL, fill, FILL_DIRECTION)
    return [
        {
            "@@type": "LightingEffect",
            "ambient": {"@@type": "AmbientLight", "color": list(SKY), "intensity": ambient},
            **lights,
        }
    ]


def _directional(
    colour: tuple[int, ...], intensity: float, direction: tuple[float, ...], *, shadows: bool = False
) -> dict[str, Any]:
    light = {
        "@@type": "DirectionalLight",
        "color": list(colour),
        "intensity": round(intensity, 3),
        "direction": list(direction),
    }
    return light | {"_shadow": True} if shadows else light


def _direction(sun: Sun) -> tuple[float, ...]:
    """Where the light of a sun goes: east, north, up."""
    azimuth, altitude = radians(sun.azimuth_deg), radians(sun.altitude_deg)
    towards = (sin(azimuth) * cos(altitude), cos(azimuth) * cos(altitude), sin(altitude))
    return tuple(round(-part, 5) for part in towards)
