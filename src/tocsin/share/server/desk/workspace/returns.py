"""Corrections of what happened, given back to the workspace as reports that `observe` reads.

A producer's record is never changed. Where the owner's people corrected an incident or a record on
the server, the correction is a report of theirs beside it: it says what happened as they know it,
and is linked and weighed with the others. Estimates are computed anew from all reports, so a
correction of an estimate is none of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from tocsin.schema.vocabulary.field_form import choices
from tocsin.share.server.database.objects import Object
from tocsin.share.server.database.tables import objects
from tocsin.share.server.desk.said import INCIDENT, RECORD, Happened, read_incident
from tocsin.share.server.desk.workspace.corrections import changes_of

SPANS = ((0, "day"), (4, "days"), (8, "week"), (31, "month"), (366, "year"))
"""Days between the first and the last day on which it may have happened, at most, and the form's
choice for that."""


def list_returns(connection: Connection) -> Iterator[tuple[Object, dict[str, str]]]:
    """List incidents and records that people corrected, as answers of the field form.

    Args:
        connection: any connection.

    Returns:
        Each with the newest version; one that cannot be told in the form is left out.
    """
    query = select(objects).where(
        objects.c.newest, ~objects.c.deleted, ~objects.c.exercise, objects.c.origin == "",
        objects.c.type.in_((INCIDENT, RECORD)), objects.c.version > 1,
    )  # fmt: skip
    for row in connection.execute(query.order_by(objects.c.id)).all():
        names = [one.name for one in changes_of(connection, row)]
        answers = _answers(row, names) if names else {}
        if answers:
            yield row, answers


def _answers(row: Object, names: list[str]) -> dict[str, str]:
    told: dict[str, Any] = json.loads(row.payload)
    said = read_incident(row.payload)
    day, known = _when(said)
    kinds = {meaning: name for name, meaning in choices("event_kind").items()}
    targets = {meaning: name for name, meaning in choices("target").items()}
    country = told.get("territory")
    if not day or not isinstance(country, str):
        return {}
    of = said.native_id or str(told.get("incident", row.id))
    place, adm1, target = (told.get(name) for name in ("place", "adm1", "target"))
    sides = dict(zip(("actor_a", "actor_b"), _sides(told, said), strict=False))
    deaths = zip(("deaths_low", "deaths_best", "deaths_high"), said.deaths or (), strict=False)
    answers = {
        "event_date": day, "date_known": known, "country": country, "admin1": adm1, "place": place,
        "event_kind": kinds[said.kind], "target": targets.get(str(target)), **sides,
        "headline": f"Correction of {of}: {', '.join(names)}",
        **{name: str(n) for name, n in deaths}, "organisation": row.owner,
    }  # fmt: skip
    return {name: one for name, one in answers.items() if isinstance(one, str) and one}


def _sides(told: dict[str, Any], said: Happened) -> list[str]:
    """The sides in their places; whoever is only suspected comes back as a suspect, and no more."""
    listed = told.get("sides")
    rows = listed if isinstance(listed, list) else []
    named = [one if isinstance(one, str) else "" for one in rows]
    return [f"{one} (suspected)" if one in said.suspected else one for one in named]


def _when(said: Happened) -> tuple[str, str]:
    """The day in the middle, and how exactly it is known; nothing where no day is."""
    try:
        first, last = date.fromisoformat(said.first), date.fromisoformat(said.last)
    except ValueError:
        return "", ""
    days = (last - first).days
    known = next((name for most, name in SPANS if 0 <= days <= most), "")
    return (first + (last - first) / 2).isoformat() if known else "", known
