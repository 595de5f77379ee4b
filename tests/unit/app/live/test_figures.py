"""Figures are computed once a scope after a settle, and no oftener than they can be afforded."""

from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest

from app.live.figures import LEAST_S, MOST_S, SHARE, Figures
from app.live.scope import Scope

A, B = Scope("a"), Scope("b")


class Trial:
    """A hub with readers of two scopes, a clock that is moved, and figures that take a while."""

    def __init__(self) -> None:
        self.now = 100.0
        self.takes = 0.0
        self.listened = [A, B]
        self.sent: list[tuple[Scope, Any]] = []
        self.arrived = Event()
        self.figures = Figures(self.figures_of, self, lambda: self.now)

    def scopes(self) -> list[Scope]:
        return self.listened

    def send_figures(self, scope: Scope, figures: Mapping[str, Any]) -> None:
        self.sent.append((scope, figures["at"]))
        self.arrived.set()

    def figures_of(self, scope: Scope) -> Mapping[str, Any]:
        if scope.area == "bad":
            raise ValueError(scope)
        self.now += self.takes
        return {"at": self.now}


@pytest.fixture
def trial() -> Trial:
    return Trial()


def test_nothing_is_computed_before_a_settle(trial: Trial) -> None:
    assert trial.figures.turn() == pytest.approx(MOST_S)
    assert not trial.sent


def test_figures_are_computed_now_and_then_without_a_settle_for_time_passes(trial: Trial) -> None:
    for _ in range(3):
        trial.now += MOST_S
        trial.figures.turn()
    assert len(trial.sent) == 6


def test_each_scope_is_computed_once_a_settle(trial: Trial) -> None:
    trial.figures.settled()
    trial.figures.settled()
    trial.figures.turn()
    trial.now += LEAST_S
    trial.figures.turn()
    assert [scope for scope, _ in trial.sent] == [A, B]


def test_two_rounds_are_apart(trial: Trial) -> None:
    for _ in range(2):
        trial.figures.settled()
        trial.figures.turn()
    assert len(trial.sent) == 2
    assert trial.figures.turn() == pytest.approx(LEAST_S)
    trial.now += LEAST_S
    trial.figures.turn()
    assert len(trial.sent) == 4


def test_figures_that_take_long_are_computed_seldom(trial: Trial) -> None:
    trial.takes = 1.0
    trial.figures.settled()
    trial.figures.turn()
    trial.figures.settled()
    assert trial.figures.turn() == pytest.approx((SHARE - 1) * 2)  # two scopes took two seconds of the eight


def test_who_comes_new_gets_figures_and_the_others_are_spared(trial: Trial) -> None:
    trial.figures.wanted(B)
    trial.figures.turn()
    assert [scope for scope, _ in trial.sent] == [B]


def test_who_came_and_went_gets_none(trial: Trial) -> None:
    trial.figures.wanted(Scope("gone"))
    trial.figures.turn()
    assert not trial.sent


def test_a_scope_that_cannot_be_computed_does_not_keep_back_others(
    trial: Trial, caplog: pytest.LogCaptureFixture
) -> None:
    trial.listened = [Scope("bad"), A]
    trial.figures.settled()
    trial.figures.turn()
    assert [scope for scope, _ in trial.sent] == [A]
    assert "no figures of Scope(area='bad'" in caplog.text


def test_the_thread_computes_and_ends(trial: Trial) -> None:
    trial.figures.start()
    trial.figures.settled()
    assert trial.arrived.wait(30)
    trial.figures.stop(30)
    assert trial.figures._thread is not None
    assert not trial.figures._thread.is_alive()
