"""Cosignatures between neighbours: we vouch for their logs, and ask them to vouch for ours.

The protocol is C2SP tlog-witness (https://c2sp.org/tlog-witness): the log sends its checkpoint with
the size that was cosigned before and a proof that it only grew since; the witness answers with its
cosignature. Who asks needs no account, since a checkpoint must be signed by a log that is known.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from sqlalchemy import Connection, insert, select, update

from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit.checkpoint import (
    Checkpoint,
    cosign,
    keep_cosignature,
    read_checkpoint,
    read_checkpoints,
)
from tocsin.share.audit.note import Note, PrivateKey, PublicKey, read_note, read_public_key
from tocsin.share.audit.note import signed_by as is_signed_by
from tocsin.share.audit.sequencer import read_tree
from tocsin.share.audit.tree import check_consistency
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import neighbours, witnessed

MOST = 63
"""Lines of a proof, at most, as the protocol says."""
SIZE = "text/x.tlog.size"
PATH = "/witness/add-checkpoint"


@dataclass(frozen=True)
class Answer:
    """This is what a witness answers."""

    status: int
    text: str = ""
    media_type: str = "text/plain; charset=utf-8"


def write_request(old: int, proof: list[bytes], note: Note) -> str:
    """Write what is posted to a witness.

    Args:
        old: the size that it cosigned last.
        proof: that the log only grew since.
        note: the checkpoint.
    """
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof)]
    return "\n".join(lines) + f"\n\n{note}"


def _read_request(text: str) -> tuple[int, list[bytes], Note]:
    head, between, rest = text.partition("\n\n")
    first, *lines = head.split("\n")
    old = first.removeprefix("old ")
    if not between or first == old or old != str(int(old)) or int(old) < 0 or len(lines) > MOST:
        raise ValueError(first)
    return int(old), [base64.b64decode(one, validate=True) for one in lines], read_note(rest)


def answer_log(
    database: Database,
    connection: Connection,
    body: str,
    *,
    logs: Mapping[str, PublicKey],
    key: PrivateKey,
) -> Answer:
    """Cosign a neighbour's checkpoint, if its log only grew since the last one.

    Args:
        database: the database.
        connection: a connection that writes: what was cosigned is kept before it is given out.
        body: the request.
        logs: keys of logs by their origins.
        key: our cosigner's key.

    Returns:
        The answer, as the protocol asks for it.
    """
    try:
        old, proof, note = _read_request(body)
        now = read_checkpoint(note)
    except (ValueError, UsageError):
        return Answer(400, "This is no request for a cosignature.\n")
    log = logs.get(now.origin)
    row = connection.execute(select(witnessed).where(witnessed.c.origin == now.origin)).first()
    before = Checkpoint(now.origin, 0, b"") if row is None else read_checkpoint(read_note(row.note))
    refusal = _refusal(old, proof, note, now=now, before=before, log=log)
    this_log = neighbours.c.name == now.origin
    if log is not None and is_signed_by(note, log):
        asker = select(neighbours.c.unsure).where(this_log)
        if connection.execute(asker).scalar():
            return Answer(503, "This witness was restored, and first asks what it cosigned.\n")
        if _contradicts(refusal, old, now=now, before=before):
            connection.execute(update(neighbours).where(this_log).values(refused=str(note)))
    if refusal is not None or log is None:
        return refusal or Answer(404)
    connection.execute(update(neighbours).where(this_log).values(refused=""))
    signed = cosign(note, key, log=log, at=database.clock())
    keep_witnessed(connection, note)
    return Answer(200, str(Note("", signed.signatures[-1:])).lstrip("\n"))


def _contradicts(refusal: Answer | None, old: int, *, now: Checkpoint, before: Checkpoint) -> bool:
    """Does a log show a state that does not continue what we cosigned? Its operator's word is asked
    for then, since it lost entries, or two logs have one key. Who only lost its place is answered
    with the right one."""
    if refusal is None or before.size == 0:
        return False
    other = now.size == before.size and now.root != before.root
    return other or now.size < before.size or (old == before.size and refusal.status == 422)


def keep_witnessed(connection: Connection, note: Note) -> None:
    """Keep a checkpoint of a neighbour's log as the one that it must continue.

    Args:
        connection: a connection that writes.
        note: the checkpoint.
    """
    origin = read_checkpoint(note).origin
    this = witnessed.c.origin == origin
    if not connection.execute(update(witnessed).where(this).values(note=str(note))).rowcount:
        connection.execute(insert(witnessed).values(origin=origin, note=str(note)))


def _refusal(
    old: int,
    proof: list[bytes],
    note: Note,
    *,
    now: Checkpoint,
    before: Checkpoint,
    log: PublicKey | None,
) -> Answer | None:
    """Why a checkpoint is not cosigned, in the order in which the protocol asks."""
    same = old == now.size and before.root == now.root
    grown = check_consistency(old, before.root, now.size, now.root, proof) if old else not proof
    refusals = (
        (log is None, Answer(404, "This log is not known here.\n")),
        (
            log is not None and not is_signed_by(note, log),
            Answer(403, "The log did not sign the checkpoint.\n"),
        ),
        (old > now.size, Answer(400, "The old size is larger than the new one.\n")),
        (
            before.size != old or (0 < old == now.size and not same),
            Answer(409, f"{before.size}\n", SIZE),
        ),
        (not grown, Answer(422, "The proof does not hold.\n")),
    )
    return next((answer for refused, answer in refusals if refused), None)


def ask(database: Database, client: httpx.Client, neighbour: str) -> int:
    """Ask a neighbour to cosign the newest checkpoint, unless it did, and keep the cosignature.

    Args:
        database: the database.
        client: with the neighbour's address as its base.
        neighbour: its name.

    Returns:
        The size up to which it cosigned; 0: there is no checkpoint yet.

    Raises:
        TocsinError: it does not answer, or not as a witness does.
    """
    with database.reading() as connection:
        row = connection.execute(select(neighbours).where(neighbours.c.name == neighbour)).one()
        notes = read_checkpoints(connection, last=1)
    if not notes or not row.witness:
        return 0
    note, key, old = notes[0], read_public_key(row.witness), int(row.cosigned)
    size = read_checkpoint(note).size
    if size == old:
        return size
    found = _post(database, client, old, size, note)
    if found.status_code == 409:
        found = _post(database, client, _size_of(found, neighbour), size, note)
    if found.status_code != 200:
        raise TocsinError(
            f"The neighbour does not cosign ({found.status_code}).", where=neighbour,
            remedy="Ask its operator whether our key is known there, and compare both logs.",
        )  # fmt: skip
    try:
        signed = read_note(note.text + "\n" + found.text)
    except UsageError as error:
        raise TocsinError("The neighbour's answer is no cosignature.", where=neighbour) from error
    with database.writing() as connection:
        keep_cosignature(connection, signed, key)
        this = neighbours.c.name == neighbour
        connection.execute(update(neighbours).where(this).values(cosigned=size))
    return size


def _post(
    database: Database, client: httpx.Client, old: int, size: int, note: Note
) -> httpx.Response:
    if old > size:
        raise TocsinError("The neighbour cosigned more than this log has.", remedy="Compare both.")
    with database.reading() as connection:
        proof = read_tree(connection, size).consistency(old)
    try:
        return client.post(PATH, content=write_request(old, proof, note).encode())
    except httpx.HTTPError as error:
        raise TocsinError(
            f"The neighbour does not answer ({type(error).__name__}).", where=str(client.base_url)
        ) from error


def _size_of(found: httpx.Response, neighbour: str) -> int:
    text = found.text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise TocsinError("The neighbour's answer is no size of a log.", where=neighbour)
    return int(text)
