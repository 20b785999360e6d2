"""Incidents behind warnings: what happened, by which reports, and why these were linked.

The newest incidents of each territory are published beside its warnings, each with the reports that
tell of it. A report that came in at this server stands here already, and is referred to; a record
of a producer's file becomes an object of its own, without the text that the producer wrote about
it. Who may not see each of the reports of an incident does not see the incident.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from tocsin.schema.geography.territory import by_gwno
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, Object
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.changing import as_bytes, find
from tocsin.share.server.desk.said import INCIDENT, RECORD, Happened, read_incident
from tocsin.share.server.desk.workspace.collecting import FILE_NAME, note_inputs
from tocsin.share.server.desk.workspace.corrections import put_published
from tocsin.share.server.desk.workspace.publishing import NAMES, Published, audience_for

READS = (
    "files", "reports", "incidents", "incident_reports", "links", "technology_tags", "suspects",
    "corrections",
)  # fmt: skip
"""Tables of a workspace of which incidents are published."""
LIKELY = 0.5
"""From this probability on, an incident is said to have involved a technology class."""
NEWEST = 50
"""Incidents of a territory that are published, at most."""
ASKED = 5000
"""Reports that are looked up by one question, at most."""


def publish_incidents(
    database: Database,
    tables: Mapping[str, pl.DataFrame],
    marking: Marking,
    audience: Audience,
    *,
    gwnos: Iterable[int],
) -> Published:
    """Put the newest incidents of each territory into a server, with their reports.

    Args:
        database: the server's database.
        tables: the tables of `READS`.
        marking: how far they may go; its owner is whoever publishes.
        audience: what marks everything that the workspace computed, incidents among it.
        gwnos: Gleditsch-Ward numbers of the workspace's region.

    Returns:
        How many objects were written, and what marks the incidents. What was published before and
        is not among the newest any more is deleted, and not counted.
    """
    region = sorted(gwnos)
    written: Counter[str] = Counter()
    unchanged = 0
    corrected: dict[str, tuple[str, ...]] = {}
    with database.writing() as connection:
        drafts = list(_drafts(connection, tables, marking, audience, region))
        computed = {one.id for one in drafts if one.type == INCIDENT}
        note_inputs(connection, tables["files"]["sha256"], computed)
        places = {_code(one) for one in region}
        for draft in [*drafts, *_gone_drafts(connection, drafts, marking.owner, places)]:
            put = put_published(database, connection, draft, detail=marking.owner)
            unchanged += not put.is_new
            written[draft.type] += put.is_new and not draft.deleted
            if put.corrected:
                corrected[draft.id] = put.corrected
    return Published(dict(+written), unchanged, audience, corrected)


def _drafts(
    connection: Connection,
    tables: Mapping[str, pl.DataFrame],
    marking: Marking,
    audience: Audience,
    region: list[int],
) -> Iterator[Draft]:
    incidents = tables["incidents"].filter(pl.col("gwno").is_in(region))
    newest = incidents.sort("date_end", "incident_id", descending=[True, False])
    chosen = newest.group_by("gwno", maintain_order=True).head(NEWEST)
    linked = tables["incident_reports"].join(chosen.select("incident_id"), on="incident_id")
    told = tables["reports"].join(linked, on="report_id").sort("date_start", "report_id")
    doubted, suspected = _doubts(tables, chosen)
    known, marked = {}, {}
    for row in told.to_dicts():
        own = f"report--{row['native_id']}"
        if row["source_file"] == FILE_NAME and (kept := objects.newest(connection, own)):
            known[row["report_id"]], marked[own] = own, audience_of(connection, kept.audience)
            continue
        # What stands in a file is marked as the file is, not as what was computed of all files.
        file = tables["files"].filter(pl.col("file") == row["source_file"])
        of_file = audience if file.is_empty() else audience_for(connection, file, marking)
        draft = Draft(
            _id(RECORD, marking.owner, row["report_id"]), RECORD, marking.owner, of_file,
            as_bytes(_record(row) | _say_suspects(row, doubted.get(row["report_id"], {}))),
            _code(row["gwno"]),
        )  # fmt: skip
        known[row["report_id"]] = draft.id
        yield draft
    ids = linked.group_by("incident_id", maintain_order=True).agg("report_id", "probability")
    members = {one["incident_id"]: one for one in ids.to_dicts()}
    tags = tables["technology_tags"].filter(pl.col("probability") >= LIKELY)
    named = tags.group_by("incident_id").agg(pl.col("technology").unique().sort())
    classes = dict(named.iter_rows())
    for row in chosen.to_dicts():
        mine = members[row["incident_id"]]
        said = _incident(row, mine, known, tables["links"])
        said["technologies"] = classes.get(row["incident_id"], [])
        said |= _say_suspects(row, suspected.get(row["incident_id"], {}))
        inputs = [marked[one["report"]] for one in said["reports"] if one["report"] in marked]
        yield Draft(
            _id(INCIDENT, marking.owner, row["incident_id"]), INCIDENT, marking.owner,
            Audience.of_all([audience, *inputs]), as_bytes(said), _code(row["gwno"]),
        )  # fmt: skip


def _incident(
    row: Mapping[str, Any], mine: Mapping[str, Any], known: Mapping[str, str], links: pl.DataFrame
) -> dict[str, Any]:
    reports = sorted(mine["report_id"])
    pairs = links.filter(pl.col("report_a").is_in(reports) & pl.col("report_b").is_in(reports))
    keys = ["report_a", "report_b"]
    why = [
        {
            "one": known[steps["report_a"][0]], "other": known[steps["report_b"][0]],
            "probability": round(steps["probability"][0], 4),
            "steps": [
                {"comparison": one["comparison"], "level": one["level"],
                 "bits": round(one["bits"], 2)}
                for one in steps.to_dicts()
            ],
        }
        for _, steps in pairs.sort(*keys, "step").group_by(keys, maintain_order=True)
    ]  # fmt: skip
    sure = dict(zip(mine["report_id"], mine["probability"], strict=True))
    told = [{"report": known[one], "probability": round(sure[one], 4)} for one in reports]
    return _facts(row) | {"incident": row["incident_id"], "reports": told, "links": why,
                          "total_of": row["total_of"]}  # fmt: skip


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record as its file has it. Its text stays with its producer: it may name persons."""
    where = {"file": row["source_file"], "row": row["source_row"], "native_id": row["native_id"]}
    return _facts(row) | where | {"publisher": row["publisher"], "n_sources": row["n_sources"]}


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    deaths = [row[f"deaths_{name}"] for name in ("low", "best", "high")]
    return {
        "first": row["date_start"].isoformat(), "last": row["date_end"].isoformat(),
        "place": row["place"], "adm1": row["adm1"], "territory": row["territory"],
        "kind": row["event_type"], "target": row["target"],
        "sides": _sides(row["actor_a"], row["actor_b"]),
        "deaths": None if None in deaths else deaths,
    }  # fmt: skip


