import threading
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.simulate.cast import Cast
from app.simulate.city_api import Receipt
from app.simulate.deed import Deed
from app.simulate.followed import Followed
from app.simulate.ground import Place
from app.simulate.report import Report
from app.simulate.report_class import ReportClass
from app.simulate.tally import Tally
from app.simulate.task import Arrive, Decide, Do, Look, Round, TakeUp
from app.simulate.work import MOST_REFUSALS, Work, World
from twin_model.case import CaseStage
from twin_model.case_file import CaseFile
from twin_model.workflow import Action

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
CASE = CaseFile("7", "COLLECTOR", "E0102", CaseStage.DISPATCHED, NOW, NOW, unit="D04", lon=116.3, lat=39.98)
PLACE = Place(116.3, 39.98, "科源社区附近")
REPORT = Report("COLLECTOR", "sim-run-COLLECTOR-1", ReportClass("E0102", "暴露垃圾"), PLACE, "x")
FOLLOWED = Followed("7", "key")


class Reporters:
    """Draws one report, and remembers what it is told."""

    def __init__(self, report=REPORT):
        self.report = report
        self.remembered = []
        self.ground = type("Ground", (), {"middle": PLACE})

    def draw(self, source, _number, _now):
        return replace(self.report, source=source)

    def remember(self, case_no, _report):
        self.remembered.append(case_no)


class City:
    """Answers what it is told to, and remembers what was asked."""

    def __init__(self, receipt, rows=(), candidates=()):
        self.receipt = receipt
        self.rows = list(rows)
        self.waiting = list(candidates)
        self.asked = []

    def __getattr__(self, name):
        def ask(*args, **more):
            self.asked.append((name, args, more))
            return self.receipt

        return ask

    def requests(self, **query):
        self.asked.append(("requests", (), query))
        return [{"service_request_id": number} for number in self.rows]

    def candidates(self, _limit):
        return self.waiting


def receipt(case=CASE, seq=5, **more):
    return Receipt(200, case.case_no, seq, file=case.to_json(), **more)


def work(city, report=REPORT, keys=None, backlog=10):
    lines = []
    world = World(
        city=city, cast=Cast(keys or {}), reporters=Reporters(report), tally=Tally(), seed=1, backlog=backlog,
        speed=1.0, zone=ZoneInfo("Asia/Shanghai"), now=lambda: NOW, say=lines.append,
    )  # fmt: skip
    made = Work(world)
    made.lines = lines
    return made


def arrive(source="COLLECTOR"):
    return Arrive(source, 1, NOW)


def test_a_report_is_sent_and_its_case_followed():
    city = City(receipt())
    one = work(city)
    ((after_s, task),) = one.do(arrive())
    assert after_s > 0
    assert (task.seq, task.followed.key, task.deed.actor) == (5, REPORT.ref, "dept-D04")
    assert one.followed == 1
    assert (one.world.tally.actions, one.world.tally.of("COLLECTOR")) == ({"report": 1}, 1)
    assert one.world.reporters.remembered == ["7"]


def test_the_public_reports_in_its_own_way_and_its_case_is_looked_at():
    city = City(Receipt(201, "7"))
    ((_, task),) = work(city).do(arrive("PUBLIC"))
    assert city.asked[0][0] == "report_open311"
    assert isinstance(task, Look)


def test_a_photo_comes_with_a_report_that_has_one():
    city = City(receipt())
    work(city, replace(REPORT, has_photo=True)).do(arrive())
    _, (_, _, photos), _ = city.asked[0]
    assert photos[0].startswith(b"\xff\xd8")


def test_a_candidate_waits_and_is_not_followed():
    one = work(City(Receipt(202, "K7", candidate=True)))
    assert not one.do(arrive("VIDEO"))
    assert one.world.tally.of("candidates") == 1
    assert one.followed == 0


def test_a_refused_report_is_counted_and_told():
    one = work(City(Receipt(422, why="no such class")))
    assert not one.do(arrive())
    assert one.world.tally.refusals == {"report COLLECTOR 422": 1}
    assert "no such class" in one.lines[0]


def test_a_duplicate_that_was_recognised_needs_nobody():
    one = work(City(receipt(replace(CASE, stage=CaseStage.DUPLICATE))))
    assert not one.do(arrive())
    assert one.world.tally.of("duplicates") == 1
    assert one.followed == 0


def deed(action=Action.ACCEPT, photo=""):
    return Deed("dept-D04", action, 1.0, {}, photo)


