import stat

import pytest

from datastore.log.keys import (
    KEY_FILE,
    NOTES_FILE,
    PUBLIC_FILE,
    LogKeyError,
    log_origin,
    open_key,
    publish,
    read_notes,
    read_verifier_key,
    sign_head,
    write_checkpoint,
)
from tests.unit.datastore.log.conftest import FIRST, HISTORY, Writer
from twin_model.checkpoint import parse_checkpoint, verify_checkpoint


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    made = open_key(tmp_path, "citydeck/a")
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / PUBLIC_FILE).stat().st_mode) == 0o644
    again = open_key(tmp_path, "citydeck/a")
    assert again.verifier == made.verifier == read_verifier_key(tmp_path / PUBLIC_FILE)
    assert not list(tmp_path.glob(".*"))


def test_a_store_keeps_its_name(store):
    with store.write() as con:
        name = log_origin(con)
    with store.read() as cur:
        assert log_origin(cur) == name
    assert name.startswith("citydeck/")


def test_the_key_of_a_store_that_was_here_before_is_put_aside(tmp_path):
    first = open_key(tmp_path, "citydeck/11111111-2222")
    (tmp_path / NOTES_FILE).write_text("kept\n")
    second = open_key(tmp_path, "citydeck/33333333-4444")
    assert first.verifier.public != second.verifier.public
    assert read_verifier_key(tmp_path / "log-key-111111112222.pub") == first.verifier
    assert (tmp_path / "checkpoints-111111112222.txt").read_text() == "kept\n"
    assert not (tmp_path / NOTES_FILE).exists()


def test_a_lost_or_foreign_key_is_told_and_nothing_is_signed_with_another(tmp_path):
    open_key(tmp_path, "citydeck/a")
    kept = (tmp_path / KEY_FILE).read_bytes()
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(LogKeyError, match=r"is gone, and log-key\.pub tells"):
        open_key(tmp_path, "citydeck/a")
    other = tmp_path / "other"
    other.mkdir()
    open_key(other, "citydeck/a")
    (tmp_path / KEY_FILE).write_bytes((other / KEY_FILE).read_bytes())
    with pytest.raises(LogKeyError, match="is not the key whose public half"):
        open_key(tmp_path, "citydeck/a")
    (tmp_path / KEY_FILE).write_bytes(kept[:40])
    with pytest.raises(LogKeyError, match="is damaged; restore it from a backup"):
        open_key(tmp_path, "citydeck/a")
    (tmp_path / KEY_FILE).write_bytes(kept)
    assert open_key(tmp_path, "citydeck/a")


def test_the_head_of_the_log_is_signed_once_and_published(history):
    note = sign_head(history, FIRST)
    assert note is not None
    assert sign_head(history, FIRST) is None
    data_dir = history.path.parent
    assert read_notes(data_dir / NOTES_FILE) == [note]
    head = verify_checkpoint(note, read_verifier_key(data_dir / PUBLIC_FILE))
    assert head.size == HISTORY
    with history.read() as cur:
        assert cur.execute("SELECT size, root, moment, note FROM log_checkpoint").fetchall() == [
            (HISTORY, head.root, FIRST.replace(tzinfo=None), note)
        ]


def test_an_empty_log_has_no_head(store):
    assert sign_head(store, FIRST) is None
    assert not (store.path.parent / NOTES_FILE).exists()


def test_what_was_committed_and_not_published_is_published_later(history, key):
    data_dir = history.path.parent
    with history.write() as con:
        writer = Writer(con)
        for number in range(3):
            writer.event(number, "note")
            write_checkpoint(con, key, size=writer.tail.size, root=writer.tail.root(), moment=FIRST)
    with history.read() as cur:
        assert publish(cur, data_dir) == 3
        assert publish(cur, data_dir) == 0
        path = data_dir / NOTES_FILE
        whole = path.read_bytes()
        for left in (len(whole) - 1, len(whole) - 40, len(whole) // 2, 7):
            path.write_bytes(whole[:left])  # as a power cut leaves it
            assert publish(cur, data_dir) > 0
            assert path.read_bytes() == whole
    sizes = [parse_checkpoint(note)[0].size for note in read_notes(path)]
    assert sizes == [HISTORY + 1, HISTORY + 2, HISTORY + 3]


def test_a_key_file_that_is_none_is_told(tmp_path):
    (tmp_path / PUBLIC_FILE).write_text("nonsense")
    with pytest.raises(LogKeyError, match=r"log-key\.pub: the verifier key is not written as"):
        read_verifier_key(tmp_path / PUBLIC_FILE)
    with pytest.raises(LogKeyError, match=r"gone\.txt cannot be used: No such file"):
        read_notes(tmp_path / "gone.txt")
