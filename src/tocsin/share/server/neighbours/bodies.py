"""Bodies of statements: what an owner says of an object beside the head, as canonical JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

import rfc8785

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import Audience
from tocsin.share.server.database.objects import LARGEST, Object
from tocsin.share.stix.original import STIX

TEXTS = {"type": 60, "owner": 200, "jurisdiction": 20, "media_type": 100}
"""Characters that the database keeps of each text, at most."""
LONGEST_ID = 250


def body_of(row: Object, audience: Audience) -> bytes:
    """Write the body of a statement.

    Args:
        row: the object.
        audience: its markings.

    Returns:
        Canonical JSON. A part drawn by chance keeps the digest from telling what is in it.
    """
    told: dict[str, Any] = {
        "type": row.type, "owner": row.owner, "jurisdiction": row.jurisdiction,
        "parent": row.parent, "media_type": row.media_type, "created": str(row.created),
        "modified": str(row.modified), "audience": json.loads(audience.as_text()),
        "payload": base64.b64encode(row.payload).decode(), "chance": secrets.token_hex(16),
    }  # fmt: skip
    if row.exercise:
        told["exercise"] = True
    return rfc8785.dumps(told)


def read_body(id: str, body: bytes, digest: str) -> dict[str, Any]:
    """Read the body of a statement.

    Args:
        id: the object.
        body: the body.
        digest: the digest of the body that was signed.

    Returns:
        What it says, with `payload` as bytes, `audience` as `Audience`, times as numbers, `parent`
        None where there is none, `exercise`, and as `alias` the id by which the producer of an
        object of STIX knows it.

    Raises:
        UsageError: it is not what was signed, or cannot be kept here.
    """
    if hashlib.sha256(body).hexdigest() != digest:
        raise UsageError("The body is not the one that was signed.", where=id)
    try:
        told: dict[str, Any] = json.loads(body)
        told["payload"] = base64.b64decode(told["payload"], validate=True)
        told["audience"] = Audience.of_text(json.dumps(told["audience"]))
        told["created"], told["modified"] = int(told["created"]), int(told["modified"])
        told["parent"] = str(told["parent"]) if told["parent"] else None
        told["exercise"] = told.get("exercise") is True
        told["alias"] = _alias(told)
        for name, most in TEXTS.items():
            told[name] = text_of(told[name], most)
        if told["parent"] is not None:
            text_of(told["parent"], LONGEST_ID)
        if len(told["payload"]) > LARGEST or not all(
            0 <= told[name] < 2**62 for name in ("created", "modified")
        ):
            raise ValueError(id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError("The body cannot be read.", where=id) from error
    return told


def _alias(told: Mapping[str, Any]) -> str:
    """The id by which the producer of an object of STIX knows it; empty for all others."""
    if told["media_type"] != STIX:
        return ""
    return text_of(json.loads(told["payload"])["id"], LONGEST_ID)


def text_of(value: object, most: int) -> str:
    """Give a text that the database can keep; what it cannot would hold up all that comes after it.

    Args:
        value: what was said.
        most: characters, at most.

    Returns:
        The text.

    Raises:
        ValueError: the database cannot keep it.
    """
    text = str(value)
    if len(text) > most or "\0" in text:
        raise ValueError(text[:60])
    text.encode()
    return text
