"""Services: what can be reported, and what more each of them asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.request_errors import RequestError
from app.i18n import Catalogue
from twin_model.service_level import ServiceLevels

CONDITION = "condition"
COMPONENT = "component"
MAX_COMPONENT = 40
"""Characters of a component's code."""


@dataclass(frozen=True)
class Service:
    """One class of cases as a service.

    Parameters
    ----------
    row : mapping
        Row of `datastore.queries.open311_services`.
    conditions : tuple of str
        Conditions that its service levels know.
    """

    row: Mapping[str, Any]
    conditions: tuple[str, ...]

    @property
    def code(self) -> str:
        """Code of the class."""
        return str(self.row["code"])

    @property
    def asks(self) -> tuple[str, ...]:
        """Codes of its attributes."""
        component = (COMPONENT,) if self.row["kind"] == "component" else ()
        return ((CONDITION,) if self.conditions else ()) + component

    def listed(self, texts: Catalogue) -> dict[str, Any]:
        """Entry in the list of services."""
        name, group = texts.name(self.row), texts.name(self.row, "big_name")
        words = dict.fromkeys([name, group, str(self.row["name_en"]), str(self.row["big_name_en"])])
        return {
            "service_code": self.code,
            "service_name": name,
            "description": texts.t("open311.service", group=group, name=name),
            "metadata": bool(self.asks),
            "type": "realtime",
            "keywords": ", ".join(word.replace(",", " ") for word in words if word),
            "group": group,
        }

    def defined(self, texts: Catalogue) -> dict[str, Any]:
        """Definition with its attributes."""
        told = {
            CONDITION: ("singlevaluelist", texts.t("open311.condition"), texts.t("open311.condition_long")),
            COMPONENT: ("string", texts.t("open311.component"), texts.t("open311.component_long")),
        }
        values = [{"key": key, "name": key.replace("_", " ")} for key in self.conditions]
        attributes = []
        for order, code in enumerate(self.asks, 1):
            datatype, description, hint = told[code]
            attribute = {
                "variable": True,
                "code": code,
                "datatype": datatype,
                "required": False,
                "datatype_description": hint,
                "order": order,
                "description": description,
            }
            attributes.append(attribute | ({"values": values} if code == CONDITION else {}))
        return {"service_code": self.code, "attributes": attributes}

    def read(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Attributes of a report as fields of a case.

        Raises
        ------
        RequestError
            If one is none of the service's, or has a value that it cannot have.
        """
        for code, value in attributes.items():
            if code not in self.asks:
                known = ", ".join(self.asks) or "none"
                raise RequestError(f"service {self.code} has no attribute {code[:60]!r}; it has {known}")
            if code == CONDITION and value and value not in self.conditions:
                raise RequestError(
                    f"attribute condition of service {self.code} cannot be {value[:60]!r}; "
                    f"it is one of {', '.join(self.conditions)}"
                )
            if len(value) > MAX_COMPONENT:
                raise RequestError(f"attribute {code} has {len(value)} characters; at most {MAX_COMPONENT} are read")
        return {code: value for code, value in attributes.items() if value}


def services(rows: Iterable[Mapping[str, Any]], levels: ServiceLevels | None) -> dict[str, Service]:
    """Services by code.

    Parameters
    ----------
    rows : iterable of mapping
        Of `datastore.queries.open311_services`.
    levels : ServiceLevels or None
        Service levels in force; None where nothing can be reported.
    """
    return {str(row["code"]): Service(row, conditions_of(str(row["code"]), levels)) for row in rows}


def conditions_of(class_code: str, levels: ServiceLevels | None) -> tuple[str, ...]:
    """Conditions that the service levels know for a class."""
    rules = levels.candidates(class_code) if levels else ()
    return tuple(sorted({rule.condition for rule in rules if rule.condition}))
