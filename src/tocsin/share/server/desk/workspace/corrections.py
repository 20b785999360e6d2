"""Corrections: what people changed in a published object, and the workspace does not say.

A version is the workspace's where publishing wrote it; the log of acts knows which. Whatever
differs between the last of these and the newest version is a correction: a proposal that was
accepted, or a change by the owner's analysts. When the workspace says something else, that becomes
a version, and the corrections are made in it again. One ends when the workspace comes to say the
same, when somebody of the owner's ends it, or when a warning's level rises: no correction holds
back a warning that became more serious since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.share.server.access.reader import WRITE, Reader
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import Database, moment
from tocsin.share.server.database.objects import Draft, Object
from tocsin.share.server.database.tables import acts
from tocsin.share.server.database.tables import objects as kept_objects
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.changing import as_bytes, check_may, find
from tocsin.share.stix.original import STIX

PUBLISH, UPHOLD, END = "publish", "uphold correction", "end correction"
"""Acts: the workspace said something, a correction was made again in it, somebody ended one."""
KEYS = ("month",)
"""Names by which the rows of a list are told apart, so that a row is corrected and not the list."""
TIMES = ("created", "modified")
"""What tells versions of STIX apart, and is no part of what they say."""
MILLISECOND = 1000
"""In microseconds: STIX tells times to it."""
_ABSENT = object()


@dataclass(frozen=True)
class Put:
    """This is what became of one object that was published."""

    row: Object
    """Its newest version."""
    is_new: bool
    """Was a version written?"""
    corrected: tuple[str, ...] = ()
    """What people corrected, and the workspace does not say."""


@dataclass(frozen=True)
class Correction:
    """This is one part of an object that people corrected."""

    name: str
    """Where it stands, such as `sentence` or `months/2026-12/p50`."""
    here: str
    """What is said here, as JSON; empty: nothing."""
    workspace: str
    """What the workspace says, as JSON; empty: nothing."""


def put_published(
    database: Database, connection: Connection, draft: Draft, *, detail: str = ""
) -> Put:
    """Write what a workspace says of an object, and keep what people corrected in it.

    Args:
        database: the database.
        connection: a connection that writes.
        draft: what the workspace says, as JSON.
        detail: what the acts note beside it.

    Returns:
        The newest version, and what is corrected in it. An object that people deleted stays
        deleted until the workspace says something else of it.
    """
    before = objects.newest(connection, draft.id)
    said = None if before is None else workspace_version(connection, before)
    if before is None or said is None or said.version == before.version or draft.deleted:
        return _write(database, connection, draft, PUBLISH, detail)
    is_anew = _read(draft.payload) != _read(said.payload)
    if before.deleted:
        return (
            _write(database, connection, draft, PUBLISH, detail) if is_anew else Put(before, False)
        )
    payload = _merge_changes(draft, said.payload, before.payload) if is_anew else before.payload
    base = draft.payload if is_anew else said.payload
    names = tuple(one.name for one in _differences(payload, base))
    if is_anew:
        # Even where it says what stands here already: from now on it is the workspace's word.
        put = _write(database, connection, draft, PUBLISH, detail, is_said=True)
    if names or not is_anew:
        wanted = _stamp(replace(draft, payload=payload), before, is_anew)
        put = _write(database, connection, wanted, UPHOLD if names else PUBLISH, detail)
    return Put(put.row, put.row.number != before.number, names)


def _stamp(draft: Draft, before: Object, is_anew: bool) -> Draft:
    """An object of STIX tells its own time: that of its bytes, or one after what was said last."""
    if draft.media_type != STIX:
        return draft
    if not is_anew:
        return replace(draft, modified=before.modified)
    at = max(draft.modified or 0, before.modified) // MILLISECOND * MILLISECOND + MILLISECOND
    text = moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = json.loads(draft.payload) | {"modified": text}
    return replace(draft, payload=json.dumps(told, ensure_ascii=False).encode(), modified=at)


def _write(
    database: Database, connection: Connection, draft: Draft, verb: str, detail: str,
    *, is_said: bool = False,
) -> Put:  # fmt: skip
    before = objects.newest(connection, draft.id)
    after = objects.put(database, connection, draft)
    is_new = before is None or before.number != after.number
    if is_new or is_said:
        who = SignedIn(Reader(organisation=draft.owner))
        record(database, connection, who, verb, after, detail=detail)
    return Put(after, is_new)


def workspace_version(connection: Connection, kept: Object) -> Object | None:
    """Find the newest version of an object that publishing wrote, for the server's own work only.

    Args:
        connection: any connection.
        kept: a version of the object.

    Returns:
        The version; None where publishing wrote none, or the object is a neighbour's.
    """
    if kept.origin:
        return None
    # As a literal, so that the database knows the index of these acts alone to be enough.
    theirs = select(func.max(acts.c.version)).where(
        acts.c.object == kept.id, acts.c.verb == literal_column(f"'{PUBLISH}'")
    )
    query = select(kept_objects).where(
        kept_objects.c.id == kept.id, kept_objects.c.version == theirs.scalar_subquery()
    )
    return connection.execute(query).one_or_none()


def _merge_changes(draft: Draft, base: bytes, now: bytes) -> bytes:
    """What the workspace says, with what differs between `base` and `now` as it is now."""
    old, here, new = (_read(one) for one in (base, now, draft.payload))
    if not all(isinstance(one, dict) for one in (old, here, new)):
        return now if base != now else draft.payload
    told = _merge(old, here, new)
    if draft.type == "warning" and _rank(new) > _rank(old):
        told["level"] = new["level"]
    if told == new:
        return draft.payload
    times = {name: one for name, one in json.loads(draft.payload).items() if name not in new}
    return as_bytes(times | told)


def _merge(old: Any, here: Any, new: Any) -> Any:
    if all(isinstance(one, dict) for one in (old, here, new)):
        merged = {
            name: _merge(*(one.get(name, _ABSENT) for one in (old, here, new)))
            for name in {**here, **new}
        }
        return {name: one for name, one in merged.items() if one is not _ABSENT}
    rows = [_by_key(one) for one in (old, here, new)]
    if all(rows):
        # What the workspace does not list any more, such as a month that is over, goes.
        found = [_merge(*(one.get(name, _ABSENT) for one in rows)) for name in rows[2]]
        return [one for one in found if one is not _ABSENT]
    return new if here == old else here


def _by_key(value: Any) -> dict[str, Any]:
    """The rows of a list by what tells them apart; nothing where nothing does."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for key in KEYS:
            found = {str(one.get(key)): one for one in value}
            if len(found) == len(value) and "None" not in found:
                return found
    return {}


