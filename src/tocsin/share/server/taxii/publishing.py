"""What a workspace computed, put into the server as STIX, so that partners get it by TAXII."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from tocsin.schema.settings import Settings
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.workspace.collecting import note_inputs
from tocsin.share.server.desk.workspace.corrections import Put, put_published
from tocsin.share.server.taxii.keeping import find_own, micros_of, own_id
from tocsin.share.stix.original import STIX, version_of
from tocsin.share.stix.write import Producer, write


def publish_stix(
    database: Database,
    tables: Mapping[str, pl.DataFrame],
    settings: Settings,
    organisation: str,
    audience: Audience,
) -> int:
    """Put warnings, forecasts, and who has which technology class into a server as STIX.

    What did not change keeps its version, and what no longer stands is revoked.

    Args:
        database: the server's database.
        tables: as `tocsin.share.stix.write` takes them.
        settings: the workspace's settings.
        organisation: who publishes.
        audience: what marks it all; its strictest level is that of the objects' own marking.

    Returns:
        How many new objects and versions there are.
    """
    with database.writing() as connection:
        producer = Producer(organisation, audience.level, database.clock())
        # An empty bundle tells the sender's identifier, by which its own objects are known.
        empty = json.loads(write({}, settings, producer))["objects"]
        sender = next(one["id"] for one in empty if one["type"] == "identity")
        before = json.dumps({"objects": _before(connection, organisation, sender)}).encode()
        bundle = json.loads(write(tables, settings, producer, before=before))
        put = [
            (told, _put(database, connection, told, organisation, audience))
            for told in bundle["objects"]
        ]
        if "files" in tables:
            computed = {one.row.id for told, one in put if told["type"] != "marking-definition"}
            note_inputs(connection, tables["files"]["sha256"], computed)
        return sum(one.is_new for _, one in put)


def _before(connection: Connection, organisation: str, sender: str) -> list[dict[str, Any]]:
    query = select(kept_objects.c.payload).where(
        kept_objects.c.newest, ~kept_objects.c.deleted, kept_objects.c.media_type == STIX,
        kept_objects.c.owner == organisation, kept_objects.c.origin == "",
    )  # fmt: skip
    some = [json.loads(payload) for payload in connection.execute(query).scalars()]
    return [one for one in some if sender in (one.get("created_by_ref"), one.get("id"))]


def _put(
    database: Database,
    connection: Connection,
    told: dict[str, Any],
    organisation: str,
    audience: Audience,
) -> Put:
    public = told["type"] == "marking-definition"
    # What the organisation's own people sent by TAXII is the same object.
    before = find_own(connection, organisation, told["id"])
    payload = json.dumps(told, ensure_ascii=False).encode()
    if before is not None and not before.deleted and json.loads(before.payload) == told:
        payload = before.payload
    draft = Draft(
        before.id if before is not None else own_id(told["id"], organisation),
        told["type"], organisation,
        Audience.of(Marking("CLEAR", organisation)) if public else audience,
        payload, media_type=STIX, created=micros_of(told["created"]),
        modified=micros_of(version_of(told)), alias=told["id"],
    )  # fmt: skip
    return put_published(database, connection, draft, detail=organisation)
