"""Copies of the database that follow it by PostgreSQL's streaming replication, for operators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

_FOLLOWING = text(
    "SELECT application_name, "
    "pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint AS behind, "
    "COALESCE(EXTRACT(EPOCH FROM replay_lag), 0)::float8 AS seconds "
    "FROM pg_stat_replication WHERE replay_lsn IS NOT NULL AND NOT pg_is_in_recovery() "
    "ORDER BY application_name, pid"
)


@dataclass(frozen=True)
class Replica:
    """This is a copy that follows, and how far behind it is."""

    name: str
    """What it calls itself (`application_name` in its `primary_conninfo`)."""
    behind: int
    """Bytes of the log of writes that it has not yet done."""
    seconds: float
    """How long the last writes took to be done there; 0 where nothing was written for a while."""


def read_replicas(connection: Connection) -> list[Replica]:
    """List the copies that follow this database.

    Args:
        connection: any connection.

    Returns:
        The copies in the order of their names; none on SQLite, on a copy itself, and where the
        server's role may not see them (`GRANT pg_monitor`).
    """
    if connection.dialect.name != "postgresql":
        return []
    return [Replica(*row) for row in connection.execute(_FOLLOWING).all()]