def _sides(one: str | None, other: str | None) -> list[str | None]:
    """The sides in their places: where only the second one is known, nobody stands before it."""
    return [one, other] if other else [one] if one else []


def _doubts(
    tables: Mapping[str, pl.DataFrame], chosen: pl.DataFrame
) -> tuple[dict[str, dict[str, float | None]], dict[str, dict[str, float | None]]]:
    """Sides that a record doubts, by report, and sides that are only suspected, by incident.

    Of a joint name each member is a row of `suspects`; the name is as probable as the likeliest.
    """
    records: dict[str, dict[str, float | None]] = {}
    rows = tables["corrections"].filter(pl.col("rule") == "party", pl.col("value").is_not_null())
    for report, column in rows.select("report_id", "column").iter_rows():
        records.setdefault(report, {})[column.removeprefix("actor_")] = None
    incidents: dict[str, dict[str, float | None]] = {}
    mine = tables["suspects"].join(chosen.select("incident_id"), on="incident_id", how="semi")
    best = mine.group_by("incident_id", "side").agg(pl.col("probability").max())
    for incident, side, sure in best.sort("incident_id", "side").iter_rows():
        incidents.setdefault(incident, {})[side] = round(sure, 4)
    return records, incidents


def _say_suspects(row: Mapping[str, Any], doubts: Mapping[str, float | None]) -> dict[str, Any]:
    """The names that are only suspected, with how probable each is, or null where nobody said."""
    named = {row[f"actor_{side}"]: doubts[side] for side in sorted(doubts)}
    named.pop(None, None)
    return {"suspected": named} if named else {}


