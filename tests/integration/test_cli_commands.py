"""The command line over a small real store: what it prints, writes and refuses."""

import csv
import json
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from app import cli
from app.cli.demo import anchor_of
from app.cli.export import guarded, utc_text
from app.cli.serve import check_port
from app.errors import PortInUseError, SettingsError
from app.settings import load_settings
from datastore.demo_store import build_demo
from datastore.meta import write_meta
from datastore.store import FILE_NAME, Store
from twin_model.demo.plan import DemoPlan

PLAN = DemoPlan(anchor_day=date(2026, 11, 23), cases=3000, streets=("110108014",))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("small")
    build_demo(data, PLAN)
    return data


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Exit status of the command line, with its error handling."""
    monkeypatch.setattr("sys.argv", ["citydeck", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


def test_stats_as_json_counts_the_cases(small: Path) -> None:
    shown = CliRunner().invoke(cli.command_line(), ["stats", "--json", "--data", str(small)])
    found = json.loads(shown.stdout)
    assert found["cases"]["reported"] == 3000
    assert sum(found["cases"]["by_source"].values()) == 3000


def test_stats_for_people_names_the_city(small: Path) -> None:
    shown = CliRunner().invoke(cli.command_line(), ["stats", "--data", str(small)])
    assert "cases.reported" in shown.stdout
    assert "3,000" in shown.stdout


def test_the_fingerprint_is_stable(small: Path) -> None:
    words = ["stats", "--json", "--fingerprint", "--data", str(small)]
    first, second = (json.loads(CliRunner().invoke(cli.command_line(), words).stdout) for _ in range(2))
    assert first["fingerprint"] == second["fingerprint"]


@pytest.mark.parametrize("kind", ["rejects", "unplaced"])
def test_exports_have_a_head_line_and_open_in_a_spreadsheet(small: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out.csv"
    shown = CliRunner().invoke(cli.command_line(), ["export", kind, str(out), "--data", str(small)])
    assert shown.exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows[0]) >= 5
    assert shown.stdout.endswith(f"{len(rows) - 1:,} rows\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@x", "\t=1", "  =1", "\r=2"])
def test_a_cell_that_looks_like_a_formula_is_text(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize(("cell", "text"), [(None, ""), (-3.5, "-3.5"), ("plain", "plain"), ("", "")])
def test_other_cells_stay_as_they_are(cell: object, text: str) -> None:
    assert guarded(cell) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 5, 1, 1, 30, tzinfo=UTC).replace(tzinfo=None), "2026-05-01T01:30:00Z"),
        (datetime(2026, 5, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-05-01T01:30:00Z"),
    ],
)
def test_times_in_an_export_say_their_zone(moment: datetime, text: str) -> None:
    assert guarded(moment) == utc_text(moment) == text


def test_stats_tell_moments_in_whole_seconds(small: Path) -> None:
    with Store.open(small) as store, store.write() as con:
        before = store.meta()
        write_meta(con, {"as_of": "2026-11-22T16:00:00.000001+00:00"})
    found = json.loads(CliRunner().invoke(cli.command_line(), ["stats", "--json", "--data", str(small)]).stdout)
    with Store.open(small) as store, store.write() as con:
        write_meta(con, {"as_of": str(before.as_of)})
    moments = [found["city"]["as_of"], *(each["imported_at"] for each in found["datasets"])]
    assert moments[0] == "2026-11-22T16:00:00Z"
    assert not any("." in moment for moment in moments)


def test_a_demo_on_a_locked_store_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    holder = "import sys, duckdb; con = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    words = [sys.executable, "-c", holder, str(tmp_path / FILE_NAME)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - our own interpreter
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert run(monkeypatch, "demo", "--no-serve", "--data", str(tmp_path)) == 1
        other.stdin.write("\n")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert "is in use by process" in shown.err


def test_a_missing_store_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "stats", "--data", str(tmp_path)) == 1
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "no store in" in shown


def test_an_unwritable_export_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small: Path, tmp_path: Path
) -> None:
    assert run(monkeypatch, "export", "rejects", str(tmp_path / "no" / "out.csv"), "--data", str(small)) == 1
    assert "cannot write" in capsys.readouterr().err


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["app.cli.stats"], "store_stats", interrupted)
    assert run(monkeypatch, "stats", "--data", str(small)) == 130


def test_a_wrong_option_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "stats", "--colour") == 2
    assert "--colour" in capsys.readouterr().err


def test_a_taken_port_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert run(monkeypatch, "serve", "--data", str(small), "--port", port) == 1
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert f"cannot serve on 127.0.0.1:{port}" in shown


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with pytest.raises(PortInUseError, match=r"192\.0\.2\.1"):
        check_port(load_settings(host="192.0.2.1"))


def test_a_demo_is_built_once_and_then_kept(tmp_path: Path) -> None:
    words = ["demo", "--no-serve", "--cases", "50", "--anchor", "2026-11-23", "--data", str(tmp_path)]
    assert CliRunner().invoke(cli.command_line(), words).exit_code == 0
    built = (tmp_path / "city.duckdb").stat().st_mtime_ns
    assert CliRunner().invoke(cli.command_line(), words).exit_code == 0
    assert (tmp_path / "city.duckdb").stat().st_mtime_ns == built


def test_a_build_day_that_is_no_date_is_refused() -> None:
    with pytest.raises(SettingsError, match="2026-01-31"):
        anchor_of("yesterday")


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(cli.command_line(), ["--version"]).stdout.startswith("citydeck ")


def test_a_build_day_that_is_given_replaces_an_earlier_one(tmp_path: Path) -> None:
    words = ["demo", "--no-serve", "--cases", "50", "--data", str(tmp_path)]
    for day in ("2026-11-01", "2026-11-03"):
        assert CliRunner().invoke(cli.command_line(), [*words, "--anchor", day]).exit_code == 0
    built = (tmp_path / "city.duckdb").stat().st_mtime_ns
    assert CliRunner().invoke(cli.command_line(), words).exit_code == 0
    assert (tmp_path / "city.duckdb").stat().st_mtime_ns == built
    shown = CliRunner().invoke(cli.command_line(), ["stats", "--json", "--data", str(tmp_path)])
    assert json.loads(shown.stdout)["city"]["demo_anchor_day"] == "2026-11-03"


def test_a_demo_without_cases_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "demo", "--no-serve", "--cases", "0", "--data", str(tmp_path)) == 2
    assert "--cases" in capsys.readouterr().err


def test_cases_are_joined_again_at_another_distance(small: Path, tmp_path: Path) -> None:
    shutil.copy(small / FILE_NAME, tmp_path)
    words = ["join", "--data", str(tmp_path)]
    near = CliRunner().invoke(cli.command_line(), [*words, "--distance", "3"])
    assert re.fullmatch(r"[\d,]+ cases lie in a building, [\d,]+ within 3 m of one, [\d,]+ have none\n", near.stdout)
    assert CliRunner().invoke(cli.command_line(), words).stdout == near.stdout
    far = CliRunner().invoke(cli.command_line(), [*words, "--distance", "100"])
    assert far.stdout != near.stdout


def test_a_join_distance_that_is_none_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "init", str(tmp_path / "new"), "--join-distance", "5000") == 1
    assert "no number of metres from 0 to 1000" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_new_store_keeps_its_join_distance(tmp_path: Path) -> None:
    assert (
        CliRunner().invoke(cli.command_line(), ["init", str(tmp_path / "new"), "--join-distance", "40"]).exit_code == 0
    )
    with Store.open(tmp_path / "new", read_only=True) as store:
        assert store.meta().other["join_distance_m"] == "40"
