"""The daily digest as text: what was added in one local day, made for one reader.

A digest of a day covers the time from the hour of sending on the day before to that hour on the
day itself, on the reader's own clock. Where the clock is put forward or back, that is 23 or 25
hours: every moment belongs to exactly one digest, and every local day has exactly one. Nothing is
sent from here; whoever sends it does so by a person's word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.connection import Database, micros, moment
from tocsin.share.server.database.objects import Object, shown
from tocsin.share.server.database.tables import objects

TYPE = "warning"
EXERCISE = "EXERCISE"
"""The watermark of what is played."""


def zone_of(name: str) -> ZoneInfo:
    """Find a time zone.

    Args:
        name: its name in the database of time zones, such as `Africa/Bamako`.

    Returns:
        The zone.

    Raises:
        UsageError: there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"There is no time zone '{name[:60]}'.", remedy="Write it as in Africa/Bamako."
        ) from error


def due_at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Give the moment at which the digest of a day is due.

    Args:
        day: the day on the reader's calendar.
        hour: the hour on the reader's clock, 0 to 23.
        zone: the reader's time zone.

    Returns:
        The moment, in UTC. An hour that the clock leaves out comes an hour later on the clock; one
        that comes twice counts the first time.
    """
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def day_of(at: datetime, hour: int, zone: ZoneInfo) -> date:
    """Tell to which day's digest a moment belongs.

    Args:
        at: the moment, with its zone.
        hour: the hour of sending on the reader's clock.
        zone: the reader's time zone.

    Returns:
        The first day whose digest is due after the moment.
    """
    day = at.astimezone(zone).date()
    while due_at(day, hour, zone) <= at:
        day += timedelta(days=1)
    while due_at(day - timedelta(days=1), hour, zone) > at:
        day -= timedelta(days=1)
    return day


def due_day(last: date | None, now: datetime, hour: int, zone: ZoneInfo) -> date | None:
    """Tell which digest is to be sent now, if any.

    Args:
        last: the day of the last digest that was sent; None: none was.
        now: the time now, with its zone.
        hour: the hour of sending on the reader's clock.
        zone: the reader's time zone.

    Returns:
        The day of the newest digest that is due, or None where it was sent. After a standstill
        that is one digest, not several.
    """
    day = day_of(now, hour, zone) - timedelta(days=1)
    return day if last is None or day > last else None


def write_digest(
    database: Database,
    connection: Connection,
    reader: Reader,
    day: date,
    *,
    hour: int = 7,
    zone: ZoneInfo,
) -> str:
    """Write the digest of a day for one reader.

    Args:
        database: the database.
        connection: any connection.
        reader: for whom it is; nothing else than what they may see takes part.
        day: the day on their calendar.
        hour: the hour of sending on their clock.
        zone: their time zone.

    Returns:
        Plain text. Every time stands with its difference from UTC.
    """
    begins, ends = due_at(day - timedelta(days=1), hour, zone), due_at(day, hour, zone)
    rows = rows_of(database, connection, reader, begins, ends)
    head = f"Warnings from {_told(begins, zone)} to {_told(ends, zone)}: {len(rows)}"
    lines = [head, ""]
    if any(row.exercise for row in rows):
        lines = [f"{EXERCISE}: what is marked so below is not real.", "", *lines]
    lines += [line for row in rows for line in (*_lines(row, zone), "")]
    if not rows:
        lines += ["Nothing was added or changed.", ""]
    lines.append("These are statistical estimates about territories. A person decides.")
    return "\n".join(lines) + "\n"


def rows_of(
    database: Database, connection: Connection, reader: Reader, begins: datetime, ends: datetime
) -> list[Object]:
    """List the warnings that a digest tells of, in the order in which they were added.

    Args:
        database: the database.
        connection: any connection.
        reader: for whom it is.
        begins: from this moment on.
        ends: before this moment.
    """
    query = shown(database, connection, reader).where(
        objects.c.type == TYPE, objects.c.newest, ~objects.c.deleted,
        objects.c.date_added >= micros(begins), objects.c.date_added < micros(ends),
    )  # fmt: skip
    return list(connection.execute(query.order_by(objects.c.date_added)).all())


def _lines(row: Object, zone: ZoneInfo) -> list[str]:
    """What is said of one warning."""
    told = _content(row)
    name = str(told.get("territory") or row.jurisdiction or "The region")
    level, rule = str(told.get("level", "")), str(told.get("sentence") or told.get("rule") or "")
    name = f"{EXERCISE} – {name}" if row.exercise else name
    first = f"- {name}: {'ended' if level == 'none' else level or 'a warning'}"
    if isinstance(told.get("probability"), int | float):
        first += f", {100 * told['probability']:.0f} %"
    lines = [first + (f" ({rule})" if rule else "")]
    record = told.get("record")
    if isinstance(record, dict):
        lines.append(
            f"  Record of the rule: hits {record.get('hits')}, misses {record.get('misses')}, "
            f"false alarms {record.get('false_alarms')}"
        )
    return [*lines, f"  From {row.owner}, {_told(moment(row.date_added), zone)}"]


def _content(row: Object) -> Mapping[str, Any]:
    try:
        told = json.loads(row.payload)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _told(at: datetime, zone: ZoneInfo) -> str:
    """A time on the reader's clock, with its difference from UTC."""
    local = at.astimezone(zone)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:5]})"
