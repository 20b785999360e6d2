"""What rests on a report is marked no laxer than the report, whenever the report is marked.

Incidents rest on the reports that they name; warnings, forecasts and briefs rest on all reports in
the files that the workspace had read from which they were published. What somebody sends here and
calls an incident rests on nothing: were it marked with a report that it names, its sender would
learn that the report is there, and how it is marked.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from tocsin.share.server.access.marking import Audience
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of, audiences_of, number_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Object
from tocsin.share.server.database.tables import collected_reports, collections, computed_from
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.said import INCIDENT, read_incident
from tocsin.share.stix.original import STIX


def tighten_results(
    database: Database, connection: Connection, report: Object, signed: SignedIn
) -> None:
    """Mark what rests on a report as strictly as the report is marked by now.

    Args:
        database: the database.
        connection: a connection that writes.
        report: the newest version of the report.
        signed: who marked it.
    """
    wanted = audience_of(connection, report.audience)
    _tighten_files(connection, report.id, wanted)
    rows = {row.id: row for row in (*_incidents(connection, report.id),
                                    *_results_from(connection, report.id))}  # fmt: skip
    known = audiences_of(connection, (row.audience for row in rows.values()))
    for row in rows.values():
        if not known[row.audience].is_no_laxer_than(wanted):
            after = objects.mark(database, connection, row, wanted)
            record(database, connection, signed, "mark", after, reason="a report of it is")


def _incidents(connection: Connection, report: str) -> list[Object]:
    """The incidents published here that name a report."""
    query = select(kept_objects).where(
        kept_objects.c.type == INCIDENT, kept_objects.c.newest, ~kept_objects.c.deleted,
        kept_objects.c.media_type != STIX, kept_objects.c.origin == "",
    )  # fmt: skip
    return [
        row for row in connection.execute(query).all()
        if any(id == report for id, _ in read_incident(row.payload).reports)
    ]  # fmt: skip


def _results_from(connection: Connection, report: str) -> Sequence[Object]:
    """What was published by a workspace that had read a file with a report in it."""
    files = select(collected_reports.c.sha256).where(collected_reports.c.report == report)
    ids = select(computed_from.c.object).where(computed_from.c.sha256.in_(files))
    query = select(kept_objects).where(kept_objects.c.newest, ~kept_objects.c.deleted)
    return connection.execute(query.where(kept_objects.c.id.in_(ids))).all()


def _tighten_files(connection: Connection, report: str, wanted: Audience) -> None:
    """Mark the files with a report in them, for what is published of them from now on."""
    files = select(collected_reports.c.sha256).where(collected_reports.c.report == report)
    this = collections.c.sha256
    for row in connection.execute(select(collections).where(this.in_(files))).all():
        whole = Audience.of_all([wanted, audience_of(connection, row.audience)])
        number = number_of(connection, whole)
        change = update(collections).where(this == row.sha256).values(audience=number)
        connection.execute(change)
