"""Tables of what goes between servers and what leaves by itself: neighbours, webhooks.

They stand in the same database and are made by the same migrations as `tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
"""The newest statement on each object. `place` is this server's and grows with every change."""

given_to = Table(
    "neighbour_given",
    metadata,
    Column("neighbour", String(200), primary_key=True),
    Column("id", String(250), primary_key=True),
)
"""Which neighbour was given the body of a statement, and must hear of what follows."""

cursors = Table(
    "neighbour_cursors",
    metadata,
    Column("neighbour", String(200), primary_key=True),
    Column("place", String(40), nullable=False),
)
"""How far this server has read in each neighbour's feed."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(200), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", String(100), nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("paused", Boolean, nullable=False, default=False),
    Column("live", Boolean, nullable=False, default=True),
)
"""Who is told. `place` is the `date_added` up to which deliveries were made. What is `live` takes
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
)
"""What is to be delivered: `waiting`, `done`, `failed`, or `hidden`, from the reader by now."""
