"""The connection to the database: SQLite in one file, or PostgreSQL where a setting names it.

SQLite is written by one at a time. A transaction that writes says so when it begins (`BEGIN
IMMEDIATE`): one that reads first and writes later would fail, without waiting, when another wrote
in between. With a write-ahead log (WAL) readers never wait for the writer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from tocsin.errors import TocsinError, UsageError, require
from tocsin.share.server.database.together import T, Together

SQLITE_FILE = "server.db"
WAIT = 30.0
"""Seconds for which a writer waits for the one before it."""
ORDER = 7_305_812_441
"""The number of PostgreSQL's lock under which objects are written, one writer after another, so
that an object that becomes visible later never has an earlier `date_added`."""
_LOCK = text("SELECT pg_advisory_xact_lock(:n)")
KEYS = 1_954_112_883
"""The first number of PostgreSQL's locks of keys, of which each has a second one."""
_LOCK_KEYS = text("SELECT pg_advisory_xact_lock(:of, n) FROM unnest(CAST(:those AS int[])) AS n")
_WRITES = "tocsin_writes"
_ORDERED = "tocsin_ordered"
_SEEN = "tocsin_seen"

Ending = dict[Callable[[Connection, list[Any]], None], list[Any]]
"""What is written when a transaction ends, by the function that writes it."""
Clock = Callable[[], datetime]
"""Gives the time now, with its zone."""


def now() -> datetime:
    """Give the time now, in UTC."""
    return datetime.now(UTC)


def micros(moment: datetime) -> int:
    """Give whole microseconds since 1970 in UTC of a time with a zone.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment(micros: int) -> datetime:
    """Give the time, in UTC, of whole microseconds since 1970."""
    seconds, rest = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


@dataclass
class Database:
    """This is an open database, which threads share; `close` it."""

    engine: Engine
    clock: Clock = now
    exercise: bool = False
    """True in exercise mode: all that is written here belongs to an exercise."""
    _writer: threading.RLock = field(default_factory=threading.RLock, repr=False)
    known_audiences: dict[int, Any] = field(default_factory=dict, repr=False)
    """What readers have seen of the table `audiences` so far; its rows never change."""
    numbers: dict[Any, int] = field(default_factory=dict, repr=False)
    """The number of each of these."""
    visible_to: OrderedDict[Any, tuple[int, list[int]]] = field(
        default_factory=OrderedDict, repr=False
    )
    """Which of these each reader may see, with the number of the last one that was looked at."""
    ordered: Together = field(init=False, repr=False)
    """Where several requests write objects together."""
    arriving: Together = field(init=False, repr=False)
    """The same where each transaction takes its place in the order (`order`) as late as it can."""
    unordered: Together = field(init=False, repr=False)
    """The same for what is neither object nor audience (`writing`)."""
    reads: Together = field(init=False, repr=False)
    """Where several requests read in one transaction."""
    questions: Together = field(init=False, repr=False)
    """Where several requests ask one question (`asking`)."""

    def __post_init__(self) -> None:
        self.ordered = Together(self.writing, self)
        # SQLite is written by one at a time, whatever is written.
        loose = Together(lambda: self.writing(ordered=False), self)
        self.unordered = self.ordered if self.is_sqlite else loose
        late = Together(lambda: self.writing(ordered=False), self)
        self.arriving = self.ordered if self.is_sqlite else late
        self.reads = Together(self.reading, self)
        self.questions = Together(self.asking, self)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is SQLite, which one process writes at a time."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection within one transaction that sees one state of the database."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect() as found:
            connection = found.execution_options(**options, **{_SEEN: {}})
            with connection.begin():
                yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Yield a connection for one question, which needs no transaction around it."""
        if self.is_sqlite:
            with self.reading() as connection:
                yield connection
            return
        with self.engine.connect() as found:
            yield found.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self, *, ordered: bool = True) -> Iterator[Connection]:
        """Yield a connection within one transaction that writes, all or nothing.

        Args:
            ordered: False where neither objects nor audiences are written, so that nobody's order
                depends on it; PostgreSQL then lets several write at one time.

        Raises:
            TocsinError: another process held the database for longer than `WAIT`.
        """
        if self.is_sqlite:
            with self._writer, self._begun() as connection:
                yield connection
        else:
            with self._begun() as connection:
                if ordered:
                    self.order(connection)
                yield connection

    def order(self, connection: Connection) -> None:
        """Take the place in the order of objects, before the first object or audience is written.

        Who comes later waits until this transaction has ended. So what can be written before
        should be. A transaction of `writing` has its place from its beginning.

        Args:
            connection: a connection that writes.
        """
        taken: set[int] | None = connection.get_execution_options().get(_ORDERED)
        if self.is_sqlite or (taken is not None and ORDER in taken):
            return
        connection.execute(_LOCK, {"n": ORDER})
        if taken is not None:
            taken.add(ORDER)

    def hold(self, connection: Connection, digests: Iterable[str]) -> None:
        """Let no other transaction that holds one of these keys go on until this one has ended.

        All that hold keys do so before they take their place in the order (`order`), and in one
        sequence; so that no two ever wait for each other.

        Args:
            connection: a connection that writes.
            digests: the keys, in hexadecimal digits. Keys that begin alike are held as one.
        """
        if self.is_sqlite:
            return
        numbers = sorted({int(one[:8], 16) - 2**31 for one in digests})
        connection.execute(_LOCK_KEYS, {"of": KEYS, "those": numbers}).all()

    def write_together(self, work: Callable[[Connection], T], *, ordered: bool = True) -> T:
        """Write in one transaction with what other requests write at the same time.

        Args:
            work: writes, and may be called twice (`Together.write`).
            ordered: as for `writing`.

        Returns:
            What `work` gives, once the transaction has ended.
        """
        return (self.ordered if ordered else self.unordered).write(work)

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        with self.engine.connect() as found:
            ending: Ending = {}
            options = {_WRITES: ending, _ORDERED: set(), _SEEN: {}}
            connection = found.execution_options(**options)
            try:
                transaction = connection.begin()
            except OperationalError as error:
                raise TocsinError(
                    "The database is in use by another process.",
                    remedy="Wait until it has finished, and try again.",
                ) from error
            with transaction:
                yield connection
                write_waiting(connection)

    def time(self) -> int:
        """Give the time now in microseconds since 1970."""
        return micros(self.clock())

    def close(self) -> None:
        """End what is done together, and close all connections."""
        for one in (self.ordered, self.arriving, self.unordered, self.reads, self.questions):
            one.close()
        self.engine.dispose()


