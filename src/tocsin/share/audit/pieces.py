"""Entries checked piece by piece, so that several processes can do it side by side.

A piece tells whether all is right in it, and gives the hashes of its entries; how the log hangs
together is checked from these by `verification`, which also says what is wrong where something is.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from hmac import digest
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tocsin.base.threads import end_with_parent
from tocsin.share.audit.act import ERASURE
from tocsin.share.audit.tables import IDENTITIES, LOG
from tocsin.share.audit.tree import SIZE

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection

ROWS = 20_000
"""So many entries are in one piece."""
AHEAD = 4
"""So many pieces for each process are asked for before they are wanted, at most."""
# In canonical JSON a text cannot hold a quote that is not escaped, and keys are sorted: so the
# first place at which the commitment stands is that of the entry's own key.
ERASED = f'{{"act":"{ERASURE}",'.encode()
"""What an entry begins with that tells of an erasure."""
COMMITMENT, EVENT = b'","commitment":"', b'","event":"'
"""What stands in an entry before its commitment, and before its identifier."""
_EVENT = EVENT.decode()
_BLOCK = 64
_INNER, _OUTER = (bytes(one ^ pad for one in range(256)) for pad in (0x36, 0x5C))
"""The paddings of HMAC, by which each byte of a key is changed."""


@dataclass(frozen=True)
class Piece:
    """This is what one process found about a piece of the log."""

    right: bool
    """Is every entry in its place, and what it commits to as it should be?"""
    hashes: bytes
    """The hashes of the entries, one after the other, 32 bytes each."""
    unopened: int
    """So many entries have no identity row."""
    erased: int
    """So many rows were erased, as acts of erasure in this piece say."""

    def leaves(self) -> list[bytes]:
        """Give the hashes of the entries as a list."""
        return [self.hashes[at : at + SIZE] for at in range(0, len(self.hashes), SIZE)]


def check_piece(connection: Connection, start: int, end: int) -> Piece:
    """Check the entries at some places.

    Args:
        connection: a connection to SQLite or PostgreSQL.
        start: the first place.
        end: the place after the last.

    Returns:
        What was found.
    """
    rows = _ask(
        connection,
        f"SELECT position, event, leaf FROM {LOG.name} "
        f"WHERE position >= {int(start)} AND position < {int(end)} ORDER BY position",
    )
    places = [row[0] for row in rows]
    leaves = [row[2] for row in rows]
    # SQLite keeps a value of any type in any column.
    typed = all(type(row[1]) is str and type(row[2]) is bytes for row in rows)
    if places != list(range(start, end)) or not typed:
        return Piece(False, b"", 0, 0)
    known = _identities(connection, [row[1] for row in rows])
    right, unopened, erased = True, 0, 0
    for _, event, leaf in rows:
        at = leaf.find(COMMITMENT) + len(COMMITMENT)
        found = known.get(event)
        if found is None:
            unopened += 1
            right = right and leaf[at + 64 : at + 107] == EVENT + event.encode()
        else:
            said = f"{_commitment(*found)}{_EVENT}{event}"
            right = right and leaf[at : at + 107] == said.encode()
        if leaf.startswith(ERASED):
            erased += rows_erased(leaf)
    hashes = b"".join([sha256(b"\x00" + leaf).digest() for leaf in leaves])
    return Piece(right, hashes, unopened, erased)


def _commitment(key: bytes, said: bytes) -> str:
    """What commits to some words: HMAC-SHA-256 by its definition (RFC 2104, 2).

    For texts as short as these it takes two thirds of the time of a function for every hash.
    """
    if len(key) > _BLOCK:
        return digest(key, said, "sha256").hex()
    padded = key.ljust(_BLOCK, b"\0")
    inner = sha256(padded.translate(_INNER) + said).digest()
    return sha256(padded.translate(_OUTER) + inner).hexdigest()


def rows_erased(leaf: bytes) -> int:
    """Give how many rows went by an act of erasure, as its entry says; 0 where it says none."""
    try:
        return int(json.loads(leaf)["public"]["rows"])
    except (ValueError, KeyError, TypeError):
        return 0


def _identities(connection: Connection, events: list[str]) -> dict[str, tuple[bytes, bytes]]:
    """The keys and the words of some entries, as far as they are there and are bytes.

    Identifiers sort by time, so that those of neighbours in the log lie side by side here, too;
    where they do not, each is asked for.
    """
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    asked = f"SELECT event, key, said FROM {IDENTITIES.name} WHERE event "
    between = f"{asked} BETWEEN {mark} AND {mark} LIMIT {2 * len(events)}"
    rows = _ask(connection, between, (min(events), max(events)))
    if len(rows) >= 2 * len(events):
        rows = []
        for start in range(0, len(events), 500):
            some = events[start : start + 500]
            rows += _ask(connection, f"{asked} IN ({', '.join([mark] * len(some))})", tuple(some))
    return {event: (key, said) for event, key, said in rows if type(key) is type(said) is bytes}


def _ask(connection: Connection, query: str, given: tuple[Any, ...] = ()) -> list[Any]:
    """Rows as the driver gives them: to dress up ten million of them would take a third longer."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


def check_pieces(url: URL, size: int, processes: int) -> Iterator[Piece]:
    """Check a log in several processes.

    Args:
        url: the database.
        size: the number of entries.
        processes: how many processes check.

    Yields:
        Its pieces in their order.
    """
    starts = iter(range(0, size, ROWS))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=end_with_parent) as pool:
        waiting: list[Future[Piece]] = []
        while True:
            waiting += [
                pool.submit(_check, url, start, min(size, start + ROWS))
                for start in islice(starts, AHEAD * processes - len(waiting))
            ]
            if not waiting:
                return
            yield waiting.pop(0).result()


def cores() -> int:
    """Give the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _connection(url: URL) -> Connection:
    """The one connection of a process that checks."""
    return sa.create_engine(url).connect()


def _check(url: URL, start: int, end: int) -> Piece:
    return check_piece(_connection(url), start, end)
