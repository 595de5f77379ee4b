"""What to build: the seed, the size and the day of a demo city."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from twin_model.errors import TwinModelError

GENERATOR_VERSION = 2
"""Raised with every change after which an equal plan gives other tables, so that stored demos are built anew."""
DEFAULT_SEED = 20_191_109
"""Any number will do; the same number gives the same city."""
PUBLISHED_CASES = 2_040_552
"""Cases that Haidian's platform reported, as published."""

Progress: TypeAlias = Callable[[str, float], None]
"""Told the phase (a stable English key) and the fraction of the whole that is done, 0 to 1."""


def no_progress(phase: str, fraction: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class DemoPlan:
    """A demo city to be generated; equal plans give identical tables.

    Attributes
    ----------
    anchor_day
        The build day; history ends at the midnight that begins it.
    seed
        Root of every random stream.
    cases
        Number of cases reported.
    streets
        9-digit codes of the streets to build, or None for all. The streets keep their place and shape, and their
        communities too; blocks, cells and buildings are drawn anew. The other streets are left out.

    Raises
    ------
    TwinModelError
        If there is to be no case: a city without any has no time to show.
    """

    anchor_day: date
    seed: int = DEFAULT_SEED
    cases: int = PUBLISHED_CASES
    streets: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """See that the plan can be built."""
        if self.cases < 1:
            raise TwinModelError(f"a demo city of {self.cases} cases cannot be built; ask for 1 or more")


PARTS = ("streets", "communities", "grid", "landuse", "buildings", "components", "roads", "units", "cases", "feed")
"""Parts with a random stream of their own: a change in one leaves the others as they were. Append only."""


def stream(plan: DemoPlan, part: str, *key: int) -> np.random.Generator:
    """Random stream of one part of the city, optionally of one thing (its code as a number) in that part.

    Raises
    ------
    TwinModelError
        If the part is not one of `PARTS`.
    """
    if part not in PARTS:
        raise TwinModelError(f"the demo has no part {part!r}; use one of {', '.join(PARTS)}")
    return np.random.default_rng(np.random.SeedSequence(plan.seed, spawn_key=(PARTS.index(part), *key)))
