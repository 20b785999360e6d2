"""What the public is told afterwards: who decided what and why, so far as the public may see it.

Decisions on objects that everybody may see are told in full, with their reasons and replies.
Whatever else was done is counted and nothing more. No name of an account is told. Whether this is
all that was done, the log's root and the partners' cosignatures vouch for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from tocsin.share.audit.act import read_public
from tocsin.share.audit.checkpoint import read_checkpoints
from tocsin.share.facts.words import chance
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.reader import NOBODY
from tocsin.share.server.database.audiences import audiences_of
from tocsin.share.server.database.connection import moment
from tocsin.share.server.database.tables import acts, objects
from tocsin.share.server.desk.covering import read_covered
from tocsin.share.server.desk.said import ENDED, read_warning
from tocsin.share.stix.original import STIX

DECISIONS = (
    "publish", "write", "mark", "release", "delete", "acknowledge", "escalate", "propose", "accept",
    "uphold correction", "end correction",
)  # fmt: skip
"""The acts that are told of one by one."""
TOLD = ("warning", "forecast", "brief", "note")
"""What is told of each time that it is published; of everything else a result has many parts."""
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
        `kind`, `about` (in English: what a warning says now, of a forecast its territory, of a
        reply what its warning says), `organisation`, `reason` and `exercise`; `published`, how many
        public objects of other kinds were published, such as incidents and all of STIX; `redacted`,
        how many others there were of each kind; `other_acts`, so counted; and `log`, its `entries`,
        the newest `checkpoint`, by whom how much of it is `cosigned`, and from which backups it was
        `restored`, so that what came after them is not in it.
    """
    epoch = date(1970, 1, 1)
    since, until = ((day - epoch).days * DAY for day in (first, last + timedelta(days=1)))
    query = select(acts).where(acts.c.at >= since, acts.c.at < until)
    rows = connection.execute(query.order_by(acts.c.at, acts.c.number)).all()
    public = _public(connection)
    decisions, redacted, others = [], Counter[str](), Counter[str]()
    parts: Counter[str] = Counter()
    for row in rows:
        if row.verb not in DECISIONS:
            others[row.verb] += 1
        elif row.verb == "publish" and row.object in public and not _is_told(public[row.object]):
            parts[public[row.object].type] += 1
        elif row.object in public and (
            row.verb not in OF_OWNER or row.organisation == public[row.object].owner
        ):
            of = public[row.object]
            decisions.append({
                "at": f"{moment(row.at):%Y-%m-%dT%H:%M:%SZ}", "act": row.verb, "object": row.object,
                "kind": row.object.partition("--")[0], "about": _about(connection, of, public),
                "organisation": row.organisation, "reason": row.reason,
                "exercise": bool(of.exercise),
            })  # fmt: skip
        else:
            redacted[row.verb] += 1
    return {
        "first": first.isoformat(), "last": last.isoformat(), "decisions": decisions,
        "published": dict(sorted(parts.items())), "redacted": dict(sorted(redacted.items())),
        "other_acts": dict(sorted(others.items())), "log": _log(connection),
    }  # fmt: skip


def _public(connection: Connection) -> dict[str, Any]:
    """The objects that everybody may see now, by their ids."""
    columns = select(
        objects.c.id, objects.c.audience, objects.c.exercise, objects.c.owner, objects.c.type,
        objects.c.media_type, objects.c.number, objects.c.parent,
    )  # fmt: skip
    rows = connection.execute(columns.where(objects.c.newest)).all()
    known = audiences_of(connection, {row.audience for row in rows})
    shown = {number for number, audience in known.items() if may_see(NOBODY, audience)}
    return {row.id: row for row in rows if row.audience in shown}


def _is_told(row: Any) -> bool:
    return row.type in TOLD and row.media_type != STIX


def _about(connection: Connection, row: Any, public: Mapping[str, Any]) -> str:
    """Say in a line what an object is about, since its identifier says nothing to the public.

    A reply is about what the object says of which it is a part.
    """
    if row.type not in ("warning", "forecast") and row.parent in public:
        return _about(connection, public[row.parent], {})
    if row.type not in ("warning", "forecast"):
        return ""
    content = select(objects.c.payload).where(objects.c.number == row.number)
    told = read_warning(connection.execute(content).scalar_one())
    if row.type == "forecast" or not (told.territory and told.sentence):
        return told.territory
    words = [f"{told.territory}: {'ended' if told.level == ENDED else told.level}", told.sentence]
    if told.chance is not None and told.level != ENDED:
        words.append(f"estimated probability {chance(told.chance)}")
    if told.first and told.last:
        words.append(f"for {told.first} to {told.last}")
    return ", ".join(words)


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
