"""How much of the log is covered by a checkpoint that somebody else cosigned, and since when not.

What is not covered yet could still be rewritten by the log's owner. This looks at the newest
entries alone and is quick; `verification` computes every hash.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tocsin.share.audit.note import PublicKey, read_note, signed_by
from tocsin.share.audit.tables import CHECKPOINTS, HEAD, LOG, OUTBOX

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NEWEST = 1000
"""Checkpoints that are looked at, at most, the newest first."""


@dataclass(frozen=True)
class Coverage:
    """This is how far others vouch for the log."""

    size: int
    """Entries that have a place."""
    waiting: int
    """Acts that wait for one."""
    covered: int
    """Entries that a cosigned checkpoint covers."""
    by: tuple[str, ...]
    """Whose cosignatures stand on that checkpoint."""
    since: datetime | None
    """When the first act was done that is not covered; None: all are."""

    def as_dict(self, now: datetime) -> dict[str, Any]:
        """Give it for machines, with `uncovered_seconds`, the age of the tail."""
        tail = 0.0 if self.since is None else max(0.0, (now - self.since).total_seconds())
        return {
            "entries": self.size, "waiting": self.waiting, "covered": self.covered,
            "cosigned_by": list(self.by), "uncovered_seconds": round(tail, 1),
            "uncovered_since": self.since and self.since.isoformat(),
        }  # fmt: skip


def read_coverage(connection: Connection, witnesses: Sequence[PublicKey]) -> Coverage:
    """Find out how far others vouch for the log.

    Args:
        connection: a connection.
        witnesses: the keys of those whose cosignatures count.

    Returns:
        The coverage, by the checkpoints as they are kept; signatures are checked, hashes are not.
    """
    size = connection.execute(sa.select(HEAD.c.size)).scalar() or 0
    waiting = connection.execute(sa.select(sa.func.count()).select_from(OUTBOX)).scalar() or 0
    covered, by = _coverage(connection, witnesses)
    first = sa.select(LOG.c.leaf).where(LOG.c.position == covered)
    leaf = connection.execute(first).scalar()
    if leaf is None and waiting:
        oldest = sa.select(OUTBOX.c.leaf).order_by(OUTBOX.c.id).limit(1)
        leaf = connection.execute(oldest).scalar()
    since = None if leaf is None else datetime.fromisoformat(json.loads(leaf)["at"])
    return Coverage(size, waiting, covered, by, since)


def _coverage(
    connection: Connection, witnesses: Sequence[PublicKey]
) -> tuple[int, tuple[str, ...]]:
    if not witnesses:
        return 0, ()
    newest = sa.select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(NEWEST)
    for row in connection.execute(newest):
        note = read_note(row.note)
        by = tuple(one.name for one in witnesses if signed_by(note, one))
        if by:
            return row.size, by
    return 0, ()
