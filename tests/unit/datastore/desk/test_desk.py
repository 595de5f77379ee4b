"""The desk: what it acknowledges is durable, what it refuses leaves nothing, and nobody harms anybody else."""

import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import timedelta

import pytest

from datastore.desk.desk import Desk
from datastore.errors import DeskClosedError, DeskError, StoreReadOnlyError, UnknownCaseError
from datastore.log.replay import case_at, case_entries
from datastore.log.tables import log_size
from datastore.meta import read_meta
from datastore.rollup import SEQ_KEY
from datastore.store import Store
from tests.desk_cases import (
    COLLECTOR,
    OFFICE,
    OPERATOR,
    PUBLIC,
    START,
    STREET,
    VIDEO,
    Clock,
    act,
    assert_counted,
    assert_sound,
    change_rules,
    handed_in,
    open_desk,
    photo,
    report,
    settled,
    together,
)
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.errors import FieldError, IllegalMoveError, MovedOnError, NotAllowedError
from twin_model.rule_book import RuleKind
from twin_model.workflow import Action


def stored(store: Store) -> tuple[int, int, int]:
    """Entries of the log, cases and refs that somebody who comes now finds."""
    with store.read() as cur:
        rows = cur.execute("SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM intake_ref)").fetchall()
        return (log_size(cur), *rows[0])


# ---- what is acknowledged, and what is refused ----


def test_what_is_acknowledged_is_there_for_whoever_asks_next(office: Desk) -> None:
    receipt = office.do(report(0))
    with office.store.read() as cur:
        entries = case_entries(cur, receipt.case_no)
        row = cur.execute("SELECT stage, log_last FROM cases WHERE case_no = ?", [receipt.case_no]).fetchall()
    assert entries[-1][0] == receipt.seq
    assert row == [(CaseStage.DISPATCHED, receipt.seq)]
    assert office.read(receipt.case_no).file == receipt.file


def test_a_report_is_filed_and_dispatched_without_anybody(office: Desk) -> None:
    file = office.do(report(1)).file
    assert file is not None
    assert (file.stage, file.unit, file.unit_rule) == (CaseStage.DISPATCHED, STREET, "responsibility@1#R-E")
    assert (file.limit, file.level_rule.partition("#")[0]) == ("8 working_hours", "service_level@1")
    assert file.deadline_at == START + timedelta(hours=24)  # eight working hours from ten: two of tomorrow
    assert (file.street, bool(file.community), bool(file.grid)) == ("110108011", True, True)


REFUSED = {
    "a class that nobody knows": (report(2, **{"class": "E9999"}), FieldError),
    "a class that is no text": (report(2, **{"class": ["E0507"]}), FieldError),
    "a source that nobody knows": (report(2, OPERATOR, source="MARS"), FieldError),
    "half a place": (report(2, lat=None), FieldError),
    "a place that is none": (report(2, lon="nan"), FieldError),
    "a place off the globe": (report(2, lon="1e300"), FieldError),
    "a ref that is no text": (report(2, ref=7), FieldError),
    "a ref of half a letter": (report(2, ref="\ud800"), FieldError),
    "a text without end": (report(2, description="x" * 5000), FieldError),
    "a confidence above certainty": (report(2, VIDEO, confidence="1.5"), FieldError),
    "evidence with decimals": (report(2, evidence={"box": 0.5}), FieldError),
    "evidence without end": (report(2, evidence={"box": "x" * 20_000}), FieldError),
    "personal data without end": (
        Command(Action.REPORT, PUBLIC, data=report(2).data, private={"name": "x" * 1000}),
        FieldError,
    ),
    "a case that is not there": (Command(Action.NOTE, OPERATOR, "nothing", {"text": "x"}), UnknownCaseError),
    "a case of half a letter": (Command(Action.NOTE, OPERATOR, "\udfff", {"text": "x"}), UnknownCaseError),
    "a candidate of half a letter": (Command(Action.PROMOTE, OPERATOR, "\udfff"), FieldError),
    "a duplicate of half a letter": (Command(Action.DUPLICATE, OPERATOR, "", {"parent": "\udfff"}), UnknownCaseError),
    "a candidate that is not there": (Command(Action.DISMISS, OPERATOR, "K1"), FieldError),
    "an import": (Command(Action.IMPORT, OPERATOR, ""), UnknownCaseError),
}


