"""``citydeck verify`` as an auditor uses it: on a copy, with the key and the heads that he kept."""

import shutil

import pytest

from app.cli import command_line
from datastore.errors import DatastoreError
from datastore.log.keys import KEY_FILE, NOTES_FILE, PUBLIC_FILE, sign_head
from datastore.store import FILE_NAME, Store
from tests.conftest import BUILT_AT


@pytest.fixture(scope="module")
def signed(small_data_dir, tmp_path_factory):
    """Copy of the small demo whose head is signed."""
    directory = tmp_path_factory.mktemp("signed") / "data"
    shutil.copytree(small_data_dir, directory)
    with Store.open(directory, threads=1) as store:
        sign_head(store, BUILT_AT)
    return directory


@pytest.fixture
def data(signed, tmp_path):
    return shutil.copytree(signed, tmp_path / "data")


def run(capsys, *arguments):
    """Exit status, what was said, and what was said on standard error."""
    status = command_line()([str(each) for each in ("verify", *arguments)], standalone_mode=False)
    said = capsys.readouterr()
    return status or 0, said.out, said.err


def test_a_sound_store_gets_one_calm_sentence(data, capsys):
    status, out, err = run(capsys, "--data", data)
    assert (status, err) == (0, "")
    assert out.startswith(
        "20,000 entries are as they were written; 20,000 of them are signed, and no head that was kept"
    )


def test_an_auditor_needs_the_file_the_key_and_the_heads_alone(data, tmp_path, capsys):
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in (PUBLIC_FILE, NOTES_FILE):
        shutil.copy(data / name, kept)
    copy = shutil.copy(data / FILE_NAME, tmp_path / "copy.duckdb")
    status, out, _ = run(
        capsys, "--file", copy, "--key", kept / PUBLIC_FILE, "--witness", kept / NOTES_FILE
    )  # fmt: skip
    assert status == 0
    assert "20,000 by a head that was kept elsewhere" in out


def test_without_a_key_the_sentence_says_so(data, capsys):
    for name in (PUBLIC_FILE, KEY_FILE, NOTES_FILE):
        (data / name).unlink()
    status, out, _ = run(capsys, "--data", data)
    assert status == 0
    assert "there is no key to check signatures with" in out


def test_what_was_altered_is_named_and_the_status_is_1(data, capsys):
    with Store.open(data, threads=1) as store, store.write() as con:
        con.execute("UPDATE case_import SET stage = 80 WHERE seq = 4711")
        no = con.execute("SELECT case_no FROM case_import WHERE seq = 4711").fetchall()[0][0]
    status, out, err = run(capsys, "--data", data)
    assert (status, out) == (1, "")
    assert err.startswith(f"citydeck: {data / FILE_NAME} is not as it was written:\n")
    assert f"entry 4711 of case {no} was changed" in err


def test_many_faults_are_counted_not_listed(data, capsys):
    with Store.open(data, threads=1) as store, store.write() as con:
        con.execute("UPDATE case_import SET stage = 81")
    status, _, err = run(capsys, "--data", data)
    assert status == 1
    assert len(err.splitlines()) == 22
    assert err.splitlines()[-1].endswith("faults more")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--file", "NONE"), "no store at"),
        (("--data", "DATA", "--key", "NONE"), "cannot be used: No such file"),
        (("--data", "DATA", "--witness", "NONE"), "cannot be used: No such file"),
        (("--file", "TEXT"), "cannot be read as a store"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(*, data, tmp_path, capsys, arguments, message):
    (tmp_path / "text").write_text("no store")
    places = {"NONE": tmp_path / "none", "DATA": data, "TEXT": tmp_path / "text"}
    with pytest.raises(DatastoreError, match=message) as raised:
        run(capsys, *(places.get(each, each) for each in arguments))
    assert "\n" not in str(raised.value)
