"""Jobs are done once each time they are due, whatever dies and however many processes there are."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from share.server.conftest import Hands, Site
from tocsin.errors import TocsinError
from tocsin.share.audit.coverage import read_coverage
from tocsin.share.audit.note import new_key
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.delivery.webhooks import add_hook, list_hooks
from tocsin.share.server.neighbours import keeping
from tocsin.share.server.running.logbook import keep_log
from tocsin.share.server.running.scheduling import (
    LEASE,
    Job,
    Scheduler,
    do_if_due,
    give_back,
    list_jobs,
    take,
)

NORTH, SOUTH = new_key("north"), new_key("south")
WITNESS = new_key("south/witness", cosigner=True)


@pytest.fixture
def other(site: Site, tmp_path: Path, hands: Hands) -> Iterator[Site]:
    """Another process at the same database."""
    found = Site(connect(tmp_path, clock=hands))
    yield found
    found.database.close()


def test_a_job_is_one_process_at_a_time(site: Site, other: Site, hands: Hands) -> None:
    until = take(site.database, "one")
    assert until
    assert take(other.database, "one") == 0
    give_back(site.database, "one", until, 60)
    assert take(other.database, "one") == 0
    hands.move(seconds=61)
    assert take(other.database, "one")
    # The other process is killed, so the job is due when its time is over, and it comes too late.
    hands.move(seconds=LEASE / 1e6 + 1)
    again = take(site.database, "one")
    assert again
    give_back(other.database, "one", until, 0)
    assert take(other.database, "one") == 0


def test_a_job_that_fails_is_told_of_without_the_words_of_others_and_goes_on(
    site: Site, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("the secret")

    def refuse() -> None:
        raise TocsinError("The neighbour does not answer.")

    with caplog.at_level(logging.ERROR, "tocsin.server"):
        assert do_if_due(site.database, Job("a", 5, fail))
        assert do_if_due(site.database, Job("b", 5, refuse))
    assert "the secret" not in caplog.text
    assert "ValueError" in caplog.text
    assert "The neighbour does not answer." in caplog.text
    assert not do_if_due(site.database, Job("a", 5, fail))
    hands.move(seconds=31)
    assert do_if_due(site.database, Job("a", 5, fail))


@pytest.mark.slow
def test_the_scheduler_does_jobs_and_a_slow_one_holds_up_no_other(site: Site) -> None:
    slow, done = threading.Event(), threading.Event()
    listed = [Job("slow", 1, lambda: slow.wait(20)), Job("quick", 1, done.set)]
    scheduler = Scheduler(site.database, lambda: listed)
    scheduler.start()
    assert done.wait(20)
    slow.set()
    scheduler.stop()


@pytest.mark.slow
def test_a_neighbour_is_followed_and_cosigns_and_faults_are_noted(
    site: Site, fresh: Path, tmp_path: Path, hands: Hands
) -> None:
    (tmp_path / "south").mkdir()
    shutil.copy(fresh, tmp_path / "south" / SQLITE_FILE)
    south = Site(connect(tmp_path / "south", clock=hands))
    south.service.witness, south.app.state.key = WITNESS, SOUTH
    south.account("north", "Health", "partner")
    south.put("warning--1", "GREEN", owner="Interior")
    token = tmp_path / "token.txt"
    token.write_text(south.token("north"))
    with south.database.writing() as connection:
        keeping.add(connection, "https://north.example", str(NORTH.public))
    with site.database.writing() as connection:
        keeping.add(connection, "https://south.example", str(SOUTH.public),
                    witness=str(WITNESS.public), token_file=token)  # fmt: skip
    site.account("Ama")
    note = {"type": "note", "payload": {}, "markings": [{"level": "AMBER"}]}
    assert site.client("Ama").post("/api/objects", json=note).status_code == 201
    keep_log(site.database, NORTH)

    def opened(_url: str, headers: dict[str, str]) -> httpx.Client:
        client = south.client()
        client.headers.update(headers)
        return client

    jobs = list_jobs(site.service, NORTH, opened=opened)
    assert [one.name for one in jobs] == ["follow south", "cosign south"]
    for job in jobs:
        assert do_if_due(site.database, job)
    with site.database.reading() as connection:
        assert objects.newest(connection, "warning--1") is not None
        (row,) = keeping.names_and_keys(connection)
        assert read_coverage(connection, [WITNESS.public]).covered > 0
    assert (row.fault, row.followed) == ("", site.database.time())
    token.unlink()
    hands.move(seconds=120)
    assert do_if_due(site.database, jobs[0])
    with site.database.writing() as connection:
        (row,) = keeping.names_and_keys(connection)
        assert row.fault == "The file with the token cannot be read."
        keeping.pause(connection, "south", paused=True)
    assert list_jobs(site.service, NORTH) == []
    south.database.close()


def test_webhooks_are_delivered_once_by_two_processes(
    site: Site, other: Site, hands: Hands
) -> None:
    got: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        got.append(request)
        return httpx.Response(204)

    def opened(_url: str, headers: dict[str, str]) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(receive), headers=headers)

    ben = site.account("Ben", "Elsewhere", "partner").reader
    with site.database.writing() as connection:
        add_hook(site.database, connection, site.service.seal, ben, "https://b.example/hook")
    hands.move(seconds=1)
    for n in range(3):
        site.put(f"warning--{n}", "GREEN", payload=b'{"n": 1}')
    for _ in range(3):
        for one in (site, other):
            for job in list_jobs(one.service, NORTH, opened=opened):
                do_if_due(one.database, job)
        hands.move(seconds=6)
    assert sorted(one.headers["webhook-id"] for one in got) == sorted(
        {one.headers["webhook-id"] for one in got}
    )
    assert len(got) == 3
    assert b'"payload": {"n": 1}' in got[0].content
    with site.database.reading() as connection:
        assert list_hooks(connection)[0]["deliveries"] == {"done": 3}
