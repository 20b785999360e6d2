"""The routes of TAXII 2.1 (OASIS, 2021): discovery, one API root, one collection.

Deleting is not offered: here a deletion has a reason, which TAXII cannot carry. Numbers in brackets
are sections of the standard.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from tocsin.share.server.access.reader import WRITE, Reader
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.api.answers import time
from tocsin.share.server.database.objects import NoObject, Object
from tocsin.share.server.desk import acts
from tocsin.share.server.taxii.asking import TAXII, TaxiiRoute, taxii_answer
from tocsin.share.server.taxii.finding import Filters, Wanted, find
from tocsin.share.server.taxii.keeping import Taken, keep, statements_among
from tocsin.share.server.taxii.status import keep_status, read_status
from tocsin.share.server.web.asking import Changing, Here, Signed
from tocsin.share.stix.original import STIX, split_objects, version_of

router = APIRouter(prefix="/taxii2", tags=["TAXII 2.1"], route_class=TaxiiRoute)
ROOT = "/taxii2/shared/"
COLLECTION = "2c9b1d3e-8f0a-4c57-9e21-6d5a7b40c1f8"
"""The one collection: all objects of STIX that the asker may see."""
OF = "/shared/collections/{collection}"


@router.get("/")
def discover(here: Here) -> Response:
    """Say which API roots there are (4.1)."""
    root = here.address.rstrip("/") + ROOT
    return _answer({"title": "tocsin", "default": root, "api_roots": [root]})


@router.get("/shared/")
def describe_root(here: Here) -> Response:
    """Describe the API root (4.2)."""
    most = here.settings.largest_upload
    return _answer({"title": "tocsin", "versions": [TAXII], "max_content_length": most})


@router.get("/shared/collections/")
def list_collections(signed: Signed) -> Response:
    """List the collections (5.1)."""
    return _answer({"collections": [_collection(signed.reader)]})


@router.get(f"{OF}/")
def describe_collection(collection: str, signed: Signed) -> Response:
    """Describe a collection (5.2)."""
    _check(collection)
    return _answer(_collection(signed.reader))


@router.get(f"{OF}/manifest/")
def list_manifest(collection: str, signed: Signed, here: Here, wanted: Filters) -> Response:
    """List which objects there are, and when each was added (5.3)."""
    _check(collection)
    with here.database.reading() as connection:
        rows, more = find(here.database, connection, signed.reader, wanted)
    parts = []
    for row in rows:
        told = json.loads(row.payload)
        one = {"id": told["id"], "date_added": time(row.date_added), "version": version_of(told),
               "media_type": STIX}  # fmt: skip
        parts.append(json.dumps(one, ensure_ascii=False).encode())
    return _page(rows, more, parts)


@router.get(f"{OF}/objects/")
def list_objects(collection: str, signed: Signed, here: Here, wanted: Filters) -> Response:
    """Give objects, each with the bytes in which it came (5.4)."""
    _check(collection)
    with here.database.reading() as connection:
        rows, more = find(here.database, connection, signed.reader, wanted)
    acts.record_reading(here.database, signed, rows)
    return _page(rows, more, [row.payload for row in rows])


@router.post(f"{OF}/objects/")
async def add_objects(collection: str, request: Request, signed: Changing, here: Here) -> Response:
    """Take objects, each by itself: one that is refused stops no other (5.5)."""
    _check(collection)
    if WRITE not in signed.reader.verbs:
        raise NotAllowed("Your role does not write.", remedy="Ask an analyst.")
    kind = request.headers.get("content-type", "").replace(" ", "").lower()
    if kind not in {TAXII, "application/taxii+json"}:
        raise HTTPException(415)
    _, some = split_objects(await request.body())
    statements = statements_among(told for told, _ in some)
    with here.database.writing() as connection:
        taken = []
        for told, content in some:
            one = keep(
                here.database, connection, signed.reader, told, content, statements=statements
            )
            if one.kept is not None:
                acts.record(here.database, connection, signed, WRITE, one.kept, detail="TAXII")
            taken.append(one)
        status = _status(taken, time(here.database.time()))
        keep_status(here.database, connection, signed.account, status)
    return _answer(status, 202)


@router.get("/shared/status/{id}/")
def show_status(id: str, signed: Signed, here: Here) -> Response:
    """Say what became of what was sent (4.3)."""
    with here.database.reading() as connection:
        return taxii_answer(read_status(here.database, connection, signed.account, id))


@router.get(f"{OF}/objects/{{id}}/")
def read_object(collection: str, id: str, signed: Signed, here: Here, wanted: Filters) -> Response:
    """Give one object (5.6)."""
    _check(collection)
    wanted = replace(wanted, ids=(id,), types=())
    with here.database.reading() as connection:
        known, _ = find(here.database, connection, signed.reader, Wanted(ids=(id,)))
        if not known:
            raise NoObject
        rows, more = find(here.database, connection, signed.reader, wanted)
    acts.record_reading(here.database, signed, rows)
    return _page(rows, more, [row.payload for row in rows])


@router.get(f"{OF}/objects/{{id}}/versions/")
def list_versions(
    collection: str, id: str, signed: Signed, here: Here, wanted: Filters
) -> Response:
    """List the versions of one object (5.8)."""
    _check(collection)
    wanted = replace(wanted, ids=(id,), types=(), versions=("all",))
    with here.database.reading() as connection:
        known, _ = find(here.database, connection, signed.reader, Wanted(ids=(id,)))
        if not known:
            raise NoObject
        rows, more = find(here.database, connection, signed.reader, wanted)
    told = dict.fromkeys(version_of(json.loads(row.payload)) for row in rows)
    return _page(rows, more, [json.dumps(one).encode() for one in told], of="versions")


def _collection(reader: Reader) -> dict[str, Any]:
    return {
        "id": COLLECTION,
        "title": "Objects of STIX that you may see",
        "can_read": True,
        "can_write": WRITE in reader.verbs,
        "media_types": [STIX],
    }


def _check(collection: str) -> None:
    if collection != COLLECTION:
        raise NoObject


def _answer(told: dict[str, Any], status: int = 200) -> Response:
    return taxii_answer(json.dumps(told, ensure_ascii=False).encode(), status)


def _page(rows: list[Object], more: bool, parts: list[bytes], of: str = "objects") -> Response:
    """An envelope of TAXII (3.7); an empty one has no list."""
    if not rows:
        return taxii_answer(b"{}")
    first, last = rows[0].date_added, rows[-1].date_added
    head = b'{"more":true,"next":"%d",' % last if more else b'{"more":false,'
    body = head + b'"%s":[' % of.encode() + b",".join(parts) + b"]}"
    headers = {
        "x-taxii-date-added-first": time(first),
        "x-taxii-date-added-last": time(last),
    }
    return taxii_answer(body, 200, headers)


def _status(taken: list[Taken], at: str) -> dict[str, Any]:
    """The resource that says what became of each object (4.3)."""
    kept = [{"id": one.id, "version": one.version} for one in taken if not one.fault]
    failed = [
        {"id": one.id, "version": one.version, "message": one.fault} for one in taken if one.fault
    ]
    told: dict[str, Any] = {
        "id": str(uuid.uuid4()), "status": "complete", "request_timestamp": at,
        "total_count": len(taken), "success_count": len(kept), "failure_count": len(failed),
        "pending_count": 0,
    }  # fmt: skip
    return told | ({"successes": kept} if kept else {}) | ({"failures": failed} if failed else {})
