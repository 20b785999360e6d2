"""After a restore: what a neighbour's log lost, and what we do not know of our neighbours' logs.

A server that was restored from a backup has lost the entries since. Who cosigned them goes on
refusing its log, which is what a witness is for, until an operator accepts the loss by name, with
a reason. What was cosigned then stays in our own log for ever, beside what is cosigned from now on.

A server that was itself restored may have cosigned more of its neighbours' logs than it knows of.
It asks them, and all others whom it can ask, before it cosigns again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, select, update

from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit.checkpoint import Checkpoint, read_checkpoint
from tocsin.share.audit.note import Note, PublicKey, read_note, read_public_key, signed_by
from tocsin.share.audit.proof import check_proof
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import neighbours, witnessed
from tocsin.share.server.desk.acts import reason_of, record_for_all
from tocsin.share.server.neighbours.statements import restate
from tocsin.share.server.neighbours.witness import keep_witnessed

ACCEPTED, LEARNT, RESTORED = "accept loss", "learn logs", "restore"
"""Acts: a neighbour's loss was accepted; we know again what we cosigned; we were restored."""
EMPTY = Checkpoint("", 0, b"")


@dataclass(frozen=True)
class Loss:
    """This is what is known of a neighbour's log, before and after it lost entries."""

    name: str
    """The neighbour."""
    cosigned: Note | None
    """The last checkpoint that we cosigned; None: none is known here."""
    refused: Note | None
    """The last one that we did not cosign, since it does not continue that; None: none such."""
    unsure: bool
    """Were we restored, and may we have cosigned more than we know of?"""
    left: Note | None = None
    """Of those that we cosigned, the last one that the neighbour still has; None: none, or not
    shown."""
    now: Note | None = None
    """The neighbour's log as it shows it now; None: it has not shown it."""

    @property
    def missing(self) -> int:
        """How many entries that we cosigned are gone, as far as we know."""
        return max(0, size_of(self.cosigned) - size_of(self.left)) if self.now else 0

    def as_dict(self) -> dict[str, Any]:
        """Give it for machines."""
        names = ("cosigned", "refused", "left", "now")
        notes = {name: getattr(self, name) for name in names}
        return {
            "name": self.name, "unsure": self.unsure,
            "entries": {name: size_of(note) for name, note in notes.items()},
            "missing": self.missing if self.now else None,
            "checkpoints": {name: str(note or "") for name, note in notes.items()},
        }  # fmt: skip


def size_of(note: Note | None) -> int:
    """Give the number of entries of which a checkpoint tells; 0 where there is none."""
    return 0 if note is None else read_checkpoint(note).size


def find_loss(connection: Connection, name: str) -> Loss:
    """Find what is known here of a neighbour's log.

    Args:
        connection: any connection.
        name: the neighbour.

    Returns:
        What is known, without anything that the neighbour shows.

    Raises:
        UsageError: there is no such neighbour.
    """
    row = connection.execute(select(neighbours).where(neighbours.c.name == name)).first()
    if row is None:
        remedy = "`tocsin neighbours list` shows them."
        raise UsageError("There is no such neighbour.", where=name, remedy=remedy)
    refused = read_note(row.refused) if row.refused else None
    return Loss(name, _witnessed_note(connection, name), refused, bool(row.unsure))


def _witnessed_note(connection: Connection, name: str) -> Note | None:
    held = select(witnessed.c.note).where(witnessed.c.origin == name)
    text = connection.execute(held).scalar()
    return None if text is None else read_note(text)


def read_loss(connection: Connection, name: str, proof: Mapping[str, Any], own: PublicKey) -> Loss:
    """Hold what a neighbour shows of its log to what we cosigned.

    Args:
        connection: any connection.
        name: the neighbour.
        proof: as its `tocsin audit prove --cosigned-by` wrote it.
        own: our witness's public key.

    Returns:
        What is lost.

    Raises:
        UsageError: the proof is none, or does not hold.
    """
    known = find_loss(connection, name)
    key = read_public_key(
        connection.execute(select(neighbours.c.key).where(neighbours.c.name == name)).scalar_one()
    )
    try:
        left = read_note(str(proof["cosigned"])) if proof["cosigned"] else None
        now = read_note(str(proof["checkpoint"]))
    except (KeyError, TypeError) as error:
        raise _refuse_proof("it is none of `tocsin audit prove --cosigned-by`", name) from error
    if left is None:
        if not signed_by(now, key) or read_checkpoint(now).origin != name:
            raise _refuse_proof("the checkpoint is not signed by this log", name)
    else:
        if not signed_by(left, own) or not signed_by(left, key):
            raise _refuse_proof("we did not cosign the checkpoint that is left", name)
        why, _ = check_proof(dict(proof), key, read_checkpoint(left))
        if why:
            raise _refuse_proof(why, name)
    return Loss(name, known.cosigned, known.refused, known.unsure, left, now)


def _refuse_proof(why: str, name: str) -> UsageError:
    return UsageError(
        f"What the neighbour shows does not hold: {why}.", where=name,
        remedy="Ask its operator for: tocsin audit prove DATA --cosigned-by OUR-WITNESS-KEY",
    )  # fmt: skip


