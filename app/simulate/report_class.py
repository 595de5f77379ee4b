"""What can be reported, and how often each source reports it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from app.simulate.city_api import CityApi
from twin_model.case_class import CaseClass, ClassKind
from twin_model.demo.case_mix import class_shares

CONDITION, COMPONENT = "condition", "component"
"""Attributes that a service may ask for."""
_LIKE = {"PUBLIC": "COLLECTOR", "DUTY_EMERGENCY": "COLLECTOR"}
"""Sources that report events as another one does."""


@dataclass(frozen=True)
class ReportClass:
    """A class of cases as the public interface tells of it.

    Parameters
    ----------
    code, name : str
    about_component : bool
        Whether a case of it is about a thing on the register.
    conditions : tuple of str
        Conditions that its service levels know.
    """

    code: str
    name: str
    about_component: bool = False
    conditions: tuple[str, ...] = ()


def read_classes(city: CityApi) -> tuple[ReportClass, ...]:
    """Ask a city what can be reported."""
    return tuple(_class(city, row) for row in city.services())


class ClassMix:
    """Draws classes as often as a source reports them.

    Parameters
    ----------
    classes : sequence of ReportClass
    """

    def __init__(self, classes: Sequence[ReportClass]) -> None:
        self.classes = tuple(classes)
        self.by_code: Mapping[str, ReportClass] = {each.code: each for each in classes}
        self._sums: dict[str, list[float]] = {}

    def draw(self, source: str, random: Random) -> ReportClass:
        """Class of a report of a source."""
        if source not in self._sums:
            self._sums[source] = self._summed(source)
        return random.choices(self.classes, cum_weights=self._sums[source])[0]

    def another(self, given: ReportClass, random: Random) -> ReportClass:
        """Class that somebody took another one for."""
        others = [each for each in self.classes if each.code != given.code and not each.about_component]
        return random.choice(others or [given])

    def _summed(self, source: str) -> list[float]:
        rows = [_row(number, each) for number, each in enumerate(self.classes)]
        shares = class_shares(_LIKE.get(source, source), rows).tolist()
        kept = [
            0.0 if source in _LIKE and each.about_component else share
            for each, share in zip(self.classes, shares, strict=True)
        ]
        return list(accumulate(kept))


def _class(city: CityApi, row: Mapping[str, object]) -> ReportClass:
    code = str(row["service_code"])
    asked = city.attributes(code) if row.get("metadata") else []
    values = [each.get("values", []) for each in asked if each["code"] == CONDITION]
    return ReportClass(
        code=code,
        name=str(row["service_name"]),
        about_component=any(each["code"] == COMPONENT for each in asked),
        conditions=tuple(str(value["key"]) for listed in values for value in listed),
    )


def _row(number: int, each: ReportClass) -> CaseClass:
    """Class as the demo's generator has it, as far as the shares need it."""
    kind: ClassKind = "component" if each.about_component else "event"
    return CaseClass(number, each.code, kind, "", "", "", "", each.name, "", 0.0)
