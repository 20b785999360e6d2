"""How much of this server's log its neighbours vouch for."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tocsin.share.audit.coverage import Coverage, read_coverage
from tocsin.share.audit.note import PublicKey, read_public_key
from tocsin.share.server.database.outbound import neighbours


def witnesses(connection: Connection) -> list[PublicKey]:
    """Give the keys with which neighbours cosign.

    Args:
        connection: any connection.

    Returns:
        The keys, by the neighbours' names.
    """
    query = select(neighbours.c.witness).where(neighbours.c.witness != "")
    found = connection.execute(query.order_by(neighbours.c.name)).scalars()
    return [read_public_key(one) for one in found]


def read_covered(connection: Connection) -> Coverage:
    """Find out how far neighbours vouch for the log.

    Args:
        connection: any connection.

    Returns:
        The coverage, as the checkpoints that are kept say it.
    """
    return read_coverage(connection, witnesses(connection))
