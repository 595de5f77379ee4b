"""The benchmarks run; what they measure is for `make bench`, never for a test."""

import shutil
from pathlib import Path

import pytest

from tests.benchmarks import bench_build, bench_locate, bench_queries, bench_scene
from tests.benchmarks.report import print_figures


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
@pytest.mark.browser
def test_the_scene_is_measured_beside_pydeck(small_data_dir: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_data_dir, data)
    figures = bench_scene.figures(data, 1)
    assert any("pydeck" in figure.peer for figure in figures)
    assert all(figure.value > 0 for figure in figures)
