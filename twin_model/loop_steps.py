"""The seven steps as one case went through them: when each was done, how long it took, and how long it may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.service_level_rule import NO_STAGE_LIMITS, StageLimits
from twin_model.workflow import Step

_CURRENT: Mapping[CaseStage, Step] = {
    CaseStage.REPORTED: Step.FILE,
    CaseStage.VERIFYING: Step.FILE,
    CaseStage.FILED: Step.DISPATCH,
    CaseStage.DISPATCHED: Step.HANDLE,
    CaseStage.ACCEPTED: Step.HANDLE,
    CaseStage.HANDLING: Step.HANDLE,
    CaseStage.FEEDBACK: Step.CHECK,
    CaseStage.CHECKING: Step.CHECK,
}


@dataclass(frozen=True)
class StepTaken:
    """One step of a case.

    Parameters
    ----------
    step : Step
    done_at : datetime or None
        Aware; None where it has not been done.
    began_at : datetime or None
        Since when it could be done: when the step before it was.
    limit : timedelta or None
        How long it may take by its rule, by the clock of the wall; None where no limit of its own is set.
    current : bool
        Whether the case waits for it.
    """

    step: Step
    done_at: datetime | None
    began_at: datetime | None
    limit: timedelta | None = None
    current: bool = False

    def took(self, now: datetime) -> timedelta | None:
        """How long it took, or has taken up to now; None where it has not begun."""
        if self.began_at is None:
            return None
        end = self.done_at or (now if self.current else None)
        return None if end is None else max(end - self.began_at, timedelta(0))

    def is_late(self, now: datetime) -> bool:
        """Whether it took longer than it may."""
        took = self.took(now)
        return self.limit is not None and took is not None and took > self.limit


def current_step(file: CaseFile) -> Step | None:
    """Step that a case waits for; None where it has ended."""
    if file.stage is CaseStage.CLOSED:
        return None if file.evaluated_at else Step.EVALUATE
    return _CURRENT.get(file.stage)


def steps_of(file: CaseFile, limits: StageLimits = NO_STAGE_LIMITS) -> tuple[StepTaken, ...]:
    """Tell the seven steps of a case, in order.

    Parameters
    ----------
    file : CaseFile
    limits : StageLimits
        Of the rule that its deadline comes from.
    """
    now_at = current_step(file)
    began = {
        Step.FILE: file.reported_at,
        Step.DISPATCH: file.filed_at,
        Step.HANDLE: file.round_at or file.dispatched_at,
        Step.FEEDBACK: file.handled_at,
        Step.CHECK: file.handled_at,
        Step.EVALUATE: file.closed_at,
    }
    done = {
        Step.COLLECT: file.reported_at,
        Step.FILE: file.filed_at,
        Step.DISPATCH: file.dispatched_at if file.unit or file.dispatched_at else None,
        Step.HANDLE: file.handled_at,
        Step.FEEDBACK: file.handled_at,
        Step.CHECK: file.closed_at,
        Step.EVALUATE: file.evaluated_at,
    }
    if now_at is not None:  # what is done anew after a return or a rework is not done
        done |= {step: None for step in Step if step >= now_at}
    may = {
        Step.FILE: _span(minutes=limits.file_min),
        Step.DISPATCH: _span(minutes=limits.dispatch_min),
        Step.HANDLE: None,
        Step.CHECK: _span(hours=limits.check_h),
    }
    return tuple(
        StepTaken(step, done.get(step), began.get(step), may.get(step), current=step is now_at) for step in Step
    )


def _span(**amount: float) -> timedelta | None:
    span = timedelta(**amount)
    return span or None
