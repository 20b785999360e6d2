"""The tables of the exchange server, as SQLAlchemy Core knows them; `migrations/` makes them.

Times are whole microseconds since 1970 in UTC: both databases keep them exactly, and they sort.
Numbers of rows never leave the server, since they would tell how many hidden rows there are.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up; SQLite does so for its own kind of integer alone."""
DIALECTS = ("sqlite", "postgresql")
"""The kinds of databases that the server can use, as SQLAlchemy names them."""


def among(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Make the condition that a column is one of several values, given when a query is run.

    PostgreSQL is given them as one array: a query with a place for each of them would be another
    one for each number of them, which is written, sent and planned anew.

    Args:
        column: the column.
        name: the parameter's name.
        dialect: the name of the database's dialect.

    Returns:
        The condition.
    """
    if dialect != "postgresql":
        return column.in_(bindparam(name, expanding=True))
    # Without the length of a column, to which longer texts would be cut before they are compared.
    of = String() if isinstance(column.type, String) else BigInteger()
    return column == func.any(bindparam(name, type_=ARRAY(of)))


def not_sought(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a column of numbers in a form by which the database looks for no rows.

    SQLite would go through all rows of an audience, by the index that begins with it, where the
    few rows that are wanted have an index of their own.

    Args:
        column: the column.

    Returns:
        The same value, for a condition on rows that are found by another column.
    """
    return column + 0


audiences = Table(
    "audiences",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("markings", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Each set of markings once, as `Audience.as_text` writes it; a row never changes."""

objects = Table(
    "objects",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("id", String(250), nullable=False),
    Column("version", Integer, nullable=False),
    Column("newest", Boolean, nullable=False),
    Column("type", String(60), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("jurisdiction", String(20), nullable=False, default=""),
    Column("audience", NUMBER, ForeignKey("audiences.number"), nullable=False),
    Column("parent", String(250), nullable=True),
    Column("origin", String(250), nullable=False, default=""),
    Column("created", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("date_added", BigInteger, nullable=False, unique=True),
    Column("media_type", String(100), nullable=False, default="application/json"),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("deleted", Boolean, nullable=False, default=False),
    Column("exercise", Boolean, nullable=False, default=False),
    UniqueConstraint("id", "version"),
    Index("ix_objects_audience_newest_type_date_added", "audience", "newest", "type", "date_added"),
    Index("ix_objects_parent", "parent"),
)
"""Every version of every object. `jurisdiction` is what the object is about; who may see it is
its `audience`. `modified` is the producer's time and may repeat; `date_added` is this server's,
and each row's is later than that of every row before it. A deletion is a version, too. What
belongs to an `exercise` does so in all versions and never leaves by a live channel."""

aliases = Table(
    "aliases",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("object", String(250), nullable=False, unique=True),
    Column("alias", String(250), nullable=False, index=True),
)
"""The ids by which producers know their objects of STIX. Two organisations may use one id, and
neither learns of the other by it; of those that a reader sees, the first that came is shown."""

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("organisation", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    Column("jurisdictions", Text, nullable=False, default="[]"),
    Column("groups", Text, nullable=False, default="[]"),
    Column("client_of", Text, nullable=False, default="[]"),
    Column("language", String(10), nullable=False, default="en"),
    Column("password", String(300), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created", BigInteger, nullable=False),
    Column("factor", Text, nullable=False, default=""),
    Column("factor_new", Text, nullable=False, default=""),
    Column("factor_step", BigInteger, nullable=False, default=0),
)
"""`factor` is the sealed secret of the second factor, `factor_new` one that was proposed, and
`factor_step` the step of time of the last code that counted."""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("used", Boolean, nullable=False, default=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("organisation", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    Column("jurisdictions", Text, nullable=False, default="[]"),
    Column("groups", Text, nullable=False, default="[]"),
    Column("client_of", Text, nullable=False, default="[]"),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", Boolean, nullable=False, default=False),
)
"""One-time links by which somebody makes an account; only the link's digest is kept."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("waits", Boolean, nullable=False, default=False),
    Column("agent", String(200), nullable=False, default=""),
)
"""Sessions of people. One that `waits` for a second factor opens nothing yet; `agent` is what the
browser called itself, so that people know their own devices."""

oidc_attempts = Table(
    "oidc_attempts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(64), nullable=False),
    Column("account", String(32), nullable=False, default=""),
    Column("next", String(100), nullable=False),
    Column("expires", BigInteger, nullable=False),
)
"""Who was sent to an organisation's own service to sign in, and is not back yet."""

oidc_subjects = Table(
    "oidc_subjects",
    metadata,
    Column("subject", String(500), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False, unique=True),
)
"""Which account belongs to whom, as that service calls them."""

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("label", String(200), nullable=False, default=""),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
)

reports = Table(
    "reports",
    metadata,
    Column("object", String(250), primary_key=True),
    Column("key_digest", String(64), nullable=False, unique=True),
    Column("organisation", String(200), nullable=False),
    Column("account", String(32), nullable=True, index=True),
)
"""Reports that came in. Who holds the key may correct the report; `account` is empty where the
reporter's name is withheld, and may be emptied later without any other change."""

submissions = Table(
    "submissions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("object", String(250), ForeignKey("reports.object"), nullable=False, index=True),
    Column("content", String(64), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("place", Integer, nullable=False),
    Column("trunk", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=True),
    Column("body", LargeBinary, nullable=True),
    Column("received", BigInteger, nullable=False),
    UniqueConstraint("object", "branch", "place"),
)
"""Every sending of a report or a correction, by the digest of its idempotency key."""

handling = Table(
    "handling",
    metadata,
    Column("object", String(250), primary_key=True),
    Column("organisation", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee", String(32), nullable=True),
    Column("acknowledged", BigInteger, nullable=True),
    Column("escalated", BigInteger, nullable=True),
    Column("note", Text, nullable=False, default=""),
)
"""How far an organisation is with a warning; other organisations never see the row."""

collections = Table(
    "collections",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("audience", NUMBER, ForeignKey("audiences.number"), nullable=False),
    Column("made", BigInteger, nullable=False),
)
"""Files of reports that were handed to a workspace, and what marks everything made of them."""

collected_reports = Table(
    "collected_reports",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("report", String(250), primary_key=True, index=True),
)
"""The reports in each of these files, corrections of incidents among them."""

computed_from = Table(
    "computed_from",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("object", String(250), primary_key=True, index=True),
)
"""The objects that were published by a workspace that had read such a file."""

acts = Table(
    "acts",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("account", String(32), nullable=True),
    Column("organisation", String(200), nullable=False, default=""),
    Column("verb", String(40), nullable=False),
    Column("object", String(250), nullable=False, default="", index=True),
    Column("version", Integer, nullable=True),
    Column("reason", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    Index(
        "ix_acts_published", "object", "version",
        sqlite_where=text("verb = 'publish'"), postgresql_where=text("verb = 'publish'"),
    ),
)  # fmt: skip
"""What was done, by whom and why, written in the transaction of the act itself."""
