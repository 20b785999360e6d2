"""Is a log that was tampered with found out, whatever was done to it?

A partner holds a checkpoint of the log. Each tampering is made in a copy of it, as somebody could
who holds the database and the log's own key.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.share.audit import Act, cosign, record, sequence, verify, write_checkpoint
from tocsin.share.audit.checkpoint import keep_cosignature
from tocsin.share.audit.note import Note, new_key
from tocsin.share.audit.tables import create_tables
from tocsin.share.audit.verification import Verification

START = datetime(2026, 11, 1, tzinfo=UTC)
KEY, PARTNER = new_key("a.example/log"), new_key("b.example/witness", cosigner=True)
SIZE, COVERED = 330, 280
Change = Callable[[sqlite3.Connection, random.Random], None]


def measure_tampering(*, count: int = 1000, seed: int = 0) -> dict[str, Any]:
    """Tamper with a log in ways drawn by chance.

    Args:
        count: how many tamperings.
        seed: start of all random numbers.

    Returns:
        `tamperings`, how many of them were `rewrites` of all of history, how many were `missed`,
        and by which `ways`.
    """
    rng = random.Random(seed)
    drawn = rng.choices(CHANGES, k=count)
    missed = missed_changes(drawn, rng)
    return {
        "tamperings": count, "rewrites": drawn.count(rewrite), "missed": len(missed),
        "ways": sorted(set(missed)),
    }  # fmt: skip


def fill(engine: sa.Engine, count: int, first: int = 0) -> list[str]:
    """Log some acts, the same each time, and give their identifiers."""
    with engine.begin() as connection:
        events = [
            record(
                connection,
                Act("read", f"account-{n % 7}", f"warning-{n}", {"why": f"duty {n}"}),
                at=START + timedelta(seconds=n),
                event=f"{n:032x}",
                key=(n + 1).to_bytes(32, "big"),
            )
            for n in range(first, first + count)
        ]
    sequence(engine)
    return events


def signed_log() -> tuple[sa.Engine, Note]:
    """A log of which a partner holds a checkpoint, with entries after it."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        create_tables(connection)
    fill(engine, COVERED)
    with engine.begin() as connection:
        note = write_checkpoint(connection, KEY)
        signed = cosign(note, PARTNER, log=KEY.public)
        keep_cosignature(connection, signed, PARTNER.public)
    fill(engine, SIZE - COVERED, first=COVERED)
    with engine.begin() as connection:
        write_checkpoint(connection, KEY)
    return engine, signed


def answer(engine: sa.Engine, held: list[Note]) -> Verification:
    """What the verifier says of a log to somebody who holds checkpoints."""
    with engine.connect() as connection:
        return verify(connection, key=KEY.public, partners=[PARTNER.public], held=held)


def change_entry(raw: sqlite3.Connection, rng: random.Random) -> None:
    """One byte of one entry."""
    position = rng.randrange(COVERED)
    (leaf,) = raw.execute("SELECT leaf FROM audit_log WHERE position=?", (position,)).fetchone()
    at = rng.randrange(len(leaf))
    leaf = leaf[:at] + bytes([leaf[at] ^ (1 << rng.randrange(8))]) + leaf[at + 1 :]
    raw.execute("UPDATE audit_log SET leaf=? WHERE position=?", (leaf, position))


def swap_entries(raw: sqlite3.Connection, rng: random.Random) -> None:
    """Two entries in each other's places."""
    one, two = rng.sample(range(COVERED), 2)
    for old, new in ((one, -1), (two, one), (-1, two)):
        raw.execute("UPDATE audit_log SET position=? WHERE position=?", (new, old))


def take_entry(raw: sqlite3.Connection, rng: random.Random) -> None:
    """An entry taken out, with or without closing the gap."""
    position = rng.randrange(COVERED)
    raw.execute("DELETE FROM audit_log WHERE position=?", (position,))
    if rng.random() < 0.5:
        raw.execute("UPDATE audit_log SET position=-position WHERE position>?", (position,))
        raw.execute("UPDATE audit_log SET position=-position-1 WHERE position<0")
        raw.execute("UPDATE audit_head SET size=size-1")


