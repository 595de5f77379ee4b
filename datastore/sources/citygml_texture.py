"""Textures that CityGML lays on rings: appearances of the whole model and of single objects."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PAIR = 2


@dataclass(frozen=True)
class RingTexture:
    """Texture of one ring.

    Parameters
    ----------
    image : str
        Path of the image, as the file names it.
    uv : (k, 2) float64
        Texture coordinates of its corners, the first one not repeated.
    """

    image: str
    uv: NDArray[np.float64]


def ring_textures(appearance: Any) -> dict[str, RingTexture]:  # noqa: ANN401 - lxml has no types
    """Textures of the rings that an appearance names, by the id of the ring; the first of several themes counts.

    Parameters
    ----------
    appearance : lxml element
        Any element with ``ParameterizedTexture`` elements in it.
    """
    found: dict[str, RingTexture] = {}
    for texture in appearance.iter("{*}ParameterizedTexture"):
        image = next((each.text for each in texture.iter("{*}imageURI")), None)
        if not image or not image.strip():
            continue
        for coordinates in texture.iter("{*}TexCoordList"):
            for ring, uv in _rings(coordinates):
                found.setdefault(ring, RingTexture(image.strip(), uv))
    return found


def _rings(coordinates: Any) -> list[tuple[str, NDArray[np.float64]]]:  # noqa: ANN401 - lxml has no types
    """Ids of rings with their coordinates: in CityGML 2 the ring is an attribute, in 3 an element of its own."""
    lists = list(coordinates.iterfind("{*}textureCoordinates"))
    named = [each.get("ring") for each in lists]
    if any(name is None for name in named):
        named = [(each.text or "").strip() for each in coordinates.iterfind("{*}ring")]
    pairs = []
    for name, each in zip(named, lists, strict=False):
        try:
            uv = np.array((each.text or "").split(), dtype=np.float64).reshape(-1, _PAIR)
        except ValueError:
            continue
        if name and len(uv) > 1 and np.isfinite(uv).all():
            closed = bool((uv[0] == uv[-1]).all())
            pairs.append((str(name).removeprefix("#"), uv[:-1] if closed else uv))
    return pairs
