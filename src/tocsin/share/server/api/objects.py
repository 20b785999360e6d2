"""Objects for programs: read, write, mark, release, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, func

from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.access.marking import Marking
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api.answers import (
    answer,
    cursor_of,
    object_dict,
    object_dicts,
    place_of,
    tag_of,
    time,
)
from tocsin.share.server.database import objects as kept_objects
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk import acts, changing
from tocsin.share.server.desk.changing import Wanted
from tocsin.share.server.web.asking import Changing, Here, Known, Service, Signed, service
from tocsin.share.server.web.problems import UNKEPT, unkept

router = APIRouter(prefix="/api", tags=["objects"])
Id = Annotated[str, Field(max_length=250)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewObject(_Body):
    """An object that is to be written."""

    type: str = Field(max_length=60)
    payload: dict[str, Any]
    markings: list[dict[str, Any]] = Field(min_length=1, max_length=20)
    jurisdiction: str = Field(default="", max_length=20)
    parent: Id | None = None


class NewVersion(_Body):
    """What an object is to hold from now on; markings that are given are added."""

    payload: dict[str, Any]
    markings: list[dict[str, Any]] = Field(default=[], max_length=20)


class NewMarkings(_Body):
    """Markings, and why they are set."""

    markings: list[dict[str, Any]] = Field(min_length=1, max_length=20)
    reason: str


class Why(_Body):
    """A reason."""

    reason: str


class Many(_Body):
    """Objects that are to be written, each by itself: one that is refused stops no other."""

    objects: list[NewObject] = Field(max_length=500)


@router.get("/me")
def me(request: Request, signed: Signed) -> Response:
    """Say who asks, as the server knows them."""
    who = signed.reader
    told = {
        "name": who.name, "organisation": who.organisation, "role": who.role,
        "verbs": sorted(who.verbs), "jurisdictions": sorted(who.jurisdictions),
        "groups": sorted(who.groups),
    }  # fmt: skip
    return answer(request, told)


@router.get("/objects")
def list_objects(
    request: Request,
    signed: Signed,
    here: Here,
    type: Annotated[str, Query(max_length=60)] = "",
    jurisdiction: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=600)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """List objects in the order in which they were added; `next` leads to the next page."""
    with here.database.reading() as connection:
        rows = kept_objects.page(
            here.database, connection, signed.reader, types=[type] if type else [],
            jurisdiction=jurisdiction, after=place_of(after), limit=limit + 1,
        )  # fmt: skip
        told = object_dicts(connection, signed, rows[:limit])
    acts.record_reading(here.database, signed, rows[:limit])
    following = cursor_of(rows[limit - 1]) if len(rows) > limit else None
    return answer(request, {"objects": told, "next": following})


@router.get("/counts")
def count_objects(request: Request, signed: Signed, here: Here) -> Response:
    """Count the objects that whoever asks may see, by type and territory."""
    with here.database.reading() as connection:
        query = kept_objects.select_visible(here.database, connection, signed.reader)
        columns = (objects.c.type, objects.c.jurisdiction)
        counted = query.where(objects.c.newest, ~objects.c.deleted).with_only_columns(
            *columns, func.count()
        )
        rows = connection.execute(counted.group_by(*columns).order_by(*columns)).all()
    told = [{"type": type, "jurisdiction": where, "objects": n} for type, where, n in rows]
    return answer(request, {"counts": told})


@router.get("/objects/{id}")
async def read_object(request: Request, id: Id, signed: Signed) -> Response:
    """Read one object."""
    database = service(request).database
    told, made = await database.reads.join(_read_many, (signed, id))
    await acts.keep_readings(database, made)
    return answer(request, told)


def _read_many(
    database: Database, connection: Connection, wanted: list[tuple[SignedIn, str]]
) -> list[Any]:
    """For each who asks: the object for machines, and what the record says of the reading."""
    rows = changing.find_all(database, connection, wanted)
    return [
        NoObject() if row is None
        else (object_dict(connection, signed, row), acts.readings(database, signed, [row]))
        for (signed, _), row in zip(wanted, rows, strict=True)
    ]  # fmt: skip


@router.get("/objects/{id}/payload")
def read_payload(id: Id, signed: Signed, here: Here) -> Response:
    """Read what an object holds, byte for byte as it came."""
    with here.database.reading() as connection:
        row = changing.find(here.database, connection, signed, id)
    acts.record_reading(here.database, signed, [row])
    headers = {"content-disposition": "attachment", "etag": f'"{row.digest}"'}
    return Response(row.payload, 200, headers, row.media_type)


@router.get("/objects/{id}/versions")
def read_versions(request: Request, id: Id, signed: Signed, here: Here) -> Response:
    """List the versions of an object that whoever asks may see, oldest first."""
    with here.database.reading() as connection:
        changing.find(here.database, connection, signed, id)
        query = kept_objects.select_visible(here.database, connection, signed.reader)
        ordered = query.where(objects.c.id == id).order_by(objects.c.date_added)
        rows = connection.execute(ordered).all()
        told = object_dicts(connection, signed, rows)
    acts.record_reading(here.database, signed, rows)
    return answer(request, {"versions": told})


@router.get("/objects/{id}/parts")
def read_parts(request: Request, id: Id, signed: Signed, here: Here) -> Response:
    """List the objects that are parts of this one, as far as whoever asks may see them."""
    with here.database.reading() as connection:
        changing.find(here.database, connection, signed, id)
        query = kept_objects.select_visible(here.database, connection, signed.reader)
        mine = query.where(objects.c.parent == id, objects.c.newest, ~objects.c.deleted)
        rows = connection.execute(mine.order_by(objects.c.date_added)).all()
        told = object_dicts(connection, signed, rows)
    acts.record_reading(here.database, signed, rows)
    return answer(request, {"objects": told})


@router.post("/objects", status_code=201)
def write_object(request: Request, body: NewObject, signed: Changing, here: Here) -> Response:
    """Write a new object."""
    with here.database.writing() as connection:
        row = changing.create(here.database, connection, signed, _wanted_object(body, signed))
        return answer(request, object_dict(connection, signed, row), 201)


@router.post("/objects/bulk")
def write_many(request: Request, body: Many, signed: Changing, here: Here) -> Response:
    """Write several new objects; for each the answer says its id, or why it was refused."""
    told: list[dict[str, Any]] = []
    for one in body.objects:
        try:
            with here.database.writing() as connection:
                row = changing.create(
                    here.database, connection, signed, _wanted_object(one, signed)
                )
            told.append({"id": row.id})
        except (TocsinError, *UNKEPT) as error:
            told.append(unkept(error).as_dict())
    return answer(request, {"objects": told})


@router.put("/objects/{id}")
def write_version(
    request: Request,
    id: Id,
    body: NewVersion,
    signed: Changing,
    here: Here,
    if_match: Annotated[str, Header(max_length=100)] = "",
) -> Response:
    """Write a new version. `If-Match` says which one was read: its `digest`, or the `ETag` with
    which the object came."""
    if not if_match:
        raise UsageError(
            "Say which version you read.", where="If-Match",
            remedy="Send the object's digest, or the ETag with which it came.",
        )  # fmt: skip
    with here.database.writing() as connection:
        if_match = _digest_of(here, connection, signed, id, if_match)
        row = changing.replace_payload(
            here.database, connection, signed, id, body.payload, digest=if_match.strip('"'),
            markings=changing.markings_of(body.markings, signed),
        )  # fmt: skip
        return answer(request, object_dict(connection, signed, row))


def _digest_of(
    here: Service, connection: Connection, signed: SignedIn, id: str, if_match: str
) -> str:
    """The digest of the object's newest version, where a header holds the tag with which it comes
    to whoever asks now; else what the header holds."""
    row = changing.find(here.database, connection, signed, id)
    tag = tag_of(object_dict(connection, signed, row))
    return row.digest if if_match.strip() == tag else if_match


@router.post("/objects/{id}/markings")
def mark_object(
    request: Request, id: Id, body: NewMarkings, signed: Changing, here: Here
) -> Response:
    """Mark an object more strictly."""
    with here.database.writing() as connection:
        marks = changing.markings_of(body.markings, signed)
        changing.mark(here.database, connection, signed, id, markings=marks, reason=body.reason)
    # Whoever marked it may no longer see it, so that the answer does not show it.
    return answer(request, {"marked": id})


@router.post("/objects/{id}/release")
def release_object(
    request: Request, id: Id, body: NewMarkings, signed: Changing, here: Here
) -> Response:
    """Let more readers see an object."""
    with here.database.writing() as connection:
        marks: tuple[Marking, ...] = changing.markings_of(body.markings, signed)
        changing.release(here.database, connection, signed, id, markings=marks, reason=body.reason)
    return answer(request, {"released": id})


@router.delete("/objects/{id}")
def delete_object(request: Request, id: Id, body: Why, signed: Changing, here: Here) -> Response:
    """Delete an object."""
    with here.database.writing() as connection:
        changing.delete(here.database, connection, signed, id, body.reason)
    return answer(request, {"deleted": id})


@router.get("/acts")
def list_acts(
    request: Request,
    signed: Known,
    here: Here,
    object: Annotated[str, Query(max_length=250)] = "",
    before: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """List who did what and why, for oversight, the newest first.

    `next` is given where earlier acts are left: send it as `before`.
    """
    with here.database.reading() as connection:
        rows, end = acts.page(
            here.database, connection, signed.reader, object=object, before=before, limit=limit
        )
    told = [
        {
            "at": time(row.at), "organisation": row.organisation, "verb": row.verb,
            "object": row.object, "reason": row.reason,
            "account": row.name,
        }
        for row in rows
    ]  # fmt: skip
    return answer(request, {"acts": told} | ({"next": end} if end else {}))


def _wanted_object(body: NewObject, signed: SignedIn) -> Wanted:
    return Wanted(
        body.type, body.payload, changing.markings_of(body.markings, signed), body.jurisdiction,
        body.parent,
    )  # fmt: skip
