"""What a neighbouring server asks of this one: the feed, a place for proposals, and the log.

A neighbour asks by an account with the role `partner`. Checkpoints of the audit log are for the
accounts of neighbours, who hold or cosign them, and for operators: they tell how much is logged, of
what is hidden, too, so that no other person of a partner's office reads them.
"""

from __future__ import annotations

import base64
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, select

from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit.checkpoint import Checkpoint, keep_cosignature, read_checkpoints
from tocsin.share.audit.checkpoint import read_checkpoint as checkpoint_of
from tocsin.share.audit.note import PrivateKey, read_note, read_public_key
from tocsin.share.audit.proof import prove_growth
from tocsin.share.server.access.reader import OPERATE, PROPOSE
from tocsin.share.server.access.refusals import NotAllowed, TooOften
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api.answers import answer, object_dict
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.outbound import witnessed
from tocsin.share.server.desk import acts
from tocsin.share.server.desk.covering import read_covered
from tocsin.share.server.neighbours import keeping
from tocsin.share.server.neighbours.feed import MOST, read_feed
from tocsin.share.server.neighbours.proposals import accept, propose
from tocsin.share.server.neighbours.witness import Answer, answer_log
from tocsin.share.server.web.asking import Changing, Here, Known, address_of

router = APIRouter(prefix="/api", tags=["neighbours"])
witness_router = APIRouter(tags=["neighbours"])
"""What the protocol of witnesses names outside of `/api`."""
PARTNER = "partner"


class Proposed(BaseModel):
    """Another content for an object, and why; or a reply, in words alone."""

    model_config = ConfigDict(extra="forbid")

    payload: str | None = Field(
        None, max_length=3_000_000, description="Base64; left out: this is a reply"
    )
    reason: str


class Accepted(BaseModel):
    """Why a proposal is accepted."""

    model_config = ConfigDict(extra="forbid")

    reason: str


class Cosigned(BaseModel):
    """A checkpoint of this log as a partner gives it back, with its cosignature."""

    model_config = ConfigDict(extra="forbid")

    checkpoint: str = Field(max_length=20_000)


def _key(request: Request) -> PrivateKey:
    """The server's key, with which it signs its log and its statements."""
    found: PrivateKey | None = getattr(request.app.state, "key", None)
    if found is None:
        raise NoObject
    return found


def _check_partner(signed: SignedIn) -> None:
    if signed.reader.role == PARTNER:
        return
    raise NotAllowed("This is for neighbouring servers.", remedy="Use an account of a partner.")


def _check_holder(connection: Connection, signed: SignedIn) -> None:
    """Refuse whoever neither operates this server nor asks for a neighbour that it knows."""
    if OPERATE in signed.reader.verbs:
        return
    _check_partner(signed)
    if not keeping.asks_by(connection, signed.reader.name):
        raise NotAllowed(
            "This is for servers that hold or cosign this log.",
            remedy="Ask its operator to add yours as a neighbour, with this account.",
        )


@router.get("/neighbours/key")
def read_key(request: Request, signed: Known, here: Here) -> Response:
    """Give this server's public keys, by which its statements, log and cosignatures are checked."""
    key, witness = _key(request), here.witness
    told = {"key": str(key.public), "witness": str(witness.public) if witness else ""}
    return answer(request, told | {"for": signed.reader.name})


