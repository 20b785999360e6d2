"""Checkpoints: signed words on how long the log is and what it hashes to.

The form is that of C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint. A partner who holds a
checkpoint can later show that entries before it were changed, even where the owner of the log
rewrote all of it and signed anew. A partner cosigns only what begins with what he saw before.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit.note import Note, PrivateKey, PublicKey, read_note, sign, signed_by
from tocsin.share.audit.sequencer import read_tree
from tocsin.share.audit.tables import CHECKPOINTS
from tocsin.share.audit.tree import check_consistency

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True)
class Checkpoint:
    """This is what a checkpoint says."""

    origin: str
    """Which log it is."""
    size: int
    """How many entries it has."""
    root: bytes
    """What they hash to, 32 bytes."""

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_checkpoint(note: Note) -> Checkpoint:
    """Read what a checkpoint says; lines after its third are passed over.

    Args:
        note: the signed note.

    Returns:
        The checkpoint.

    Raises:
        UsageError: the note is no checkpoint.
    """
    lines = note.text.split("\n")
    try:
        origin, told = lines[0], lines[1]
        root = base64.b64decode(lines[2], validate=True)
        if origin and told == str(int(told)) and int(told) >= 0 and len(root) == 32:
            return Checkpoint(origin, int(told), root)
    except (IndexError, ValueError, binascii.Error):
        pass
    raise UsageError("The note is no checkpoint of a log.")


def write_checkpoint(connection: Connection, key: PrivateKey) -> Note:
    """Sign the log as it is now, and keep the checkpoint.

    Args:
        connection: a connection within a transaction.
        key: the log's own key, whose name is the origin.

    Returns:
        The signed checkpoint. Where there is one of this size, it is that one.
    """
    tree = read_tree(connection)
    kept = connection.execute(
        sa.select(CHECKPOINTS.c.note).where(CHECKPOINTS.c.size == tree.size)
    ).scalar()
    if kept is not None:
        return read_note(kept)
    said = Checkpoint(key.public.name, tree.size, tree.root())
    note = sign(Note(str(said)), key)
    connection.execute(CHECKPOINTS.insert().values(size=tree.size, note=str(note)))
    return note


def read_checkpoints(connection: Connection, *, last: int | None = None) -> list[Note]:
    """Give the checkpoints that are kept, the shortest log first.

    Args:
        connection: a connection.
        last: only so many, the newest; None: all.

    Returns:
        The signed notes.
    """
    newest = sa.select(CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size.desc()).limit(last)
    return [read_note(note) for note in reversed(connection.execute(newest).scalars().all())]


def cosign(
    note: Note,
    key: PrivateKey,
    *,
    log: PublicKey,
    before: Checkpoint | None = None,
    proof: Sequence[bytes] = (),
    at: datetime | None = None,
) -> Note:
    """Cosign a partner's checkpoint, after it is proved that nothing seen before was changed.

    Args:
        note: the partner's checkpoint.
        key: one's own key, made with `cosigner=True`.
        log: the partner's public key.
        before: the last checkpoint of this log that one cosigned; None: there is none.
        proof: that the log now begins with the log then.
        at: the time that is signed; None: now.

    Returns:
        The note with the cosignature.

    Raises:
        TocsinError: the partner did not sign it, it is of another log, or the log was rewritten.
    """
    now = read_checkpoint(note)
    if not signed_by(note, log) or now.origin != log.name:
        raise TocsinError("The checkpoint is not signed by this log.", where=log.name)
    if before is not None:
        same = before.origin == now.origin
        grown = check_consistency(before.size, before.root, now.size, now.root, proof)
        if not same or not grown:
            raise TocsinError(
                f"The log does not begin with the {before.size:,} entries that were cosigned "
                "before, or it was not proved.",
                where=now.origin,
                remedy="Keep both checkpoints: together they show that the log was rewritten.",
            )
    return sign(note, key, at=at)


def keep_cosignature(connection: Connection, note: Note, key: PublicKey) -> None:
    """Keep a partner's cosignature beside one's own checkpoint.

    Args:
        connection: a connection within a transaction.
        note: the checkpoint as the partner gave it back.
        key: the partner's public key.

    Raises:
        TocsinError: there is no such checkpoint here, or the partner's signature does not hold.
    """
    size = read_checkpoint(note).size
    here = CHECKPOINTS.c.size == size
    kept = connection.execute(sa.select(CHECKPOINTS.c.note).where(here)).scalar()
    if kept is None or read_note(kept).text != note.text:
        raise TocsinError("The log has no such checkpoint.", where=key.name)
    if not signed_by(note, key):
        raise TocsinError("The cosignature does not hold.", where=key.name)
    ours = read_note(kept)
    new = tuple(one for one in note.signatures if one[0] == key.name)
    others = tuple(one for one in ours.signatures if one[0] != key.name)
    connection.execute(
        CHECKPOINTS.update().where(here).values(note=str(Note(note.text, (*others, *new))))
    )
