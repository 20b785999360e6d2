"""Publishing: what a workspace computed, put into the server as objects.

A warning is an object for each rule in each territory where it stands, with the record of the rule
and its limits beside it; when it no longer stands, the object says so. Forecasts are one object a
territory, the brief is one object. The same results again change nothing.

What was made of reports that this server collected carries their markings: the file that was
handed to the workspace is known again by its SHA-256.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.share.facts.words import COUNTING
from tocsin.share.forms import last_day
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.tables import collections
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.said import ENDED
from tocsin.share.server.desk.workspace.collecting import note_inputs
from tocsin.share.server.desk.workspace.corrections import put_published, workspace_version

NAMES = uuid.UUID("5a0c1f5e-6f0e-5a51-9a53-6f6b1c1d7f11")
"""The name space of the ids of what is published: one subject has one id on every server."""
LIMITS = (
    "A statistical estimate about a territory, made from public reports. It says nothing of any "
    "place within it, nor of any person. A person decides what follows."
)


@dataclass(frozen=True)
class Published:
    """This says what publishing did."""

    written: Mapping[str, int] = field(default_factory=dict)
    """New objects and new versions, by type."""
    unchanged: int = 0
    audience: Audience | None = None
    """What marks them."""
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By object, what people corrected there and the workspace does not say; it was kept."""


def publish(
    database: Database,
    tables: Mapping[str, pl.DataFrame],
    facts: Mapping[str, Any],
    marking: Marking,
    *,
    gwnos: Iterable[int],
) -> Published:
    """Put the results of a workspace into a server, all or nothing.

    Args:
        database: the server's database.
        tables: `alerts`, `alert_rules`, `alert_record`, `forecasts`, `track_record` and `files`.
        facts: the brief, as `tocsin.share.as_json` gives it; empty: no brief.
        marking: how far the results may go; its owner is whoever publishes.
        gwnos: Gleditsch-Ward numbers of the workspace's region.

    Returns:
        How many objects were written, and what marks them: the marking, those of the reports of
        this server that the workspace read, and those that the objects had.
    """
    region = sorted(gwnos)
    written: Counter[str] = Counter()
    unchanged, marked = 0, set()
    corrected: dict[str, tuple[str, ...]] = {}
    with database.writing() as connection:
        audience = audience_for(connection, tables["files"], marking)
        subjects = [*_warnings(tables, region), *_forecasts(tables, region), *_brief(facts)]
        drafts = [
            Draft(_id(type, marking.owner, key), type, marking.owner, audience, as_bytes(told), at)
            for type, key, at, told in subjects
        ]
        everything = [*drafts, *_ended_drafts(connection, drafts, marking.owner)]
        note_inputs(connection, tables["files"]["sha256"], {one.id for one in everything})
        for draft in everything:
            put = put_published(database, connection, draft, detail=marking.owner)
            marked.add(put.row.audience)
            written[draft.type] += put.is_new
            unchanged += not put.is_new
            if put.corrected:
                corrected[draft.id] = put.corrected
        if marked:
            audience = Audience.of_all(audience_of(connection, one) for one in marked)
    return Published(dict(+written), unchanged, audience, corrected)


def audience_for(connection: Connection, files: pl.DataFrame, marking: Marking) -> Audience:
    """Work out what marks results: a marking, and those of the files of reports behind them.

    Args:
        connection: any connection.
        files: the workspace's table `files`.
        marking: how far its owner lets them go.

    Returns:
        The audience.
    """
    digests = files["sha256"].to_list()
    known = dict(connection.execute(select(collections.c.sha256, collections.c.audience)).all())
    found = {known[one] for one in digests if one in known}
    inputs = [audience_of(connection, one) for one in found]
    return Audience.of_all([Audience.of(marking), *inputs])


def _id(type: str, owner: str, key: str) -> str:
    return f"{type}--{uuid.uuid5(NAMES, json.dumps([type, owner, key]))}"


Subject = tuple[str, str, str, dict[str, Any]]
"""Type, key, territory's code, and what is said."""


