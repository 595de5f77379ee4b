"""The benchmarks run; what they measure is for `make bench`, never for a test."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from app.api.features.collections import COLLECTIONS
from datastore.store import Store
from tests.benchmarks import (
    bench_build,
    bench_city,
    bench_desk,
    bench_features,
    bench_flight,
    bench_locate,
    bench_push,
    bench_queries,
    bench_scene,
    bench_tiles,
)
from tests.benchmarks.peer_postgres import Peer
from tests.benchmarks.report import print_figures

SMALL_WINDOW = "320,240"


@pytest.mark.benchmark_smoke
def test_the_build_is_measured() -> None:
    figures = bench_build.figures(cases=2_000, rounds=1)
    assert [figure.unit for figure in figures] == ["s", "MiB", "MiB"]
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.benchmark_smoke
def test_point_location_is_measured_beside_its_peer(capsys: pytest.CaptureFixture[str]) -> None:
    figures = bench_locate.figures(200, 5_000, 1)
    assert any(figure.peer_value for figure in figures)
    print_figures("Point location", figures)
    assert "sjoin" in capsys.readouterr().out


@pytest.mark.benchmark_smoke
def test_the_queries_are_measured_alone_and_with_readers_and_a_writer(
    small_data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_data_dir, data)
    bench_queries.main(["--data", str(data), "--seconds", "0.5", "--pause", "0"])
    printed = capsys.readouterr().out
    assert "alone" in printed
    assert "10 readers and a writer" in printed


@pytest.mark.benchmark_smoke
def test_city_models_are_measured_and_every_sound_house_becomes_watertight(capsys: pytest.CaptureFixture[str]) -> None:
    rate, watertight, whole, *_ = bench_city.figures(100, 1)
    assert rate.value > 0
    assert whole.value > 0
    assert watertight.value >= 98
    assert rate.peer or "cjio is not installed" in capsys.readouterr().out


@pytest.mark.benchmark_smoke
def test_a_tileset_is_measured_of_the_first_buildings(small_data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seconds, size, files = bench_tiles.figures(small_data_dir, 1, 50)
    assert seconds.note.startswith("50 buildings")
    assert min(seconds.value, size.value, files.value) > 0
    assert seconds.peer or "py3dtiles is not installed" in capsys.readouterr().out


@pytest.mark.benchmark_smoke
def test_what_a_peer_is_given_is_the_whole_shape_of_every_building(small_store: Store) -> None:
    codes, corners, owner = bench_tiles.triangles(small_store)
    with small_store.read() as cur:
        rows = cur.execute("SELECT code, height_m FROM building ORDER BY building_id").fetchall()
    assert codes == [code for code, _ in rows]
    starts = np.searchsorted(owner, np.arange(len(codes)))
    tops = np.maximum.reduceat(corners[..., 2].max(axis=1), starts)
    np.testing.assert_allclose(tops, [height for _, height in rows], atol=0.01)


@pytest.mark.benchmark_smoke
def test_features_are_measured_by_collection(small_data_dir: Path) -> None:
    figures = bench_features.figures(small_data_dir, 0.2)
    assert {figure.what.split(",")[0] for figure in figures} == set(COLLECTIONS)
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.benchmark_smoke
@pytest.mark.browser
def test_the_scene_is_measured_beside_pydeck_and_beside_itself_without_what_is_new(
    small_data_dir: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_data_dir, data)
    figures = bench_scene.figures(data, 1, 1, ["-near"], SMALL_WINDOW)
    assert any("pydeck" in figure.peer for figure in figures)
    assert any(figure.peer == "as it was" and figure.unit == "ms" for figure in figures)
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.benchmark_smoke
@pytest.mark.browser
def test_memory_is_read_while_the_camera_flies(small_data_dir: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_data_dir, data)
    figures = {figure.what: figure for figure in bench_flight.figures(data, 0, SMALL_WINDOW, still=True)}
    assert figures["JavaScript heap and buffers, most"].value > 0
    assert figures["page process, most"].value > 0
    assert figures["graphics process, software WebGL, most"].value > 0
    held = figures["meshes held, most"]
    assert held.peer_value is not None
    assert 0 <= held.value <= held.peer_value


@pytest.mark.benchmark_smoke
def test_the_desk_is_measured_alone_in_groups_through_the_loop_and_in_bulk(small_data_dir: Path) -> None:
    lengths = bench_desk.Lengths(seconds=0.1, minutes=0.01, loop_cases=20, bulk_cases=100)
    figures = {figure.what: figure for figure in bench_desk.figures(small_data_dir, lengths, None)}
    cases, closed = figures["whole loop"].note.split(", ")[:2]
    assert cases == "20 cases"
    assert int(closed.split()[0]) > 15  # one may repeat another
    assert figures["bulk"].note.startswith("100 cases")
    assert {figure.unit for figure in figures.values()} == {"ms", "cases/s", "events/s", "entries/s", "MiB", "MiB/h"}
    assert all(figure.value > 0 for figure in figures.values() if figure.unit != "MiB/h")


@pytest.mark.benchmark_smoke
def test_the_desk_s_peer_inserts_the_same_rows_under_a_chained_log(capsys: pytest.CaptureFixture[str]) -> None:
    peer = Peer.found()
    if peer is None:
        pytest.skip(capsys.readouterr().out)
    one_chain, chain_a_case = peer.figures(rows=100, seconds=1.0, clients=(2,), bulk_rows=50)
    for figures in (one_chain, chain_a_case):
        assert 0 < figures.single_ms[0.5] <= figures.single_ms[0.95]
        assert figures.rates[2] > 0
        assert figures.bulk_rate > 0


@pytest.mark.benchmark_smoke
def test_push_is_measured_to_every_display(small_data_dir: Path) -> None:
    figures = {figure.what: figure for figure in bench_push.figures(small_data_dir, (2,), 0.3, None)}
    assert figures["2 displays, to the socket, p95"].value > 0
    assert figures["stop with 2 displays"].value > 0


@pytest.mark.benchmark_smoke
@pytest.mark.browser
def test_push_is_measured_to_the_row_in_a_page(small_data_dir: Path) -> None:
    figures = {figure.what: figure for figure in bench_push.figures(small_data_dir, (1,), 0.3, "1280,720")}
    assert figures["1 displays, row in the page, p50"].value > 0


def test_growth_is_the_slope_of_the_second_half() -> None:
    steady = [bench_flight.Reading(at, 1000, 0, 0, 0, 0) for at in range(100)]
    rising = [bench_flight.Reading(60.0 * at, 2 * bench_flight.MIB * at, 0, 0, 0, 0) for at in range(100)]
    assert bench_flight.slope_mib_per_hour(steady, "heap") == pytest.approx(0, abs=1e-6)
    assert bench_flight.slope_mib_per_hour(rising, "heap") == pytest.approx(120)


def test_growth_of_the_server_is_the_slope_of_the_second_half() -> None:
    at_s = np.arange(100.0) * 60
    late = np.where(at_s < 3000, 500.0, 500.0 + (at_s - 3000) / 60)
    assert bench_desk.slope_mib_per_hour(at_s, np.full(100, 500.0)) == pytest.approx(0, abs=1e-6)
    assert bench_desk.slope_mib_per_hour(at_s, late) == pytest.approx(60)
