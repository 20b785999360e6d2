"""Tampering of every kind is found, and no log that is whole is accused."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from tocsin.bench.share.tampering import (
    CHANGES,
    COVERED,
    KEY,
    SIZE,
    START,
    answer,
    fill,
    missed_changes,
    signed_log,
)
from tocsin.share.audit import Act, erase, record, sequence, verify, write_checkpoint
from tocsin.share.audit.note import new_key


@pytest.mark.slow
def test_each_kind_of_tampering_is_found() -> None:
    assert missed_changes(CHANGES, random.Random(1)) == []


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
        # An act that waits and erases nothing is no erasure.
        record(connection, Act("read", "account-2", "w"), at=START)
        found = verify(connection)
        assert (found.whole, found.waiting) == (True, 2)
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
        assert {(one.line, one.severity) for one in told.findings} == {(0, "error")}