@pytest.mark.parametrize("which", REFUSED)
def test_a_command_that_is_refused_leaves_nothing_and_harms_nobody_in_its_group(office: Desk, which: str) -> None:
    bad, error = REFUSED[which]
    before = stored(office.store)
    assert isinstance(together(office, bad)[0], error)
    assert stored(office.store) == before
    number = 20 + 3 * list(REFUSED).index(which)
    first, refused, last = together(office, report(number), bad, report(number + 1))
    assert isinstance(refused, error)
    for receipt in (first, last):
        assert not isinstance(receipt, BaseException)
        assert office.read(receipt.case_no).last_seq == receipt.seq
    assert stored(office.store)[1] == before[1] + 2


def test_a_part_of_a_split_that_cannot_be_opened_leaves_the_whole_as_it_was(office: Desk) -> None:
    no = office.do(report(100)).case_no
    for wrong in ({"class": "E9999"}, {"description": "x" * 5000}, {"unit": "nobody"}):
        parts = [{"unit": "D04"}, {"unit": "D05", **wrong}]
        with pytest.raises(FieldError):
            act(office, Action.SPLIT, OPERATOR, no, parts=parts)
    assert office.read(no).file.stage is CaseStage.DISPATCHED


def test_a_correction_to_a_class_that_nobody_knows_harms_nobody_in_its_group(office: Desk) -> None:
    no = office.do(report(101)).case_no
    act(office, Action.RETURN, OFFICE, no, reason="不属本街道")
    bad = Command(Action.CORRECT, OPERATOR, no, {"class": "E9999"})
    refused, taken = together(office, bad, report(102))
    assert isinstance(refused, FieldError)
    assert not isinstance(taken, BaseException)


def test_nobody_claims_what_only_events_tell(office: Desk) -> None:
    claimed = {"reporter": "00", "part": True, "parent": "x", "candidate": "K1", "photos": [{"sha256": "00"}]}
    receipt = office.do(report(103, **claimed))
    assert receipt.file is not None
    assert (receipt.file.reporter, receipt.file.parent, receipt.file.photos) == ("", "", 0)
    with office.store.read() as cur:
        told = b"".join(entry for _, entry in case_entries(cur, receipt.case_no)).decode()
    assert not [name for name in ("reporter", "part", "candidate", "photos") if f'"{name}"' in told]


def test_who_may_not_decide_on_candidates_does_not(office: Desk) -> None:
    waiting = office.do(report(104, VIDEO, confidence="0.1"))
    for actor in (PUBLIC, OFFICE, VIDEO):
        for action in (Action.PROMOTE, Action.DISMISS):
            with pytest.raises(NotAllowedError, match="may not"):
                act(office, action, actor, waiting.case_no)


# ---- groups ----


def test_a_report_with_the_same_id_is_the_same_report_in_one_group_and_after_it(office: Desk) -> None:
    first, again, other = together(
        office, report(105, ref="once"), report(106, ref=" once "), report(107, OPERATOR, source="VIDEO", ref="once")
    )
    later = office.do(report(108, ref="once"))
    assert not any(isinstance(each, BaseException) for each in (first, again, other))
    assert (first.repeated, again.repeated, other.repeated, later.repeated) == (False, True, False, True)
    assert first.case_no == again.case_no == later.case_no != other.case_no
    assert first.seq == again.seq == later.seq


def test_reports_of_one_thing_in_one_group_are_one_case_and_its_duplicates(office: Desk) -> None:
    receipts = together(office, report(109), report(109), report(109))
    files = [office.read(each.case_no).file for each in receipts]
    assert [file.stage.name for file in files] == ["DISPATCHED", "DUPLICATE", "DUPLICATE"]
    assert {file.parent for file in files[1:]} == {files[0].case_no}
    assert files[0].duplicates == 2


