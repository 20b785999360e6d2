"""Acts: what is logged, as a commitment that says nothing once its identity row is erased.

An entry of the log says what kind of act it was, when, and a commitment: the HMAC-SHA-256 (RFC
2104) of who did what to what, under a key of that entry alone. The key and the words lie in an
identity row. Where that row is erased, nobody can find out by trying names whom the entry was
about, and the entry, its hash and every proof stay as they were.

Entries are canonical JSON (RFC 8785), so that the same content has the same bytes everywhere.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import rfc8785
import sqlalchemy as sa

from tocsin.share.audit.tables import IDENTITIES, LOG, OUTBOX

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_WAIT, _NAME = OUTBOX.insert(), IDENTITIES.insert()

ERASURE = "erasure"
"""The kind of an act that erases identity rows. It says in `public` how many."""


@dataclass(frozen=True)
class Act:
    """This is something that is logged: a read of restricted data, an estimate, a decision."""

    kind: str
    """Its kind: `read`, `estimate`, `decision`, `override`, `release`; it is never erased."""
    subject: str
    """The account that acted; it can be erased."""
    about: str
    """The identifier of what it acted on; it can be erased."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """Anything more, such as the reason, as JSON can hold it; it can be erased."""
    public: Mapping[str, Any] = field(default_factory=dict)
    """What stays in the log for ever, as JSON can hold it; nothing of a person belongs here."""


@dataclass(frozen=True)
class Entry:
    """This is an entry of the log, opened where its identity row still is."""

    position: int
    """Its place in the log, from 0 on."""
    event: str
    """Its identifier."""
    at: datetime
    """When it was done, in UTC."""
    act: Act | None
    """Who did what; None where it was erased."""
    kind: str
    """The kind of the act."""


def record(
    connection: Connection,
    act: Act,
    *,
    at: datetime | None = None,
    event: str | None = None,
    key: bytes | None = None,
) -> str:
    """Log an act, in the transaction in which it is done: both are kept, or neither.

    Its place in the log is given later (`sequence`), so that no act waits for another.

    Args:
        connection: a connection within the act's own transaction.
        act: what is done.
        at: when; None: now.
        event: the entry's identifier, 32 hexadecimal digits; None: one by chance.
        key: the 32 bytes of the commitment's key; None: by chance. Give one only in tests.

    Returns:
        The entry's identifier.
    """
    (made,) = record_many(connection, [act], at=at, event=event, key=key)
    return made


def record_many(
    connection: Connection,
    acts: Sequence[Act],
    *,
    at: datetime | Sequence[datetime] | None = None,
    event: str | None = None,
    key: bytes | None = None,
) -> list[str]:
    """Log acts that are done at once, as `record` does it.

    Args:
        connection: a connection within the acts' own transaction.
        acts: what is done, such as a read of each object on a page.
        at: when, for all of them or for each; None: now.
        event: as for `record`, for a single act.
        key: as for `record`.

    Returns:
        The entries' identifiers.
    """
    at = at or datetime.now(UTC)
    times = [at] * len(acts) if isinstance(at, datetime) else at
    waiting: list[dict[str, Any]] = []
    identities: list[dict[str, Any]] = []
    for act, moment in zip(acts, times, strict=True):
        name, secret = event or _event(moment), key or secrets.token_bytes(32)
        said = canonical({"about": act.about, "said": dict(act.said), "subject": act.subject})
        leaf = canonical(
            {
                "act": act.kind,
                "at": _stamp(moment),
                "commitment": commitment(secret, said),
                "event": name,
                "public": dict(act.public),
            }
        )
        waiting.append({"event": name, "leaf": leaf})
        identities.append(
            {"event": name, "subject": act.subject, "about": act.about, "key": secret, "said": said}
        )
    if waiting:
        connection.execute(_WAIT, waiting)
        connection.execute(_NAME, identities)
    return [str(row["event"]) for row in waiting]


def canonical(told: Mapping[str, Any]) -> bytes:
    """Write JSON in its canonical form (RFC 8785), in which the same content has the same bytes.

    Args:
        told: what JSON can hold.

    Returns:
        The bytes.
    """
    # Of texts and small whole numbers under names of ASCII, Python's own writer, which is
    # thirty times faster, makes the same bytes.
    if _is_plain(told):
        return _PLAIN.encode(told).encode()
    return rfc8785.dumps(dict(told))


_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_LARGEST = 2**53 - 1


def _is_plain(told: Mapping[str, Any]) -> bool:
    for name, value in told.items():
        if not (type(name) is str and name.isascii()):
            return False
        kind = type(value)
        if kind is int:
            if not -_LARGEST <= value <= _LARGEST:
                return False
        elif kind is dict:
            if not _is_plain(value):
                return False
        elif kind is not str:
            return False
    return True


def _event(at: datetime) -> str:
    """An identifier by chance that sorts by time, as UUIDv7 (RFC 9562) does: so that the rows of a
    table that is sorted by it lie side by side where they are read side by side."""
    return f"{int(at.timestamp() * 1000) & (2**48 - 1):012x}{secrets.token_hex(10)}"


def commitment(key: bytes, said: bytes) -> str:
    """Commit to some bytes: HMAC-SHA-256 under a key.

    Args:
        key: 32 bytes that nobody can guess.
        said: the bytes.

    Returns:
        64 hexadecimal digits.
    """
    return hmac.digest(key, said, "sha256").hex()


def erase(connection: Connection, subject: str, *, by: str, at: datetime | None = None) -> int:
    """Erase what the log says of one account; every hash and every proof stays valid.

    The erasure is an act of its own, which says how many rows went, so that rows that are lost
    otherwise are found.

    Args:
        connection: a connection within a transaction.
        subject: the account whose rows go.
        by: the account that erases.
        at: when; None: now.

    Returns:
        How many identity rows went.
    """
    gone = connection.execute(IDENTITIES.delete().where(IDENTITIES.c.subject == subject)).rowcount
    record(connection, Act(ERASURE, by, "audit log", public={"rows": gone}), at=at)
    return gone


def entries(
    connection: Connection,
    *,
    subject: str | None = None,
    about: str | None = None,
    kinds: Sequence[str] = (),
    limit: int = 100,
) -> list[Entry]:
    """List entries, the newest first, opened where their identity rows still are.

    Args:
        connection: a connection.
        subject: only acts of this account; None: of all.
        about: only acts on this object; None: on all.
        kinds: only acts of these kinds; empty: of all.
        limit: at most so many entries are looked at.

    Returns:
        The entries. What was erased is found by no account and no object.
    """
    joined = LOG.outerjoin(IDENTITIES, LOG.c.event == IDENTITIES.c.event)
    wanted = sa.select(LOG.c.position, LOG.c.leaf, IDENTITIES.c.said).select_from(joined)
    if subject is not None:
        wanted = wanted.where(IDENTITIES.c.subject == subject)
    if about is not None:
        wanted = wanted.where(IDENTITIES.c.about == about)
    rows = connection.execute(wanted.order_by(LOG.c.position.desc()).limit(limit))
    found = [_entry(*row) for row in rows]
    return [one for one in found if not kinds or one.kind in kinds]


def read_public(connection: Connection, kind: str) -> list[tuple[datetime, dict[str, Any]]]:
    """Give what stays in the log for ever of all acts of one kind, the earliest first.

    Args:
        connection: a connection.
        kind: the kind.

    Returns:
        When each was done, in UTC, and what is public of it.
    """
    # The kind stands first in the canonical bytes of an entry.
    begin = canonical({"act": kind})[:-1] + b","
    these = LOG.c.leaf.between(begin, begin + b"\xff")
    rows = connection.execute(sa.select(LOG.c.leaf).where(these).order_by(LOG.c.position))
    told = [json.loads(leaf) for leaf in rows.scalars()]
    return [(datetime.fromisoformat(one["at"]), one["public"]) for one in told]


def _entry(position: int, leaf: bytes, said: bytes | None) -> Entry:
    told = json.loads(leaf)
    act = None
    if said is not None:
        opened = json.loads(said)
        act = Act(
            told["act"], opened["subject"], opened["about"], opened["said"], told["public"]
        )  # fmt: skip
    return Entry(position, told["event"], datetime.fromisoformat(told["at"]), act, told["act"])


def _stamp(at: datetime) -> str:
    """A moment in UTC, to the microsecond, always as long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
