import json

import pytest

from datastore.log.keys import PUBLIC_FILE, read_verifier_key, sign_head
from datastore.log.proof import entry_proof
from datastore.log.tables import tile_reader
from tests.unit.datastore.log.conftest import FIRST, HISTORY, Writer
from twin_model.errors import LogError
from twin_model.log_proof import ProofError, verify_proof
from twin_model.merkle_proof import root_of_inclusion


@pytest.mark.parametrize("seq", [0, 255, 256, 511, 512, HISTORY - 1, HISTORY, HISTORY + 9])
def test_every_entry_can_be_proven_to_an_outsider(history, seq):
    with history.write() as con:
        writer = Writer(con)
        for number in range(10):
            writer.event(number, "note", text="…")
    sign_head(history, FIRST)
    key = read_verifier_key(history.path.parent / PUBLIC_FILE)
    with history.read() as cur:
        document = json.loads(json.dumps(entry_proof(cur, seq).document()))
        case_no = cur.execute("SELECT case_no FROM log_entry WHERE seq = ?", [seq]).fetchall()[0][0]
    assert verify_proof(document, key)["case"] == case_no


def test_an_entry_after_the_last_head_is_proven_for_the_log_as_it_is(history):
    sign_head(history, FIRST)
    key = read_verifier_key(history.path.parent / PUBLIC_FILE)
    with history.write() as con:
        writer = Writer(con)
        seq = writer.event(3, "note")
        writer.event(4, "note")
        proof = entry_proof(con, seq)
    assert (proof.size, proof.root, proof.note) == (HISTORY + 2, writer.tail.root(), "")
    assert root_of_inclusion(proof.leaf, seq, proof.size, proof.path) == proof.root
    with pytest.raises(ProofError, match="covered by no signed checkpoint yet"):
        verify_proof(proof.document(), key)


def test_no_more_than_two_tiles_of_a_level_are_read(history, monkeypatch):
    asked = []

    def counting(read):
        def counted(level, start, stop):
            asked.append((level, stop - start))
            return read(level, start, stop)

        return counted

    monkeypatch.setattr("datastore.log.proof.tile_reader", lambda cur: counting(tile_reader(cur)))
    with history.read() as cur:
        entry_proof(cur, 300)
    assert sum(count for level, count in asked if level == 0) <= 512
    assert len(asked) == len(set(asked))


def test_an_entry_that_is_not_there_has_no_proof(history):
    with history.read() as cur, pytest.raises(LogError, match=f"no entry {HISTORY}"):
        entry_proof(cur, HISTORY)
