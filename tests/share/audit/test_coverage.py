"""How much others vouch for: nothing without a witness, and never more than was cosigned."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from tocsin.bench.share.tampering import START, fill
from tocsin.share.audit import record, sequence, write_checkpoint
from tocsin.share.audit.act import Act
from tocsin.share.audit.checkpoint import keep_cosignature
from tocsin.share.audit.coverage import read_coverage
from tocsin.share.audit.note import new_key, sign
from tocsin.share.audit.tables import create_tables


def test_a_cosignature_covers_what_it_was_given_for() -> None:
    engine = sa.create_engine("sqlite://")
    log, witness, other = new_key("log"), new_key("w", cosigner=True), new_key("o", cosigner=True)
    with engine.begin() as connection:
        create_tables(connection)
        empty = read_coverage(connection, [witness.public])
        assert (empty.size, empty.covered, empty.since) == (0, 0, None)
    for n in range(3):
        with engine.begin() as connection:
            record(connection, Act("read", "a", "b"))
        sequence(engine)
        with engine.begin() as connection:
            note = write_checkpoint(connection, log)
            if n == 1:
                keep_cosignature(connection, sign(note, witness), witness.public)
    with engine.connect() as connection:
        found = read_coverage(connection, [witness.public, other.public])
        assert (found.size, found.covered, found.by, found.waiting) == (3, 2, ("w",), 0)
        assert found.since is not None
        for nobody in ([], [other.public]):
            assert read_coverage(connection, nobody).covered == 0


def test_the_tail_is_as_old_as_the_first_act_that_nobody_else_vouches_for(
    engine: sa.Engine,
) -> None:
    log, witness = new_key("log"), new_key("w", cosigner=True)
    fill(engine, 3)
    with engine.begin() as connection:
        note = write_checkpoint(connection, log)
        keep_cosignature(connection, sign(note, witness), witness.public)
        assert read_coverage(connection, [witness.public]).since is None
        for second in (9, 7):
            act = Act("read", "a", "b")
            record(connection, act, at=START + timedelta(seconds=second), event=f"{second:032x}")
        waits = read_coverage(connection, [witness.public])
        # Of those that wait for their place the one that was kept first counts.
        assert (waits.size, waits.waiting, waits.covered) == (3, 2, 3)
        assert waits.since == START + timedelta(seconds=9)
        told = waits.as_dict(START + timedelta(seconds=12, milliseconds=340))
        assert told == {
            "entries": 3, "waiting": 2, "covered": 3, "cosigned_by": ["w"],
            "uncovered_seconds": 3.3, "uncovered_since": "2026-11-01T00:00:09+00:00",
        }  # fmt: skip
        # A clock that goes wrong makes no negative age, and who is covered has none.
        assert waits.as_dict(START)["uncovered_seconds"] == 0.0
        # Without anybody who vouches it is the first entry of all.
        assert read_coverage(connection, []).since == START
    sequence(engine)
    with engine.connect() as connection:
        placed = read_coverage(connection, [witness.public])
        assert (placed.size, placed.waiting, placed.since) == (5, 0, waits.since)
