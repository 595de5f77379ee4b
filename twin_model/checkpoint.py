"""Checkpoints: signed heads of the log, as C2SP tlog-checkpoint and signed-note write them.

A note is the text (origin, size, root in base64, each on a line), an empty line, and signature lines.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from twin_model.errors import TwinModelError
from twin_model.merkle import HASH_BYTES

ED25519 = b"\x01"
"""Signature type of plain Ed25519 in C2SP signed-note."""
KEY_BYTES, KEY_HASH_BYTES, SIGNATURE_BYTES = 32, 4, 64

_DASH = "— "
_LINES = 3
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointError(TwinModelError):
    """A checkpoint or a key that cannot be used; the message says what is wrong."""


@dataclass(frozen=True)
class Checkpoint:
    """Head of a log.

    Parameters
    ----------
    origin : str
        Name of the log.
    size : int
        Entries.
    root : bytes
        Root hash of that many entries.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Signature:
    """One signature line of a note.

    Parameters
    ----------
    name : str
        Of the key.
    key_hash : bytes
        4 bytes that tell keys of one name apart.
    signature : bytes
    """

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True)
class VerifierKey:
    """Public key that checks a log's signatures.

    Parameters
    ----------
    name : str
        Of the key: the log's origin.
    public : bytes
        32 bytes, Ed25519.
    """

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """First 4 bytes of SHA-256(name || 0x0A || 0x01 || public key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_HASH_BYTES]

    @property
    def text(self) -> str:
        """As it is published: ``name+hash+base64(0x01 || public key)``."""
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


def parse_verifier_key(text: str) -> VerifierKey:
    """Read a published key.

    Raises
    ------
    CheckpointError
        If it is none, or its hash is of another name or key.
    """
    name, plus, rest = text.strip().partition("+")
    key_hash, second_plus, key = rest.partition("+")
    raw = _base64(key)
    if not plus or not second_plus or not _NAME.fullmatch(name) or raw is None:
        raise CheckpointError("the verifier key is not written as name+hash+key; take the text of log-key.pub")
    if raw[:1] != ED25519 or len(raw) != 1 + KEY_BYTES:
        raise CheckpointError(f"the verifier key {name} is no Ed25519 key; take the text of log-key.pub")
    found = VerifierKey(name, raw[1:])
    if found.key_hash.hex() != key_hash:
        raise CheckpointError(f"the verifier key {name} was changed: its hash is not {key_hash}; take it anew")
    return found


def verifier_key_of(name: str, private: Ed25519PrivateKey) -> VerifierKey:
    """Public half of a signing key.

    Raises
    ------
    CheckpointError
        If the name is empty or holds a space, a plus or a control character.
    """
    if not _NAME.fullmatch(name):
        raise CheckpointError(f"the key name {name!r} is empty or holds a space or a plus; choose another")
    return VerifierKey(name, private.public_key().public_bytes_raw())


def sign_checkpoint(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """Sign a checkpoint with the log's own key.

    Returns
    -------
    str
        The note.

    Raises
    ------
    CheckpointError
        If the origin cannot name a key.
    """
    key = verifier_key_of(checkpoint.origin, private)
    signed = key.key_hash + private.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n{_DASH}{key.name} {base64.b64encode(signed).decode()}\n"


def parse_checkpoint(note: str) -> tuple[Checkpoint, tuple[Signature, ...]]:
    """Read a note, without checking its signatures.

    Raises
    ------
    CheckpointError
        If it is no signed checkpoint.
    """
    body, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise CheckpointError("the checkpoint has no signatures after an empty line; take the whole note")
    lines = body.split("\n")
    root = _base64(lines[_LINES - 1]) if len(lines) >= _LINES else None
    if root is None or len(root) != HASH_BYTES or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise CheckpointError("the checkpoint does not begin with the lines origin, size and root; take the whole note")
    signatures = tuple(_signature(line) for line in tail.removesuffix("\n").split("\n"))
    return Checkpoint(lines[0], int(lines[1]), root), signatures


def verify_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """Read a note that the key has signed.

    Parameters
    ----------
    note : str
        With signatures of other keys (witnesses), which are not looked at.
    key : VerifierKey
        Of the log.

    Raises
    ------
    CheckpointError
        If it is no checkpoint, is of another log, is not signed by the key, or was changed after it was signed.
    """
    checkpoint, signatures = parse_checkpoint(note)
    place = f"the checkpoint of size {checkpoint.size}"
    if checkpoint.origin != key.name:
        raise CheckpointError(f"{place} is of the log {checkpoint.origin}, the key of {key.name}")
    own = [each for each in signatures if each.name == key.name and each.key_hash == key.key_hash]
    if not own:
        raise CheckpointError(f"{place} is not signed by the key {key.name}+{key.key_hash.hex()}")
    signed = (note.rpartition("\n\n")[0] + "\n").encode()
    public = Ed25519PublicKey.from_public_bytes(key.public)
    try:
        for each in own:
            public.verify(each.signature, signed)
    except InvalidSignature as error:
        raise CheckpointError(f"{place} was changed after it was signed: its signature does not fit") from error
    return checkpoint


def split_notes(text: str) -> list[str]:
    """Take apart a file of notes, one after another with an empty line between.

    Returns
    -------
    list of str
        Notes; what is left over after the last whole one is a note too, for its reader to refuse.
    """
    notes: list[str] = []
    lines: list[str] = []
    for line in text.split("\n"):
        if not line and (not lines or lines[-1].startswith(_DASH)):
            if lines:
                notes.append("\n".join([*lines, ""]))
            lines = []
        else:
            lines.append(line)
    return notes + ["\n".join(lines)] * bool(lines)


def _signature(line: str) -> Signature:
    name, space, value = line.removeprefix(_DASH).partition(" ")
    raw = _base64(value)
    if (
        not line.startswith(_DASH)
        or not space
        or not _NAME.fullmatch(name)
        or raw is None
        or len(raw) <= KEY_HASH_BYTES
    ):
        raise CheckpointError(f"the signature line {line!r} is not written as — name base64; take the whole note")
    return Signature(name, raw[:KEY_HASH_BYTES], raw[KEY_HASH_BYTES:])


def _base64(text: str) -> bytes | None:
    """Bytes of a text in base64, or None where it is no canonical base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None
