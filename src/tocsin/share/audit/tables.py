"""The tables of the log, for any database that SQLAlchemy speaks to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tocsin.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

METADATA = sa.MetaData()
OUTBOX = sa.Table(
    "audit_outbox",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("event", sa.String(32), nullable=False, unique=True),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""Acts that were committed and have no place in the log yet."""
LOG = sa.Table(
    "audit_log",
    METADATA,
    sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True,
              autoincrement=False),
    sa.Column("event", sa.String(32), nullable=False, unique=True),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
)  # fmt: skip
"""The entries, in their order from 0 on; `leaf` has the canonical bytes that are hashed."""
TILES = sa.Table(
    "audit_tiles",
    METADATA,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True,
              autoincrement=False),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
)  # fmt: skip
"""The hashes of the tree; they can be computed again from the entries."""
HEAD = sa.Table(
    "audit_head",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger, nullable=False),
)
"""One row: how many entries have a place. Who gives places holds it locked."""
IDENTITIES = sa.Table(
    "audit_identities",
    METADATA,
    sa.Column("event", sa.String(32), primary_key=True),
    sa.Column("subject", sa.String, nullable=False, index=True),
    sa.Column("about", sa.String, nullable=False, index=True),
    sa.Column("key", sa.LargeBinary(32), nullable=False),
    sa.Column("said", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What an entry commits to, with its key: who did what to what. These rows may be erased."""
CHECKPOINTS = sa.Table(
    "audit_checkpoints",
    METADATA,
    sa.Column("size", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True,
              autoincrement=False),
    sa.Column("note", sa.Text, nullable=False),
)  # fmt: skip
"""Signed notes on the log at some sizes, with the cosignatures that came since."""


def create_tables(connection: Connection) -> None:
    """Make the tables of the log where they are missing.

    Args:
        connection: a connection within a transaction.
    """
    METADATA.create_all(connection)
    if connection.execute(sa.select(HEAD.c.size)).first() is None:
        connection.execute(HEAD.insert().values(id=1, size=0))


def _engine(address: str) -> Engine:
    url = sa.make_url(address)
    if url.get_backend_name() != "postgresql":
        return sa.create_engine(url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    # Whoever verifies sees one state of a log that grows meanwhile.
    return sa.create_engine(url, isolation_level="REPEATABLE READ")


def open_database(place: str) -> Engine:
    """Open the database that holds a log.

    Args:
        place: the path of a file of SQLite, or an address such as `postgresql://user@host/name`.

    Returns:
        SQLAlchemy's engine.

    Raises:
        UsageError: there is no such file, it is no database, or it holds no log.
    """
    address = place if "://" in place else f"sqlite:///{place}"
    if address.startswith("sqlite:///") and not Path(address[len("sqlite:///") :]).is_file():
        raise UsageError("There is no such database.", where=place)
    try:
        engine = _engine(address)
        found = sa.inspect(engine).has_table(HEAD.name)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise UsageError(
            f"The database cannot be read ({type(error).__name__}).", where=place,
            remedy="Name a file of SQLite, or the address of a database.",
        ) from error  # fmt: skip
    if not found:
        raise UsageError("The database holds no audit log.", where=place)
    return engine
