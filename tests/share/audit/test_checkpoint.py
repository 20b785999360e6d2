"""Checkpoints: signed, cosigned only where the log grew, and kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tocsin.bench.share.tampering import fill
from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit import cosign, prove_growth, write_checkpoint
from tocsin.share.audit.checkpoint import (
    Checkpoint,
    keep_cosignature,
    read_checkpoint,
    read_checkpoints,
)
from tocsin.share.audit.note import Note, new_key, read_note, sign, signed_by
from tocsin.share.audit.tables import create_tables

LOG_KEY, PARTNER = new_key("a.example/log"), new_key("b.example/witness", cosigner=True)
WHEN = datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_a_checkpoint_has_the_form_of_others(engine: sa.Engine) -> None:
    fill(engine, 3)
    with engine.begin() as connection:
        note = write_checkpoint(connection, LOG_KEY)
        assert write_checkpoint(connection, LOG_KEY) == note
        assert read_checkpoints(connection) == [note]
    lines = str(note).split("\n")
    assert lines[:2] == ["a.example/log", "3"]
    assert lines[3] == ""
    assert lines[4].startswith("— a.example/log ")
    assert read_checkpoint(read_note(str(note))).size == 3
    assert signed_by(note, LOG_KEY.public)


def test_a_partner_cosigns_what_grew(engine: sa.Engine) -> None:
    fill(engine, 5)
    with engine.begin() as connection:
        first = write_checkpoint(connection, LOG_KEY)
        signed = cosign(first, PARTNER, log=LOG_KEY.public, at=WHEN)
        keep_cosignature(connection, signed, PARTNER.public)
        keep_cosignature(connection, signed, PARTNER.public)
        assert read_checkpoints(connection) == [signed]
    fill(engine, 300, first=5)
    before = read_checkpoint(first)
    with engine.begin() as connection:
        second = write_checkpoint(connection, LOG_KEY)
        proof = [bytes.fromhex(one) for one in prove_growth(connection, before)["consistency"]]
        again = cosign(second, PARTNER, log=LOG_KEY.public, before=before, proof=proof, at=WHEN)
        assert signed_by(again, PARTNER.public) == WHEN
        other = Note(f"a.example/log\n305\n{'A' * 43}=\n")
        with pytest.raises(TocsinError, match="no such checkpoint"):
            keep_cosignature(connection, other, PARTNER.public)
        with pytest.raises(TocsinError, match="does not hold"):
            keep_cosignature(connection, second, PARTNER.public)


def test_a_partner_does_not_cosign_what_was_rewritten(engine: sa.Engine) -> None:
    fill(engine, 5)
    with engine.begin() as connection:
        before = read_checkpoint(write_checkpoint(connection, LOG_KEY))
    other = sa.create_engine("sqlite://")
    with other.begin() as connection:
        create_tables(connection)
    fill(other, 10, first=1)
    with other.begin() as connection:
        rewritten = write_checkpoint(connection, LOG_KEY)
        proof = [bytes.fromhex(one) for one in prove_growth(connection, before)["consistency"]]
    with pytest.raises(TocsinError, match="does not begin with the 5 entries"):
        cosign(rewritten, PARTNER, log=LOG_KEY.public, before=before, proof=proof)
    forged = sign(Note(rewritten.text), new_key("a.example/log"))
    with pytest.raises(TocsinError, match="not signed by this log"):
        cosign(forged, PARTNER, log=LOG_KEY.public)


@pytest.mark.parametrize(
    "text", ["a\n", "a\n1\n", "a\n-1\nAAAA\n", "a\n01\nAAAA\n", "a\n1\nAAAA\n",
             f"a\n1\n!{'A' * 43}=\n"]
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(UsageError, match="no checkpoint"):
        read_checkpoint(Note(text))


def test_a_checkpoint_says_three_lines_and_more_is_passed_over() -> None:
    said = Checkpoint("a.example/log", 0, b"r" * 32)
    assert read_checkpoint(Note(f"{said}more\n")) == said
    for wrong in (Checkpoint("", 3, b"r" * 32), Checkpoint("a", 3, b"r" * 31)):
        with pytest.raises(UsageError, match="no checkpoint"):
            read_checkpoint(Note(str(wrong)))


def test_cosignatures_of_several_partners_stand_side_by_side(engine: sa.Engine) -> None:
    other = new_key("c.example/witness", cosigner=True)
    fill(engine, 2)
    with engine.begin() as connection:
        note = write_checkpoint(connection, LOG_KEY)
        for partner in (PARTNER, other, PARTNER):
            signed = cosign(note, partner, log=LOG_KEY.public, at=WHEN)
            keep_cosignature(connection, signed, partner.public)
        [kept] = read_checkpoints(connection)
        names = [name for name, _ in kept.signatures]
        assert names == ["a.example/log", "c.example/witness", "b.example/witness"]
        for key in (LOG_KEY, PARTNER, other):
            assert signed_by(kept, key.public)
    fill(engine, 2, first=2)
    with engine.begin() as connection:
        newest = write_checkpoint(connection, LOG_KEY)
        assert read_checkpoints(connection, last=1) == [newest]
        assert read_checkpoints(connection) == [kept, newest]


def test_a_partner_cosigns_one_log_only(engine: sa.Engine) -> None:
    fill(engine, 2)
    with engine.begin() as connection:
        note = write_checkpoint(connection, LOG_KEY)
    now = read_checkpoint(note)
    assert cosign(note, PARTNER, log=LOG_KEY.public, before=now)
    elsewhere = Checkpoint("b.example/log", now.size, now.root)
    with pytest.raises(TocsinError, match="does not begin with"):
        cosign(note, PARTNER, log=LOG_KEY.public, before=elsewhere)
    # A log that signs the checkpoint of another one does not make it its own.
    foreign = sign(Note(str(elsewhere)), LOG_KEY)
    with pytest.raises(TocsinError, match="not signed by this log"):
        cosign(foreign, PARTNER, log=LOG_KEY.public)
