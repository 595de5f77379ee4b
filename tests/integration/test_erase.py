"""Erasing who reported a case: gone from every byte on the disk, while the log still verifies."""

import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app import cli
from app.api.cases import cases_blueprint
from app.api.problems import register_problems
from app.identity import Identities
from datastore.desk.desk import Desk
from datastore.log.keys import PUBLIC_FILE, read_verifier_key
from datastore.log.verify import verify
from datastore.store import Store
from twin_model.actor import Actor, Role
from twin_model.command import Command
from twin_model.workflow import Action

Run = Callable[..., tuple[int, str]]

NAME, PHONE = "王小明测试", "13900001234"
PUBLIC = Actor("public", Role.PUBLIC, "", "PUBLIC")
REASON = "asked for by the person"


@pytest.fixture
def data_dir(small_data_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_data_dir, tmp_path / "data"))


def report(desk: Desk, ref: str, name: str = NAME) -> str:
    data = {"class": "E0102", "description": "垃圾成堆", "ref": ref}
    return desk.do(Command(Action.REPORT, PUBLIC, data=data, private={"name": name, "phone": PHONE})).case_no


@pytest.fixture
def case_no(data_dir: Path) -> str:
    """Case that somebody reported under a name, beside one that another person did."""
    with Store.open(data_dir) as store, Desk.open(store) as desk:
        report(desk, "other", "李雷其他")
        return report(desk, "this")


def on_disk(data_dir: Path, text: str) -> list[str]:
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if text.encode() in path.read_bytes())


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Erase something of that store, or do as the words say: exit status and all that was printed."""

    def invoke(*words: str) -> tuple[int, str]:
        monkeypatch.setenv("CITYDECK_DATA", str(data_dir))
        monkeypatch.setattr("sys.argv", ["citydeck", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out + told.err

    return invoke


def test_without_erasure_the_name_is_in_the_file_and_in_no_entry(data_dir: Path, case_no: str) -> None:
    assert on_disk(data_dir, NAME) == ["city.duckdb"]
    with Store.open(data_dir) as store, store.read() as cur:
        assert not cur.execute("SELECT 1 FROM log_entry WHERE contains(entry, ?)", [NAME]).fetchall()
        salt, body = cur.execute("SELECT salt, body FROM reporter WHERE case_no = ?", [case_no]).fetchall()[0]
        entry = cur.execute("SELECT entry FROM case_event WHERE case_no = ? ORDER BY seq", [case_no]).fetchall()[0][0]
    assert json.loads(entry)["data"]["reporter"] == hashlib.sha256(salt + body.encode()).hexdigest()


def test_who_reported_a_case_is_gone_from_the_disk_and_the_log_verifies(data_dir: Path, case_no: str, run: Run) -> None:
    with Store.open(data_dir) as store, store.read() as cur:
        salt = cur.execute("SELECT salt FROM reporter WHERE case_no = ?", [case_no]).fetchall()[0][0]
    status, told = run("erase", case_no, "--reason", REASON)
    assert status == 0
    assert told.endswith("is erased, and the store's file written anew without it\n")
    assert on_disk(data_dir, NAME) == []
    assert not [path for path in data_dir.rglob("*") if path.is_file() and salt in path.read_bytes()]
    assert on_disk(data_dir, "李雷其他") == ["city.duckdb"]
    with Store.open(data_dir) as store, store.read() as cur:
        found = verify(cur, read_verifier_key(data_dir / PUBLIC_FILE))
        entries = [
            json.loads(entry)
            for (entry,) in cur.execute(
                "SELECT entry FROM case_event WHERE case_no = ? ORDER BY seq", [case_no]
            ).fetchall()
        ]
    assert found.findings == ()
    assert found.signed == found.size
    assert len(entries[0]["data"]["reporter"]) == 64  # the commitment stays, and without its salt it tells nothing
    assert (entries[-1]["kind"], entries[-1]["actor"], entries[-1]["data"]) == ("erase", "admin", {"reason": REASON})


def test_several_cases_are_erased_before_the_file_is_written_anew(data_dir: Path, case_no: str, run: Run) -> None:
    assert "citydeck compact" in run("erase", case_no, "--reason", REASON, "--no-compact")[1]
    assert on_disk(data_dir, NAME) == ["city.duckdb"]  # in a block that the engine has not used again
    assert "nothing is kept of who reported it" in run("erase", case_no, "--reason", REASON)[1]
    assert run("compact")[0] == 0
    assert on_disk(data_dir, NAME) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("999", "--reason", "x"), "no case has the number 999"),
        (("CASE", "--reason", "x", "--by", "collector"), "collector"),
        (("CASE", "--reason", "x", "--by", "ghost"), "there is no actor 'ghost'"),
        (("CASE", "--reason", "x", "--url", "ftp://host"), "--url 'ftp://host' is no address of a server"),
        (("CASE", "--reason", "x", "--url", "http://[::1"), "is no address of a server"),
        (("CASE", "--reason", "x", "--url", "http://127.0.0.1:9"), "does not answer"),
    ],
)
def test_what_cannot_be_erased_is_one_sentence(
    data_dir: Path, case_no: str, run: Run, words: tuple[str, ...], said: str
) -> None:
    status, told = run("erase", *(case_no if word == "CASE" else word for word in words))
    assert status == 1
    assert said in told
    assert told.count("\n") == 1
    with Store.open(data_dir) as store, store.read() as cur:
        assert cur.execute("SELECT count(*) FROM reporter").fetchall() == [(2,)]


@pytest.fixture
def server(data_dir: Path, case_no: str) -> Iterator[str]:
    """Running server over the store with the case."""
    assert case_no
    with Store.open(data_dir) as store, Desk.open(store) as desk:
        flask = Flask("trial")
        identities = Identities(store, open_desk=True)
        flask.register_blueprint(cases_blueprint(SimpleNamespace(store=store), desk, identities))
        register_problems(flask)
        running = make_server("127.0.0.1", 0, flask)
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()
        running.server_close()


def test_a_running_server_is_asked_to(server: str, case_no: str, run: Run) -> None:
    def ask(number: str, *more: str) -> tuple[int, str]:
        return run("erase", number, "--reason", REASON, "--url", server, *more)

    assert "refuses it (404): no case has the number 999" in ask("999")[1]
    assert "refuses it (403)" in ask(case_no, "--by", "collector")[1]
    assert "the key belongs to nobody" in ask(case_no, "--key", "wrong")[1]
    status, told = ask(case_no)
    assert status == 0
    assert "citydeck compact has written it anew (with the server stopped)" in told
    assert "nothing is kept" not in told
