"""Signed notes: a text with signatures below it, and the keys that make and check them.

The form is that of C2SP signed-note, https://c2sp.org/signed-note, with Ed25519 (RFC 8032):
other tools for transparency logs read it. Keys are written as they write them: a private key is
`PRIVATE+KEY+name+id+key`, a public one `name+id+key`, with the key in Base64 after a byte for its
kind. A partner's cosignature, https://c2sp.org/tlog-cosignature, signs the time too.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tocsin.errors import UsageError

OWN, COSIGNED = 0x01, 0x04
"""Kinds of signatures: of the note as it is, and of the note with the time of cosigning."""
NAME = re.compile(r"[^\s+]+")
LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class PublicKey:
    """This checks signatures of one signer."""

    name: str
    """Who signs: an address without a scheme, such as `warnings.example.org/log`."""
    kind: int
    """`OWN` or `COSIGNED`."""
    key: bytes
    """The 32 bytes of the public key."""

    @property
    def id(self) -> bytes:
        """The first 4 bytes of the digest of the name, the kind and the key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    def __str__(self) -> str:
        told = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.id.hex()}+{told}"


@dataclass(frozen=True)
class PrivateKey:
    """This makes signatures. Its text is a secret."""

    public: PublicKey
    """The key that checks them."""
    seed: bytes
    """The 32 bytes of the private key."""

    def __str__(self) -> str:
        told = base64.b64encode(bytes([self.public.kind]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.public.name}+{self.public.id.hex()}+{told}"

    def __repr__(self) -> str:
        return f"PrivateKey({self.public.name!r})"


@dataclass(frozen=True)
class Note:
    """This is a text with its signatures."""

    text: str
    """What is signed, with a line break at its end."""
    signatures: tuple[tuple[str, bytes], ...] = ()
    """Who signed, and the bytes of the signature after the key's id."""

    def __str__(self) -> str:
        lines = [
            f"— {name} {base64.b64encode(signature).decode()}\n"
            for name, signature in self.signatures
        ]
        return self.text + "\n" + "".join(lines)


def new_key(name: str, *, cosigner: bool = False) -> PrivateKey:
    """Make a key by chance.

    Args:
        name: who signs, without spaces and plus signs.
        cosigner: True for a key with which others' logs are cosigned.

    Returns:
        The private key, which holds the public one.

    Raises:
        UsageError: the name cannot be that of a key.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no name of a key.", remedy="Leave out spaces and plus signs."
        )
    return _private(name, COSIGNED if cosigner else OWN, Ed25519PrivateKey.generate())


def _private(name: str, kind: int, key: Ed25519PrivateKey) -> PrivateKey:
    public = PublicKey(name, kind, key.public_key().public_bytes_raw())
    return PrivateKey(public, key.private_bytes_raw())


def read_private_key(text: str) -> PrivateKey:
    """Read a private key.

    Args:
        text: `PRIVATE+KEY+name+id+key`.

    Returns:
        The key.

    Raises:
        UsageError: this is no such key.
    """
    parts = text.strip().split("+", 4)
    if len(parts) == 5 and parts[:2] == ["PRIVATE", "KEY"]:
        kind, seed = _key(parts[4])
        made = _private(parts[2], kind, Ed25519PrivateKey.from_private_bytes(seed))
        if made.public.id.hex() == parts[3]:
            return made
    raise _no_key()


def read_public_key(text: str) -> PublicKey:
    """Read a public key.

    Args:
        text: `name+id+key`.

    Returns:
        The key.

    Raises:
        UsageError: this is no such key.
    """
    parts = text.strip().split("+", 2)
    if len(parts) == 3 and NAME.fullmatch(parts[0]):
        kind, key = _key(parts[2])
        made = PublicKey(parts[0], kind, key)
        if made.id.hex() == parts[1]:
            return made
    raise _no_key()


def _key(text: str) -> tuple[int, bytes]:
    try:
        told = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _no_key() from error
    if len(told) != 33 or told[0] not in {OWN, COSIGNED}:
        raise _no_key()
    return told[0], told[1:]


def _no_key() -> UsageError:
    return UsageError(
        "This is no key of a signed note.",
        remedy="A public key has the form name+id+key, as its owner publishes it.",
    )


def read_note(text: str) -> Note:
    """Read a note. Whether its signatures hold is for `signed_by` to say.

    Args:
        text: the text, an empty line, and a line for each signature.

    Returns:
        The note.

    Raises:
        UsageError: this is no signed note.
    """
    body, between, below = text.rpartition("\n\n")
    lines = [LINE.fullmatch(line) for line in below.splitlines()]
    if not between or not lines or not all(lines) or not below.endswith("\n"):
        raise UsageError("This is no signed note.", remedy="Give the file as it was received.")
    found = []
    for line in lines:
        assert line is not None
        try:
            found.append((line[1], base64.b64decode(line[2], validate=True)))
        except ValueError as error:
            raise UsageError("A signature of the note is no Base64.") from error
    return Note(body + "\n", tuple(found))


def sign(note: Note, key: PrivateKey, *, at: datetime | None = None) -> Note:
    """Sign a note, below the signatures that it has.

    Args:
        note: the note.
        key: the signer's key.
        at: for a cosigner, the time that is signed along, to the second; None: now.

    Returns:
        The note with one signature more.
    """
    signer = Ed25519PrivateKey.from_private_bytes(key.seed)
    if key.public.kind == OWN:
        made = signer.sign(note.text.encode())
    else:
        second = int((at or datetime.now(UTC)).timestamp())
        made = second.to_bytes(8, "big") + signer.sign(_add_time(note.text, second))
    signed = (key.public.name, key.public.id + made)
    return Note(note.text, (*note.signatures, signed))


def _add_time(text: str, second: int) -> bytes:
    return f"cosignature/v1\ntime {second}\n{text}".encode()


def signed_by(note: Note, key: PublicKey) -> datetime | bool:
    """Tell whether somebody signed a note, and when, where the signature says it.

    Args:
        note: the note.
        key: the signer's key.

    Returns:
        False where there is no signature of this key that holds; the time of a cosignature; True
        for another signature.
    """
    public = Ed25519PublicKey.from_public_bytes(key.key)
    for name, signature in note.signatures:
        if name != key.name or signature[:4] != key.id:
            continue
        try:
            if key.kind == OWN:
                public.verify(signature[4:], note.text.encode())
                return True
            second = int.from_bytes(signature[4:12], "big")
            public.verify(signature[12:], _add_time(note.text, second))
            return datetime.fromtimestamp(second, UTC)
        except (InvalidSignature, OverflowError, ValueError, OSError):
            continue
    return False
