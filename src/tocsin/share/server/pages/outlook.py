"""Pages that look ahead: forecasts with their record, and who may come to use a technology next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from tocsin.errors import TocsinError
from tocsin.schema.geography.territory import by_gwno
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects as kept_objects
from tocsin.share.server.database.audiences import audience_of, audiences_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import NoObject, Object
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk import acts
from tocsin.share.server.desk.changing import find
from tocsin.share.server.desk.handling import this_month
from tocsin.share.server.desk.said import Foreseen, read_forecast, read_spread
from tocsin.share.server.desk.workspace.corrections import corrections_of
from tocsin.share.server.pages.drawing import draw, is_old
from tocsin.share.server.web.asking import Here, Service, Signed

router = APIRouter(tags=["pages"], include_in_schema=False)
WIDE, HIGH, EDGE = 640, 260, 72
"""The drawing of a forecast, in its own units, and the room for the numbers beside it."""
TOP, FOOT = 16, 34
"""The room above it, and that for the months below."""


@router.get("/forecasts")
def forecasts(request: Request, signed: Signed, here: Here) -> Response:
    """Show the forecasts that whoever asks may see, a line a territory."""
    with here.database.reading() as connection:
        rows = _newest(here.database, connection, signed, "forecast")
        known = audiences_of(connection, (row.audience for row in rows))
    said = [(row, read) for row in rows if (read := read_forecast(row.payload)) and read.months]
    acts.record_reading(here.database, signed, [row for row, _ in said])
    return draw(
        request, "outlook/forecasts", signed, said=said, now=here.database.time(),
        levels={n: one.level for n, one in known.items()},
        stale=[row.id for row, read in said if is_stale(here, row, read)],
    )  # fmt: skip


@router.get("/forecasts/{id}")
def forecast(request: Request, id: str, signed: Signed, here: Here) -> Response:
    """Show one forecast: its months, how such forecasts did before, and its earlier versions."""
    with here.database.reading() as connection:
        row = find(here.database, connection, signed, id)
        said = read_forecast(row.payload)
        if row.type != "forecast" or said is None or not said.months:
            raise NoObject
        level = audience_of(connection, row.audience).level
        corrected = corrections_of(here.database, connection, signed.reader, row)
        query = kept_objects.select_visible(here.database, connection, signed.reader)
        mine = query.where(objects.c.id == id, ~objects.c.newest)
        earlier = connection.execute(mine.order_by(objects.c.date_added.desc())).all()
    acts.record_reading(here.database, signed, [row, *earlier])
    versions = [(one, read) for one in earlier if (read := read_forecast(one.payload))]
    return draw(
        request, "outlook/forecast", signed, played=bool(row.exercise),
        row=row, said=said, level=level, corrections=corrected, fan=fan(said.months),
        now=here.database.time(), stale=is_stale(here, row, said), versions=versions,
    )  # fmt: skip


@router.get("/next")
def who_may_be_next(request: Request, signed: Signed, here: Here) -> Response:
    """Show which organisations may come to use a technology class, the verdict first."""
    with here.database.reading() as connection:
        rows = _newest(here.database, connection, signed, "brief")
        known = audiences_of(connection, (row.audience for row in rows))
    said = [(row, read) for row in rows if (read := read_spread(row.payload))]
    acts.record_reading(here.database, signed, [row for row, _ in said])
    levels = {n: one.level for n, one in known.items()}
    return draw(
        request, "outlook/next", signed, said=said, levels=levels, code=_code,
        now=here.database.time(), stale=[row.id for row, _ in said if is_old(here, row)],
    )  # fmt: skip


def _newest(
    database: Database, connection: Connection, signed: SignedIn, type: str
) -> Sequence[Object]:
    query = kept_objects.select_visible(database, connection, signed.reader).where(
        objects.c.type == type, objects.c.newest, ~objects.c.deleted
    )
    return connection.execute(query.order_by(objects.c.jurisdiction, objects.c.id)).all()


def is_stale(here: Service, row: Object, said: Foreseen) -> bool:
    """Tell whether the months of a forecast are over, or nothing newer came for too long."""
    over = bool(said.months) and said.months[-1]["month"][:7] < this_month(here.database)
    return over or is_old(here, row)


def _code(gwno: int) -> str:
    try:
        return by_gwno(gwno).iso3
    except TocsinError:
        return ""


def fan(months: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Work out the drawing of a forecast: its band of 90 %, its median, and marks beside it.

    Args:
        months: for each month `month`, and deaths `p05`, `p50`, `p95`.

    Returns:
        `wide, high`, the points `band` and `line`, `marks` (deaths and their height) and `ticks`
        (months and their place), in the drawing's own units. Heights are logarithms of 1 + deaths.
    """
    most = max(1.0, *(float(one["p95"]) for one in months))

    def up(deaths: float) -> float:
        share = math.log1p(max(0.0, deaths)) / math.log1p(most)
        return round(HIGH - FOOT - (HIGH - FOOT - TOP) * share, 1)

    def across(n: int) -> float:
        return round(EDGE + (WIDE - 2 * EDGE) * n / max(1, len(months) - 1), 1)

    places = [(across(n), one) for n, one in enumerate(months)]
    upper = [f"{x},{up(one['p95'])}" for x, one in places]
    lower = [f"{x},{up(one['p05'])}" for x, one in reversed(places)]
    marks = [(n, up(n)) for n in (0, 1, 10, 100, 1000, 10_000, 100_000) if n <= most]
    step = max(1, math.ceil(len(months) / 4))
    return {
        "wide": WIDE, "high": HIGH, "edge": EDGE, "band": " ".join(upper + lower), "marks": marks,
        "line": " ".join(f"{x},{up(one['p50'])}" for x, one in places),
        "ticks": [(one["month"], x) for x, one in places[::step]],
    }  # fmt: skip
