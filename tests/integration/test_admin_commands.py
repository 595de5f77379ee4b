"""The administrator's commands over a small real store: what they print, change, and refuse."""

import csv
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import cli
from datastore.actor_store import actor_of_key
from datastore.desk.desk import Desk
from datastore.log.keys import PUBLIC_FILE, read_verifier_key
from datastore.log.verify import verify
from datastore.rule_change import complete, put_mode
from datastore.rule_file import RuleFormat, written_rules
from datastore.rule_store import read_book, read_document
from datastore.store import Store
from tests.conftest import BUILT_AT
from twin_model.actor import Actor, Role
from twin_model.case import CaseStage
from twin_model.command import Command
from twin_model.rule_book import RuleKind
from twin_model.workflow import Action, Mode, Step

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data_dir(small_data_dir: Path, tmp_path: Path) -> Path:
    """Copy of the small demo with its rules, free to be changed."""
    copied = Path(shutil.copytree(small_data_dir, tmp_path / "data"))
    with Store.open(copied) as store:
        complete(store, BUILT_AT)
    return copied


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on that store: exit status, what it printed, and what went to standard error."""

    def invoke(*words: str) -> tuple[int, str, str]:
        monkeypatch.setenv("CITYDECK_DATA", str(data_dir))
        monkeypatch.setattr("sys.argv", ["citydeck", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return invoke


def document(data_dir: Path, kind: RuleKind) -> dict:
    with Store.open(data_dir) as store, store.read() as cur:
        return read_document(cur, kind)[1]


def log_findings(data_dir: Path) -> tuple:
    with Store.open(data_dir) as store, store.read() as cur:
        report = verify(cur, read_verifier_key(data_dir / PUBLIC_FILE))
    assert report.signed == report.size
    return report.findings


# ---- rules ----


def test_a_list_goes_out_as_a_table_and_comes_back_changed(run: Run, data_dir: Path, tmp_path: Path) -> None:
    _, text, _ = run("rules", "show", "responsibility", "--format", "csv")
    path = tmp_path / "list.csv"
    path.write_text(text.replace("R-E0102-2,E0102,D04", "R-E0102-2,E0102,D02"), encoding="utf-8")
    status, told, _ = run("rules", "put", "responsibility", str(path), "--note", "环卫改执法")
    assert status == 0
    assert told.startswith("responsibility rules, version 2, valid from now; entry 20,000 of the log\nsha256 ")
    _, told, _ = run("rules", "diff", "responsibility")
    assert told.splitlines() == [
        "responsibility rules, version 1 to version 2; differences: 1", "~ rules R-E0102-2 lead: D04 → D02"
    ]  # fmt: skip
    _, told, _ = run("rules", "put", "responsibility", str(path), "--note", "again")
    assert told == "nothing changes: this is version 2 of the responsibility rules already\n"
    assert log_findings(data_dir) == ()


def test_the_list_of_versions_marks_those_in_force(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "intake.json"
    path.write_text('{"thresholds": []}', encoding="utf-8")
    run("rules", "put", "intake", str(path), "--note", "trial", "--valid-from", "2999-01-01")
    found = {(row["kind"], row["version"]): row for row in json.loads(run("rules", "list", "--json")[1])}
    assert found["intake", 1]["in_force"] is True
    assert found["intake", 2]["in_force"] is False
    assert found["intake", 2]["valid_from"] == "2998-12-31T16:00:00+00:00"
    assert (found["intake", 2]["created_by"], found["intake", 2]["note"]) == ("admin", "trial")
    rows = [line.split() for line in run("rules", "list")[1].splitlines()]
    assert ["*", "intake", "1", "always"] in [row[:4] for row in rows]
    assert ["intake", "2", "2999-01-01", "00:00"] in [row[:4] for row in rows]


def test_a_version_is_shown_as_toml_that_can_be_put_again(run: Run, tmp_path: Path) -> None:
    _, text, _ = run("rules", "show", "calendar", "--version", "1")
    assert tomllib.loads(text)["zone"] == "Asia/Shanghai"
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    assert "differences: 0" in run("rules", "diff", "calendar", "--to", str(path))[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rules", "put", "intake", "no.json", "--note", "x"), "citydeck: cannot read no.json: No such file"),
        (("rules", "put", "intake", "BAD", "--note", "x"), "thresholds row 1 has no confidence; add it"),
        (("rules", "put", "intake", "GOOD", "--note", "x", "--by", "operator"), "operator is operator and may not"),
        (("rules", "put", "intake", "GOOD", "--note", "x", "--by", "ghost"), "there is no actor 'ghost'"),
        (("rules", "put", "intake", "GOOD", "--note", " "), "the note has 0 characters"),
        (("rules", "put", "intake", "GOOD", "--note", "x", "--valid-from", "soon"), "--valid-from 'soon' is no day"),
        (("rules", "put", "intake", "GOOD", "--note", "x", "--valid-from", "2026-12-01T08:00"), "with its zone"),
        (("rules", "show", "intake", "--version", "9"), "there is no version 9 of the intake rules"),
        (("rules", "show", "intake", "--format", "csv"), "use TOML or JSON"),
        (("rules", "mode", "handle", "auto"), "steps are file, dispatch, check, evaluate"),
        (("rules", "what-if", "GOOD", "--since", "May"), "--since 'May' is not a date"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    run: Run, data_dir: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text('{"thresholds": []}', encoding="utf-8")
    bad.write_text('{"thresholds": [{"source": "VIDEO"}]}', encoding="utf-8")
    before = document(data_dir, RuleKind.INTAKE)
    places = {"GOOD": str(good), "BAD": str(bad)}
    status, out, err = run(*(places.get(word, word) for word in words))
    assert (status, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
    assert document(data_dir, RuleKind.INTAKE) == before


def test_a_file_that_cannot_be_used_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("rule_id,class_pattern,lead\nR-1,E0102,D04\nR-2,E0103,@nobody\n", encoding="utf-8")
    _, _, err = run("rules", "put", "responsibility", str(path), "--note", "x")
    assert f"{path}: row 2 (R-2) of the responsibility list: '@nobody' stands for no unit; write a unit code" in err


def test_the_default_rules_of_the_demo_have_no_error(run: Run) -> None:
    status, told, _ = run("rules", "lint")
    assert status == 0
    assert ": 0 errors, " in told.splitlines()[0]
    found = json.loads(run("rules", "lint", "responsibility", "--json")[1])
    assert found["versions"] == {"responsibility": 1}
    assert {each["severity"] for each in found["findings"]} == {"warning"}


def test_a_contradiction_is_an_error_of_which_the_exit_status_tells(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("rule_id,class_pattern,lead\nR-1,E0102,D04\nR-2,E0102,D02\n", encoding="utf-8")
    _, told, _ = run("rules", "put", "responsibility", str(path), "--note", "torn")
    assert "responsibility@2: 1 errors, " in told
    status, told, _ = run("rules", "lint", "responsibility")
    assert status == 1
    assert "R-1 and R-2 are equal" in told
    assert "give one a priority, or keep only one at a time" in told
    assert run("rules", "lint", "duplicate")[0] == 0


def test_a_step_is_switched_from_now_on(run: Run, data_dir: Path) -> None:
    assert run("rules", "mode", "dispatch", "suggest")[0] == 0
    with Store.open(data_dir) as store, store.read() as cur:
        flow = read_book(cur, BUILT_AT.replace(year=2100)).workflow
    assert flow.mode(Step.DISPATCH) is Mode.SUGGEST
    assert log_findings(data_dir) == ()


def test_a_changed_list_is_tried_on_history_and_nothing_is_changed(run: Run, data_dir: Path, tmp_path: Path) -> None:
    changed = document(data_dir, RuleKind.RESPONSIBILITY)
    changed["rules"].append({"rule_id": "R-t", "class_pattern": "E0102", "lead": "D02", "priority": 99})
    path, out = tmp_path / "list.toml", tmp_path / "moves.csv"
    path.write_text(written_rules(RuleKind.RESPONSIBILITY, changed, RuleFormat.TOML), encoding="utf-8")
    found = json.loads(run("rules", "what-if", str(path), "--json", "--csv", str(out))[1])
    assert found["cases"] == 20_000
    assert found["moved"] == sum(flow["cases"] for flow in found["flows"]) > 0
    assert re.fullmatch(r"\d{20}", found["flows"][0]["examples"][0])
    assert {row["class_code"] for row in found["by_class"] if row["moved"]} == {"E0102"}
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["cases"]) for row in rows) == found["moved"]
    assert {(row["to_unit"], row["class_code"]) for row in rows} == {("D02", "E0102")}
    _, told, _ = run("rules", "what-if", str(path), "--since", "2026-11-01", "--until", "2026-11-20")
    assert "version 1 against" in told.splitlines()[0]
    assert "D02 区城管执法局" in told
    assert "E0102 暴露垃圾" in told
    assert document(data_dir, RuleKind.RESPONSIBILITY)["rules"][-1]["rule_id"] != "R-t"


def test_an_open_desk_goes_on_by_the_new_rules(data_dir: Path) -> None:
    admin, public = Actor("admin", Role.ADMIN), Actor("public", Role.PUBLIC, "", "PUBLIC")
    reports = [
        Command(Action.REPORT, public, data={"class": code, "lon": 116.31, "lat": 39.98}) for code in ("E0102", "E0505")
    ]
    with Store.open(data_dir) as store, Desk.open(store) as desk:
        before = desk.do(reports[0]).file
        desk.exclusive(lambda con, _: put_mode(con, "dispatch", Mode.SUGGEST, actor=admin, now=datetime.now(UTC)))
        after = desk.do(reports[1]).file
    assert (before.stage, after.stage) == (CaseStage.DISPATCHED, CaseStage.FILED)
    assert log_findings(data_dir) == ()


# ---- actors ----


def test_an_actor_gets_a_key_that_is_printed_once_and_works(run: Run, data_dir: Path) -> None:
    words = ("--role", "department", "--unit", "D04", "--name", "环卫值班")
    status, key, err = run("actor", "add", "bureau", *words)
    assert status == 0
    assert "it is not shown again" in err
    with Store.open(data_dir) as store, store.read() as cur:
        assert actor_of_key(cur, key.strip()).unit_code == "D04"
    _, second, _ = run("actor", "key", "bureau")
    row = next(line for line in run("actor", "list")[1].splitlines() if line.split()[:1] == ["bureau"])
    assert row.split() == ["bureau", "department", "D04", "yes", "环卫值班"]
    assert run("actor", "retire", "bureau")[1] == "bureau may act no more\n"
    with Store.open(data_dir) as store, store.read() as cur:
        assert [actor_of_key(cur, each.strip()) for each in (key, second)] == [None, None]
    assert "bureau" not in run("actor", "list")[1]
    assert log_findings(data_dir) == ()


def test_an_actor_that_does_not_fit_is_one_sentence(run: Run) -> None:
    status, _, err = run("actor", "add", "bureau", "--role", "department", "--unit", "D99")
    assert (status, err.count("\n")) == (1, 1)
    assert "there is no unit 'D99'" in err


# ---- compact ----


def test_a_store_is_written_anew(run: Run, data_dir: Path) -> None:
    status, told, _ = run("compact")
    assert status == 0
    assert "MB before" in told
    assert run("stats")[0] == 0
    assert run("rules", "mode", "check", "suggest")[0] == 0
    assert log_findings(data_dir) == ()
