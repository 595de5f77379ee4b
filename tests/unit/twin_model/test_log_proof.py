import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.twin_model.trees import kept
from twin_model.canonical_json import canonical_json
from twin_model.checkpoint import Checkpoint, CheckpointError, sign_checkpoint, verifier_key_of
from twin_model.log_proof import EntryProof, ProofError, verify_proof
from twin_model.merkle import leaf_hash
from twin_model.merkle_proof import inclusion_proof, nodes_of_tiles, root_of

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = verifier_key_of("citydeck/x", PRIVATE)
SIZE, SEQ = 300, 271


@pytest.fixture
def document():
    entries = [canonical_json({"case": str(number)}) for number in range(SIZE)]
    node = nodes_of_tiles(kept([leaf_hash(entry) for entry in entries]))
    root = root_of(SIZE, node)
    note = sign_checkpoint(Checkpoint("citydeck/x", SIZE, root), PRIVATE)
    proof = EntryProof(SEQ, entries[SEQ].decode(), SIZE, root, inclusion_proof(SEQ, SIZE, node), note)
    return json.loads(json.dumps(proof.document()))


def test_an_outsider_can_check_a_proof_with_the_public_key_alone(document):
    assert verify_proof(document, KEY) == {"case": str(SEQ)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"form": "x"}, "is no citydeck-log-proof/1"),
        ({"seq": 270}, "does not lead to the signed root"),
        ({"seq": "x"}, "is no whole"),
        ({"seq": 300}, "does not lead to the signed root"),
        ({"entry": '{"case":"1"}'}, "hashes are not those of entry"),
        ({"entry": '{"case":"1"}', "leaf": leaf_hash(b'{"case":"1"}').hex()}, "does not lead to the signed root"),
        ({"path": []}, "does not lead to the signed root"),
        ({"path": ["00"]}, "hashes are not those of entry"),
        ({"root": "00" * 32}, "another root"),
        ({"size": 299}, "of size 300 and another root"),
        ({"checkpoint": ""}, "covered by no signed checkpoint yet"),
    ],
)
def test_each_fault_of_a_proof_is_told(document, change, message):
    with pytest.raises(ProofError, match=message):
        verify_proof(document | change, KEY)


@pytest.mark.parametrize("document", [None, [], {}, "x"])
def test_what_is_no_proof_is_refused(document):
    with pytest.raises(ProofError):
        verify_proof(document, KEY)


def test_a_proof_with_the_head_of_another_key_is_refused(document):
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = sign_checkpoint(Checkpoint("citydeck/x", SIZE, bytes.fromhex(document["root"])), other)
    with pytest.raises(CheckpointError):
        verify_proof(document | {"checkpoint": forged}, KEY)
