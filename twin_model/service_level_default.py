"""The default service levels: placeholders for a demo, made of the placeholder hours of the classes.

Cities fix their own numbers; the same class has four hours in one and fifteen working days in another.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from twin_model.case_class import CaseClass
from twin_model.work_clock import WorkClock

DEFAULT_ZONE = "Asia/Shanghai"

DAY_H = 24
"""Placeholder hours of a class that make one working day; fewer are working hours."""

URGENT_CLASSES = ("E04", "C0601")
"""Classes, or beginnings of classes, that are emergencies: sudden events and major hazards."""

RESPONSE_H: Mapping[str, float] = {"E0402": 0.5, "E0403": 0.5, "E0405": 0.5}
"""Hours until somebody is on the spot, where they differ: water, gas and heating mains."""

URGENT_STAGES = {"file_min": 5, "dispatch_min": 5, "accept_h": 1, "check_h": 2}
PLAIN_STAGES = {"file_min": 10, "dispatch_min": 15, "accept_h": 2, "check_h": 4}
"""Stage limits; placeholders like all others."""

BASIS = "占位默认值，待本市标准替换 (placeholder, to be replaced by the city's own limit)"

FALLBACK_ROW: Mapping[str, Any] = {
    "rule_id": "S-FALLBACK",
    "class_pattern": "*",
    "clock": WorkClock.WORKING_DAYS.value,
    "limit": 3,
    **PLAIN_STAGES,
    "basis": BASIS,
    "placeholder": True,
}
"""Rule of the cases that no other applies to."""


def default_rows(classes: Iterable[CaseClass]) -> Iterator[dict[str, Any]]:
    """Rows of the default list: two about missing covers, then one a class.

    An emergency gets its class's hours by the emergency clock. The other classes get working hours below `DAY_H`, and
    a working day for each `DAY_H` hours, rounded up, from there on.
    """
    cover = {"class_pattern": "C01", "clock": WorkClock.EMERGENCY.value, "urgent": True, **URGENT_STAGES}
    rows: list[dict[str, Any]] = [
        {**cover, "condition": "missing_cover", "limit": 24},
        {**cover, "condition": "guard", "limit": 1, "accept_h": 0.5},
        *(_class_row(row) for row in classes),
    ]
    for number, row in enumerate(rows, 1):
        yield {"rule_id": f"S-{number:04d}", **row, "basis": BASIS, "placeholder": True}


def _class_row(case_class: CaseClass) -> dict[str, Any]:
    code, hours = case_class.code, case_class.limit_h
    if code.startswith(URGENT_CLASSES):
        stages = {**URGENT_STAGES, "accept_h": RESPONSE_H.get(code, URGENT_STAGES["accept_h"])}
        return {"class_pattern": code, "clock": WorkClock.EMERGENCY.value, "limit": hours, "urgent": True, **stages}
    if hours < DAY_H:
        return {"class_pattern": code, "clock": WorkClock.WORKING_HOURS.value, "limit": hours, **PLAIN_STAGES}
    days = -(-hours // DAY_H)
    return {"class_pattern": code, "clock": WorkClock.WORKING_DAYS.value, "limit": days, **PLAIN_STAGES}
