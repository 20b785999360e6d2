"""What the server does by itself: follow neighbours, have its log cosigned, deliver, mail digests.

Each job has a row that says when it is due. A process takes a job by a change of that row that only
one process can make, for so long as a job may last; so several processes share one database
without doing anything twice, and what a process that was killed had in hand is due again later.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from tocsin.errors import TocsinError
from tocsin.share.audit.note import PrivateKey
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.signing_in import of_name
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Object
from tocsin.share.server.database.outbound import jobs, neighbours
from tocsin.share.server.delivery import mailing, sending, webhooks
from tocsin.share.server.desk.acts import record_reading
from tocsin.share.server.neighbours import keeping, losses, witness
from tocsin.share.server.neighbours.following import follow
from tocsin.share.server.web.asking import Service
from tocsin.share.server.web.client import Open, open_client

SECOND = 1_000_000
TURN = 1.0
"""Seconds between two looks for what is due."""
LEASE = 600 * SECOND
"""Microseconds for which a process has a job; what lasts longer could be done twice at a time."""
WORKERS = 4
"""Jobs that run at one time, so that a neighbour who is slow holds nobody up."""
AFTER_FAILURE = 30.0
"""Seconds until a job that failed is due again, at least."""
ROUND, ROUNDS = 10, 10
"""Deliveries in one round, and rounds in one turn: together they end before the lease does."""
logger = logging.getLogger("tocsin.server")


@dataclass(frozen=True)
class Job:
    """This is something that is done again and again."""

    name: str
    every: float
    """Seconds between its end and when it is due again."""
    do: Callable[[], object]


def take(database: Database, name: str) -> int:
    """Take a job that is due.

    Args:
        database: the database.
        name: the job.

    Returns:
        The time until which it is ours; 0: it is not due, or another process has it.
    """
    now = database.time()
    with database.reading() as connection:
        row = connection.execute(select(jobs).where(jobs.c.name == name)).one_or_none()
    if row is not None and (row.due > now or row.until > now):
        return 0
    until = now + LEASE
    this = (jobs.c.name == name) & (jobs.c.due <= now) & (jobs.c.until <= now)
    try:
        with database.writing() as connection:
            if row is None:
                connection.execute(insert(jobs).values(name=name, due=now, until=until))
                return until
            taken = update(jobs).where(this).values(until=until)
            return until if connection.execute(taken).rowcount else 0
    except IntegrityError:
        # Another process made the row in between.
        return 0


def give_back(database: Database, name: str, until: int, every: float) -> None:
    """Give a job back, which is due again after a while.

    Args:
        database: the database.
        name: the job.
        until: what `take` gave; if another process has the job since, nothing changes.
        every: seconds until it is due.
    """
    this = (jobs.c.name == name) & (jobs.c.until == until)
    due = database.time() + int(every * SECOND)
    with database.writing() as connection:
        connection.execute(update(jobs).where(this).values(due=due, until=0))


class Scheduler(threading.Thread):
    """This does what is due while the server runs; `stop` it."""

    def __init__(self, database: Database, listed: Callable[[], Iterable[Job]]) -> None:
        super().__init__(name="scheduler", daemon=True)
        self._database = database
        self._listed = listed
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self._busy: set[str] = set()

    def run(self) -> None:
        """Look for what is due until somebody stops it."""
        while not self._ended.wait(TURN):
            try:
                for job in self._listed():
                    if job.name not in self._busy:
                        self._busy.add(job.name)
                        self._pool.submit(self._attempt, job)
            # A database that is away is no reason to do nothing when it is back.
            except Exception as error:
                _tell("scheduler", error)

    def _attempt(self, job: Job) -> None:
        try:
            do_if_due(self._database, job)
        except Exception as error:
            _tell(job.name, error)
        finally:
            self._busy.discard(job.name)

    def is_ended(self) -> bool:
        """Tell whether somebody stopped it, so that what lasts long may end."""
        return self._ended.is_set()

    def stop(self) -> None:
        """End; what is being done is waited for."""
        self._ended.set()
        self.join()
        self._pool.shutdown(cancel_futures=True)


def do_if_due(database: Database, job: Job) -> bool:
    """Do a job if it is due and nobody else has it in hand.

    Args:
        database: the database.
        job: the job.

    Returns:
        True if it was done. A job that fails is told of in the log, and tried again.
    """
    until = take(database, job.name)
    if not until:
        return False
    every = job.every
    try:
        job.do()
    except Exception as error:
        _tell(job.name, error)
        every = max(every, AFTER_FAILURE)
    finally:
        give_back(database, job.name, until, every)
    return True


def _tell(doing: str, error: Exception) -> None:
    """Tell of a failure, with the words of our own errors alone: others may hold secrets."""
    told = {"doing": doing, "error": type(error).__name__}
    if isinstance(error, TocsinError):
        told["what"] = error.what
    logger.error(json.dumps(told, ensure_ascii=False))


def list_jobs(here: Service, key: PrivateKey, *, opened: Open = open_client) -> list[Job]:
    """List what the server does by itself now.

    Args:
        here: the server.
        key: its key, whose name is its name among neighbours.
        opened: opens clients.

    Returns:
        The jobs. Neighbours that were added meanwhile are among them.
    """
    with here.database.reading() as connection:
        rows = keeping.names_and_keys(connection)
        has_hooks = bool(webhooks.list_hooks(connection))
    found: list[Job] = []
    if has_hooks:
        found.append(Job("webhooks", 5, lambda: deliver(here, opened)))
    mail = here.settings.mail
    if mail.server:
        send = mailing.by_smtp(mail)
        found.append(
            Job("digests", 15, lambda: mailing.send_due(
                here.database, send, address=here.address, sender=mail.sender
            ))
        )  # fmt: skip
    for row in rows:
        if not row.paused and row.token_file:
            every = here.settings.follow_every
            found.append(Job(f"follow {row.name}", every, _following(here, key, row, opened)))
        if not row.paused and row.witness:
            found.append(Job(f"cosign {row.name}", 10, _cosigning(here, row, opened)))
        if not row.paused and row.token_file and row.unsure:
            others = [one for one in rows if one.token_file and not one.paused and one is not row]
            found.append(Job(f"learn {row.name}", 30, _learning(here, row, others, opened)))
    return found


def deliver(here: Service, opened: Open = open_client) -> None:
    """Make the deliveries that are new, and try those that are due.

    Args:
        here: the server.
        opened: opens clients.
    """
    database = here.database

    def reader_of(name: str) -> Reader | None:
        with database.reading() as connection:
            found = of_name(connection, name)
        return found.reader if found else None

    def body_of(reader: Reader, row: Object) -> bytes:
        with database.reading() as connection:
            signed = of_name(connection, reader.name)
        if signed is not None:
            record_reading(database, signed, [row])
        return sending.describe(row)

    with database.writing() as connection:
        sending.enqueue(database, connection, reader_of)
    silent: set[str] = set()
    with opened("", {}) as client:
        for _ in range(ROUNDS):
            sent = sending.send_due(
                database, client, here.seal, reader_of, body_of, silent=silent, limit=ROUND
            )
            if sent == sending.Sent() or here.stopping():
                break


def _following(here: Service, key: PrivateKey, row: Row[Any], opened: Open) -> Callable[[], object]:
    def do() -> None:
        with here.database.reading() as connection:
            keys = {**keeping.public_keys(connection), key.public.name: key.public}
        with _noting(here, row.name) as noted, opened(row.url, _headers(row)) as client:
            follow(
                here.database, client, row.name, me=key.public.name, keys=keys,
                exercises=not row.live,
            )  # fmt: skip
            noted["followed"] = here.database.time()

    return do


def _cosigning(here: Service, row: Row[Any], opened: Open) -> Callable[[], object]:
    def do() -> None:
        with _noting(here, row.name), opened(row.url, _headers(row)) as client:
            witness.ask(here.database, client, row.name)

    return do


def _learning(
    here: Service, row: Row[Any], others: list[Row[Any]], opened: Open
) -> Callable[[], object]:
    def do() -> None:
        with _noting(here, row.name), ExitStack() as stack:
            clients = {
                one.name: stack.enter_context(opened(one.url, _headers(one)))
                for one in (row, *others)
            }
            own = clients.pop(row.name)
            losses.learn(
                here.database, row.name, own, clients, organisation=here.settings.organisation
            )

    return do


@contextmanager
def _noting(here: Service, name: str) -> Iterator[dict[str, Any]]:
    """Note beside a neighbour how the last exchange with it went."""
    values: dict[str, Any] = {"fault": ""}
    try:
        yield values
    except Exception as error:
        words = error.what if isinstance(error, TocsinError) else type(error).__name__
        values = {"fault": words}
        raise
    finally:
        this = neighbours.c.name == name
        with here.database.writing() as connection:
            connection.execute(update(neighbours).where(this).values(**values))


def _headers(row: Row[Any]) -> dict[str, str]:
    if not row.token_file:
        return {}
    try:
        return {"authorization": f"Bearer {Path(row.token_file).read_text('utf-8').strip()}"}
    except OSError as error:
        raise TocsinError("The file with the token cannot be read.", where=row.name) from error
