"""Errors of the layers: one root, each with the thing, the place and the mend in its message."""


class LayerError(ValueError):
    """Root of every error that building or encoding a layer raises."""


class WireError(LayerError):
    """A table that cannot be encoded for the browser."""
