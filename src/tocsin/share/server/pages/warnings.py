"""Pages of warnings: the inbox, one warning with its record and limits, and what is done to it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection, Row

from tocsin.share.server.access.decision import may_do
from tocsin.share.server.access.reader import PROPOSE, WRITE
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.api.answers import cursor_of
from tocsin.share.server.database import objects as kept_objects
from tocsin.share.server.database.audiences import audience_of, audiences_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk import acts, handling
from tocsin.share.server.desk.handling import Item
from tocsin.share.server.desk.said import read_forecast, read_warning
from tocsin.share.server.desk.workspace.corrections import corrections_of, end_corrections
from tocsin.share.server.neighbours.proposals import accept, propose, said_of
from tocsin.share.server.pages.drawing import draw, is_old
from tocsin.share.server.web.asking import Here, Known, Service, Signed, check_not_forged

router = APIRouter(tags=["pages"], include_in_schema=False)
BEFORE_ALL = base64.urlsafe_b64encode(b"1 ").decode()
"""The cursor of a list in which nothing stands yet."""
MINUTE = 60_000_000
"""Microseconds."""
Text = Annotated[str, Form(max_length=2000)]


@router.get("/")
def inbox(request: Request, signed: Signed, here: Here) -> Response:
    """Show the warnings that whoever asks may see, the most pressing first."""
    with here.database.reading() as connection:
        items = handling.inbox(here.database, connection, signed, here.settings.service_levels)
        known = audiences_of(connection, (one.row.audience for one in items))
    acts.record_reading(here.database, signed, [one.row for one in items])
    levels = {n: one.level for n, one in known.items()}
    # What changes while the page is on its way is told of, too.
    newest = max((one.row for one in items), key=lambda row: row.date_added, default=None)
    return draw(
        request, "inbox", signed, items=items, levels=levels,
        after=cursor_of(newest) if newest else BEFORE_ALL, now=here.database.time(),
        stale=[one.row.id for one in items if _is_stale(here, one)],
        late=sum(one.is_late for one in items), hour=handling.HOUR,
    )  # fmt: skip


@router.get("/warnings/{id}")
def warning(request: Request, id: str, signed: Signed, here: Here) -> Response:
    """Show one warning: its record, its limits, its versions, and how far one is with it."""
    with here.database.reading() as connection:
        found = handling.item(here.database, connection, signed, id, here.settings.service_levels)
        query = kept_objects.select_visible(here.database, connection, signed.reader)
        versions = connection.execute(
            query.where(objects.c.id == id).order_by(objects.c.date_added.desc())
        ).all()
        members = [one.name for one in handling.able(connection, signed, found.row)]
        forecast = _forecast(here.database, connection, signed, found.row)
        said = said_of(here.database, connection, signed.reader, found.row)
        corrected = corrections_of(here.database, connection, signed.reader, found.row)
        audience = audience_of(connection, found.row.audience)
    shown = [found.row, *([forecast] if forecast else []), *(one.row for one in said)]
    acts.record_reading(here.database, signed, shown)
    return draw(
        request, "warning", signed, played=bool(found.row.exercise),
        item=found, level=audience.level, now=here.database.time(),
        corrections=corrected, can_end=may_do(signed.reader, WRITE, audience, found.row.owner),
        hour=handling.HOUR, members=members if signed.reader.known else [],
        versions=[(one, read_warning(one.payload)) for one in versions],
        stale=_is_stale(here, found), past=found.said.is_past(handling.this_month(here.database)),
        forecast=read_forecast(forecast.payload) if forecast else None,
        forecast_id=forecast.id if forecast else "", replies=said,
        can_reply=PROPOSE in signed.reader.verbs and signed.reader.organisation != found.row.owner,
    )  # fmt: skip


@router.post("/warnings/{id}")
def handle(
    request: Request,
    id: str,
    signed: Known,
    here: Here,
    act: Text,
    csrf: Text = "",
    member: Text = "",
    reason: Text = "",
    proposal: Text = "",
) -> Response:
    """Acknowledge, assign or escalate a warning; reply, accept a proposal, end corrections."""
    if signed.session:
        check_not_forged(request, signed, csrf)
    with here.database.writing() as connection:
        if act == "assign":
            handling.assign(here.database, connection, signed, id, member)
        elif act == "escalate":
            handling.escalate(here.database, connection, signed, id, reason)
        elif act == "reply":
            why = acts.reason_of(reason)
            kept = propose(here.database, connection, signed.reader, id, None, reason=why)
            acts.record(here.database, connection, signed, PROPOSE, kept, reason=why)
        elif act == "accept":
            why = acts.reason_of(reason)
            kept = accept(here.database, connection, signed.reader, proposal)
            acts.record(here.database, connection, signed, "accept", kept, reason=why)
        elif act == "end":
            why = acts.reason_of(reason)
            end_corrections(here.database, connection, signed, id, reason=why)
        else:
            handling.acknowledge(here.database, connection, signed, id)
    return RedirectResponse(f"/warnings/{id}", 303)


@router.get("/oversight")
def oversight(
    request: Request, signed: Known, here: Here, object: str = "", before: str = ""
) -> Response:
    """Show who did what and why, for oversight."""
    with here.database.reading() as connection:
        rows, end = acts.page(
            here.database, connection, signed.reader, object=object[:250], before=before, limit=200
        )
    return draw(
        request, "oversight", signed, acts=_together(rows), object=object[:250], before=before,
        end=end, now=here.database.time(),
    )  # fmt: skip


def _together(rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], list[str]]]:
    """Acts in a row that say the same of who, what and why within a minute, with their objects.

    Who opens the inbox reads all that stands in it: one line says so.
    """

    def same(row: Row[Any]) -> tuple[Any, ...]:
        return row.at // MINUTE, row.name, row.organisation, row.verb, row.reason

    grouped = (list(each) for _, each in groupby(rows, same))
    return [
        (each[0], list(dict.fromkeys(row.object for row in each if row.object))) for each in grouped
    ]


def _forecast(
    database: Database, connection: Connection, signed: SignedIn, row: kept_objects.Object
) -> Any:
    """The newest forecast for the territory of a warning, by the same owner."""
    query = kept_objects.select_visible(database, connection, signed.reader).where(
        objects.c.type == "forecast", objects.c.newest, ~objects.c.deleted,
        objects.c.jurisdiction == row.jurisdiction, objects.c.owner == row.owner,
    )  # fmt: skip
    return connection.execute(query.order_by(objects.c.date_added.desc()).limit(1)).one_or_none()


def _is_stale(here: Service, item: Item) -> bool:
    over = item.said.is_past(handling.this_month(here.database))
    return over or is_old(here, item.row)
