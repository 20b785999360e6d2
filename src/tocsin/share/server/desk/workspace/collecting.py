"""Collecting: the reports that came in, as a file that `observe` reads, with what marks it.

The file has the form of field-form submissions. Its SHA-256 is kept with the markings of all
reports in it, by which everything that a workspace makes of it is marked when it is published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database.audiences import audience_of, number_of
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.tables import (
    collected_reports,
    collections,
    computed_from,
    objects,
)
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.workspace.returns import list_returns

FILE_NAME = "server-reports.json"
"""One name for all collections, so that a newer one replaces the older one in a workspace."""


@dataclass(frozen=True)
class Collected:
    """These are the reports that came in, for a workspace."""

    content: bytes
    """JSON, as `tocsin observe` reads submissions of the field form."""
    reports: int
    left_out: int
    """Reports that are marked more strictly than was asked for."""
    audience: Audience | None
    """What marks everything that is made of them; None: there is no report."""
    corrections: int = 0
    """Of the reports, those that correct an incident or a record that stands on the server."""

    @property
    def sha256(self) -> str:
        """The digest by which the file is known again."""
        return hashlib.sha256(self.content).hexdigest()


def collect(database: Database, marking: Marking) -> Collected:
    """Write the reports that came in into a file, and keep what marks it.

    Args:
        database: the database.
        marking: reports that everybody whom it allows may see are taken, others are left out.

    Returns:
        The file. The same reports give the same bytes.
    """
    wanted = Audience.of(marking)
    with database.writing() as connection:
        query = select(objects).where(
            objects.c.newest,
            ~objects.c.deleted,
            objects.c.type == "report",
            # What was played is no part of the picture.
            ~objects.c.exercise,
        )
        # A producer's record that stands behind a published incident is a report, too, which the
        # workspace has had before.
        rows = [
            (row, answers)
            for row in connection.execute(query.order_by(objects.c.id))
            if (answers := _answers(row))
        ]
        corrected = list(list_returns(connection))
        rows += corrected
        known = {n: audience_of(connection, n) for n in {row.audience for row, _ in rows}}
        ids = {row.id for row, _ in corrected}
        taken = [one for one in rows if wanted.is_no_laxer_than(known[one[0].audience])]
        told = {"results": [answers | _stamps(row) for row, answers in taken]}
        content = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
        audience = None
        if taken:
            audience = Audience.of_all(known[row.audience] for row, _ in taken)
            audience = _keep(database, connection, content, audience, {row.id for row, _ in taken})
        who = SignedIn(Reader(organisation=marking.owner))
        record(database, connection, who, "collect", detail=f"{len(taken)} reports")
    corrections = sum(row.id in ids for row, _ in taken)
    return Collected(content, len(taken), len(rows) - len(taken), audience, corrections)


def _answers(row: Any) -> dict[str, str]:
    """What was answered in the form, and who asked; nothing where it is no sending of the form."""
    try:
        payload = json.loads(row.payload)
        return {**payload["answers"], "organisation": payload.get("organisation", row.owner)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _stamps(row: Any) -> dict[str, str]:
    """By which a sending is told from others, and its versions from each other."""
    changed = moment(row.modified).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"_uuid": row.id.removeprefix("report--"), "updatedAt": changed}


def _keep(
    database: Database, connection: Connection, content: bytes, audience: Audience, ids: set[str]
) -> Audience:
    """Keep what marks a file, and what is in it; the same file again never gets laxer."""
    sha256 = hashlib.sha256(content).hexdigest()
    this = collections.c.sha256 == sha256
    before = connection.execute(select(collections.c.audience).where(this)).scalar()
    if before is None:
        number = number_of(connection, audience)
        values = {"sha256": sha256, "audience": number, "made": database.time()}
        connection.execute(insert(collections).values(**values))
        inside = [{"sha256": sha256, "report": id} for id in sorted(ids)]
        connection.execute(insert(collected_reports), inside)
        return audience
    whole = Audience.of_all([audience, audience_of(connection, before)])
    number = number_of(connection, whole)
    connection.execute(update(collections).where(this).values(audience=number))
    return whole


def note_inputs(connection: Connection, digests: Iterable[str], ids: Collection[str]) -> None:
    """Note of which collected files objects were computed.

    A report in such a file that is marked more strictly later marks these objects, too.

    Args:
        connection: a connection that writes.
        digests: SHA-256 of the files that the workspace read; those that were not collected here
            are passed over.
        ids: the objects.
    """
    of_ours = select(collections.c.sha256).where(collections.c.sha256.in_(list(digests)))
    for sha256 in connection.execute(of_ours).scalars().all():
        noted = select(computed_from.c.object).where(computed_from.c.sha256 == sha256)
        new = sorted(set(ids) - set(connection.execute(noted).scalars()))
        if new:
            rows = [{"sha256": sha256, "object": id} for id in new]
            connection.execute(insert(computed_from), rows)
