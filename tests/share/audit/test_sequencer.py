"""The sequencer: one order, whoever runs it and in however many processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.share.tampering import fill
from tocsin.share.audit import sequence, verify
from tocsin.share.audit.sequencer import read_tree
from tocsin.share.audit.tables import LOG, OUTBOX, create_tables

WORKER = """
import sys, sqlalchemy as sa
from tocsin.share.audit import Act, record, sequence
engine = sa.create_engine(sys.argv[1], connect_args={"timeout": 60})
for n in range(int(sys.argv[3])):
    with engine.begin() as connection:
        record(connection, Act("read", sys.argv[2], f"w{n}"))
    if n % 5 == 0:
        sequence(engine, batch=7)
sequence(engine)
"""


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 150), max_size=3), st.integers(10, 200))
def test_batches_make_no_difference(counts: list[int], batch: int) -> None:
    roots = []
    for size in (batch, 10_000):
        engine = sa.create_engine("sqlite://")
        with engine.begin() as connection:
            create_tables(connection)
        first = 0
        for count in counts:
            fill(engine, count, first)
            first += count
            sequence(engine, batch=size)
        with engine.connect() as connection:
            found = verify(connection)
            assert found.whole, found.findings
            assert found.size == sum(counts)
            roots.append(read_tree(connection).root())
            assert found.root == roots[-1]
        engine.dispose()
    assert roots[0] == roots[1]


@pytest.mark.slow
def test_several_processes_make_no_fork(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'log.db'}"
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        create_tables(connection)
    many, each = 3, 12
    started = [
        subprocess.Popen([sys.executable, "-c", WORKER, address, f"account-{n}", str(each)])
        for n in range(many)
    ]
    assert [one.wait() for one in started] == [0] * many
    sequence(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.select(OUTBOX)).all() == []
        assert len(connection.execute(sa.select(LOG)).all()) == many * each
        found = verify(connection)
        assert found.whole, found.findings
        assert found.root == read_tree(connection).root()
    engine.dispose()
