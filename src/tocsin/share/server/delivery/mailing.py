"""Digests by mail: each reader's at their hour, one a local day, whoever sends it.

A process takes the digest of a day in hand by a change of one row that only one process can make.
If it dies between that and the mail server's answer, another one tries again some minutes later;
both messages then have one `Message-ID`, by which mail programs know them for the same.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.accounts.people import account as account_of
from tocsin.share.server.accounts.people import reader_of
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import digests
from tocsin.share.server.delivery.digest import (
    due_at,
    due_day,
    rows_of,
    write_digest,
    zone_of,
)
from tocsin.share.server.desk.acts import record_reading
from tocsin.share.server.settings import MailSettings
from tocsin.share.server.web.language import Words

AGAIN = 600 * 1_000_000
"""Microseconds after which a digest that was taken in hand and not sent is tried again."""
PATIENCE = 30
"""Seconds for which a mail server is waited for."""

Send = Callable[[EmailMessage], None]
"""Hands a message over to a mail server, or raises `TocsinError`."""


def subscribe(
    database: Database,
    connection: Connection,
    account: str,
    *,
    address: str,
    hour: int,
    zone: str,
) -> None:
    """Let an account have a digest each day by mail; the first comes at the next such hour.

    Args:
        database: the database.
        connection: a connection that writes.
        account: the account's id.
        address: where to; empty: no digest any more.
        hour: the hour on the reader's clock, 0 to 23.
        zone: the reader's time zone, such as Africa/Bamako.

    Raises:
        UsageError: an address, an hour or a zone is none.
    """
    connection.execute(delete(digests).where(digests.c.account == account))
    if not address:
        return
    name, _, host = address.partition("@")
    if not (name and "." in host and address.isprintable()) or set(address) & set(" ,;<>\"'"):
        raise UsageError("This is no address for mail.", where="address")
    if not 0 <= hour <= 23:
        raise UsageError("There is no such hour.", where="hour", remedy="Give 0 to 23.")
    day = due_day(None, database.clock(), hour, zone_of(zone))
    values = {"account": account, "address": address, "zone": zone, "hour": hour}
    connection.execute(insert(digests).values(**values, day=str(day), sent=str(day)))


def subscription(connection: Connection, account: str) -> dict[str, Any] | None:
    """Give where and when an account gets its digest; None: nowhere."""
    row = connection.execute(select(digests).where(digests.c.account == account)).one_or_none()
    return None if row is None else {"address": row.address, "hour": row.hour, "zone": row.zone}


def send_due(database: Database, send: Send, *, address: str, sender: str) -> int:
    """Send the digests that are due.

    Args:
        database: the database.
        send: hands a message over.
        address: the server's own address, for a link.
        sender: the address from which the messages come.

    Returns:
        How many were handed over.

    Raises:
        TocsinError: the mail server did not take one; the others were tried, too.
    """
    with database.reading() as connection:
        rows = connection.execute(select(digests)).all()
    done, faults = 0, []
    for row in rows:
        day = _taken_in_hand(database, row)
        if day is None:
            continue
        try:
            message = _message(database, row, day, address, sender)
            if message is not None:
                send(message)
        except TocsinError as error:
            faults.append(error)
            continue
        this = (digests.c.account == row.account) & (digests.c.day == str(day))
        with database.writing() as connection:
            connection.execute(update(digests).where(this).values(sent=str(day)))
        done += message is not None
    if faults:
        raise faults[0]
    return done


def _taken_in_hand(database: Database, row: Row[Any]) -> date | None:
    """Take the digest that is due in hand, unless another process has it or it was sent."""
    zone, now = zone_of(row.zone), database.time()
    day = due_day(date.fromisoformat(row.day), database.clock(), row.hour, zone)
    this = (digests.c.account == row.account) & (digests.c.day == row.day)
    if day is None:
        broken_off = row.sent < row.day and row.claimed + AGAIN <= now
        if not broken_off:
            return None
        day = date.fromisoformat(row.day)
        this &= digests.c.claimed == row.claimed
    taken = update(digests).where(this).values(day=str(day), claimed=now)
    with database.writing() as connection:
        return day if connection.execute(taken).rowcount else None


def _message(
    database: Database, row: Row[Any], day: date, address: str, sender: str
) -> EmailMessage | None:
    zone = zone_of(row.zone)
    begins, ends = due_at(day - timedelta(days=1), row.hour, zone), due_at(day, row.hour, zone)
    with database.reading() as connection:
        account = account_of(connection, row.account)
        if account is None:
            return None
        reader = reader_of(account)
        text = write_digest(
            database, connection, reader, day, hour=row.hour, zone=zone, language=account.language
        )
        told, _ = rows_of(database, connection, reader, begins, ends)
    record_reading(database, SignedIn(reader, account.id), told)
    host = urlsplit(address).hostname or "localhost"
    made = EmailMessage()
    made["Message-ID"] = f"<digest-{row.account}-{day}@{host}>"
    made["Date"] = format_datetime(database.clock())
    made["From"], made["To"] = sender, row.address
    words = Words(account.language)
    played = f"{words('exercise')} – " if any(one.exercise for one in told) else ""
    made["Subject"] = f"{played}{words('warnings')}, {day}"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(f"{text}\n{address}\n")
    return made


def by_smtp(settings: MailSettings) -> Send:
    """Make what hands messages over to a mail server (RFC 5321), with TLS (RFC 3207, RFC 8314).

    Args:
        settings: which server. Only one on this machine is spoken to without TLS.

    Returns:
        A function that sends one message.
    """
    is_here = settings.server in ("localhost", "127.0.0.1", "::1")
    trust = ssl.create_default_context()

    def send(message: EmailMessage) -> None:
        at_once = settings.port == 465
        try:
            opened = (
                smtplib.SMTP_SSL(settings.server, settings.port, timeout=PATIENCE, context=trust)
                if at_once
                else smtplib.SMTP(settings.server, settings.port, timeout=PATIENCE)
            )
            with opened as server:
                if not at_once and not is_here:
                    server.starttls(context=trust)
                if settings.user:
                    server.login(settings.user, _password(settings))
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise TocsinError(
                f"The mail server did not take a digest ({type(error).__name__}).",
                where=settings.server, remedy="Check [mail] in server.toml.",
            ) from error  # fmt: skip

    return send


def _password(settings: MailSettings) -> str:
    try:
        return Path(settings.password_file).read_text("utf-8").strip()
    except OSError as error:
        raise TocsinError(
            "The file with the mail server's password cannot be read.", where="mail.password_file"
        ) from error
