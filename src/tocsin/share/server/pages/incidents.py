"""Pages from a warning down to what was reported: incidents, their reports, why these are one."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tocsin.share.server.database.audiences import audience_of, audiences_of
from tocsin.share.server.desk import acts, handling
from tocsin.share.server.desk.alike import MOST, NEAR, list_alike
from tocsin.share.server.desk.said import RECORD, read_answers, read_incident
from tocsin.share.server.desk.workspace.corrections import corrections_of
from tocsin.share.server.desk.workspace.incidents import NEWEST, behind, drill
from tocsin.share.server.pages.drawing import draw
from tocsin.share.server.web.asking import Here, Signed

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/warnings/{id}/incidents")
def list_incidents(request: Request, id: str, signed: Signed, here: Here) -> Response:
    """Show the newest incidents of a warning's territory, as far as whoever asks may see them."""
    with here.database.reading() as connection:
        found = handling.item(here.database, connection, signed, id, here.settings.service_levels)
        rows = behind(here.database, connection, signed, found.row)
    acts.record_reading(here.database, signed, [found.row, *(row for row, _ in rows)])
    return draw(
        request, "incidents", signed, played=bool(found.row.exercise),
        item=found, incidents=rows, most=NEWEST,
        now=here.database.time(),
    )  # fmt: skip


@router.get("/incidents/{id}")
def incident(request: Request, id: str, signed: Signed, here: Here) -> Response:
    """Show one incident: its reports as they came, and why they were taken for one event."""
    with here.database.reading() as connection:
        row, said, reports = drill(here.database, connection, signed, id)
        level = audience_of(connection, row.audience).level
        corrected = corrections_of(here.database, connection, signed.reader, row)
        levels = {one.id: audience_of(connection, one.audience).level for one in reports}
    acts.record_reading(here.database, signed, [row, *reports])
    sure = dict(said.reports)
    told = [
        {
            "row": one, "level": levels[one.id], "probability": sure[one.id],
            "record": read_incident(one.payload) if one.type == RECORD else None,
            "answers": {} if one.type == RECORD else read_answers(one.payload),
        }
        for one in reports
    ]  # fmt: skip
    numbers = {one.id: n for n, one in enumerate(reports, start=1)}
    return draw(
        request, "incident", signed, played=bool(row.exercise),
        row=row, said=said, level=level, reports=told, corrections=corrected,
        numbers=numbers, now=here.database.time(),
    )  # fmt: skip


@router.get("/incidents/{id}/alike")
def alike(request: Request, id: str, signed: Signed, here: Here) -> Response:
    """Show the incidents that are like one, as far as whoever asks may see them, and why."""
    with here.database.reading() as connection:
        row, said, found = list_alike(here.database, connection, signed, id)
        known = audiences_of(connection, (one.row.audience for one in found))
    acts.record_reading(here.database, signed, [row, *(one.row for one in found)])
    return draw(
        request, "alike", signed, played=bool(row.exercise), row=row, said=said, found=found,
        levels={n: one.level for n, one in known.items()}, most=MOST, near=NEAR,
        now=here.database.time(),
    )  # fmt: skip
