"""What the pages of work draw, over a small real store: rows, the case in short, and the page of one case."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash import no_update

from app.acting import Ask, Target, perform
from app.callbacks.acting import misjoined, send
from app.callbacks.case_page import SLOTS, draw
from app.callbacks.shell import head_of, page_of
from app.callbacks.workbench import draw_brief, draw_filters, draw_rows
from app.case_story import clock_at, event_of, story_of
from app.components.work_form import action_form
from app.components.work_queues import work_queues
from app.desk_case import limit_words, view_of
from app.desk_rows import FORMS, OPTIONAL, needs_form
from app.formats import span
from app.i18n import catalogue
from app.state import LANGUAGES
from datastore.errors import UnknownCaseError
from tests.work_office import OPERATOR, Work, open_work
from twin_model.actor import Role
from twin_model.case import CaseStage
from twin_model.next_step import people_actions
from twin_model.workflow import TRANSITIONS, Action, Hold


@pytest.fixture(scope="module")
def work(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with open_work(small_data_dir, tmp_path_factory.mktemp("pages")) as opened:
        yield opened


def drawn(component: Any) -> str:
    return str(component.to_plotly_json() if hasattr(component, "to_plotly_json") else component)


def panel_of(work: Work, address: str, slot: str) -> str:
    return drawn(dict(zip(SLOTS, draw(work.at(address)), strict=True))[slot])


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "actor", ["operator", "district", "admin", "analyst", "collector", "dept-D04", "street-S110108011", "public"]
)
def test_every_page_is_drawn_for_every_role_in_every_language(work: Work, actor: str, lang: str) -> None:
    ctx = work.at(f"/cases?as={actor}&lang={lang}")
    assert ctx.actor.code == actor
    assert drawn(work_queues(ctx, ctx.counts()))
    assert drawn(draw_brief(ctx))
    assert isinstance(draw_filters(ctx), list)
    rows, pages = draw_rows(ctx)
    assert pages
    assert all(row["next"] is None or row["next"]["action"] in set(Action) for row in rows)
    assert drawn(head_of("/cases", f"?as={actor}&lang={lang}", work.office)[0])
    assert drawn(page_of("/cases", f"?as={actor}&lang={lang}", work.office))


def test_the_queue_in_front_is_the_first_that_holds_a_case(work: Work) -> None:
    ctx = work.at("/cases?as=operator")
    counts = {row["queue"]: row["cases"] for row in ctx.counts()}
    assert ctx.queue is not None
    assert counts[ctx.queue] > 0
    assert work.at("/cases?as=operator&queue=on_hold").queue == "on_hold"


def test_what_of_an_address_cannot_be_used_is_told(work: Work) -> None:
    ctx = work.at("/cases?as=nobody-here&queue=fly")
    assert ctx.actor.code == "operator"
    assert len(ctx.notices) == 2
    assert work.at("/cases?as=dept-D04&queue=to_file").state.queue == ""  # a queue of another role


def test_a_row_offers_the_next_step_with_its_reason(work: Work) -> None:
    made = work.report(description="退回重派")
    work.do(Action.RETURN, work.unit_of(made), made.case_no, reason="不属于我单位")
    work.settle()
    rows, _ = draw_rows(work.at("/cases?as=operator&queue=suggested&q=退回重派"))
    (row,) = rows
    assert row["next"]["suggested"]
    assert row["next"]["label"].startswith("派遣至 ")
    assert "responsibility@1#" in row["next"]["title"]
    assert not row["next"]["form"]


def test_a_filed_case_of_history_gets_the_unit_of_the_list(work: Work) -> None:
    rows, _ = draw_rows(work.at("/cases?as=operator&queue=to_dispatch"))
    assert rows
    assert all(row["next"]["action"] == "dispatch" for row in rows)
    assert any(row["next"]["data"].get("unit") and not row["next"]["form"] for row in rows)


def test_others_wait_for_whom_it_is_with(work: Work) -> None:
    made = work.report(description="等人接收")
    work.settle()
    (row,) = draw_rows(work.at("/cases?as=operator&queue=open&q=等人接收"))[0]
    assert row["next"] is None
    assert "接收" in row["waits"]
    view = (
        view_of(work.at(f"/case/{made.case_no}?as=dept-D04"), made.case_no)
        if made.file and "D04" in made.file.assist
        else None
    )
    assert view is None or set(view.actions) <= {Action.NOTE, Action.PHOTO}


@pytest.mark.parametrize("action", [row.action for row in TRANSITIONS if row.needs])
def test_whatever_a_move_needs_has_a_field_or_is_the_systems(action: Action) -> None:
    needs = {name for row in TRANSITIONS if row.action is action for name in row.needs}
    if action in FORMS:
        assert needs <= set(FORMS[action])
        assert not {name for name in needs if (action, name) in OPTIONAL}
        assert needs_form(action, {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_action_has_its_words(lang: str) -> None:
    texts = catalogue(lang).texts
    possible = {a for stage in CaseStage for hold in Hold for role in Role for a in people_actions(stage, hold, role)}
    assert not [action for action in Action if f"action.{action}" not in texts]
    assert not [action for action in possible if not texts.get(f"action_long.{action}")]


@pytest.mark.parametrize("action", FORMS)
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_form_is_drawn(work: Work, action: Action, lang: str) -> None:
    ctx = work.at(f"/cases?lang={lang}")
    form = drawn(action_form(ctx, Ask(action, (Target("1"),), {}), None, "why not"))
    assert "why not" in form
    for name in FORMS[action]:
        assert name == "parts" or f"'name': '{name}'" in form or name == "photos"


def test_the_page_of_a_case_tells_its_story(work: Work) -> None:
    made = work.report(description="有经过的案件")
    unit = work.unit_of(made)
    work.do(Action.ACCEPT, unit, made.case_no)
    work.clock.pass_on(hours=2)
    work.do(Action.ASK_EXTENSION, unit, made.case_no, reason="等配件")
    ctx = work.at(f"/case/{made.case_no}?as=operator")
    story = story_of(ctx, view_of(ctx, made.case_no).record)
    assert [told.event.kind for told in story] == [
        Action.REPORT, Action.FILE, Action.DISPATCH, Action.ACCEPT, Action.ASK_EXTENSION,
    ]  # fmt: skip
    assert story[-1].after == view_of(ctx, made.case_no).file
    reading = clock_at(work.desk.book.calendar, story[-1].before, story[-1].event.moment)
    assert reading is not None
    assert 0 < reading.left < float(reading.limit.split()[0])
    timeline = panel_of(work, f"/case/{made.case_no}?as=operator", "case-timeline")
    assert "等配件" in timeline
    assert "权责清单第 1 版" in timeline
    assert view_of(ctx, made.case_no).asked_reason == "等配件"


def test_why_a_unit_was_chosen_is_told_with_those_that_were_not(work: Work) -> None:
    made = work.report(description="为何是它")
    told = panel_of(work, f"/case/{made.case_no}", "case-unit")
    assert "按权责清单第 1 版派遣" in told
    assert "losers" in told
    work.do(Action.DISPATCH, OPERATOR, made.case_no, unit="D16", reason="专项行动")
    assert "由人指定" in panel_of(work, f"/case/{made.case_no}", "case-unit")


def test_a_case_of_history_has_one_entry_and_says_so(work: Work) -> None:
    with work.store.read() as cur:
        (number,) = cur.execute(
            "SELECT case_no FROM cases WHERE stage = 70 AND log_first IS NOT NULL LIMIT 1"
        ).fetchone()
    timeline = panel_of(work, f"/case/{number}", "case-timeline")
    assert "历史案件批量导入" in timeline
    assert "event import" in timeline


def test_who_reported_is_for_those_who_answer_to_them(work: Work) -> None:
    made = work.desk.do(work.command_with_reporter())
    assert made.file is not None
    assert "13800000000" in panel_of(work, f"/case/{made.case_no}?as=operator", "case-facts")
    for actor in ("district", "analyst", "collector"):
        facts = panel_of(work, f"/case/{made.case_no}?as={actor}", "case-facts")
        assert "仅中心可见" in facts
        assert "13800000000" not in facts


def test_the_proof_holds_and_names_its_entry(work: Work) -> None:
    made = work.report(description="存证")
    work.settle()
    proof = panel_of(work, f"/case/{made.case_no}", "case-proof")
    assert "broken" not in proof
    assert made.case_no in proof


def test_a_case_that_is_not_ones_own_has_no_page(work: Work) -> None:
    made = work.report(description="别人的")
    with pytest.raises(UnknownCaseError):
        draw(work.at(f"/case/{made.case_no}?as=dept-D16"))
    assert "404" in drawn(page_of(f"/case/{made.case_no}", "?as=dept-D16", work.office))


def test_an_entry_of_the_log_is_read_as_its_event(work: Work) -> None:
    with work.store.read() as cur:
        rows = cur.execute("SELECT entry FROM log_entry USING SAMPLE 20").fetchall()
    for (entry,) in rows:
        event = event_of(entry)
        assert event.case_no
        assert event.moment.tzinfo is not None


def test_without_a_desk_cases_are_shown_and_nothing_is_done(work: Work) -> None:
    made = work.report(description="只读")
    work.settle()
    reader = Work(replace(work.office, desk=None), work.desk, work.clock)
    rows, _ = draw_rows(reader.at("/cases?queue=open&q=只读"))
    assert [(row["next"], row["actions"]) for row in rows] == [(None, [])]
    assert "本服务只读" in drawn(work_queues(reader.at("/cases"), reader.at("/cases").counts()))
    assert "data-act" not in drawn(draw(reader.at(f"/case/{made.case_no}")))
    (outcome,) = perform(reader.at("/cases"), Ask(Action.ACCEPT, (Target(made.case_no),)))
    assert not outcome.done


def test_a_case_is_joined_only_to_an_earlier_one_of_its_class(work: Work) -> None:
    first, other, last = (work.report(**{"class": code}).file for code in ("E0102", "E0101", "E0102"))
    assert first is not None
    assert other is not None
    assert last is not None
    ctx = work.at("/cases?as=operator")
    assert misjoined(ctx, last, first.case_no) == ""
    assert "上报晚于本案" in misjoined(ctx, first, last.case_no)
    assert "类别不同" in misjoined(ctx, last, other.case_no)
    assert misjoined(ctx, last, "no such case") == ""
    answer, form = send(ctx, Ask(Action.DUPLICATE, (Target(first.case_no),)), {"parent": last.case_no}, ())
    assert answer is no_update
    assert "中关村" in drawn(form)


def test_feedback_says_what_comes_of_no_photo(work: Work) -> None:
    form = drawn(action_form(work.at("/cases"), Ask(Action.FEEDBACK, (Target("1"),), {}), None))
    assert "没有处置后照片，将转人工核查" in form


def test_one_is_told_in_the_singular_and_no_minutes_are_not_told(work: Work) -> None:
    ctx = work.at("/cases?lang=en")
    assert limit_words(ctx, "1 working_days") == "1 working day"
    assert limit_words(ctx, "2 working_days") == "2 working days"
    assert span(4.0, ctx.texts) == "4 h"