def put_entry(raw: sqlite3.Connection, rng: random.Random) -> None:
    """An entry put in between."""
    position = rng.randrange(COVERED)
    raw.execute("UPDATE audit_log SET position=-position-1 WHERE position>=?", (position,))
    raw.execute("UPDATE audit_log SET position=-position WHERE position<0")
    raw.execute(
        "INSERT INTO audit_log SELECT ?, ?, replace(leaf, 'read', 'made') FROM audit_log "
        "WHERE position=0",
        (position, f"{rng.getrandbits(128):032x}"),
    )
    raw.execute("UPDATE audit_head SET size=size+1")


def shorten(raw: sqlite3.Connection, rng: random.Random) -> None:
    """The end cut off, with all that tells of it."""
    size = rng.randrange(COVERED)
    raw.execute("DELETE FROM audit_log WHERE position>=?", (size,))
    raw.execute("DELETE FROM audit_checkpoints WHERE size>?", (size,))
    raw.execute("UPDATE audit_head SET size=?", (size,))


def change_identity(raw: sqlite3.Connection, rng: random.Random) -> None:
    """Another account, object or reason in an identity row; or another key."""
    event = f"{rng.randrange(COVERED):032x}"
    if rng.random() < 0.5:
        said = rng.choice(["account", "warning", "duty"])
        raw.execute(
            "UPDATE audit_identities SET said=CAST(replace(CAST(said AS TEXT), ?, 'other') "
            "AS BLOB) WHERE event=?",
            (said, event),
        )
    else:
        raw.execute("UPDATE audit_identities SET key=? WHERE event=?", (rng.randbytes(32), event))


def lose_identity(raw: sqlite3.Connection, rng: random.Random) -> None:
    """An identity row that goes without an act of erasure."""
    event = f"{rng.randrange(COVERED):032x}"
    raw.execute("DELETE FROM audit_identities WHERE event=?", (event,))


def change_tile(raw: sqlite3.Connection, rng: random.Random) -> None:
    """A hash from which proofs are made."""
    level, position, hashes = rng.choice(raw.execute("SELECT * FROM audit_tiles").fetchall())
    at = rng.randrange(len(hashes))
    hashes = hashes[:at] + bytes([hashes[at] ^ 1]) + hashes[at + 1 :]
    raw.execute(
        "UPDATE audit_tiles SET hashes=? WHERE level=? AND position=?", (hashes, level, position)
    )


def change_event(raw: sqlite3.Connection, rng: random.Random) -> None:
    """An entry under another identifier."""
    raw.execute(
        "UPDATE audit_log SET event=? WHERE position=?",
        (f"{rng.getrandbits(128):032x}", rng.randrange(COVERED)),
    )


def change_checkpoint(raw: sqlite3.Connection, rng: random.Random) -> None:
    """Another number or another root in the log's own checkpoint."""
    (note,) = raw.execute("SELECT note FROM audit_checkpoints WHERE size=?", (COVERED,)).fetchone()
    lines = note.split("\n")
    lines[1 + rng.randrange(2)] = rng.choice(["7", "A" * 43 + "="])
    raw.execute("UPDATE audit_checkpoints SET note=? WHERE size=?", ("\n".join(lines), COVERED))


def rewrite(raw: sqlite3.Connection, rng: random.Random) -> None:
    """All of history made anew, and signed anew by the log's own key: it agrees with itself."""
    left_out = rng.randrange(COVERED)
    other = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with other.begin() as connection:
        create_tables(connection)
    fill(other, left_out)
    fill(other, SIZE - left_out, first=left_out + 1)
    with other.begin() as connection:
        write_checkpoint(connection, KEY)
    with other.connect() as connection:
        assert verify(connection, key=KEY.public).whole
        made = connection.connection.driver_connection
        assert made is not None
        made.backup(raw)
    other.dispose()


CHANGES: list[Change] = [
    change_entry, swap_entries, take_entry, put_entry, shorten, change_identity, lose_identity,
    change_tile, change_event, change_checkpoint, rewrite,
]  # fmt: skip


def missed_changes(changes: list[Change], rng: random.Random) -> list[str]:
    """Make each change in a copy of one log; name those that were not found."""
    engine, held = signed_log()
    whole = answer(engine, [held])
    assert whole.whole, whole.findings
    missed = []
    with engine.connect() as connection:
        kept = connection.connection.driver_connection
        assert kept is not None
        copy = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        for change in changes:
            with copy.connect() as other:
                raw = other.connection.driver_connection
                assert raw is not None
                kept.backup(raw)
                change(raw, rng)
                raw.commit()
            if answer(copy, [held]).whole:
                missed.append(change.__name__)
    copy.dispose()
    engine.dispose()
    return missed
