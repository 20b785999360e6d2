"""Incidents that rest on a report are marked no laxer than the report, whenever it is marked.

These are incidents that this server published. What somebody sends here and calls an incident
rests on nothing: were it marked with a report that it names, its sender would learn that the
report is there, and how it is marked.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of, audiences_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Object
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.said import INCIDENT, read_incident
from tocsin.share.stix.original import STIX


def tighten_incidents(
    database: Database, connection: Connection, report: Object, signed: SignedIn
) -> None:
    """Mark the incidents that rest on a report as strictly as the report is marked by now.

    Args:
        database: the database.
        connection: a connection that writes.
        report: the newest version of the report.
        signed: who marked it.
    """
    query = select(kept_objects).where(
        kept_objects.c.type == INCIDENT, kept_objects.c.newest, ~kept_objects.c.deleted,
        kept_objects.c.media_type != STIX, kept_objects.c.origin == "",
    )  # fmt: skip
    rows = [
        row for row in connection.execute(query).all()
        if any(id == report.id for id, _ in read_incident(row.payload).reports)
    ]  # fmt: skip
    if not rows:
        return
    wanted = audience_of(connection, report.audience)
    known = audiences_of(connection, (row.audience for row in rows))
    for row in rows:
        if not known[row.audience].is_no_laxer_than(wanted):
            after = objects.mark(database, connection, row, wanted)
            record(database, connection, signed, "mark", after, reason="a report of it is")