def accept_loss(
    database: Database, connection: Connection, loss: Loss, *, reason: str, organisation: str
) -> None:
    """Begin anew with a neighbour's log as it is now; what is lost stays in our own log for ever.

    Args:
        database: the database.
        connection: a connection that writes.
        loss: what is lost, as `read_loss` found it.
        reason: why it is accepted, in the operator's words.
        organisation: whose server this is.

    Raises:
        UsageError: there is no reason, nothing was shown, or nothing is lost.
    """
    why = reason_of(reason)
    if loss.now is None:
        raise _refuse_proof("nothing was shown", loss.name)
    if not loss.missing and not loss.unsure and size_of(loss.left) <= size_of(loss.cosigned):
        raise UsageError(
            "Nothing that we cosigned is lost.", where=loss.name,
            remedy="Its log continues what we cosigned, and is cosigned as before.",
        )  # fmt: skip
    public = {
        "log": loss.name, "missing": loss.missing,
        "cosigned": str(loss.cosigned or ""), "left": str(loss.left or ""), "now": str(loss.now),
    }  # fmt: skip
    keep_witnessed(connection, loss.now)
    this = neighbours.c.name == loss.name
    connection.execute(update(neighbours).where(this).values(refused="", unsure=False))
    record_for_all(
        database, connection, SignedIn(Reader(organisation=organisation)), ACCEPTED, public,
        reason=why, detail=f"{loss.name}: {loss.missing:,} entries",
    )  # fmt: skip


def begin_unsure(
    database: Database, connection: Connection, *, made: str, organisation: str
) -> None:
    """Note in a server that it was restored: others have later states of its objects and its log,
    and it knows an older state of their logs.

    Args:
        database: the database.
        connection: a connection that writes.
        made: of which time the backup is.
        organisation: whose server this is.
    """
    connection.execute(update(neighbours).values(unsure=True))
    restate(connection)
    record_for_all(
        database, connection, SignedIn(Reader(organisation=organisation)), RESTORED,
        {"backup": made}, detail=made,
    )  # fmt: skip


def learn(
    database: Database,
    name: str,
    client: httpx.Client,
    others: Mapping[str, httpx.Client],
    *,
    organisation: str,
) -> None:
    """Find out what we cosigned of a neighbour's log: from it, and from all others we can ask.

    What others hold of its log it must continue, whoever cosigned that. Where nobody else holds
    anything, its own word is all that there is.

    Args:
        database: the database.
        name: the neighbour.
        client: asks it, with our token there.
        others: ask other neighbours, by their names.
        organisation: whose server this is.

    Raises:
        TocsinError: one does not answer, or the log does not continue what one holds; then nothing
            is cosigned until its operator and ours have spoken.
    """
    with database.reading() as connection:
        row = connection.execute(select(neighbours).where(neighbours.c.name == name)).one()
        held = [
            ("this server", note)
            for note in [_witnessed_note(connection, name)]
            if note is not None
        ]
    key = read_public_key(row.key)
    for other, asked in others.items():
        told = _get(asked, "/api/log/witnessed", other).json()
        notes = [read_note(str(one)) for one in told["checkpoints"]]
        held += [(other, note) for note in notes if read_checkpoint(note).origin == name]
    newest = read_note(_get(client, "/api/log/checkpoint", name).text)
    _check_continues(client, key, name, newest, held)
    with database.writing() as connection:
        keep_witnessed(connection, newest)
        this = neighbours.c.name == name
        connection.execute(update(neighbours).where(this).values(unsure=False))
        record_for_all(
            database, connection, SignedIn(Reader(organisation=organisation)), LEARNT,
            {"log": name, "now": str(newest), "asked": len(others) + 1},
            detail=", ".join([name, *others]),
        )  # fmt: skip


def _check_continues(
    client: httpx.Client,
    key: PublicKey,
    name: str,
    newest: Note,
    held: Sequence[tuple[str, Note]],
) -> None:
    """Check that a log as it is now continues all that anybody holds of it."""
    now = read_checkpoint(newest)
    if not signed_by(newest, key) or now.origin != name:
        raise TocsinError("The neighbour's checkpoint is not signed by its log.", where=name)
    for other, note in held:
        before = read_checkpoint(note)
        if not signed_by(note, key) or before.size == 0:
            continue
        why, ended = "it is shorter", now
        if before.size <= now.size:
            told = _get(client, f"/api/log/growth?first={before.size}", name).json()
            why, _ = check_proof(told, key, before)
            ended = EMPTY if why else read_checkpoint(read_note(told["checkpoint"]))
        if why:
            raise TocsinError(
                f"The log does not continue the {before.size:,} entries that {other} holds: {why}.",
                where=name, remedy="Ask both operators; `tocsin neighbours loss` goes on.",
            )  # fmt: skip
        # Two proofs that end otherwise could be of two logs.
        if ended != now:
            raise TocsinError("The neighbour's log grew meanwhile; it is asked again.", where=name)


def _get(client: httpx.Client, path: str, name: str) -> httpx.Response:
    try:
        found = client.get(path)
    except httpx.HTTPError as error:
        words = f"The neighbour does not answer ({type(error).__name__})."
        raise TocsinError(words, where=name) from error
    if found.status_code != 200:
        words = f"The neighbour does not say what it cosigned ({found.status_code})."
        raise TocsinError(words, where=name)
    return found
