"""``citydeck intake`` and ``citydeck source``: new work and where it comes from, at the command line."""

import json
import sys
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from app.cli import main
from datastore.desk.desk import Desk
from datastore.store import Store
from tests.case_server import NOW, Client, case_app, case_server


def stored(store: Store, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with store.read() as cursor:
        return cursor.execute(query, list(values)).fetchall()


def run(monkeypatch: pytest.MonkeyPatch, *args: str) -> int:
    monkeypatch.setattr(sys, "argv", ["citydeck", *args])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def closed_store(small_data_dir: Path, tmp_path: Path) -> Path:
    with case_server(small_data_dir, tmp_path / "store"):
        pass
    return tmp_path / "store"


def test_a_seventh_source_works_without_code(
    closed_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(closed_store))
    assert (
        run(monkeypatch, "source", "add", "DRONE", "--name-zh", "无人机", "--name-en", "Drone", "--proactive", *data)
        == 0
    )
    assert run(monkeypatch, "source", "add", "DRONE", "--name-zh", "无人机", "--name-en", "Drone", *data) == 1
    assert run(monkeypatch, "source", "add", "dr one", "--name-zh", "x", "--name-en", "x", *data) == 1
    assert run(monkeypatch, "source", "list", *data) == 0
    assert "DRONE" in capsys.readouterr().out
    file = tmp_path / "new.csv"
    file.write_text("ref,class,lon,lat\nd-1,E0102,116.31,39.97\nd-2,E9999,116.31,39.97\n", encoding="utf-8")
    assert run(monkeypatch, "intake", str(file), "--source", "DRONE", *data) == 0
    told = capsys.readouterr().out
    assert "1 cases" in told
    assert "unknown_class: 1" in told
    with Store.open(closed_store) as store, Desk.open(store, clock=lambda: NOW) as desk:
        client = Client(case_app(store, desk, NOW).test_client()).as_("operator")
        answer = client.post("/api/cases", json={"class": "E0102", "source": "DRONE", "ref": "d-9"})
        assert answer.status_code == 201
        assert stored(store, "SELECT count(*) FROM cases JOIN case_source USING (source_id) WHERE code = 'DRONE'") == [
            (2,)
        ]


def test_a_mapping_says_which_column_is_what(
    closed_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'crs = "GCJ-02"\ntime_zone = "Asia/Shanghai"\n[file]\nencoding = "gb18030"\n'
        '[times]\nformats = ["%Y/%m/%d %H:%M"]\n[columns]\nid = "编号"\nreported_at = "时间"\nclass = "类别"\n'
        'lon = "经度"\nlat = "纬度"\ndescription = "描述"\n[values.class]\n"垃圾" = "E0102"\n',
        encoding="utf-8",
    )
    file = tmp_path / "new.csv"
    file.write_text(
        "编号,时间,类别,经度,纬度,描述\n"
        "甲1,2026/11/20 09:30,垃圾,116.32607,39.97926,桶外\n"
        "甲2,2026/11/20 09:40,垃圾,0,0,\n",
        encoding="gb18030",
    )
    args = ("intake", str(file), "--source", "COLLECTOR", "--mapping", str(mapping), "--data", str(closed_store))
    assert run(monkeypatch, *args) == 0
    with Store.open(closed_store) as store:
        rows = stored(
            store, "SELECT source_ref, reported_at, lon, lat FROM cases WHERE source_ref LIKE '甲%' ORDER BY 1"
        )
    (first, second) = rows
    assert first[:2] == ("甲1", datetime(2026, 11, 20, 1, 30))  # noqa: DTZ001 - as the store keeps it
    assert first[2:] == pytest.approx((116.32, 39.978), abs=2e-4)
    assert second[2:] == (None, None)


def test_a_file_that_cannot_be_read_names_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.txt"
    file.write_text("class\nE0102\n", encoding="utf-8")
    assert run(monkeypatch, "intake", str(file), "--source", "COLLECTOR", "--data", str(tmp_path)) == 1
    assert "ends in .csv" in capsys.readouterr().err
    assert run(monkeypatch, "intake", str(tmp_path / "no.csv"), "--source", "COLLECTOR", "--data", str(tmp_path)) == 1
    assert "no.csv cannot be read" in capsys.readouterr().err


def test_a_running_server_takes_the_file_in_parts(
    small_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.modules["app.cli.intake"], "SLICE", 2)
    file = tmp_path / "new.ndjson"
    rows = [
        {"ref": f"u-{number}", "class": "E0102" if number else "E9999", "lon": "116.3" + str(number)}
        for number in range(5)
    ]
    file.write_text("\n".join(json.dumps({**row, "lat": 39.97}) for row in rows), encoding="utf-8")
    with case_server(small_data_dir, tmp_path / "store") as city:
        server = make_server("127.0.0.1", 0, city.server, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            args = ("intake", str(file), "--by", "operator", "--url", f"http://127.0.0.1:{server.port}")
            assert run(monkeypatch, *args, "--source", "COLLECTOR") == 0
            told = capsys.readouterr().out
            assert run(monkeypatch, *args, "--source", "MARS") == 1
            refused = capsys.readouterr().err
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        assert stored(city.store, "SELECT count(*) FROM cases WHERE source_ref LIKE 'u-%'") == [(4,)]
    assert "5 rows, 4 cases" in told
    assert "row 1: the class is none" in told
    assert "404" in refused
