"""Doing what a page asks for: what the desk acknowledged is told, and a refusal is one sentence."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.acting import Ask, Target, perform, read_ask, take_photos, told
from app.callbacks.acting import filled, send
from datastore.errors import PhotoError
from tests.work_office import OPERATOR, Work, open_work
from twin_model.case import CaseStage
from twin_model.workflow import Action


@pytest.fixture(scope="module")
def work(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with open_work(small_data_dir, tmp_path_factory.mktemp("acting")) as opened:
        yield opened


def picture() -> str:
    written = io.BytesIO()
    image = Image.radial_gradient("L").resize((320, 240)).convert("RGB")
    image.save(written, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(written.getvalue()).decode()


@pytest.mark.parametrize(
    "told",
    [None, {}, [], "x", {"action": "fly", "cases": [{"no": "1"}]}, {"action": "file", "cases": []},
     {"action": "file", "cases": [{"no": str(i)} for i in range(201)]}, {"action": "file", "cases": "1"}],
)  # fmt: skip
def test_what_is_no_request_is_none(told: Any) -> None:
    assert read_ask(told) is None


def test_a_request_is_read_with_where_its_cases_stood() -> None:
    ask = read_ask(
        {"action": "dispatch", "cases": [{"no": "1", "stage": 20, "hold": "", "data": {"unit": "D04"}}], "form": False}
    )
    assert ask == Ask(Action.DISPATCH, (Target("1", 20, "", {"unit": "D04"}),), {})


def test_what_is_acknowledged_is_told_and_counted(work: Work) -> None:
    made = work.report()
    ctx = work.at("/cases?as=operator")
    before = {row["queue"]: row["cases"] for row in ctx.counts()}
    (outcome,) = perform(ctx, Ask(Action.SUSPEND, (Target(made.case_no),), {"reason": "汛期"}))
    assert outcome.done
    assert "挂账" in outcome.sentence
    after = {row["queue"]: row["cases"] for row in work.at("/cases?as=operator").counts()}
    assert after["on_hold"] == before["on_hold"] + 1


def test_a_case_that_has_moved_on_is_refused_in_words(work: Work) -> None:
    made = work.report()
    work.do(Action.ACCEPT, work.unit_of(made), made.case_no)
    (outcome,) = perform(
        work.at("/cases"), Ask(Action.DISPATCH, (Target(made.case_no, CaseStage.DISPATCHED, ""),), {"unit": "D04"})
    )
    assert not outcome.done
    assert "已接收" in outcome.sentence


@pytest.mark.parametrize(
    ("address", "action", "data", "words"),
    [
        ("/cases?as=operator", Action.CLOSE, {}, "不能"),
        ("/cases?as=dept-D16", Action.ACCEPT, {}, "当前身份不能"),
        ("/cases?as=operator", Action.DISPATCH, {"unit": "D99"}, "不可用"),
        ("/cases?as=operator&lang=en", Action.CLOSE, {}, "not possible now"),
    ],
)
def test_a_refusal_is_one_sentence_in_the_language_of_the_page(
    work: Work, address: str, action: Action, data: dict[str, str], words: str
) -> None:
    made = work.report()
    (outcome,) = perform(work.at(address), Ask(action, (Target(made.case_no),), data))
    assert not outcome.done
    assert words in outcome.sentence
    assert work.desk.read(made.case_no).file.stage is CaseStage.DISPATCHED


def test_an_unknown_case_is_told(work: Work) -> None:
    (outcome,) = perform(work.at("/cases"), Ask(Action.FILE, (Target("110108999"),)))
    assert outcome.sentence == "没有这件案件。"


def test_many_cases_are_done_together_and_the_refused_are_named(work: Work) -> None:
    made = [work.report() for _ in range(3)]
    work.do(Action.VOID, OPERATOR, made[1].case_no, reason="误报")
    ctx = work.at("/cases?as=operator")
    ask = Ask(Action.SUSPEND, tuple(Target(each.case_no) for each in made), {"reason": "汛期"})
    outcomes = perform(ctx, ask)
    assert [each.done for each in outcomes] == [True, False, True]
    said = told(outcomes, ctx, ask.action)
    assert not said["ok"]
    assert "2 / 3" in said["sentence"]
    assert made[1].case_no[-6:] in said["sentence"]


def test_a_form_without_what_it_needs_is_shown_again(work: Work) -> None:
    made = work.report()
    ctx = work.at("/cases?as=operator")
    ask = Ask(Action.VOID, (Target(made.case_no),))
    assert filled(ctx, ask, {"reason": " "}, ())[1] == "请填写“理由”。"
    _, form = send(ctx, ask, {"reason": ""}, ())
    assert form is not None
    assert work.desk.read(made.case_no).file.stage is CaseStage.DISPATCHED


def test_a_form_takes_photos_in_with_what_was_done(work: Work) -> None:
    made = work.report()
    unit = work.unit_of(made)
    work.do(Action.ACCEPT, unit, made.case_no)
    ctx = work.at(f"/case/{made.case_no}?as={unit.code}")
    said, form = send(ctx, Ask(Action.FEEDBACK, (Target(made.case_no),)), {"result": "已清运"}, [picture()])
    assert form is None
    assert said["ok"]
    (photo,) = work.desk.read(made.case_no).photos
    assert photo.phase == "after"
    assert (work.store.path.parent / "photos" / photo.facts.sha256[:2] / f"{photo.facts.sha256}.jpg").is_file()


@pytest.mark.parametrize(
    "content", ["data:image/jpeg;base64,AAAA", "data:text/plain;base64,aGVsbG8=", "not base64 at all"]
)
def test_a_photo_that_is_none_is_refused_in_words(work: Work, content: str) -> None:
    made = work.report()
    ctx = work.at("/cases?as=operator")
    with pytest.raises(PhotoError):
        take_photos(ctx, made.case_no, [content], "other")
    _, form = send(ctx, Ask(Action.PHOTO, (Target(made.case_no),)), {"phase": "other"}, [content])
    assert "照片没有收下" in str(form)
    assert work.desk.read(made.case_no).photos == ()