def _gone_drafts(
    connection: Connection, drafts: list[Draft], owner: str, places: set[str]
) -> Iterator[Draft]:
    """Incidents and records of these territories that were published before and are not now."""
    standing = {one.id for one in drafts}
    query = select(kept_objects).where(
        kept_objects.c.newest, ~kept_objects.c.deleted, kept_objects.c.owner == owner,
        kept_objects.c.type.in_((INCIDENT, RECORD)), kept_objects.c.origin == "",
    )  # fmt: skip
    for kept in connection.execute(query).all():
        if kept.id not in standing and kept.jurisdiction in places:
            yield Draft(
                kept.id, kept.type, owner, audience_of(connection, kept.audience), b"{}",
                kept.jurisdiction, deleted=True,
            )  # fmt: skip


def _id(type: str, owner: str, key: str) -> str:
    return f"{type}--{uuid.uuid5(NAMES, json.dumps([type, owner, key]))}"


def _code(gwno: int) -> str:
    return by_gwno(gwno).iso3


def behind(
    database: Database, connection: Connection, signed: SignedIn, warning: Object
) -> list[tuple[Object, Happened]]:
    """List the incidents of a warning's territory that its owner published.

    Args:
        database: the database.
        connection: any connection.
        signed: who asks.
        warning: the warning, which whoever asks may see.

    Returns:
        The incidents of which whoever asks may see every report, the newest first.
    """
    query = objects.select_visible(database, connection, signed.reader).where(
        kept_objects.c.type == INCIDENT, kept_objects.c.newest, ~kept_objects.c.deleted,
        kept_objects.c.jurisdiction == warning.jurisdiction, kept_objects.c.owner == warning.owner,
    )  # fmt: skip
    kept = _whole(database, connection, signed, connection.execute(query).all())
    return sorted(kept, key=lambda one: (one[1].last, one[0].id), reverse=True)


def list_seen(
    database: Database, connection: Connection, signed: SignedIn
) -> list[tuple[Object, Happened]]:
    """List all incidents of which whoever asks may see every report, in no order.

    Args:
        database: the database.
        connection: any connection.
        signed: who asks.

    Returns:
        The incidents, whoever owns them.
    """
    query = objects.select_visible(database, connection, signed.reader).where(
        kept_objects.c.type == INCIDENT, kept_objects.c.newest, ~kept_objects.c.deleted
    )
    return _whole(database, connection, signed, connection.execute(query).all())


def _whole(
    database: Database, connection: Connection, signed: SignedIn, rows: Sequence[Object]
) -> list[tuple[Object, Happened]]:
    """Of some incidents, those of which whoever asks may see every report."""
    told = [(row, read_incident(row.payload)) for row in rows]
    wanted = sorted({id for _, said in told for id, _ in said.reports})
    seen: set[str] = set()
    for n in range(0, len(wanted), ASKED):
        seen |= set(_visible_reports(database, connection, signed, set(wanted[n : n + ASKED])))
    return [(row, said) for row, said in told if all(id in seen for id, _ in said.reports)]


def drill(
    database: Database, connection: Connection, signed: SignedIn, id: str
) -> tuple[Object, Happened, list[Object]]:
    """Find an incident with its reports.

    Args:
        database: the database.
        connection: any connection.
        signed: who asks.
        id: the incident's id.

    Returns:
        The incident, what it says, and its reports in the order in which it names them.

    Raises:
        NoObject: there is none, or whoever asks may not see it with each of its reports.
    """
    row = find(database, connection, signed, id)
    said = read_incident(row.payload)
    seen = _visible_reports(database, connection, signed, {one for one, _ in said.reports})
    if row.type != INCIDENT or any(one not in seen for one, _ in said.reports):
        raise objects.NoObject
    return row, said, [seen[one] for one, _ in said.reports]


def _visible_reports(
    database: Database, connection: Connection, signed: SignedIn, ids: set[str]
) -> dict[str, Object]:
    """Of some reports, those that whoever asks may see, deleted ones among them."""
    if not ids:
        return {}
    query = objects.select_visible(database, connection, signed.reader)
    mine = query.where(kept_objects.c.newest, kept_objects.c.id.in_(ids))
    return {row.id: row for row in connection.execute(mine).all()}
