"""What the store knows around a case, handed to the rules, which look nothing up themselves."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from twin_model.closing_check import ClosingPhoto


@dataclass(frozen=True)
class Surroundings:
    """Facts around one case.

    Parameters
    ----------
    kind : str
        Of its class: ``component``, ``event`` or ``other``.
    street, community, grid, building : str
        Codes of where it lies; ``""`` for none.
    building_m : str
        Metres to the building's footprint, as text.
    component, owner, maintainer : str
        Component that it is about, and the units that the register names for it.
    territory : str
        Unit of the street or town that it lies in.
    outside : bool
        Whether it lies in no street or town of a city that has some: no list can say whose it is.
    original : str
        Number of the case that it repeats, or ``""``.
    original_rule : str
        Row of the duplicate rules that says so.
    units : set of str
        Codes of all units.
    before, after : tuple of ClosingPhoto
        Photos of the case so far: those of this round's work, and all others.
    """

    kind: str = "event"
    street: str = ""
    community: str = ""
    grid: str = ""
    building: str = ""
    building_m: str = ""
    component: str = ""
    owner: str = ""
    maintainer: str = ""
    territory: str = ""
    outside: bool = False
    original: str = ""
    original_rule: str = ""
    units: AbstractSet[str] = field(default_factory=frozenset)
    before: tuple[ClosingPhoto, ...] = ()
    after: tuple[ClosingPhoto, ...] = ()

    @property
    def area(self) -> str:
        """Finest area that it lies in."""
        return self.grid or self.community or self.street
