import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from twin_model.checkpoint import (
    Checkpoint,
    CheckpointError,
    parse_checkpoint,
    parse_verifier_key,
    sign_checkpoint,
    split_notes,
    verifier_key_of,
    verify_checkpoint,
)

ORIGIN = "citydeck/3f0c"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
HEAD = Checkpoint(ORIGIN, 20852163, sha256(b"root").digest())
KEY = verifier_key_of(ORIGIN, PRIVATE)


def test_a_note_is_three_lines_an_empty_one_and_the_signature():
    lines = sign_checkpoint(HEAD, PRIVATE).split("\n")
    assert lines[:4] == [ORIGIN, "20852163", base64.b64encode(HEAD.root).decode(), ""]
    dash, name, signed = lines[4].split(" ")
    assert (dash, name, lines[5:]) == ("\N{EM DASH}", ORIGIN, [""])
    raw = base64.b64decode(signed)
    assert raw[:4] == sha256(ORIGIN.encode() + b"\n\x01" + PRIVATE.public_key().public_bytes_raw()).digest()[:4]
    PRIVATE.public_key().verify(raw[4:], "\n".join([*lines[:3], ""]).encode())


def test_the_key_of_the_signed_note_specification_has_its_hash():
    """Example of C2SP signed-note: PeterNeumann's key, as Go's note package documents it."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert parse_verifier_key(text).text == text


def test_the_note_of_the_signed_note_specification_is_verified():
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    key = parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    body = note.partition("\n\n")[0] + "\n"
    raw = base64.b64decode(note.strip().rpartition(" ")[2])
    assert raw[:4] == key.key_hash
    Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], body.encode())


def test_a_signed_head_is_verified():
    note = sign_checkpoint(HEAD, PRIVATE)
    assert verify_checkpoint(note, KEY) == HEAD
    assert parse_checkpoint(note)[0] == HEAD
    assert parse_verifier_key(KEY.text + "\n") == KEY


def test_signatures_of_witnesses_and_further_lines_are_left_alone():
    signed = sign_checkpoint(HEAD, PRIVATE)
    witness = sign_checkpoint(Checkpoint("witness.example", HEAD.size, HEAD.root), OTHER).rpartition("\n\n")[2]
    assert verify_checkpoint(signed + witness, KEY) == HEAD
    assert len(parse_checkpoint(signed + witness)[1]) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("20852163", "20852164", "was changed after it was signed"),
        ("20852163", "020852163", "does not begin with the lines"),
        ("20852163", "-1", "does not begin with the lines"),
        (ORIGIN + "\n", "citydeck/other\n", "is of the log citydeck/other, the key of citydeck/3f0c"),
        (f"— {ORIGIN}", "— somebody", "is not signed by the key"),
        ("\n\n", "\n", "has no signatures"),
        ("— ", "- ", "is not written as — name base64"),
        (base64.b64encode(HEAD.root).decode(), "AAAA", "does not begin with the lines"),
    ],
)
def test_each_fault_of_a_note_is_told(old, new, message):
    note = sign_checkpoint(HEAD, PRIVATE)
    assert old in note
    with pytest.raises(CheckpointError, match=message):
        verify_checkpoint(note.replace(old, new, 1), KEY)


def test_another_key_of_the_same_name_is_told_apart():
    note = sign_checkpoint(HEAD, OTHER)
    with pytest.raises(CheckpointError, match="is not signed by the key"):
        verify_checkpoint(note, KEY)


def test_a_signature_of_another_text_with_the_right_key_hash_does_not_fit():
    note = sign_checkpoint(HEAD, PRIVATE)
    wrong = base64.b64encode(KEY.key_hash + OTHER.sign(HEAD.text.encode())).decode()
    with pytest.raises(CheckpointError, match="its signature does not fit"):
        verify_checkpoint(note.rpartition(" ")[0] + f" {wrong}\n", KEY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not written as name\\+hash\\+key"),
        ("name+0000", "not written as name\\+hash\\+key"),
        ("a b+00000000+AQ==", "not written as name\\+hash\\+key"),
        ("name+00000000+AQ==", "is no Ed25519 key"),
        (KEY.text.replace("3f0c", "3f0d"), "was changed: its hash is not"),
    ],
)
def test_each_fault_of_a_key_is_told(text, message):
    with pytest.raises(CheckpointError, match=message):
        parse_verifier_key(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_a_name_that_cannot_be_a_keys_is_refused(name):
    with pytest.raises(CheckpointError, match="choose another"):
        sign_checkpoint(Checkpoint(name, 0, bytes(32)), PRIVATE)


def test_a_file_of_notes_comes_apart_again():
    notes = [sign_checkpoint(Checkpoint(ORIGIN, size, bytes(32)), PRIVATE) for size in range(3)]
    assert split_notes("".join(f"{note}\n" for note in notes)) == notes
    assert split_notes(notes[0]) == notes[:1]
    assert split_notes("") == []
    cut = split_notes(f"{notes[0]}\n{notes[1][:-9]}")
    assert cut[0] == notes[0]
    with pytest.raises(CheckpointError):
        verify_checkpoint(cut[1], KEY)
