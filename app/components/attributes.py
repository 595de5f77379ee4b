"""HTML attributes whose names Python cannot write as keywords."""

from typing import Any


def attributes(named: dict[str, str | None]) -> dict[str, Any]:
    """Attributes such as ``aria-label`` and ``data-key``, to be unpacked into a component; None leaves one out."""
    return {name: value for name, value in named.items() if value is not None}
