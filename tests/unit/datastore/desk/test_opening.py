"""What a desk knows when it is opened: cases that a report may repeat, photos, rules, the end of the log."""

from datetime import timedelta

from datastore.desk.opening import open_clerk
from datastore.log.tables import log_size
from tests.desk_cases import OFFICE, OPERATOR, START, Clock, act, change_rules, open_desk, photo, report, without_audit
from twin_model.command import Command
from twin_model.rule_book import RuleKind
from twin_model.workflow import Action


def opened(desk, now):
    return open_clerk(desk.store, now, lambda: b"", places=desk._clerk.places)


def test_only_cases_as_young_as_a_rule_looks_back_are_known_and_their_originals(desk, clock: Clock) -> None:
    old = desk.do(report(0)).case_no
    original = desk.do(report(1)).case_no
    gone = desk.do(report(2)).case_no
    act(desk, Action.VOID, OPERATOR, gone, reason="误报")
    clock.pass_on(hours=23)
    copy = desk.do(report(1)).case_no
    assert set(opened(desk, clock.now).clerk.repeats._cases) == {old, original, copy}
    later = clock.now + timedelta(hours=60)
    assert set(opened(desk, later).clerk.repeats._cases) == {original, copy}
    assert set(opened(desk, later + timedelta(hours=30)).clerk.repeats._cases) == set()


def test_what_a_report_may_repeat_is_known_as_the_desk_knew_it(desk, clock: Clock) -> None:
    for number in (0, 1, 0):
        desk.do(report(number))
    desk.do(report(2, **{"class": "C0101"}))
    desk.do(report(3, lon=None, lat=None))
    assert opened(desk, clock.now).clerk.repeats._cases == desk._clerk.repeats._cases


def test_photos_that_one_may_be_a_copy_of_are_known(desk, clock: Clock) -> None:
    no = desk.do(report(0)).case_no
    facts = photo("one", START + timedelta(minutes=1))
    desk.do(Command(Action.PHOTO, OFFICE, no, photos=(("other", facts),)))
    assert opened(desk, clock.now).clerk.recent_photos.nearest(facts, "other case") == 0


def test_rules_to_come_and_the_end_of_the_log_are_known(desk, clock: Clock) -> None:
    change_rules(desk, RuleKind.WORKFLOW, without_audit, valid_from=clock.now + timedelta(hours=2))
    found = opened(desk, clock.now)
    assert found.rules_change_at == clock.now + timedelta(hours=2)
    assert found.clerk.book.versions[RuleKind.WORKFLOW] == 1
    assert opened(desk, clock.now + timedelta(hours=2)).rules_change_at is None
    with desk.store.read() as cur:
        assert found.writer.tail.size == log_size(cur)
        assert found.writer.next_id == cur.execute("SELECT count(*) FROM cases").fetchall()[0][0]


def test_a_desk_that_is_opened_again_puts_nothing_in(data_dir, clock: Clock) -> None:
    with open_desk(data_dir, clock) as desk:
        size, version = desk.log_size, desk.store.scene_version()
    with open_desk(data_dir, clock) as desk:
        assert (desk.log_size, desk.store.scene_version()) == (size, version)