@router.get("/neighbours/feed")
def read_statements(
    request: Request,
    signed: Known,
    here: Here,
    after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> Response:
    """Give statements on objects that the neighbour may see, oldest change first."""
    _check_partner(signed)
    key = _key(request)
    with here.database.writing() as connection:
        page = read_feed(
            here.database, connection, signed.reader, key, after=after, limit=limit,
            exercises=keeping.plays(connection, signed.reader.name),
        )  # fmt: skip
        if page.entries:
            given = [json.loads(one.head.split("\n")[0])["id"] for one in page.entries if one.body]
            acts.record(here.database, connection, signed, "follow", detail=json.dumps(given))
    told: dict[str, Any] = {
        "entries": [one.as_dict() for one in page.entries],
        "next": str(page.next),
        "more": page.more,
    }
    return answer(request, told)


@router.post("/objects/{id}/proposals")
def write_proposal(
    request: Request, id: str, body: Proposed, signed: Changing, here: Here
) -> Response:
    """Propose another content for an object to its owner, or reply; the object stays as it is."""
    try:
        given = body.payload
        payload = None if given is None else base64.b64decode(given, validate=True)
    except ValueError as error:
        raise UsageError("The payload is no Base64.", where="payload") from error
    reason = acts.reason_of(body.reason)
    with here.database.writing() as connection:
        kept = propose(here.database, connection, signed.reader, id, payload, reason=reason)
        acts.record(here.database, connection, signed, PROPOSE, kept, reason=reason)
        told = object_dict(connection, signed, kept)
    return answer(request, told, 201)


@router.post("/proposals/{id}/acceptance")
def accept_proposal(
    request: Request, id: str, body: Accepted, signed: Changing, here: Here
) -> Response:
    """Accept what was proposed for an object of one's own organisation, as its new version."""
    reason = acts.reason_of(body.reason)
    with here.database.writing() as connection:
        kept = accept(here.database, connection, signed.reader, id)
        acts.record(here.database, connection, signed, "accept", kept, reason=reason)
        told = object_dict(connection, signed, kept)
    return answer(request, told)


@router.get("/log/checkpoint")
def read_checkpoint(signed: Known, here: Here) -> Response:
    """Give the newest checkpoint of the audit log, to hold or to cosign."""
    with here.database.reading() as connection:
        _check_holder(connection, signed)
        notes = read_checkpoints(connection, last=1)
    if not notes:
        raise NoObject
    return Response(str(notes[-1]).encode(), 200, media_type="text/plain; charset=utf-8")


@router.get("/log/witnessed")
def read_witnessed(request: Request, signed: Known, here: Here) -> Response:
    """Give the last checkpoint of each log that this server cosigned.

    A neighbour that was restored from a backup asks it of what it may have cosigned itself since.
    """
    with here.database.reading() as connection:
        _check_holder(connection, signed)
        notes = connection.execute(select(witnessed.c.note).order_by(witnessed.c.origin)).scalars()
        return answer(request, {"checkpoints": list(notes)})


@router.get("/log/coverage")
def read_log_coverage(request: Request, signed: Known, here: Here) -> Response:
    """Say how much of the log others cosigned, and how old the first entry is that none covers."""
    with here.database.reading() as connection:
        _check_holder(connection, signed)
        found = read_covered(connection)
    return answer(request, found.as_dict(here.database.clock()))


@router.post("/log/cosignatures", status_code=201)
def take_cosignature(request: Request, body: Cosigned, signed: Changing, here: Here) -> Response:
    """Take a partner's cosignature of a checkpoint of this log."""
    _check_partner(signed)
    note = read_note(body.checkpoint)
    with here.database.writing() as connection:
        rows = keeping.names_and_keys(connection)
        mine = [one for one in rows if one.witness and one.account == signed.reader.name]
        if not mine:
            raise NotAllowed(
                "No key is known with which you cosign.",
                remedy="Give witness.pub to the operator of this server.",
            )
        try:
            keep_cosignature(connection, note, read_public_key(mine[0].witness))
        except TocsinError as error:
            raise UsageError(error.what, where="checkpoint") from error
        acts.record(here.database, connection, signed, "cosign")
    return answer(request, {"size": checkpoint_of(note).size}, 201)


@witness_router.post("/witness/add-checkpoint")
async def add_checkpoint(request: Request, here: Here) -> Response:
    """Cosign a checkpoint of a neighbour's log, by the protocol C2SP tlog-witness."""
    wait = here.requests.take(f"witness {address_of(request)}")
    if wait:
        raise TooOften(wait)
    key = here.witness
    if key is None:
        raise NoObject
    text = (await request.body()).decode("utf-8", "replace")

    def answer_cosigned() -> Answer:
        with here.database.writing() as connection:
            logs = keeping.public_keys(connection)
            return answer_log(here.database, connection, text, logs=logs, key=key)

    told = await run_in_threadpool(answer_cosigned)
    return Response(told.text.encode(), told.status, {"content-type": told.media_type})


@router.get("/log/growth")
def read_growth(
    request: Request,
    signed: Known,
    here: Here,
    first: Annotated[int, Query(ge=0, lt=2**62)],
) -> Response:
    """Prove that the log as it was last signed begins with so many first entries."""
    with here.database.reading() as connection:
        _check_holder(connection, signed)
        # Origin and root are the asker's to check; the proof hangs on the number alone.
        told = prove_growth(connection, Checkpoint("", first, b""))
    return answer(request, told)
