"""The default list of responsibilities: the demo's units by class. Placeholders, until a city brings its own list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from twin_model.case_class import CaseClass

UNIT_BY_PATTERN: Mapping[str, str] = {
    **dict.fromkeys(("C0101", "C0132"), "O01"),
    **dict.fromkeys(("C0102", "C0103", "C0104", "C0127", "C0302", "E0404", "E0406"), "O02"),
    **dict.fromkeys(("C0105", "C0116", "C0133", "C0134"), "O03"),
    **dict.fromkeys(("C0106", "C0118", "C0119", "C0120"), "O08"),
    **dict.fromkeys(("C0107", "C0109", "C0115", "C0122", "E0408"), "O06"),
    **dict.fromkeys(("C0108",), "O07"),
    **dict.fromkeys(("C0110", "E0405"), "O05"),
    **dict.fromkeys(("C0111", "C0129", "C0135", "E0403"), "O04"),
    **dict.fromkeys(("C0112", "C0136", "C0138"), "D12"),
    **dict.fromkeys(("C0113",), "D11"),
    **dict.fromkeys(("C0128", "C0203"), "O09"),
    **dict.fromkeys(("C0205", "C0206", "C0207", "C0208", "C0213", "C0215", "C0216", "E0110", "E0401"), "O10"),
    **dict.fromkeys(("C0201", "C0202", "C0204", "C0212"), "D15"),
    **dict.fromkeys(("C0209", "C0210", "C0211", "C0214", "E0505"), "D05"),
    **dict.fromkeys(("C0301", "C0303", "C0304", "C0305", "E0102", "E0104", "E0112", "E0116", "E0407"), "D04"),
    **dict.fromkeys(("C0306", "C0307", "E0201", "E0202", "E0203", "E0205", "E0306"), "D01"),
    **dict.fromkeys(("C0308", "C0309", "C0310", "C0311", "E0118", "E0302"), "D08"),
    **dict.fromkeys(("C04",), "D06"),
    **dict.fromkeys(("C0602", "E0301", "E0303", "E0305", "C0503"), "D07"),
    **dict.fromkeys(("C0603", "C0604", "C0605", "C0606", "C0131", "E0105", "E0111", "E0114", "E0402"), "D03"),
    **dict.fromkeys(("C0601", "C0502"), "D10"),
    **dict.fromkeys(("C0126",), "D16"),
    **dict.fromkeys(("C0121", "C0124", "C0501"), "D14"),
    **dict.fromkeys(("C0125", "C0137"), "D09"),
    **dict.fromkeys(("E0502",), "D13"),
    **dict.fromkeys(("E0101", "E0304", "E0501", "E0503", "E0504", "E0508", "E0510"), "D02"),
    **dict.fromkeys(("E0106", "E0109"), "D06"),
}
"""Unit of each class or big class that one answers for; the other classes are left to the territory."""

COORDINATOR = "D01"
"""Unit that takes what no rule and no territory takes: the commission that coordinates the others."""

TERRITORY_FIRST = 10
"""Priority by which an event goes to the territory before it goes to the department."""

_OWNER = "部件先属主、后属地（默认清单，占位）"
_TERRITORY = "事件先属地、后属主（默认清单，占位）"
_BACKSTOP = "属地兜底（默认清单，占位）"


def default_rows(classes: Sequence[CaseClass]) -> Iterator[dict[str, Any]]:
    """Rows of the default list, as documents have them.

    Components go to the owner that the register names, else to the unit of their class, else to the territory; those
    on the register without an owner go to the territory. Events go to the territory, with the department beside it;
    without a territory to the department.

    Parameters
    ----------
    classes : sequence of CaseClass
        Classes of the city; rows for classes that it does not have are left out.
    """
    yield _row("R-C-owner", "C", "@owner", _OWNER, owner="@any", assists=["@maintainer"])
    yield _row("R-C-nobody", "C", "@territory", _BACKSTOP, owner="@none")
    known = {row.code for row in classes} | {row.code[:3] for row in classes}
    for pattern, unit in sorted(UNIT_BY_PATTERN.items()):
        if pattern not in known:
            continue
        if pattern.startswith("C"):
            yield _row(f"R-{pattern}", pattern, unit, _OWNER)
        else:
            first = _row(f"R-{pattern}-1", pattern, "@territory", _TERRITORY, assists=[unit])
            yield {**first, "priority": TERRITORY_FIRST}
            yield _row(f"R-{pattern}-2", pattern, unit, _TERRITORY)
    yield _row("R-C", "C", "@territory", _BACKSTOP)
    yield _row("R-E", "E", "@territory", _BACKSTOP)
    yield _row("R-any", "*", "@territory", _BACKSTOP)


def _row(rule_id: str, pattern: str, lead: str, basis: str, **more: object) -> dict[str, Any]:
    return {"rule_id": rule_id, "class_pattern": pattern, "lead": lead, "basis": basis, **more}