def writes(connection: Connection) -> bool:
    """Tell whether a connection is within a transaction that writes."""
    return _WRITES in connection.get_execution_options()


def seen_by(connection: Connection) -> dict[str, Any] | None:
    """Give what was found within a transaction, and stays as it is while the transaction lasts.

    What was read once within it need not be read again. Where it reads, that is all of the
    database; where it writes, what nobody changes. None: the connection is not within one.
    """
    found: dict[str, Any] | None = connection.get_execution_options().get(_SEEN)
    return found


def write_at_end(
    connection: Connection, write: Callable[[Connection, list[Any]], None], rows: list[Any]
) -> None:
    """Let rows be written when a transaction ends, all of them at once.

    So what several requests write together costs as many statements as what one of them writes.
    Nobody sees the rows before; who reads them within the transaction does not.

    Args:
        connection: a connection within a transaction.
        write: writes rows; it is called once with all that came for it.
        rows: the rows.
    """
    ending: Ending | None = connection.get_execution_options().get(_WRITES)
    if ending is None:
        write(connection, rows)
    else:
        ending.setdefault(write, []).extend(rows)


def write_waiting(connection: Connection) -> None:
    """Write now what waits for the end of a transaction (`write_at_end`)."""
    ending: Ending = connection.get_execution_options().get(_WRITES) or {}
    for write in list(ending):
        write(connection, ending.pop(write))


def connect(where: Path | str, *, clock: Clock = now) -> Database:
    """Open a database, which need not have tables yet.

    Args:
        where: a folder, for SQLite in a file in it; or a URL, such as
            'postgresql://user@host/name'. A password belongs into PostgreSQL's file `.pgpass`.
        clock: gives the time.

    Returns:
        The database.

    Raises:
        UsageError: the URL is none of SQLite or PostgreSQL.
        MissingExtra: the driver of PostgreSQL is not installed.
    """
    if isinstance(where, Path):
        return Database(_sqlite(f"sqlite+pysqlite:///{where / SQLITE_FILE}"), clock)
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise UsageError(
            "This is no address of a database.",
            remedy="Write it as postgresql://user@host/name.",
        ) from error
    if url.get_backend_name() == "sqlite":
        return Database(_sqlite(where), clock)
    if url.get_backend_name() != "postgresql":
        raise UsageError(
            f"The server does not keep its data in '{url.get_backend_name()}'.",
            remedy="Name a database of PostgreSQL, or none for SQLite.",
        )
    require("psycopg", extra="server")
    engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_size=20, max_overflow=20)
    return Database(engine, clock)


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": WAIT}, pool_size=40
    )

    @event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        # The driver would begin transactions by itself, and only at the first change.
        connection.isolation_level = None
        for line in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA foreign_keys=ON",
        ):
            connection.execute(line)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")

    return engine