def test_of_two_who_saw_the_same_only_one_acts_in_a_group_too(office: Desk) -> None:
    receipt = office.do(report(110))
    notes = [
        Command(Action.NOTE, OPERATOR, receipt.case_no, {"text": str(turn)}, if_last=receipt.seq) for turn in range(2)
    ]
    first, second = together(office, *notes)
    assert not isinstance(first, BaseException)
    assert isinstance(second, MovedOnError)
    with pytest.raises(MovedOnError, match="moved on"):
        office.do(notes[1])


def test_a_receipt_tells_of_its_own_event_and_not_of_a_later_one_in_the_group(office: Desk) -> None:
    no = office.do(report(111)).case_no
    first, second = together(
        office, Command(Action.ACCEPT, OFFICE, no), Command(Action.START, OFFICE, no, {"text": "开始"})
    )
    assert (first.file.stage, second.file.stage) == (CaseStage.ACCEPTED, CaseStage.HANDLING)
    assert second.seq == first.seq + 1
    with pytest.raises(MovedOnError):
        office.do(Command(Action.NOTE, OPERATOR, no, {"text": "x"}, if_last=first.seq))


def test_a_photo_that_two_cases_of_one_group_bring_closes_only_one_of_them(office: Desk) -> None:
    numbers = [office.do(report(number)).case_no for number in (112, 113)]
    for no in numbers:
        act(office, Action.ACCEPT, OFFICE, no)
    facts = photo("one for both", taken_at=START + timedelta(minutes=1))
    first, second = together(
        office, *(Command(Action.FEEDBACK, OFFICE, no, photos=(("after", facts),)) for no in numbers)
    )
    assert (first.file.stage, second.file.stage) == (CaseStage.CLOSED, CaseStage.HANDLING)
    assert second.file.reworks == 1


def test_many_at_once_are_all_answered_and_each_gets_a_number_of_its_own(office: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda turn: office.do(report(120 + turn)), range(60)))
    assert len({each.case_no for each in receipts}) == len({each.seq for each in receipts}) == 60


def test_a_command_that_was_called_off_before_its_turn_is_not_done(desk: Desk) -> None:
    started, free = threading.Event(), threading.Event()

    def wait(_con: object, _desk: Desk) -> None:
        started.set()
        free.wait(60)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(desk.exclusive, wait)
        started.wait(60)
        before = desk.log_size
        waiting = desk.submit(report(0))
        assert waiting.cancel()
        free.set()
        held.result(60)
    settled(desk)
    with pytest.raises(CancelledError):
        waiting.result(0)
    assert desk.log_size == before


# ---- clocks and listeners ----


def test_moments_of_a_case_never_go_back_though_the_clock_does(desk: Desk, clock: Clock) -> None:
    no = desk.do(report(0)).case_no
    clock.pass_on(days=-2)
    act(desk, Action.ACCEPT, OFFICE, no)
    clock.pass_on(minutes=1)
    other = desk.do(report(1))
    assert desk.read(no).file.last_at == desk.read(no).file.accepted_at == START
    assert other.file is not None
    assert other.file.reported_at == START - timedelta(days=2) + timedelta(minutes=1)
    assert other.case_no != no
    settled(desk)
    assert_sound(desk.store, signed=False)


def test_numbers_are_given_once_though_the_clock_goes_back_over_midnight(data_dir) -> None:
    days = [timedelta(0), timedelta(days=1), timedelta(0), timedelta(days=1), timedelta(0)]
    times = iter(days)

    class Jumping(Clock):
        def __call__(self):
            return super().__call__() + self.ahead

    jumping = Jumping()
    jumping.ahead = timedelta(0)
    with open_desk(data_dir, jumping) as desk:
        draft = desk._clerk.draft

        def drafted(con, group, command, _now):
            jumping.ahead = next(times)
            return draft(con, group, command, jumping())

        desk._clerk.draft = drafted
        receipts = together(desk, *(report(turn) for turn in range(len(days))))
        assert len({each.case_no for each in receipts}) == len(days)


