"""Committed events, as a desk announces them."""

from datetime import UTC, datetime
from typing import Any

from twin_model.actor import Role
from twin_model.case_event import Committed
from twin_model.workflow import Action

MOMENT = datetime(2026, 11, 23, 1, tzinfo=UTC)


def committed(seq: int, **changes: Any) -> Committed:
    """One committed event of a street of the demo city."""
    fields: dict[str, Any] = {
        "seq": seq, "case_no": f"11010820261123{seq:06d}", "kind": Action.REPORT, "stage_before": None, "stage": 10,
        "hold": "", "class_code": "E0101", "source_code": "COLLECTOR", "unit_code": "", "street_code": "110108011",
        "community_code": "110108011001", "grid_code": "110108011001001", "building_code": "", "lon": 116.31,
        "lat": 39.98, "moment": MOMENT, "committed_at": MOMENT, "deadline_at": None, "role": Role.COLLECTOR,
    }  # fmt: skip
    return Committed(**(fields | changes))
