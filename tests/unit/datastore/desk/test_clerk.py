"""The clerk: what one command means for other cases, for candidates, and for who reported."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from datastore.desk.desk import Desk
from datastore.errors import UnknownCaseError
from tests.desk_cases import (
    COLLECTOR,
    OFFICE,
    OPERATOR,
    PUBLIC,
    SALT,
    START,
    STREET,
    VIDEO,
    act,
    assert_sound,
    photo,
    report,
    settled,
    unit_actor,
)
from twin_model.actor import SYSTEM, Actor, Role
from twin_model.canonical_json import canonical_json
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.errors import FieldError, IllegalMoveError, NotAllowedError
from twin_model.workflow import Action

TWO = [{"unit": STREET, "description": "沙子"}, {"unit": "D04", "class": "E0102"}]


def numbers_of_parts(office: Desk, whole: str) -> list[str]:
    with office.store.read() as cur:
        rows = cur.execute("SELECT case_no FROM cases WHERE parent_no = ? ORDER BY case_no", [whole]).fetchall()
    return [no for (no,) in rows]


def finish(office: Desk, case_no: str) -> None:
    """Have a unit feed a case back, and a collector close it."""
    unit = unit_actor(office.read(case_no).file.unit)
    act(office, Action.ACCEPT, unit, case_no)
    act(office, Action.FEEDBACK, unit, case_no)
    act(office, Action.CLOSE, COLLECTOR, case_no)


PLACES_OF_WHOLES = count(200)


@pytest.fixture
def split(office: Desk) -> tuple[str, list[str]]:
    """A case and its two parts."""
    whole = office.do(report(next(PLACES_OF_WHOLES))).case_no
    act(office, Action.SPLIT, OPERATOR, whole, parts=TWO, reason="两家的")
    return whole, numbers_of_parts(office, whole)


# ---- parts ----


def test_parts_are_cases_of_their_own_with_their_units(office: Desk, split: tuple[str, list[str]]) -> None:
    whole, parts = split
    files = [office.read(no).file for no in parts]
    assert [(file.unit, file.class_code, file.stage.name) for file in files] == [
        (STREET, "E0507", "DISPATCHED"), ("D04", "E0102", "DISPATCHED"),
    ]  # fmt: skip
    assert files[0].description == "沙子"
    assert {file.parent for file in files} == {whole}
    file = office.read(whole).file
    assert (file.stage, file.parts, file.open_parts, file.unit) == (CaseStage.HANDLING, 2, 2, STREET)


def test_a_split_case_ends_after_its_parts_and_by_itself(office: Desk, split: tuple[str, list[str]]) -> None:
    whole, parts = split
    with pytest.raises(IllegalMoveError, match="2 open parts"):
        act(office, Action.FEEDBACK, OFFICE, whole)
    finish(office, parts[0])
    assert (office.read(whole).file.open_parts, office.read(whole).file.stage) == (1, CaseStage.HANDLING)
    act(office, Action.VOID, OPERATOR, parts[1], reason="没有了")
    file = office.read(whole).file
    assert (file.open_parts, file.stage) == (0, CaseStage.CHECKING)
    act(office, Action.CLOSE, COLLECTOR, whole)
    assert office.read(whole).file.score


def test_a_part_that_ends_while_the_whole_is_on_hold_ends(office: Desk, split: tuple[str, list[str]]) -> None:
    whole, parts = split
    act(office, Action.SUSPEND, OPERATOR, whole, reason="等一等")
    for part in parts:
        finish(office, part)
    assert office.read(whole).file.stage is CaseStage.HANDLING
    act(office, Action.RESUME, OPERATOR, whole)
    assert office.read(whole).file.stage is CaseStage.CHECKING


def test_a_part_that_repeats_another_case_holds_the_whole_up_no_more(
    office: Desk, split: tuple[str, list[str]]
) -> None:
    whole, parts = split
    other = office.do(report(110, **{"class": "E0101"})).case_no
    act(office, Action.DUPLICATE, OPERATOR, parts[0], parent=other)
    assert office.read(other).file.duplicates == 1
    assert office.read(whole).file.open_parts == 1
    act(office, Action.REOPEN, OPERATOR, parts[0], reason="不是同一处")
    assert (office.read(parts[0]).file.parent, office.read(other).file.duplicates) == ("", 0)
    assert office.read(whole).file.open_parts == 1


def test_a_part_that_is_reopened_holds_the_whole_up_again(office: Desk, split: tuple[str, list[str]]) -> None:
    whole, parts = split
    finish(office, parts[0])
    act(office, Action.REOPEN, OPERATOR, parts[0], reason="又堆上了")
    assert (office.read(parts[0]).file.parent, office.read(whole).file.open_parts) == (whole, 2)


def test_a_whole_that_is_reopened_waits_for_no_part_of_before(office: Desk, split: tuple[str, list[str]]) -> None:
    whole, parts = split
    for part in parts:
        finish(office, part)
    act(office, Action.CLOSE, COLLECTOR, whole)
    act(office, Action.REOPEN, OPERATOR, whole, reason="又堆上了")
    act(office, Action.DISPATCH, OPERATOR, whole, unit=STREET)
    act(office, Action.START, OFFICE, whole)
    assert office.read(whole).file.stage is CaseStage.HANDLING
    act(office, Action.REOPEN, OPERATOR, parts[0], reason="又堆上了")
    assert office.read(whole).file.open_parts == 0


# ---- duplicates ----


def test_an_original_counts_its_duplicates_and_forgets_one_that_is_none(office: Desk) -> None:
    original, copy = (office.do(report(120)).case_no for _ in range(2))
    assert office.read(original).file.duplicates == 1
    act(office, Action.REOPEN, OPERATOR, copy, reason="不是同一处")
    assert office.read(original).file.duplicates == 0
    file = office.read(copy).file
    assert (file.stage, file.parent) == (CaseStage.FILED, "")


def test_nothing_is_a_duplicate_of_what_is_none_itself(office: Desk) -> None:
    original, copy = (office.do(report(121)).case_no for _ in range(2))
    other = office.do(report(122)).case_no
    with pytest.raises(IllegalMoveError, match=f"is duplicate and cannot be an original; link to {original}"):
        act(office, Action.DUPLICATE, OPERATOR, other, parent=copy)
    act(office, Action.VOID, OPERATOR, original, reason="误报")
    with pytest.raises(IllegalMoveError, match="is void"):
        act(office, Action.DUPLICATE, OPERATOR, other, parent=original)
    with pytest.raises(UnknownCaseError):
        act(office, Action.DUPLICATE, OPERATOR, other, parent="nothing")
    assert office.do(report(121)).file.stage is CaseStage.DISPATCHED


def test_a_duplicate_that_came_in_bulk_is_reopened_though_its_original_did_not_come(office: Desk) -> None:
    with office.store.read() as cur:
        no = cur.execute("SELECT max(case_no) FROM cases WHERE stage = 90 AND log_first = log_last").fetchall()[0][0]
    office.exclusive(
        lambda con, _: con.execute("UPDATE cases SET parent_no = 'elsewhere' WHERE case_no = ?", [no]) and None
    )
    assert office.read(no).file.parent == "elsewhere"
    act(office, Action.REOPEN, OPERATOR, no, reason="不是同一处")
    assert office.read(no).file.is_open


# ---- corrections ----


def test_a_correction_of_the_class_lets_go_of_the_component_of_the_other(office: Desk) -> None:
    place = {"lon": "116.31212365636179", "lat": "39.97645330404697"}  # that of a cover of the register
    no = office.do(report(0, **{"class": "C0101", **place})).case_no
    file = office.read(no).file
    assert file.component == "1101080101000001"
    act(office, Action.RETURN, unit_actor(file.unit), no, reason="不是井盖")
    act(office, Action.CORRECT, OPERATOR, no, **{"class": "E0507"})
    assert (office.read(no).file.class_code, office.read(no).file.component) == ("E0507", "")
    with office.store.read() as cur:
        assert cur.execute("SELECT component_id FROM cases WHERE case_no = ?", [no]).fetchall() == [(None,)]


def test_a_correction_of_the_place_finds_everything_anew(office: Desk) -> None:
    no = office.do(report(5)).case_no
    before = office.read(no).file
    assert before.building
    act(office, Action.RETURN, OFFICE, no, reason="不属本街道")
    act(office, Action.CORRECT, OPERATOR, no, lon="116.5", lat="39.9")
    file = office.read(no).file
    assert (file.lon, file.street, file.community, file.grid, file.building) == (116.5, "", "", "", "")
    settled(office)
    with office.store.read() as cur:
        row = cur.execute("SELECT building_id, street_id FROM cases WHERE case_no = ?", [no]).fetchall()
    assert row == [(None, None)]


# ---- candidates ----


def test_what_a_source_is_not_sure_of_waits_and_becomes_a_case_of_who_decides(office: Desk) -> None:
    sure = office.do(report(123, VIDEO, confidence=0.9))
    waiting = office.do(
        report(124, VIDEO, confidence="0.3", evidence={"frame": 7}, ref="v-124", component="C9", address="桥下")
    )
    assert (sure.candidate, waiting.candidate, waiting.case_no[:1], waiting.file) == (False, True, "K", None)
    made = act(office, Action.PROMOTE, COLLECTOR, waiting.case_no)
    file = made.file
    assert (file.stage, file.source, file.ref, file.address) == (CaseStage.DISPATCHED, "VIDEO", "v-124", "桥下")
    assert office.do(report(124, VIDEO, ref="v-124")).case_no == made.case_no
    for action in (Action.PROMOTE, Action.DISMISS):
        with pytest.raises(FieldError, match="was promoted"):
            act(office, action, OPERATOR, waiting.case_no)


def test_a_candidate_that_is_put_aside_stays_aside(office: Desk) -> None:
    waiting = office.do(report(125, VIDEO, confidence=0, ref="v-125"))
    assert act(office, Action.DISMISS, OPERATOR, waiting.case_no).candidate
    with pytest.raises(FieldError, match="was dismissed"):
        act(office, Action.PROMOTE, OPERATOR, waiting.case_no)
    again = office.do(report(125, VIDEO, confidence=1, ref="v-125"))
    assert (again.candidate, again.repeated) == (True, True)


def reporters(office: Desk) -> dict[str, str]:
    with office.store.read() as cur:
        return dict(cur.execute("SELECT case_no, body FROM reporter").fetchall())


def test_photos_and_whoever_reported_come_along_when_a_candidate_becomes_a_case(office: Desk) -> None:
    seen = photo("seen", START - timedelta(minutes=5))
    sent = replace(report(1, VIDEO, confidence=0.1), photos=(("before", seen),), private={"name": "Wang"})
    waiting = office.do(sent)
    assert reporters(office)[waiting.case_no] == '{"name":"Wang"}'
    made = act(office, Action.PROMOTE, OPERATOR, waiting.case_no)
    assert [(each.phase, each.facts) for each in office.read(made.case_no).photos] == [("before", seen)]
    assert waiting.case_no not in reporters(office)
    assert reporters(office)[made.case_no] == '{"name":"Wang"}'
    assert office.read(made.case_no).file.reporter == hashlib.sha256(SALT + b'{"name":"Wang"}').hexdigest()


def test_nothing_is_kept_of_whoever_reported_what_is_put_aside(office: Desk) -> None:
    waiting = office.do(replace(report(1, VIDEO, confidence=0.1), private={"name": "Wang"}))
    act(office, Action.DISMISS, OPERATOR, waiting.case_no)
    assert waiting.case_no not in reporters(office)


def test_the_log_tells_of_candidates_without_a_case(office: Desk) -> None:
    waiting = office.do(report(126, VIDEO, confidence="0.3"))
    made = act(office, Action.PROMOTE, OPERATOR, waiting.case_no)
    with office.store.read() as cur:
        rows = cur.execute(
            "SELECT kind, entry FROM case_event WHERE case_key = -1 ORDER BY seq DESC LIMIT 2"
        ).fetchall()
    promoted, candidate = (json.loads(entry)["data"] for _, entry in rows)
    assert [kind for kind, _ in rows] == ["promote", "candidate"]
    assert promoted == {"candidate": waiting.case_no, "case": made.case_no}
    assert (candidate["candidate"], candidate["confidence"]) == (waiting.case_no, "0.3")


# ---- who reported ----


def test_the_log_holds_a_commitment_to_who_reported_and_nothing_of_them(office: Desk) -> None:
    private = {"name": "王小明", "phone": "13900001234"}
    command = replace(report(127), private=private)
    no = office.do(command).case_no
    body = canonical_json(private)
    commitment = hashlib.sha256(SALT + body).hexdigest()
    assert office.read(no).file.reporter == commitment
    with office.store.read() as cur:
        kept = cur.execute("SELECT salt, body FROM reporter WHERE case_no = ?", [no]).fetchall()
        told = cur.execute("SELECT string_agg(entry) FROM case_event WHERE case_no = ?", [no]).fetchall()[0][0]
    assert kept == [(SALT, body.decode())]
    assert "王小明" not in told
    assert commitment in told
    act(office, Action.ERASE, OPERATOR, no, reason="本人要求")
    assert office.read(no).file.reporter == ""
    with office.store.read() as cur:
        assert cur.execute("SELECT count(*) FROM reporter WHERE case_no = ?", [no]).fetchall() == [(0,)]
    with pytest.raises(NotAllowedError):
        act(office, Action.ERASE, COLLECTOR, no)


# ---- photos ----


def test_a_photo_that_comes_with_a_feedback_is_one_of_the_case_also_after_a_restart(office: Desk) -> None:
    no = office.do(report(128)).case_no
    act(office, Action.ACCEPT, OFFICE, no)
    facts = photo("of 128", START + timedelta(minutes=1), 12.5)
    office.do(Command(Action.FEEDBACK, OFFICE, no, photos=(("after", facts),)))
    office._clerk.shelf.clear()
    record = office.read(no)
    assert [(each.phase, each.facts) for each in record.photos] == [("after", facts)]
    assert (record.file.photos, record.file.stage) == (1, CaseStage.CLOSED)


def test_a_photo_from_before_the_round_is_none_of_its_work(office: Desk) -> None:
    no = office.do(report(129)).case_no
    act(office, Action.ACCEPT, OFFICE, no)
    first = (("after", photo("of 129", START + timedelta(minutes=1))),)
    office.do(Command(Action.FEEDBACK, OFFICE, no, photos=first))
    assert office.read(no).file.stage is CaseStage.CLOSED
    act(office, Action.REOPEN, OPERATOR, no, reason="又堆上了")
    act(office, Action.DISPATCH, OPERATOR, no, unit=STREET)
    act(office, Action.ACCEPT, OFFICE, no)
    office.do(Command(Action.FEEDBACK, OFFICE, no))
    assert office.read(no).file.stage is not CaseStage.CLOSED


def test_a_device_reports_for_its_own_source_whatever_it_says(office: Desk) -> None:
    assert office.do(report(130, VIDEO, source="PUBLIC")).file.source == "VIDEO"
    with pytest.raises(FieldError, match="no source ''"):
        office.do(Command(Action.REPORT, SYSTEM, data={"class": "E0507"}))
    assert office.do(Command(Action.REPORT, PUBLIC, data={"class": "E0507"})).file.source == "PUBLIC"


def test_a_report_from_no_place_of_the_city_waits_for_a_person_to_dispatch_it(office: Desk) -> None:
    made = office.do(Command(Action.REPORT, PUBLIC, data={"class": "E0507", "lon": 121.4, "lat": 31.2}))
    assert (made.file.stage, made.file.unit) == (CaseStage.FILED, "")
    assert made.file.suggestion["action"] == Action.DISPATCH


def test_everything_here_is_in_the_log(office: Desk) -> None:
    settled(office)
    with office.store.read() as cur:
        assert cur.execute("SELECT count(*) FROM cases WHERE parent_no = 'elsewhere'").fetchall() == [(0,)]
    assert_sound(office.store, signed=False)


def test_one_of_the_public_who_has_no_source_cannot_claim_one(office: Desk) -> None:
    nobody = Actor("nobody", Role.PUBLIC)
    for more in ({}, {"confidence": "0.1"}):
        with pytest.raises(NotAllowedError, match="no source"):
            office.do(report(105, nobody, source="COLLECTOR", **more))
