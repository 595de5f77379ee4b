"""What is counted, defined once for every query."""

import ibis
import ibis.expr.types as ir

from datastore.queries.run import as_of_moment, due_soon_until
from twin_model.case import CaseStage

_CLOSED = int(CaseStage.CLOSED)


def flow(rows: ir.Table) -> dict[str, ir.IntegerScalar]:
    """Sum reported, closed and open of counted cases; void and duplicate ones count as reported only."""
    return {
        "reported": rows.n.sum().fill_null(0),
        "closed": rows.n.sum(where=rows.stage == _CLOSED).fill_null(0),
        "open": rows.n.sum(where=rows.stage < _CLOSED).fill_null(0),
    }


def lateness(rows: ir.Table) -> dict[str, ir.IntegerScalar]:
    """Count overdue and soon due of open cases: due before the moment, or within `DUE_SOON_H` after it."""
    overdue = rows.deadline_at < as_of_moment()
    return {
        "overdue": rows.count(where=overdue),
        "due_soon": rows.count(where=~overdue & (rows.deadline_at < due_soon_until())),
    }


def closing_rate(closed: ir.IntegerValue, reported: ir.IntegerValue) -> ir.FloatingValue:
    """Divide closed by reported, 0 to 1; empty where nothing was reported."""
    return closed.cast("float64") / reported.nullif(0)


def state_of(rows: ir.Table) -> ir.StringValue:
    """Tell the state (`twin_model.case.CaseState`) of cases at the moment; what has ended in any way is closed."""
    return ibis.cases(
        (rows.stage >= _CLOSED, "closed"),
        (rows.deadline_at < as_of_moment(), "overdue"),
        (rows.deadline_at < due_soon_until(), "due_soon"),
        else_="open",
    )
