import errno
import os
from pathlib import Path

import pytest

from datastore.errors import StoreError, StoreFullError, UnknownPhotoError
from datastore.photo.photo_file import photo_path, place_of, write_photo

NAME = "ab" + "0" * 62


def test_a_photo_lies_in_a_folder_of_its_first_two_digits(tmp_path):
    write_photo(place_of(tmp_path, NAME, small=False), b"large")
    write_photo(place_of(tmp_path, NAME, small=True), b"small")
    assert photo_path(tmp_path, NAME) == tmp_path / "photos" / "ab" / f"{NAME}.jpg"
    assert photo_path(tmp_path, NAME, small=True).read_bytes() == b"small"
    assert sorted(path.name for path in (tmp_path / "photos" / "ab").iterdir()) == [f"{NAME}-320.jpg", f"{NAME}.jpg"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        NAME.upper(),
        NAME + "0",
        NAME + "\n",
        NAME[:-1] + "g",
        "../" + NAME[3:],
        "/etc/passwd",
        "０" * 64,
        "%2e",
    ],
)
def test_what_is_no_name_of_a_photo_is_refused_before_a_file_is_looked_for(tmp_path, name):
    with pytest.raises(UnknownPhotoError, match="is no photo: its name has 64 hexadecimal digits"):
        photo_path(tmp_path, name)


def test_a_photo_that_there_is_not_is_unknown(tmp_path):
    with pytest.raises(UnknownPhotoError, match=f"there is no photo {NAME}"):
        photo_path(tmp_path, NAME)


def test_a_file_that_is_there_is_left_alone(tmp_path):
    path = place_of(tmp_path, NAME, small=False)
    write_photo(path, b"picture")
    before = path.stat().st_ino
    write_photo(path, b"picture")
    assert path.stat().st_ino == before


def test_a_file_of_another_length_is_mended(tmp_path):
    path = place_of(tmp_path, NAME, small=False)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    write_photo(path, b"picture")
    assert path.read_bytes() == b"picture"


@pytest.mark.parametrize(
    ("number", "error", "sentence"),
    [(errno.ENOSPC, StoreFullError, "no room left on the disk"), (errno.EIO, StoreError, "cannot write .*; check")],
)
def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch, number, error, sentence):
    def fail(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    path = place_of(tmp_path, NAME, small=False)
    with pytest.raises(error, match=sentence):
        write_photo(path, b"picture")
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path):
    Path(tmp_path / "photos").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot write"):
        write_photo(place_of(tmp_path, NAME, small=False), b"picture")