def test_listeners_hear_of_every_event_once_and_in_the_order_of_the_log(desk: Desk, clock: Clock) -> None:
    heard = []
    groups = []

    def listen(events) -> None:
        groups.append(len(events))
        heard.extend(events)

    desk.on_commit(listen)
    first = desk.log_size
    receipts = together(desk, report(0), report(1), report(0))
    act(desk, Action.NOTE, OPERATOR, receipts[0].case_no, text="x")
    assert [each.seq for each in heard] == list(range(first, desk.log_size))
    assert groups[0] == len(heard) - 1
    told = heard[0]
    assert (told.kind, told.stage_before, told.stage, told.source_code) == (Action.REPORT, None, 10, "PUBLIC")
    assert (told.street_code, told.moment, told.committed_at) == ("110108011", clock.now, clock.now)
    assert [(each.stage_before, each.stage) for each in heard[1:3]] == [(10, 20), (20, 30)]


def test_a_listener_that_fails_keeps_nobody_from_hearing_and_the_desk_from_nothing(desk: Desk) -> None:
    heard = []

    def fail(_told: object = None) -> None:
        raise RuntimeError("a listener of the test")

    desk.on_commit(fail)
    desk.on_commit(heard.extend)
    desk.on_settle(fail)
    desk.on_settle(heard.append)
    desk.on_gap(fail)
    desk.on_gap(lambda: heard.append("gap"))
    desk.do(report(0))
    for _ in range(2):  # the second one is answered after everybody has heard of the first
        settled(desk)
    assert heard.count("gap") >= 1
    assert desk.store.data_version() - 1 in heard
    assert desk.do(report(1)).seq > 0


def test_a_candidate_is_no_case_and_nothing_to_hear_of(desk: Desk) -> None:
    heard = []
    desk.on_commit(heard.extend)
    receipt = desk.do(report(0, VIDEO, confidence="0.2", ref="v1"))
    again = desk.do(report(0, VIDEO, confidence="0.99", ref="v1"))
    assert (receipt.candidate, receipt.repeated, receipt.seq, heard) == (True, False, -1, [])
    assert (again.case_no, again.candidate, again.repeated) == (receipt.case_no, True, True)


# ---- exclusive work, rules ----


def test_exclusive_work_has_everything_before_it_counted_and_settled(desk: Desk) -> None:
    futures = handed_in(desk, [report(turn) for turn in range(3)])

    def look(con, _desk):
        cases = con.execute("SELECT count(*) FROM cases").fetchall()[0][0]
        return int(read_meta(con).other[SEQ_KEY]), log_size(con), cases

    counted, size, cases = desk.exclusive(look)
    assert all(future.done() for future in futures)
    assert counted == size
    assert cases == 20_003


def test_exclusive_work_that_fails_leaves_nothing_and_the_desk_at_work(desk: Desk) -> None:
    def spoil(con, _desk) -> None:
        con.execute("DELETE FROM unit")
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        desk.exclusive(spoil)
    with pytest.raises(DeskError, match="nothing has changed"):
        desk.exclusive(lambda con, _: con.execute("SELECT nonsense"))
    file = desk.do(report(0)).file
    assert file is not None
    assert file.unit == STREET


def test_new_rules_hold_from_the_next_command_on(desk: Desk, clock: Clock) -> None:
    assert desk.do(report(0)).file.stage is CaseStage.DISPATCHED
    change_rules(desk, RuleKind.WORKFLOW, lambda rules: {**rules, "modes": {**rules["modes"], "dispatch": "suggest"}})
    file = desk.do(report(1)).file
    assert (file.stage, file.suggestion["action"], file.suggestion["unit"]) == (CaseStage.FILED, "dispatch", STREET)
    clock.pass_on(hours=1)
    later = clock.now + timedelta(hours=1)
    change_rules(desk, RuleKind.WORKFLOW, lambda rules: {**rules, "verify_sources": ["PUBLIC"]}, valid_from=later)
    assert desk.do(report(2)).file.stage is CaseStage.FILED
    clock.pass_on(hours=1)
    assert desk.do(report(3)).file.stage is CaseStage.VERIFYING


