"""How far this server has read in the feed of each neighbour, and among its own objects."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from tocsin.share.server.database.outbound import cursors

OWN = ""
"""Stands for this server: its place is the `date_added` up to which it stated its own objects."""
RESTORED = "/restored"
"""Stands for the version after which those of own objects begin, since the server was restored."""
_PLACE = select(cursors.c.place).where(cursors.c.neighbour == bindparam("of"))


def read_place(connection: Connection, neighbour: str) -> str:
    """Give the place up to which a feed was read; '0' where it was not.

    Args:
        connection: any connection.
        neighbour: the neighbour's name, or `OWN`.

    Returns:
        The place.
    """
    return str(connection.execute(_PLACE, {"of": neighbour}).scalar() or "0")


def keep_place(connection: Connection, neighbour: str, place: str) -> None:
    """Keep the place up to which a feed was read, in the transaction of what was read there.

    Args:
        connection: a connection that writes.
        neighbour: the neighbour's name, or `OWN`.
        place: the place.
    """
    this = update(cursors).where(cursors.c.neighbour == neighbour).values(place=place)
    if not connection.execute(this).rowcount:
        connection.execute(insert(cursors).values(neighbour=neighbour, place=place))
