"""Tables of what goes between servers and what leaves by itself.

They stand in the same database and are made by the same migrations as `tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from tocsin.share.server.database.tables import metadata

statements = Table(
    "neighbour_statements",
    metadata,
    Column("id", String(250), primary_key=True),
    Column("origin", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("body_digest", String(64), nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("parent", String(250), nullable=True, index=True),
    Column("made_of", String(100), nullable=False),
    Column("place", BigInteger, nullable=False, unique=True),
)
"""The newest statement on each object. `place` is this server's and grows with every change; below
zero it says that the object was marked otherwise in place since, and will be stated anew. `made_of`
is empty where another server made the statement."""

given_to = Table(
    "neighbour_given",
    metadata,
    Column("neighbour", String(200), primary_key=True),
    Column("id", String(250), primary_key=True),
    Column("withheld", BigInteger, nullable=False, default=0),
    Column("head", Text, nullable=False, default=""),
    Index("ix_neighbour_given_withheld", "neighbour", "withheld"),
)
"""Which neighbour was given the body of a statement, and must hear of what follows. `withheld` is
the place of the statement that it was given without a body, since it may not see the object any
more, and `head` that statement's head; 0 and empty: what it was given last still stands."""

cursors = Table(
    "neighbour_cursors",
    metadata,
    Column("neighbour", String(200), primary_key=True),
    Column("place", String(40), nullable=False),
)
"""How far this server has read in each neighbour's feed and, by no name, among its own objects."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(200), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("secret_before", Text, nullable=False, default=""),
    Column("before_until", BigInteger, nullable=False, default=0),
    Column("place", BigInteger, nullable=False),
    Column("paused", Boolean, nullable=False, default=False),
    Column("live", Boolean, nullable=False, default=True),
)
"""Who is told. Both secrets are sealed; the one from before signs beside the other until
`before_until`. `place` is the `date_added` up to which deliveries were made. What is `live` takes
what it is told for real, so that no exercise goes there."""

deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("hook", String(32), nullable=False, index=True),
    Column("row", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", BigInteger, nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("tried", BigInteger, nullable=False, default=0),
    Column("answer", Integer, nullable=False, default=0),
)
"""What is to be delivered: `waiting`, `done`, `failed`, or `hidden`, from the reader by now.
`tried` is when it was last sent, and `answer` the status of HTTP that came back, 0: none did."""

neighbours = Table(
    "neighbours",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("url", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("witness", Text, nullable=False, default=""),
    Column("token_file", Text, nullable=False, default=""),
    Column("account", String(200), nullable=False, default=""),
    Column("paused", Boolean, nullable=False, default=False),
    Column("live", Boolean, nullable=False, default=True),
    Column("followed", BigInteger, nullable=True),
    Column("cosigned", BigInteger, nullable=False, default=0),
    Column("fault", Text, nullable=False, default=""),
    Column("refused", Text, nullable=False, default=""),
    Column("unsure", Boolean, nullable=False, default=False),
)
"""Other owners' servers: under what name and key they sign, with what key they cosign, as which
account they ask here. `followed` is when their feed was last read to its end, `cosigned` the size
up to which they cosigned our log, `fault` why that last failed. `refused` is the checkpoint of
their log that we did not cosign last, since it does not continue what we cosigned before; empty:
they asked for none such since. `unsure` are those of whose logs we may have cosigned more than we
know of, since we were restored from a backup."""

witnessed = Table(
    "witnessed",
    metadata,
    Column("origin", String(200), primary_key=True),
    Column("note", Text, nullable=False),
)
"""The last checkpoint of each neighbour's log that this server cosigned."""

taxii_statuses = Table(
    "taxii_statuses",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(32), nullable=False),
    Column("made", BigInteger, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Index("ix_taxii_statuses_account_made", "account", "made"),
)
"""What became of what was sent by TAXII, for a while, for whoever sent it."""

jobs = Table(
    "jobs",
    metadata,
    Column("name", String(250), primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""What the server does by itself: when it is due next, and until when a process has it."""

digests = Table(
    "digests",
    metadata,
    Column("account", String(32), ForeignKey("accounts.id"), primary_key=True),
    Column("address", String(320), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("day", String(10), nullable=False),
    Column("claimed", BigInteger, nullable=False, default=0),
    Column("sent", String(10), nullable=False, default=""),
)
"""Who gets a digest by mail, where, at which hour of which zone. `day` is the last day whose digest
a process took in hand, and `sent` the last that was handed over to the mail server."""