def test_a_deed_is_done_on_the_case_as_it_was_seen():
    city = City(receipt(replace(CASE, stage=CaseStage.ACCEPTED), seq=6))
    one = work(city)
    ((_, task),) = one.do(Do(FOLLOWED, deed(), CASE, 5))
    assert city.asked == [("act", ("dept-D04", "7", Action.ACCEPT, {}), {"seq": 5, "photos": []})]
    assert (task.seq, task.followed.step) == (6, 1)
    assert one.world.tally.actions == {"accept": 1}


@pytest.mark.parametrize("lon", [116.3, None])
def test_a_feedback_may_bring_a_photo_placed_or_not(lon):
    city = City(receipt(replace(CASE, stage=CaseStage.CHECKING)))
    work(city).do(Do(FOLLOWED, deed(Action.FEEDBACK, "after"), replace(CASE, lon=lon), 5))
    assert city.asked[0][2]["photos"][0].startswith(b"\xff\xd8")


def test_a_case_that_was_closed_is_counted():
    one = work(City(receipt(replace(CASE, stage=CaseStage.CLOSED))))
    one.do(Do(FOLLOWED, deed(Action.FEEDBACK), CASE, 5))
    assert one.world.tally.of("closed") == 1


@pytest.mark.parametrize("status", [403, 409, 412, 422])
def test_after_a_refusal_the_case_is_looked_at_again(status):
    one = work(City(Receipt(status, why="no")))
    ((_, task),) = one.do(Do(FOLLOWED, deed(), CASE, 5))
    assert isinstance(task, Look)
    assert (task.followed.refusals, task.followed.step) == (1, 1)
    assert bool(one.lines) == (status not in (409, 412))


def test_after_several_refusals_a_case_is_left_to_people():
    one = work(City(Receipt(409, why="no")))
    assert not one.do(Do(replace(FOLLOWED, refusals=MOST_REFUSALS - 1), deed(), CASE, 5))


def test_a_case_that_waits_for_its_parts_is_only_looked_at():
    city = City(receipt())
    work(city).do(Do(FOLLOWED, Deed("", None, 1.0), CASE, 5))
    assert [name for name, *_ in city.asked] == ["case"]


def test_what_nobody_can_look_at_is_let_go():
    one = work(City(Receipt(404, why="no such case")))
    assert not one.do(Look(FOLLOWED))


def test_who_has_no_key_does_nothing():
    one = work(City(receipt()), keys={"collector": "abc"})
    assert not one.do(arrive())
    assert one.followed == 0


def candidate(number, confidence):
    return {"candidate_no": number, "source_ref": number, "confidence": confidence}


def test_the_surer_a_candidate_the_likelier_it_is_promoted():
    for confidence, wanted in ((1.0, "promote"), (0.0, "dismiss")):
        waiting = [candidate(f"K{number}", confidence) for number in range(40)]
        city = City(receipt(), candidates=waiting)
        one = work(city)
        then = one.do(Decide())
        done = [args[1] for name, args, _ in city.asked if name == "decide"]
        assert set(done) == {wanted}
        assert 10 < len(done) < 40
        assert isinstance(then[0][1], Decide)
        assert one.world.tally.actions == {wanted: len(done)}


def test_a_candidate_that_somebody_else_has_decided_on_is_left():
    one = work(City(Receipt(409, why="was promoted before"), candidates=[candidate(f"K{n}", 1.0) for n in range(9)]))
    assert [task for _, task in one.do(Decide())] == [Decide()]
    assert one.world.tally.refusals["promote 409"] > 0


def test_open_cases_of_history_are_taken_up_over_the_hour():
    city = City(receipt(), rows=[str(number) for number in range(30)])
    *looks, (again_s, again) = work(city).do(TakeUp(0))
    assert len({task.followed.case_no for _, task in looks}) == 10
    assert all(0 <= after_s <= 3600 and task.followed.is_waiting for after_s, task in looks)
    assert (again_s, again) == (3600.0, TakeUp(1))
    assert city.asked[0][2]["status"] == "open"


def test_where_a_page_is_empty_the_first_is_taken():
    city = City(receipt())
    work(city).do(TakeUp(3))
    assert "page" not in city.asked[-1][2]


def test_what_others_report_is_followed_once():
    city = City(receipt(), rows=["8", "9"])
    one = work(city)
    *looks, (_, again) = one.do(Round(NOW))
    assert [task.followed.case_no for _, task in looks] == ["8", "9"]
    assert again == Round(NOW)
    assert [task for _, task in one.do(Round(NOW))] == [Round(NOW)]
    assert one.followed == 2


def test_any_thread_may_do_anything():
    one = work(City(receipt()))
    threads = [threading.Thread(target=lambda: [one.do(arrive()) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one.world.tally.actions == {"report": 200}
    assert one.followed == 1
