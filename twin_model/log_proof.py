"""Proof that one entry is in the log: what an outsider needs to check it with nothing but the log's public key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from twin_model.canonical_json import parse_canonical
from twin_model.checkpoint import VerifierKey, verify_checkpoint
from twin_model.errors import TwinModelError
from twin_model.merkle import HASH_BYTES, leaf_hash
from twin_model.merkle_proof import root_of_inclusion

FORM = "citydeck-log-proof/1"


class ProofError(TwinModelError):
    """A proof that does not show what it says; the message tells why."""


@dataclass(frozen=True)
class EntryProof:
    """One entry, and the hashes that lead from it to the root of the log.

    Parameters
    ----------
    seq : int
        Place in the log, from 0.
    entry : str
        Canonical JSON.
    size : int
        Entries of the log that the proof is about.
    root : bytes
        Its root.
    path : tuple of bytes
        Inclusion proof (RFC 9162 §2.1.3).
    note : str
        Signed checkpoint of that size; ``""`` where none covers the entry yet.
    """

    seq: int
    entry: str
    size: int
    root: bytes
    path: tuple[bytes, ...]
    note: str

    @property
    def leaf(self) -> bytes:
        """Leaf hash of the entry."""
        return leaf_hash(self.entry.encode())

    def document(self) -> dict[str, Any]:
        """As JSON: hashes in hexadecimal."""
        return {
            "form": FORM,
            "seq": self.seq,
            "entry": self.entry,
            "leaf": self.leaf.hex(),
            "size": self.size,
            "root": self.root.hex(),
            "path": [step.hex() for step in self.path],
            "checkpoint": self.note,
        }


def verify_proof(document: object, key: VerifierKey) -> Mapping[str, Any]:
    """Check a proof, and give the entry that it proves.

    Parameters
    ----------
    document : object
        JSON as `EntryProof.document` gives it.
    key : VerifierKey
        Public key of the log, had from elsewhere than the proof.

    Returns
    -------
    mapping
        The entry's fields.

    Raises
    ------
    ProofError
        If the document is no proof, or its hashes do not lead to the signed root.
    CheckpointError
        If the checkpoint is not signed by the key.
    CanonicalJsonError
        If the entry is no canonical JSON.
    """
    proof = _read(document)
    if not proof.note:
        raise ProofError(f"entry {proof.seq} is covered by no signed checkpoint yet; ask again later")
    checkpoint = verify_checkpoint(proof.note, key)
    if (checkpoint.size, checkpoint.root) != (proof.size, proof.root):
        raise ProofError(f"the checkpoint is of size {checkpoint.size} and another root than the proof's")
    if root_of_inclusion(proof.leaf, proof.seq, proof.size, proof.path) != proof.root:
        raise ProofError(f"entry {proof.seq} does not lead to the signed root: it is not what the log holds there")
    entry: Mapping[str, Any] = parse_canonical(proof.entry.encode())
    return entry


def _read(document: object) -> EntryProof:
    try:
        if not isinstance(document, Mapping) or document["form"] != FORM:
            raise ProofError(f"the document is no {FORM}")
        root, *path = (bytes.fromhex(text) for text in (document["root"], *document["path"]))
        seq, size = int(document["seq"]), int(document["size"])
        proof = EntryProof(seq, str(document["entry"]), size, root, tuple(path), str(document["checkpoint"]))
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ProofError):
            raise
        raise ProofError(f"the document is no whole {FORM}: {error!r}") from error
    if any(len(value) != HASH_BYTES for value in (root, *path)) or document["leaf"] != proof.leaf.hex():
        raise ProofError(f"the document's hashes are not those of entry {seq}")
    return proof
