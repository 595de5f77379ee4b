from pathlib import Path

import pytest

from datastore.new_directory import new_directory


def write(folder: Path, text: str) -> None:
    (folder / "file").write_text(text)


def test_a_directory_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    for text in ("first", "second"):
        with new_directory(tmp_path / "tiles") as made:
            write(made.path, text)
            made.put()
    assert (tmp_path / "tiles" / "file").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["tiles"]


@pytest.mark.parametrize("put", [False, True])
def test_a_failure_leaves_the_earlier_one(tmp_path: Path, *, put: bool) -> None:
    with new_directory(tmp_path / "tiles") as made:
        write(made.path, "first")
        made.put()

    def fail() -> None:
        with new_directory(tmp_path / "tiles") as made:
            write(made.path, "second")
            if put:
                made.put()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (tmp_path / "tiles" / "file").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["tiles"]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    for name, text in ((".tiles.part", "half"), (".tiles.old", "whole")):
        (tmp_path / name).mkdir()
        write(tmp_path / name, text)
    with new_directory(tmp_path / "tiles"):
        assert (tmp_path / "tiles" / "file").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["tiles"]


@pytest.mark.parametrize("name", [".", "../here", "new"])
def test_a_directory_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with new_directory(Path(name)) as made:
        (made.path / "a").write_text("new")
        made.put()
    put = here / "new" if name == "new" else here
    assert (put / "a").read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["here"]
