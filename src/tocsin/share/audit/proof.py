"""Proofs that somebody else can check: this entry stands in the log that was signed."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tocsin.errors import UsageError
from tocsin.share.audit.checkpoint import Checkpoint, read_checkpoint
from tocsin.share.audit.note import PublicKey, read_note, signed_by
from tocsin.share.audit.sequencer import read_tree
from tocsin.share.audit.tables import CHECKPOINTS, IDENTITIES, LOG
from tocsin.share.audit.tree import check_consistency, check_inclusion, leaf_hash

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Proof = dict[str, Any]
"""A proof as JSON can hold it; the keys are told at `prove` and `prove_growth`."""


def prove(connection: Connection, event: str, *, opened: bool = False) -> Proof:
    """Prove that an entry stands in the log.

    Args:
        connection: a connection.
        event: the entry's identifier.
        opened: True gives the key and the words too, so that the reader sees who did what.

    Returns:
        `event`, `position`, `size`, `leaf` (Base64), `inclusion` (the audit path, hexadecimal),
        `checkpoint` (the signed note of that size), and `opened` with `key` (hexadecimal) and
        `said` (Base64), or null.

    Raises:
        UsageError: there is no such entry, it has no checkpoint yet, or what it says was erased.
    """
    row = connection.execute(sa.select(LOG).where(LOG.c.event == event)).first()
    if row is None:
        raise UsageError(
            "The log has no such entry.", where=event,
            remedy="An act has a place in the log some seconds after it was done.",
        )  # fmt: skip
    note = connection.execute(
        sa.select(CHECKPOINTS.c.note)
        .where(CHECKPOINTS.c.size > row.position)
        .order_by(CHECKPOINTS.c.size)
        .limit(1)
    ).scalar()
    if note is None:
        raise UsageError("No checkpoint covers this entry yet.", where=event, remedy="Wait.")
    size = read_checkpoint(read_note(note)).size
    path = read_tree(connection, size).inclusion(row.position)
    return {
        "event": event,
        "position": row.position,
        "size": size,
        "leaf": base64.b64encode(row.leaf).decode(),
        "inclusion": [one.hex() for one in path],
        "checkpoint": note,
        "opened": _opening(connection, event) if opened else None,
    }


def _opening(connection: Connection, event: str) -> dict[str, str]:
    found = connection.execute(sa.select(IDENTITIES).where(IDENTITIES.c.event == event)).first()
    if found is None:
        raise UsageError("What this entry says was erased.", where=event)
    return {"key": found.key.hex(), "said": base64.b64encode(found.said).decode()}


def prove_growth(connection: Connection, before: Checkpoint) -> Proof:
    """Prove that the log as it was last signed begins with an earlier state of it.

    Args:
        connection: a connection.
        before: the earlier checkpoint.

    Returns:
        `first`, `second` (numbers of entries), `consistency` (hexadecimal), and `checkpoint` (the
        later signed note).

    Raises:
        UsageError: the log has no checkpoint of that size or later.
    """
    note = connection.execute(
        sa.select(CHECKPOINTS.c.note)
        .where(CHECKPOINTS.c.size >= before.size)
        .order_by(CHECKPOINTS.c.size.desc())
        .limit(1)
    ).scalar()
    if note is None:
        raise UsageError(
            f"The log has no checkpoint of {before.size:,} entries or more.", where=before.origin,
            remedy="Keep the checkpoint that you hold: it shows that entries were taken away.",
        )  # fmt: skip
    size = read_checkpoint(read_note(note)).size
    proof = read_tree(connection, size).consistency(before.size)
    return {
        "first": before.size,
        "second": size,
        "consistency": [one.hex() for one in proof],
        "checkpoint": note,
    }


def prove_cosigned(connection: Connection, cosigner: PublicKey) -> Proof:
    """Prove that the log as it was last signed begins with what a partner cosigned last of it.

    A log that was restored from a backup has lost what came later, and still has the checkpoints
    from before, with the partner's cosignatures on them.

    Args:
        connection: a connection.
        cosigner: the partner's public key.

    Returns:
        As `prove_growth` gives it, and `cosigned`: the newest checkpoint that is left here with the
        partner's cosignature; empty, and `first` is 0, where none is.

    Raises:
        UsageError: the log has no checkpoint at all.
    """
    newest = sa.select(CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size.desc())
    notes = map(read_note, connection.execute(newest).scalars())
    note = next((one for one in notes if signed_by(one, cosigner)), None)
    before = Checkpoint("", 0, b"") if note is None else read_checkpoint(note)
    return prove_growth(connection, before) | {"cosigned": "" if note is None else str(note)}


def check_proof(
    proof: Proof, key: PublicKey, before: Checkpoint | None = None
) -> tuple[str, dict[str, Any]]:
    """Check a proof, with nothing but the proof, the log's public key and what one holds.

    Args:
        proof: as `prove` or `prove_growth` gave it.
        key: the log's public key.
        before: for a proof of growth, the checkpoint that one holds.

    Returns:
        Why it does not hold, empty where it does; and what it shows: the entry with `act`, `at`
        and, where it is opened, `subject`, `about` and `said`; or `first` and `second`.
    """
    try:
        note = read_note(proof["checkpoint"])
        said = read_checkpoint(note)
        if said.origin != key.name or not signed_by(note, key):
            return "the checkpoint is not signed by this log", {}
        if "consistency" in proof:
            return _growth(proof, said, before)
        return _entry(proof, said)
    except (KeyError, TypeError, ValueError, UsageError) as error:
        return f"the proof cannot be read ({error})", {}


def _growth(proof: Proof, now: Checkpoint, before: Checkpoint | None) -> tuple[str, dict[str, Any]]:
    if before is None:
        return "the earlier checkpoint is needed to check it", {}
    path = [bytes.fromhex(one) for one in proof["consistency"]]
    if before.origin != now.origin:
        return "the earlier checkpoint is of another log", {}
    if not check_consistency(before.size, before.root, now.size, now.root, path):
        return "the log does not begin with what was signed before", {}
    return "", {"first": before.size, "second": now.size}


def _entry(proof: Proof, now: Checkpoint) -> tuple[str, dict[str, Any]]:
    leaf = base64.b64decode(proof["leaf"], validate=True)
    path = [bytes.fromhex(one) for one in proof["inclusion"]]
    if not check_inclusion(leaf_hash(leaf), int(proof["position"]), now.size, path, now.root):
        return "the entry does not stand in the log that was signed", {}
    told = json.loads(leaf)
    shown = {name: told[name] for name in ("act", "at", "event", "public")}
    datetime.fromisoformat(told["at"])
    if proof.get("opened"):
        words = base64.b64decode(proof["opened"]["said"], validate=True)
        made = hmac.digest(bytes.fromhex(proof["opened"]["key"]), words, "sha256").hex()
        if not hmac.compare_digest(made, told["commitment"]):
            return "who did it is not what the entry commits to", {}
        shown |= json.loads(words)
    return "", shown
