"""What one page listens to: an area, and the cases that it filters for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """What one page listens to.

    Parameters
    ----------
    area : str
        Code of a street, community or grid cell, or ``""`` for the whole district, with what has no place.
    filter : str
        Cases that its figures are of, as `twin_model.selection_text` writes a selection in its canonical form, or
        ``""`` for all. Events are not filtered by it: the page does that.
    """

    area: str = ""
    filter: str = ""