def _rank(told: Mapping[str, Any]) -> int:
    level = told.get("level")
    return ALERT_LEVELS.index(level) if level in ALERT_LEVELS else 0


def _read(payload: bytes) -> Any:
    """What a version says, without the times that an object of STIX has of its own."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or "spec_version" not in told:
        return told
    return {name: one for name, one in told.items() if name not in TIMES}


def corrections_of(
    database: Database, connection: Connection, reader: Reader, kept: Object
) -> list[Correction]:
    """List what is corrected in an object, for a reader who may see it.

    Args:
        database: the database.
        connection: any connection.
        reader: who asks.
        kept: the newest version of the object.

    Returns:
        The corrections by name; none where the reader may not see what the workspace says.
    """
    said = workspace_version(connection, kept)
    if said is None:
        return []
    query = objects.select_visible(database, connection, reader)
    query = query.where(kept_objects.c.number == said.number)
    if connection.execute(query).one_or_none() is None:
        return []
    return changes_of(connection, kept)


def changes_of(connection: Connection, kept: Object) -> list[Correction]:
    """List what is corrected in an object, whoever may see it: for the server's own work only.

    Args:
        connection: any connection.
        kept: the newest version of the object.

    Returns:
        The corrections by name.
    """
    said = workspace_version(connection, kept)
    if said is None or said.version == kept.version or kept.deleted:
        return []
    return list(_differences(kept.payload, said.payload))


def _differences(here: bytes, workspace: bytes) -> Iterator[Correction]:
    for name, one, other in _pairs("", _read(here), _read(workspace)):
        yield Correction(name, *("" if it is _ABSENT else _text(it) for it in (one, other)))


def _pairs(path: str, here: Any, there: Any) -> Iterator[tuple[str, Any, Any]]:
    parts = [here, there] if isinstance(here, dict) and isinstance(there, dict) else []
    parts = parts or [_by_key(here), _by_key(there)]
    if all(parts):
        for name in sorted({*parts[0], *parts[1]}):
            yield from _pairs(f"{path}/{name}", *(one.get(name, _ABSENT) for one in parts))
    elif here is not there and here != there:
        yield path.removeprefix("/"), here, there


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def end_corrections(
    database: Database, connection: Connection, signed: SignedIn, id: str, *, reason: str
) -> Object:
    """Let the workspace's words stand again instead of what people corrected.

    Args:
        database: the database.
        connection: a connection that writes.
        signed: who ends them, of the owner's organisation.
        id: the object.
        reason: why; oversight reads it.

    Returns:
        The new version.

    Raises:
        NoObject: it is not there for whoever asks.
        NotAllowed: they may not write it, or nothing in it that they may see is corrected.
    """
    kept = find(database, connection, signed, id)
    check_may(connection, signed, WRITE, kept)
    said = workspace_version(connection, kept)
    if said is None or not corrections_of(database, connection, signed.reader, kept):
        raise NotAllowed("Nothing is corrected here.", remedy="Load the page again.")
    draft = replace(objects.draft_of(connection, kept), payload=said.payload)
    after = objects.put(database, connection, draft)
    record(database, connection, signed, END, after, reason=reason)
    return after
