"""Proofs, checked by a small verifier that shares no line with the log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tocsin.bench.share.tampering import START, fill
from tocsin.errors import UsageError
from tocsin.share.audit import check_proof, erase, prove, prove_growth, sequence, write_checkpoint
from tocsin.share.audit.checkpoint import Checkpoint, read_checkpoint
from tocsin.share.audit.note import new_key

KEY = new_key("a.example/log")


def independent(proof: dict[str, Any], public: bytes) -> dict[str, Any]:
    """Check a proof with nothing but digests and Ed25519, written from the standards again.

    The root is rebuilt by splitting the range as RFC 6962, 2.1.1, defines the path, from the top.
    """
    text, _, signatures = proof["checkpoint"].partition("\n\n")
    signature = base64.b64decode(signatures.split(" ")[2])
    Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], (text + "\n").encode())
    _, size, root = text.split("\n")[:3]
    path = [bytes.fromhex(one) for one in proof["inclusion"]]

    def rebuilt(position: int, count: int) -> bytes:
        if count == 1:
            return hashlib.sha256(b"\0" + base64.b64decode(proof["leaf"])).digest()
        split = 1
        while split * 2 < count:
            split *= 2
        other = path.pop()
        if position < split:
            return hashlib.sha256(b"\1" + rebuilt(position, split) + other).digest()
        return hashlib.sha256(b"\1" + other + rebuilt(position - split, count - split)).digest()

    assert rebuilt(proof["position"], int(size)) == base64.b64decode(root)
    assert not path
    entry = json.loads(base64.b64decode(proof["leaf"]))
    words = base64.b64decode(proof["opened"]["said"])
    key = bytes.fromhex(proof["opened"]["key"])
    assert hmac.new(key, words, hashlib.sha256).hexdigest() == entry["commitment"]
    told: dict[str, Any] = json.loads(words)
    return told


def test_an_independent_verifier_agrees(engine: sa.Engine) -> None:
    events = fill(engine, 300)
    with engine.begin() as connection:
        write_checkpoint(connection, KEY)
    events += fill(engine, 333, first=300)
    with engine.begin() as connection:
        write_checkpoint(connection, KEY)
        for n in (0, 255, 256, 299, 300, 511, 512, 632):
            proof = json.loads(json.dumps(prove(connection, events[n], opened=True)))
            told = independent(proof, KEY.public.key)
            assert told["about"] == f"warning-{n}"
            why, shown = check_proof(proof, KEY.public)
            assert why == ""
            assert (shown["about"], shown["act"]) == (f"warning-{n}", "read")
            assert proof["size"] == (300 if n < 300 else 633)


def test_every_change_of_a_proof_is_found(engine: sa.Engine) -> None:
    (event, *_) = fill(engine, 9)
    with engine.begin() as connection:
        write_checkpoint(connection, KEY)
        proof = prove(connection, event, opened=True)
    changes: list[dict[str, Any]] = [
        {"position": 1}, {"leaf": base64.b64encode(b"{}").decode()}, {"inclusion": []},
        {"inclusion": ["zz"]}, {"checkpoint": "x"}, {"position": None}, {"leaf": "?"},
        {"checkpoint": proof["checkpoint"].replace("\n9\n", "\n8\n")},
        {"opened": {"key": "ff" * 32, "said": proof["opened"]["said"]}},
        {"opened": {"key": proof["opened"]["key"]}},
    ]  # fmt: skip
    for change in changes:
        why, shown = check_proof(proof | change, KEY.public)
        assert why, change
        assert shown == {}
    assert check_proof(proof, new_key("a.example/log").public)[0]


def test_a_proof_stays_valid_when_who_acted_is_erased(engine: sa.Engine) -> None:
    (event, *_) = fill(engine, 9)
    with engine.begin() as connection:
        write_checkpoint(connection, KEY)
        before = prove(connection, event)
        erase(connection, "account-0", by="dpo", at=START)
    sequence(engine)
    with engine.begin() as connection:
        assert prove(connection, event) == before
        assert check_proof(before, KEY.public)[0] == ""
        with pytest.raises(UsageError, match="erased"):
            prove(connection, event, opened=True)


def test_growth_is_proved_from_what_a_reader_holds(engine: sa.Engine) -> None:
    fill(engine, 9)
    with engine.begin() as connection:
        held = read_checkpoint(write_checkpoint(connection, KEY))
    fill(engine, 500, first=9)
    with engine.begin() as connection:
        write_checkpoint(connection, KEY)
        proof = prove_growth(connection, held)
    assert check_proof(proof, KEY.public, held) == ("", {"first": 9, "second": 509})
    assert check_proof(proof, KEY.public)[0]
    assert check_proof(proof | {"consistency": proof["consistency"][1:]}, KEY.public, held)[0]


def test_what_has_no_checkpoint_yet(engine: sa.Engine) -> None:
    (event,) = fill(engine, 1)
    with engine.begin() as connection:
        with pytest.raises(UsageError, match="No checkpoint"):
            prove(connection, event)
        with pytest.raises(UsageError, match="no such entry"):
            prove(connection, "f" * 32)


def test_an_entry_is_proved_by_the_first_checkpoint_after_it(engine: sa.Engine) -> None:
    events = fill(engine, 3)
    with engine.begin() as connection:
        first = write_checkpoint(connection, KEY)
    events += fill(engine, 2, first=3)
    with engine.begin() as connection:
        second = write_checkpoint(connection, KEY)
        for position, note in ((0, first), (2, first), (3, second), (4, second)):
            proof = prove(connection, events[position])
            assert (proof["position"], proof["checkpoint"]) == (position, str(note))
            assert proof["opened"] is None
            why, shown = check_proof(proof, KEY.public)
            assert (why, sorted(shown)) == ("", ["act", "at", "event", "public"])
        # From a log's own last state it grows by nothing; no later one is invented.
        held = read_checkpoint(second)
        same = prove_growth(connection, held)
        assert check_proof(same, KEY.public, held) == ("", {"first": 5, "second": 5})
        assert prove_growth(connection, read_checkpoint(first))["second"] == 5
        with pytest.raises(UsageError, match="no checkpoint of 6 entries"):
            prove_growth(connection, Checkpoint(KEY.public.name, 6, held.root))
    other = Checkpoint("b.example/log", held.size, held.root)
    assert "of another log" in check_proof(same, KEY.public, other)[0]
    renamed = new_key("b.example/log")
    assert "not signed" in check_proof(same, renamed.public, held)[0]
