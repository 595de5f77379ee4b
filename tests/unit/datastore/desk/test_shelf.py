"""The shelf: the files used lately, and any other one from the store."""

from datetime import timedelta

import pytest

from datastore.desk.desk import Desk
from datastore.desk.shelf import Shelf, read_record
from datastore.errors import UnknownCaseError
from datastore.log.replay import case_at
from tests.desk_cases import OFFICE, OPERATOR, START, act, photo, report
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.workflow import Action, Hold


def test_a_case_that_only_came_in_bulk_is_read_from_its_columns(office: Desk) -> None:
    with office.store.read() as cur:
        rows = cur.execute(
            "SELECT case_no, stage, reported_at, closed_at, lon, log_first FROM cases "
            "WHERE stage = 70 AND building_id IS NOT NULL AND log_first = log_last LIMIT 1"
        ).fetchall()
        no, stage, reported_at, closed_at, lon, key = rows[0]
        record = read_record(cur, office.reference, no)
        again = case_at(cur, no, START)
    file = record.file
    assert (file.stage, file.lon, record.key, record.last_seq) == (stage, lon, key, key)
    assert (file.reported_at.replace(tzinfo=None), file.closed_at.replace(tzinfo=None)) == (reported_at, closed_at)
    assert file.building
    assert again is not None
    assert (again.stage, again.class_code, again.unit) == (file.stage, file.class_code, file.unit)


def test_a_case_that_was_worked_on_is_read_whole(office: Desk) -> None:
    no = office.do(report(0, photos=None, address="桥下")).case_no
    office.do(Command(Action.PHOTO, OPERATOR, no, photos=(("other", photo("shelf", START + timedelta(minutes=1))),)))
    receipt = act(office, Action.SUSPEND, OPERATOR, no, reason="施工")
    record = office.read(no)
    assert record.file == receipt.file
    assert (record.file.hold, record.file.held_at, record.file.address) == (Hold.SUSPENDED, START, "桥下")
    assert [(each.phase, each.moment) for each in record.photos] == [("other", START)]
    assert record.last_seq == receipt.seq


def test_a_number_that_no_case_has_is_unknown(office: Desk) -> None:
    with office.store.read() as cur:
        for no in ("", "nothing", "11010820261130999999", "99999999999999999999", "' OR 1=1"):
            with pytest.raises(UnknownCaseError, match="no case has the number"):
                read_record(cur, office.reference, no)


def test_the_file_used_least_recently_is_given_up_first(office: Desk) -> None:
    numbers = [office.do(report(place)).case_no for place in (20, 21, 22)]
    shelf = Shelf(2)
    with office.store.read() as cur:
        first, second = (shelf.get(cur, office.reference, no) for no in numbers[:2])
        assert shelf.get(cur, office.reference, numbers[0]) is first
        shelf.get(cur, office.reference, numbers[2])
        assert set(shelf._records) == {numbers[0], numbers[2]}
        assert shelf.get(cur, office.reference, numbers[1]) == second
        shelf.clear()
        assert shelf.get(cur, office.reference, numbers[0]) == first


def test_what_is_put_on_the_shelf_is_what_is_had_from_it(office: Desk) -> None:
    no = office.do(report(23)).case_no
    shelf = Shelf()
    with office.store.read() as cur:
        old = shelf.get(cur, office.reference, no)
        act(office, Action.ACCEPT, OFFICE, no)
        assert shelf.get(cur, office.reference, no) is old
        shelf.put(office.read(no))
        assert shelf.get(cur, office.reference, no).file.stage is CaseStage.ACCEPTED