def _warnings(tables: Mapping[str, pl.DataFrame], region: list[int]) -> Iterator[Subject]:
    rules = {row["rule"]: row for row in tables["alert_rules"].to_dicts()}
    forecasts = tables["forecasts"]
    target = "" if forecasts.is_empty() else forecasts["target"][0]
    records = tables["alert_record"].filter(pl.col("window") == "all").to_dicts()
    by_rule = {row["rule"]: row for row in records}
    here = tables["alerts"].filter(pl.col("gwno").is_in(region))
    for row in here.sort("rule", "gwno").to_dicts():
        if row["level"] not in ALERT_LEVELS[1:]:
            continue
        rule, seen, origin = rules[row["rule"]], by_rule.get(row["rule"]), row["origin"]
        told = {
            "rule": row["rule"], "sentence": rule["sentence"], "territory": row["territory"],
            "level": row["level"], "probability": round(row["probability"], 4),
            "since": _day(row["since"]), "data_to": _day(last_day(origin, 0)),
            "months": {"first": _month(origin, 1), "last": _month(origin, rule["within"])},
            "record": None if seen is None else {
                name: seen[name] for name in ("hits", "misses", "false_alarms", "n", "events")
            },
            "limits": LIMITS,
        } | ({"prepared": rule["action"]} if rule.get("action") else {})  # fmt: skip
        if target and rule.get("kind") in COUNTING:
            told["target"] = target
        yield "warning", f"{row['rule']}/{row['gwno']}", _code(row["gwno"]), told


def _ended_drafts(connection: Connection, drafts: list[Draft], owner: str) -> Iterator[Draft]:
    """Warnings that were published before and do not stand any more."""
    standing = {one.id for one in drafts}
    query = select(kept_objects).where(
        kept_objects.c.newest, ~kept_objects.c.deleted, kept_objects.c.type == "warning",
        kept_objects.c.owner == owner, kept_objects.c.origin == "",
    )  # fmt: skip
    for kept in connection.execute(query).all():
        # What people corrected is none of the workspace's words.
        said = workspace_version(connection, kept)
        told = json.loads((kept if said is None else said).payload)
        by_rule = isinstance(told, dict) and "rule" in told
        if kept.id in standing or not by_rule or told.get("level") == ENDED:
            continue
        yield Draft(
            kept.id, kept.type, owner, audience_of(connection, kept.audience),
            as_bytes(told | {"level": ENDED}), kept.jurisdiction,
        )  # fmt: skip


def _forecasts(tables: Mapping[str, pl.DataFrame], region: list[int]) -> Iterator[Subject]:
    record = tables["track_record"]
    every = record.filter(pl.col("window") == "all")
    whole = every.filter(pl.col("horizon") == 0)
    ahead = every.filter(pl.col("horizon") > 0, pl.col("region") == "this region").sort("horizon")
    names = ("month", "mean", "p05", "p25", "p50", "p75", "p95", "p_any", "p_25")
    for gwno in region:
        rows = tables["forecasts"].filter(pl.col("gwno") == gwno).sort("month")
        if rows.is_empty():
            continue
        first = rows.row(0, named=True)
        mine = whole.filter(pl.col("model") == first["model"]).to_dicts()
        months = [{name: _plain(row[name]) for name in names} for row in rows.iter_rows(named=True)]
        told = {
            "territory": first["territory"], "target": first["target"], "model": first["model"],
            "data_to": _day(last_day(first["origin"], 0)), "months": months,
            "record": [
                {"region": one["region"], "n": one["n"], "crps": round(one["crps"], 4)}
                for one in mine
            ],
            "horizons": [
                {"months": one["horizon"], "n": one["n"], "crps": round(one["crps"], 4),
                 "coverage": round(one["coverage"], 4)}
                for one in ahead.filter(pl.col("model") == first["model"]).to_dicts()
            ],
            "limits": LIMITS,
        }  # fmt: skip
        yield "forecast", str(gwno), _code(gwno), told


def _brief(facts: Mapping[str, Any]) -> Iterator[Subject]:
    if facts:
        yield "brief", "brief", "", dict(facts)


def _code(gwno: int) -> str:
    return by_gwno(gwno).iso3


def _day(day: date) -> str:
    return day.isoformat()


def _month(origin: date, after: int) -> str:
    year, month = divmod(origin.year * 12 + origin.month - 1 + after, 12)
    return f"{year}-{month + 1:02d}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else round(float(value), 4)