def test_the_desk_lets_go_of_old_cases_about_once_an_hour(desk: Desk, clock: Clock) -> None:
    first = desk.do(report(0))
    clock.pass_on(hours=71)
    kept = desk.do(report(1))
    assert first.case_no in desk._clerk.repeats._cases
    clock.pass_on(minutes=61)
    last = desk.do(report(2))
    assert set(desk._clerk.repeats._cases) == {kept.case_no, last.case_no}


# ---- the end, and what comes after it ----


def test_closing_finishes_what_was_handed_in_and_takes_no_more(desk: Desk) -> None:
    futures = handed_in(desk, [report(turn) for turn in range(300)])
    desk.close()
    assert [future.result(0).seq for future in futures]
    with pytest.raises(DeskClosedError):
        desk.submit(report(301))
    with pytest.raises(DeskClosedError):
        desk.exclusive(lambda _con, _desk: None)
    desk.close()
    assert_counted(desk.store)
    assert_sound(desk.store)


def test_nothing_is_let_in_behind_the_end(desk: Desk) -> None:
    """Whoever is told that a command is taken gets an answer, however the end comes about."""
    answers = []

    def send() -> None:
        while True:
            try:
                answers.append(desk.submit(report(0, **{"class": "E9999"})))
            except DeskClosedError:
                return

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    desk.do(report(0))
    desk.close()
    for each in threads:
        each.join(60)
    assert all(future.done() for future in answers)


def test_a_desk_opened_again_knows_all_that_the_one_before_it_knew(data_dir, clock: Clock) -> None:
    with open_desk(data_dir, clock) as desk:
        number = desk.do(report(0)).case_no
        act(desk, Action.SUSPEND, OPERATOR, number, reason="施工")
        candidate = desk.do(report(1, VIDEO, confidence="0.1", ref="v")).case_no
        before = desk.read(number)
    with open_desk(data_dir, clock) as desk:
        assert desk.read(number) == before
        assert desk.do(report(0)).file.parent == number
        assert desk.do(report(2, VIDEO, confidence="0.1")).case_no > candidate
        assert desk.do(report(1, VIDEO, confidence="0.1", ref="v")).case_no == candidate
        made = act(desk, Action.PROMOTE, COLLECTOR, candidate)
        assert made.file.stage is CaseStage.DISPATCHED
        with pytest.raises(FieldError, match="promoted"):
            act(desk, Action.DISMISS, COLLECTOR, candidate)


def test_a_duplicate_leads_to_its_original_though_that_is_older_than_any_rule_looks_back(
    data_dir, clock: Clock
) -> None:
    with open_desk(data_dir, clock) as desk:
        original = desk.do(report(0)).case_no
        clock.pass_on(hours=20)
        second = desk.do(report(0))
        assert second.file.parent == original
        for _ in range(4):
            clock.pass_on(hours=20)
            assert desk.do(report(0)).file.parent == original
    with open_desk(data_dir, clock) as desk:
        clock.pass_on(hours=20)
        assert desk.do(report(0)).file.parent == original


def test_a_desk_is_not_opened_where_nothing_can_be_written(data_dir, clock: Clock) -> None:
    with open_desk(data_dir, clock):
        pass
    with Store.open(data_dir, read_only=True) as store, pytest.raises(StoreReadOnlyError, match="reading only"):
        Desk.open(store, clock=clock)


def test_an_illegal_move_says_what_is_possible(office: Desk) -> None:
    no = office.do(report(118)).case_no
    with pytest.raises(IllegalMoveError, match=r"dispatched and cannot close.*possible for operator: dispatch"):
        act(office, Action.CLOSE, OPERATOR, no)


def test_a_case_is_what_it_was_at_every_moment(desk: Desk, clock: Clock) -> None:
    states = []
    receipt = desk.do(report(0))
    states.append((clock.now, receipt.file))
    for action in (Action.ACCEPT, Action.START):
        clock.pass_on(minutes=5)
        states.append((clock.now, act(desk, action, OFFICE, receipt.case_no).file))
    with desk.store.read() as cur:
        for moment, file in states:
            assert case_at(cur, receipt.case_no, moment) == file
            assert case_at(cur, receipt.case_no, moment + timedelta(minutes=4)) == file
        assert case_at(cur, receipt.case_no, START - timedelta(seconds=1)) is None
