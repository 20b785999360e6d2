"""What the public is told afterwards: who decided what and why, so far as the public may see it.

Decisions on objects that everybody may see are told in full, with their reasons and replies.
Whatever else was done is counted and nothing more. No name of an account is told. Whether this is
all that was done, the log's root and the partners' cosignatures vouch for.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from tocsin.share.audit.act import read_public
from tocsin.share.audit.checkpoint import read_checkpoints
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.database.audiences import audiences_of
from tocsin.share.server.database.connection import moment
from tocsin.share.server.database.tables import acts, objects
from tocsin.share.server.desk.covering import read_covered

DECISIONS = (
    "publish", "write", "mark", "release", "delete", "acknowledge", "escalate", "propose", "accept",
    "uphold correction", "end correction",
)  # fmt: skip
"""The acts that are told of one by one."""
OF_OWNER = ("acknowledge", "escalate")
"""How far an organisation is with a warning is its own matter; the owner answers for its own."""
DAY = 86_400_000_000
"""Microseconds."""


def disclose(connection: Connection, first: date, last: date) -> dict[str, Any]:
    """Make the report for the public on a time.

    Args:
        connection: a connection that reads one state of the server's database.
        first: its first day, in UTC.
        last: its last day.

    Returns:
        As JSON can hold it: `first` and `last`; `decisions`, each with `at`, `act`, `object`,
        `kind`, `organisation`, `reason` and `exercise`; `redacted`, how many others there were of
        each kind; `other_acts`, so counted; and `log`, its `entries`, the newest `checkpoint`, by
        whom how much of it is `cosigned`, and from which backups it was `restored`, so that what
        came after them is not in it.
    """
    epoch = date(1970, 1, 1)
    since, until = ((day - epoch).days * DAY for day in (first, last + timedelta(days=1)))
    query = select(acts).where(acts.c.at >= since, acts.c.at < until)
    rows = connection.execute(query.order_by(acts.c.at, acts.c.number)).all()
    public = _public(connection)
    decisions, redacted, others = [], Counter[str](), Counter[str]()
    for row in rows:
        if row.verb not in DECISIONS:
            others[row.verb] += 1
        elif row.object in public and (
            row.verb not in OF_OWNER or row.organisation == public[row.object].owner
        ):
            decisions.append({
                "at": f"{moment(row.at):%Y-%m-%dT%H:%M:%SZ}", "act": row.verb, "object": row.object,
                "kind": row.object.partition("--")[0], "organisation": row.organisation,
                "reason": row.reason, "exercise": bool(public[row.object].exercise),
            })  # fmt: skip
        else:
            redacted[row.verb] += 1
    return {
        "first": first.isoformat(), "last": last.isoformat(), "decisions": decisions,
        "redacted": dict(sorted(redacted.items())), "other_acts": dict(sorted(others.items())),
        "log": _log(connection),
    }  # fmt: skip


def _public(connection: Connection) -> dict[str, Any]:
    """The objects that everybody may see now, by their ids."""
    columns = select(objects.c.id, objects.c.audience, objects.c.exercise, objects.c.owner)
    rows = connection.execute(columns.where(objects.c.newest)).all()
    known = audiences_of(connection, {row.audience for row in rows})
    shown = {number for number, audience in known.items() if may_see(NOBODY, audience)}
    return {row.id: row for row in rows if row.audience in shown}


def _log(connection: Connection) -> dict[str, Any]:
    covered = read_covered(connection)
    newest = read_checkpoints(connection, last=1)
    return {
        "entries": covered.size, "checkpoint": str(newest[-1]) if newest else "",
        "cosigned": covered.covered, "cosigned_by": list(covered.by),
        "restored": [
            {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", **public}
            for at, public in read_public(connection, "restore")
        ],
    }  # fmt: skip
