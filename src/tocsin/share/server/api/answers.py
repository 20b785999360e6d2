"""Answers: JSON with sorted keys and an ETag, both made of what the asker may see alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.audiences import audiences_of
from tocsin.share.server.database.connection import moment
from tocsin.share.server.database.objects import Object


def answer(request: Request, told: Any, status: int = 200) -> Response:
    """Write an answer, or that what the asker has is still so (304).

    Args:
        request: the request, whose `If-None-Match` is heeded.
        told: what JSON can hold.
        status: the answer's status.

    Returns:
        The answer.
    """
    body = _as_json(told)
    tag = etag(body)
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(None, 304, {"etag": tag})
    return Response(body, status, {"etag": tag}, "application/json")


def tag_of(told: object) -> str:
    """Give the entity tag with which `answer` tells something."""
    return etag(_as_json(told))


def _as_json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def etag(content: bytes) -> str:
    """Give the entity tag of some bytes (RFC 9110, 8.8.3)."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def time(micros: int) -> str:
    """Write a time as RFC 3339, in UTC, to the microsecond."""
    return moment(micros).isoformat(timespec="microseconds").replace("+00:00", "Z")


def object_dicts(
    connection: Connection, signed: SignedIn, rows: Sequence[Object]
) -> list[dict[str, Any]]:
    """Give objects for machines, as `object_dict` does."""
    known = audiences_of(connection, (row.audience for row in rows))
    return [_object_dict(known[row.audience], signed, row) for row in rows]


def object_dict(connection: Connection, signed: SignedIn, row: Object) -> dict[str, Any]:
    """Give an object for machines.

    Markings in full are for the organisation that set them and owns the object: to others, the
    names in them would tell who else sees the object. What marks a reply or a part because its
    whole is marked so shows in its level alone.
    """
    return object_dicts(connection, signed, [row])[0]


def _object_dict(audience: Audience, signed: SignedIn, row: Object) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": row.id, "type": row.type, "owner": row.owner, "jurisdiction": row.jurisdiction,
        "level": audience.level, "parent": row.parent, "created": time(row.created),
        "modified": time(row.modified), "date_added": time(row.date_added),
        "media_type": row.media_type, "digest": row.digest, "exercise": bool(row.exercise),
        "payload": payload(row),
    }  # fmt: skip
    if (own := signed.reader.organisation) == row.owner:
        mine = sorted(one.as_text() for one in audience.markings if one.owner == own)
        told["markings"] = [json.loads(one) for one in mine]
    return told


def payload(row: Object) -> Any:
    """Give what an object holds.

    Args:
        row: the object, as the database keeps it.

    Returns:
        What its JSON says; other bytes as a text in base64 (RFC 4648).
    """
    if row.media_type == "application/json":
        return json.loads(row.payload)
    return base64.b64encode(row.payload).decode()


def cursor_of(row: Object) -> str:
    """Write the place after a row, from which the next page begins.

    Args:
        row: the last object of a page.

    Returns:
        A text that tells nothing to those who ask and is given back as it is; `place_of` reads it.
    """
    return base64.urlsafe_b64encode(f"{row.date_added} {row.id}".encode()).decode()


def place_of(cursor: str) -> tuple[int, str]:
    """Read a place that `cursor_of` wrote.

    Args:
        cursor: the text; empty for the place before the first row.

    Returns:
        The number of the moment at which the row was added, and the row's id.

    Raises:
        UsageError: it is no such place.
    """
    if not cursor:
        return 0, ""
    try:
        added, _, id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return min(int(added), 2**62), id
    except (binascii.Error, ValueError) as error:
        raise UsageError(
            "This is no place in the list.", where="after", remedy="Use 'next' of the page before."
        ) from error
