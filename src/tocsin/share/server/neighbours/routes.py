"""What a neighbouring server asks of this one: the feed, a place for proposals, and the log.

A neighbour is an account with the role `partner`. Checkpoints of the audit log are for partners,
who hold or cosign them, and for operators; they tell how much is logged.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tocsin.errors import UsageError
from tocsin.share.audit.checkpoint import Checkpoint, read_checkpoints
from tocsin.share.audit.note import PrivateKey
from tocsin.share.audit.proof import prove_growth
from tocsin.share.server.access.reader import OPERATE, PROPOSE
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api.answers import answer, object_dict
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.desk import acts
from tocsin.share.server.neighbours.feed import MOST, read_feed
from tocsin.share.server.neighbours.proposals import propose
from tocsin.share.server.web.asking import Changing, Here, Known

router = APIRouter(prefix="/api", tags=["neighbours"])
PARTNER = "partner"


class Proposed(BaseModel):
    """Another content for an object, and why."""

    model_config = ConfigDict(extra="forbid")

    payload: str = Field(max_length=3_000_000, description="Base64")
    reason: str


def _key(request: Request) -> PrivateKey:
    """The server's key, with which it signs its log and its statements."""
    found: PrivateKey | None = getattr(request.app.state, "key", None)
    if found is None:
        raise NoObject
    return found


def _check_partner(signed: SignedIn, *, operators: bool = False) -> None:
    if signed.reader.role == PARTNER or (operators and OPERATE in signed.reader.verbs):
        return
    raise NotAllowed("This is for neighbouring servers.", remedy="Use an account of a partner.")


@router.get("/neighbours/key")
def read_key(request: Request, signed: Known) -> Response:
    """Give this server's public key, by which its statements and its log are checked."""
    return answer(request, {"key": str(_key(request).public), "for": signed.reader.name})


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
        page = read_feed(here.database, connection, signed.reader, key, after=after, limit=limit)
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
    """Propose another content for an object to its owner; the object stays as it is."""
    try:
        payload = base64.b64decode(body.payload, validate=True)
    except binascii.Error as error:
        raise UsageError("The payload is no Base64.", where="payload") from error
    reason = acts.reason_of(body.reason)
    with here.database.writing() as connection:
        kept = propose(here.database, connection, signed.reader, id, payload, reason=reason)
        acts.record(here.database, connection, signed, PROPOSE, kept, reason=reason)
        told = object_dict(connection, signed, kept)
    return answer(request, told, 201)


@router.get("/log/checkpoint")
def read_checkpoint(signed: Known, here: Here) -> Response:
    """Give the newest checkpoint of the audit log, to hold or to cosign."""
    _check_partner(signed, operators=True)
    with here.database.reading() as connection:
        notes = read_checkpoints(connection)
    if not notes:
        raise NoObject
    return Response(str(notes[-1]).encode(), 200, media_type="text/plain; charset=utf-8")


@router.get("/log/growth")
def read_growth(
    request: Request,
    signed: Known,
    here: Here,
    first: Annotated[int, Query(ge=0, lt=2**62)],
) -> Response:
    """Prove that the log as it was last signed begins with so many first entries."""
    _check_partner(signed, operators=True)
    with here.database.reading() as connection:
        # Origin and root are the asker's to check; the proof hangs on the number alone.
        told = prove_growth(connection, Checkpoint("", first, b""))
    return answer(request, told)
