"""Habits of units: how fast and how carefully each of them works, drawn once by the seed."""

from dataclasses import dataclass

from app.simulate.chance import chance, lognormal


@dataclass(frozen=True)
class Habits:
    """How a unit works.

    Parameters
    ----------
    pace : float
        Around 1; how much longer than usual it takes.
    returns : float
        Share of the cases that it sends back as not its own.
    photos : float
        Share of its feedbacks with a photo.
    reuses : float
        Share of its photos that are the one of before again.
    late : float
        Share of the cases that it finishes after their deadline.
    asks : float
        Share of the cases that it asks more time for.
    notes : float
        Share of the cases that it writes a note on.
    """

    pace: float = 1.0
    returns: float = 0.04
    photos: float = 0.9
    reuses: float = 0.01
    late: float = 0.12
    asks: float = 0.06
    notes: float = 0.05


def habits_of(unit: str, seed: int) -> Habits:
    """Habits of a unit: the same for one seed."""
    random = chance(seed, "unit", unit)
    return Habits(
        pace=min(max(lognormal(random, 1.0, 0.35), 0.4), 2.5),
        returns=random.uniform(0.02, 0.08),
        photos=random.uniform(0.75, 0.98),
        reuses=random.uniform(0.0, 0.03),
        late=random.uniform(0.04, 0.25),
        asks=random.uniform(0.02, 0.12),
        notes=random.uniform(0.02, 0.08),
    )
