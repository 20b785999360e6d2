"""How much others vouch for: nothing without a witness, and never more than was cosigned."""

from __future__ import annotations

import sqlalchemy as sa

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
