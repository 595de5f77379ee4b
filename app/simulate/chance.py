"""Chances that hang on what they are about, not on when they are drawn: threads may draw them in any order."""

from random import Random


def chance(seed: int, *about: object) -> Random:
    """Random stream of one thing, the same for one seed and one thing."""
    return Random("|".join(str(part) for part in (seed, *about)))  # noqa: S311 - a simulation, no secret


def lognormal(random: Random, median: float, spread: float) -> float:
    """Positive variate around a median; two thirds lie within a factor of ``exp(spread)``."""
    return median * random.lognormvariate(0.0, spread)
