"""The one sequencer: it gives acts their places in the log, in batches.

A chain that is hashed in the transactions of requests forks under load, since two requests read
the same last hash. Here requests only put their acts into an outbox. The sequencer holds the one
row of the log's head locked while it works, whoever runs it and in however many processes; and
since a place is the key of the log's table, two acts cannot have the same one even then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tocsin.share.audit.tables import HEAD, LOG, OUTBOX, TILES
from tocsin.share.audit.tree import BITS, SIZE, Edge, Tile, Tree, leaf_hash

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

BATCH = 5_000
"""At most so many acts get their places in one transaction."""
AT_ONCE = 500
"""So many rows are named in one statement."""
# Statements are made once: to make one costs more than to run it. The first one writes, so that
# PostgreSQL locks the row, and SQLite, which knows no locks of rows, the file; what is read
# afterwards is no older than the lock.
_LOCK = HEAD.update().values(size=HEAD.c.size).returning(HEAD.c.size)
_WAITING = (
    sa.select(OUTBOX.c.id, OUTBOX.c.event, OUTBOX.c.leaf)
    .order_by(OUTBOX.c.id)
    .limit(sa.bindparam("batch", type_=sa.Integer))
)
_PLACE = LOG.insert()
_TILE = sa.select(TILES.c.hashes).where(
    TILES.c.level == sa.bindparam("on"), TILES.c.position == sa.bindparam("at")
)
_DONE = OUTBOX.delete().where(OUTBOX.c.id.in_(sa.bindparam("these", expanding=True)))


def sequence(engine: Engine, *, batch: int = BATCH) -> int:
    """Give the acts that wait their places in the log.

    Args:
        engine: the database.
        batch: at most so many acts in one transaction.

    Returns:
        How many got their places.
    """
    done = 0
    while True:
        with engine.begin() as connection:
            some = sequence_some(connection, batch)
        done += some
        if some < batch:
            return done


def sequence_some(connection: Connection, batch: int = BATCH) -> int:
    """Give at most so many acts their places, within a transaction.

    Args:
        connection: a connection in whose transaction nothing was read yet.
        batch: at most so many acts.

    Returns:
        How many got their places.
    """
    size = connection.execute(_LOCK).scalar_one()
    waiting = connection.execute(_WAITING, {"batch": batch}).all()
    if not waiting:
        return 0
    edge = read_edge(connection, size)
    kept = {(level, position) for level, position, _ in edge.partial()}
    full = edge.add([leaf_hash(row.leaf) for row in waiting])
    connection.execute(
        _PLACE,
        [
            {"position": size + n, "event": row.event, "leaf": row.leaf}
            for n, row in enumerate(waiting)
        ],
    )
    _write_tiles(connection, [*full, *edge.partial()], kept)
    connection.execute(HEAD.update().values(size=edge.size))
    # By their numbers, and not up to the last of them: an act with a smaller number may be
    # committed just now, and would be lost.
    numbers = [row.id for row in waiting]
    for start in range(0, len(numbers), AT_ONCE):
        connection.execute(_DONE, {"these": numbers[start : start + AT_ONCE]})
    return len(waiting)


def _write_tiles(connection: Connection, tiles: list[Tile], kept: set[tuple[int, int]]) -> None:
    """Write tiles that are new, and those that were there with fewer hashes."""
    rows = [
        {"on": level, "at": position, "with": b"".join(hashes)} for level, position, hashes in tiles
    ]
    old = [row for row in rows if (row["on"], row["at"]) in kept]
    new = [row for row in rows if (row["on"], row["at"]) not in kept]
    if old:
        here = (TILES.c.level == sa.bindparam("on")) & (TILES.c.position == sa.bindparam("at"))
        connection.execute(TILES.update().where(here).values(hashes=sa.bindparam("with")), old)
    if new:
        connection.execute(
            TILES.insert(),
            [{"level": row["on"], "position": row["at"], "hashes": row["with"]} for row in new],
        )


def read_edge(connection: Connection, size: int) -> Edge:
    """Read the right edge of the tree.

    Args:
        connection: a connection.
        size: the number of entries that have a place.

    Returns:
        The edge, to which entries can be added.
    """
    levels = []
    level = 0
    while size >> BITS * level:
        # Where the last tile of a level is full there is none after it yet.
        levels.append(read_tile(connection, level, size >> BITS * (level + 1)))
        level += 1
    return Edge(size, levels)


def read_tile(connection: Connection, level: int, position: int) -> list[bytes]:
    """Read one tile.

    Args:
        connection: a connection.
        level: its level, 0 for entries.
        position: its place among those of its level.

    Returns:
        Its hashes; none where there is no such tile.
    """
    hashes = connection.execute(_TILE, {"on": level, "at": position}).scalar() or b""
    return [hashes[at : at + SIZE] for at in range(0, len(hashes), SIZE)]


def read_tree(connection: Connection, size: int | None = None) -> Tree:
    """Open the tree of the log, to prove something of it.

    Args:
        connection: a connection.
        size: the number of entries; None: all that have a place.

    Returns:
        The tree. Each tile is read once.
    """
    seen: dict[tuple[int, int], list[bytes]] = {}

    def read(level: int, position: int) -> list[bytes]:
        if (level, position) not in seen:
            seen[level, position] = read_tile(connection, level, position)
        return seen[level, position]

    if size is None:
        size = connection.execute(sa.select(HEAD.c.size)).scalar_one()
    return Tree(size, read)
