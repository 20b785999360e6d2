"""Tampering of every kind is found, and no log that is whole is accused."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from acts import START, fill
from tocsin.share.audit import cosign, erase, sequence, verify, write_checkpoint
from tocsin.share.audit.checkpoint import keep_cosignature
from tocsin.share.audit.note import Note, new_key
from tocsin.share.audit.tables import create_tables
from tocsin.share.audit.verification import Verification

KEY, PARTNER = new_key("a.example/log"), new_key("b.example/witness", cosigner=True)
SIZE, COVERED = 330, 280
Change = Callable[[sqlite3.Connection, random.Random], None]


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


def found_after(changes: list[Change], rng: random.Random) -> list[str]:
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


@pytest.mark.slow
def test_each_kind_of_tampering_is_found() -> None:
    assert found_after(CHANGES, random.Random(1)) == []


@pytest.mark.release
def test_a_thousand_tamperings_are_found() -> None:
    rng = random.Random(2)
    assert found_after(rng.choices(CHANGES, k=1000), rng) == []


def test_what_is_covered_and_since_when_the_rest_is_not() -> None:
    engine, held = signed_log()
    found = answer(engine, [])
    assert (found.size, found.covered) == (SIZE, COVERED)
    assert found.uncovered_since is not None
    assert (found.uncovered_since - START).total_seconds() == COVERED
    with engine.connect() as connection:
        assert verify(connection, key=KEY.public).covered == 0
        assert verify(connection, key=KEY.public, held=[held]).covered == COVERED
    engine.dispose()


def test_a_checkpoint_of_another_log_covers_nothing() -> None:
    engine, held = signed_log()
    other = new_key("c.example/log")
    with engine.connect() as connection:
        found = verify(connection, key=other.public, held=[held])
        # Neither the one that is held nor the two that lie in the log are this key's.
        rules = [one.rule for one in found.findings]
        assert (rules.count("held-unsigned"), rules.count("checkpoint-signature")) == (1, 2)
        assert found.covered == 0
    engine.dispose()


def test_an_empty_log_and_one_with_erasures_are_whole(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        found = verify(connection)
        assert (found.size, found.whole, found.uncovered_since) == (0, True, None)
    fill(engine, 10)
    with engine.begin() as connection:
        erase(connection, "account-1", by="dpo", at=START)
        found = verify(connection)
        assert found.whole, found.findings
        assert found.waiting == 1
    sequence(engine)
    with engine.connect() as connection:
        assert verify(connection).whole


TILE = ("tile", "tile 0/0")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE audit_identities SET key=x'00' WHERE event=printf('%032x', 2)",
         [("commitment", "entry 2")]),
        ("UPDATE audit_log SET event=printf('%032x', 99) WHERE position=3",
         [("erasure", "identities"), ("event", "entry 3")]),
        ("DELETE FROM audit_identities WHERE event=printf('%032x', 1)",
         [("erasure", "identities")]),
        ("UPDATE audit_tiles SET hashes=x'00'", [TILE]),
        ("UPDATE audit_head SET size=5", [("length", "head")]),
        ("UPDATE audit_checkpoints SET note='x' WHERE size=4",
         [("checkpoint-unreadable", "checkpoint of 4")]),
        ("UPDATE audit_checkpoints SET size=5 WHERE size=6",
         [("checkpoint-size", "checkpoint of 5")]),
        ("DELETE FROM audit_log WHERE position=5",
         [("length", "head"), ("shortened", "checkpoint of 6"), TILE]),
        ("UPDATE audit_log SET position=7 WHERE position=5", [("gap", "entry 7")]),
        ("UPDATE audit_log SET leaf=CAST(leaf AS TEXT) WHERE position=3", [("type", "entry 3")]),
        ("UPDATE audit_log SET leaf=CAST(replace(leaf, 'read', 'made') AS BLOB) WHERE position=0",
         [("rewritten", "checkpoint of 4"), ("rewritten", "checkpoint of 6"), TILE]),
    ],
)  # fmt: skip
def test_a_finding_names_its_rule_and_its_place(
    engine: sa.Engine, change: str, found: list[tuple[str, str]]
) -> None:
    for first, count in ((0, 4), (4, 2)):
        fill(engine, count, first=first)
        with engine.begin() as connection:
            write_checkpoint(connection, KEY)
    with engine.begin() as connection:
        assert verify(connection, key=KEY.public).whole
        connection.exec_driver_sql(change)
        told = verify(connection, key=KEY.public)
        assert sorted((one.rule, one.where) for one in told.findings) == found
