"""The daily digest as text: what was added in one local day, made for one reader.

A digest of a day covers the time from the hour of sending on the day before to that hour on the
day itself, on the reader's own clock. Where the clock is put forward or back, that is 23 or 25
hours: every moment belongs to exactly one digest, and every local day has exactly one. Nothing is
sent from here; whoever sends it does so by a person's word.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from tocsin.errors import UsageError
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.database.audiences import audiences_of
from tocsin.share.server.database.connection import Database, micros, moment
from tocsin.share.server.database.objects import Object, select_visible
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk.said import read_warning
from tocsin.share.server.web.language import Words

TYPE = "warning"
NOT_MAILED = ("AMBER+STRICT", "RED")
"""Levels of what no mail tells: mails pass other organisations' servers, and lie in boxes."""


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
    language: str = "en",
) -> str:
    """Write the digest of a day for one reader.

    Args:
        database: the database.
        connection: any connection.
        reader: for whom it is; nothing else than what they may see takes part, and what is marked
            AMBER+STRICT or RED is only counted.
        day: the day on their calendar.
        hour: the hour of sending on their clock.
        zone: their time zone.
        language: their language, one of `LANGUAGES` of the pages.

    Returns:
        Plain text. Every time stands with its difference from UTC.
    """
    begins, ends = due_at(day - timedelta(days=1), hour, zone), due_at(day, hour, zone)
    rows, withheld = rows_of(database, connection, reader, begins, ends)
    words, told = Words(language), Words(language).table("digest")
    lines = [
        told["head"].format(
            begins=words.clock(begins, zone), ends=words.clock(ends, zone), n=len(rows) + withheld
        ),
        "",
    ]
    if any(row.exercise for row in rows):
        lines = [told["played"], "", *lines]
    month = f"{database.clock().astimezone(UTC):%Y-%m}"
    lines += [line for row in rows for line in (*_lines(words, row, zone, month), "")]
    if withheld:
        lines += [told["withheld"].format(n=withheld), ""]
    elif not rows:
        lines += [told["nothing"], ""]
    lines.append(told["limits"])
    return "\n".join(lines) + "\n"


def rows_of(
    database: Database, connection: Connection, reader: Reader, begins: datetime, ends: datetime
) -> tuple[list[Object], int]:
    """List the warnings that a digest tells of, in the order in which they were added.

    Args:
        database: the database.
        connection: any connection.
        reader: for whom it is.
        begins: from this moment on.
        ends: before this moment.

    Returns:
        The warnings that a mail may carry, and how many others there are for this reader.
    """
    query = select_visible(database, connection, reader).where(
        objects.c.type == TYPE, objects.c.newest, ~objects.c.deleted,
        objects.c.date_added >= micros(begins), objects.c.date_added < micros(ends),
    )  # fmt: skip
    rows = list(connection.execute(query.order_by(objects.c.date_added)).all())
    known = audiences_of(connection, (row.audience for row in rows))
    told = [row for row in rows if known[row.audience].level not in NOT_MAILED]
    return told, len(rows) - len(told)


def _lines(words: Words, row: Object, zone: ZoneInfo, month: str) -> list[str]:
    """What is said of one warning."""
    said, told = read_warning(row.payload), words.table("digest")
    name = words.territory(row.jurisdiction) if row.jurisdiction else said.territory
    name = name or words("region")
    if row.exercise:
        name = f"{words('exercise')} – {name}"
    first = f"- {name}: {words.of('levels', said.level)}"
    if said.chance is not None:
        first += f", {words.percent(said.chance)}"
    if said.first and said.last:
        months = dict.fromkeys(map(words.month, (said.first, said.last)))
        first += f", {' – '.join(months)}"
    if said.is_past(month):
        first += f" ({words('stale')})"
    lines = [first]
    if said.sentence:
        lines.append(
            f"  {words('rule')} {words.rule(said.sentence) or words.isolate(said.sentence)}"
        )
    if said.record is not None:
        lines.append(f"  {told['record'].format(**said.record)}")
    when = words.clock(moment(row.date_added), zone)
    return [*lines, f"  {told['from'].format(owner=words.isolate(row.owner), time=when)}"]
