"""How far behind a copy of the database is, seen by operators where one follows."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from share.server.conftest import Site
from tocsin.bench.share.server import postgres
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.replicas import read_replicas
from tocsin.share.server.database.schema import upgrade


def test_none_follows_sqlite_and_metrics_say_nothing_of_it(site: Site) -> None:
    with site.database.reading() as connection:
        assert read_replicas(connection) == []
    site.account("Oma", role="administrator")
    assert "tocsin_replica" not in site.client("Oma").get("/metrics").text


@pytest.mark.slow
@pytest.mark.skipif(
    postgres.programs() is None, reason="needs PostgreSQL: apt-get install postgresql"
)
def test_a_copy_is_seen_with_what_it_lacks() -> None:
    with postgres.running() as first:
        database = connect(first.url)
        upgrade(database)
        with first.replica() as second:
            copy = connect(second.url)
            until = time.monotonic() + 60
            found = []
            while not found and time.monotonic() < until:
                with database.reading() as connection:
                    found = read_replicas(connection)
                time.sleep(0.05)
            assert [one.name for one in found] == ["walreceiver"]
            # A copy that stands still is behind by what was written meanwhile.
            with copy.engine.connect() as connection:
                connection.execute(text("SELECT pg_wal_replay_pause()"))
                connection.commit()
            open_to_all = Audience.of(Marking("CLEAR", "Health"))
            for n in range(20):
                with database.writing() as connection:
                    draft = Draft(f"note--{n}", "note", "Health", open_to_all, b"x" * 500)
                    objects.put(database, connection, draft)
            with database.reading() as connection:
                (behind,) = read_replicas(connection)
            assert behind.behind > 20 * 500
            with copy.reading() as connection:
                assert read_replicas(connection) == []
                assert not connection.execute(text("SELECT count(*) FROM objects")).scalar()
            site = Site(database)
            site.account("Oma", role="administrator")
            told = site.client("Oma").get("/metrics").text
            assert 'tocsin_replica_behind_bytes{replica="walreceiver",number="1"} ' in told
            copy.close()
        database.close()
