"""Deliveries are sent once by their id, and never to who may not see them."""

from __future__ import annotations

import httpx
import pytest

from share.server.conftest import Hands, Site
from tocsin.errors import UsageError
from tocsin.share.server.access.reader import Reader
from tocsin.share.server.accounts.sealing import draw_seal
from tocsin.share.server.database.outbound import deliveries, webhooks
from tocsin.share.server.delivery.sending import WAITS, Sent, enqueue, send_due
from tocsin.share.server.delivery.webhooks import add_hook, sign
from tocsin.share.server.running.scheduling import deliver

SEAL = draw_seal()


class Receiver:
    """A program that takes deliveries, or does not."""

    def __init__(self) -> None:
        self.got: list[httpx.Request] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        if self.status == 0:
            raise httpx.ConnectError("no line")
        return httpx.Response(self.status)


@pytest.mark.slow
def test_deliveries(site: Site, hands: Hands) -> None:
    receiver = Receiver()
    client = httpx.Client(transport=httpx.MockTransport(receiver))
    partner = site.account("Ben", "Elsewhere", "partner").reader
    readers: dict[str, Reader] = {"Ben": partner}
    database = site.database
    with database.writing() as connection:
        secret = add_hook(database, connection, SEAL, partner, "https://b.example/hook")
        with pytest.raises(UsageError, match="not protected"):
            add_hook(database, connection, SEAL, partner, "http://b.example/hook")
    hands.move(seconds=1)

    def round_() -> Sent:
        with database.writing() as connection:
            enqueue(database, connection, readers.get)
        return send_due(database, client, SEAL, readers.get, lambda _, row: row.payload)

    assert round_() == Sent()
    site.put("warning--1", "GREEN", payload=b'{"n": 1}')
    site.put("warning--2", "AMBER", payload=b'{"n": 2}')
    receiver.status = 0
    assert round_() == Sent(again=1)
    assert round_() == Sent()
    receiver.status = 200
    hands.move(seconds=6)
    assert round_() == Sent(done=1)
    hands.move(days=2)
    assert round_() == Sent()
    first, again = receiver.got
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    for request in receiver.got:
        id, second = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
        assert request.headers["webhook-signature"] == sign(secret, id, second, request.content)
        assert request.content == b'{"n": 1}'


def test_what_became_hidden_before_it_was_sent_is_not_sent(site: Site, hands: Hands) -> None:
    receiver = Receiver()
    client = httpx.Client(transport=httpx.MockTransport(receiver))
    partner = site.account("Ben", "Elsewhere", "partner").reader
    readers: dict[str, Reader] = {"Ben": partner}
    database = site.database
    with database.writing() as connection:
        add_hook(database, connection, SEAL, partner, "https://b.example/hook")
    hands.move(seconds=1)
    site.put("warning--1", "GREEN")
    site.put("warning--2", "GREEN")
    with database.writing() as connection:
        assert enqueue(database, connection, readers.get) == 2
    site.put("warning--1", "RED")
    assert send_due(database, client, SEAL, readers.get, lambda _, row: row.payload) == Sent(
        1, 0, 0, 1
    )
    site.put("warning--3", "GREEN")
    with database.writing() as connection:
        assert enqueue(database, connection, readers.get) == 1
    readers.clear()
    assert send_due(database, client, SEAL, readers.get, lambda _, row: row.payload).hidden == 1
    assert len(receiver.got) == 1


@pytest.mark.slow
def test_a_receiver_that_never_answers_is_given_up(site: Site, hands: Hands) -> None:
    receiver = Receiver()
    receiver.status = 500
    client = httpx.Client(transport=httpx.MockTransport(receiver))
    partner = site.account("Ben", "Elsewhere", "partner").reader
    database = site.database
    with database.writing() as connection:
        add_hook(database, connection, SEAL, partner, "https://b.example/hook")
    hands.move(seconds=1)
    site.put("warning--1", "GREEN")
    with database.writing() as connection:
        enqueue(database, connection, lambda _name: partner)
    found = []
    for _ in range(len(WAITS) + 2):
        found.append(
            send_due(database, client, SEAL, lambda _name: partner, lambda _, row: row.payload)
        )
        hands.move(days=1, seconds=1)
    assert found == [Sent(again=1)] * len(WAITS) + [Sent(failed=1), Sent()]


@pytest.mark.slow
def test_a_receiver_that_hangs_holds_no_other_up(site: Site, hands: Hands) -> None:
    """It is waited for once in a turn, not once for each of its deliveries."""
    asked: list[str] = []

    def receive(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if request.url.host == "hangs.example":
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(204)

    site.service.open_client = lambda _url, _headers: httpx.Client(
        transport=httpx.MockTransport(receive)
    )
    partner = site.account("Ben", "Elsewhere", "partner").reader
    database, seal = site.database, site.service.seal
    with database.writing() as connection:
        for host in ("hangs", "well"):
            add_hook(database, connection, seal, partner, f"https://{host}.example/hook")
    hands.move(seconds=1)
    for n in range(30):
        site.put(f"warning--{n}", "GREEN")
    deliver(site.service, site.service.open_client)
    assert (asked.count("hangs.example"), asked.count("well.example")) == (1, 30)
    # What waits is tried in later turns, each again under its id.
    deliver(site.service, site.service.open_client)
    assert (asked.count("hangs.example"), asked.count("well.example")) == (2, 30)


def test_an_exercise_goes_to_no_live_webhook_and_a_paused_one_waits(
    site: Site, hands: Hands
) -> None:
    receiver = Receiver()
    client = httpx.Client(transport=httpx.MockTransport(receiver))
    partner = site.account("Ben", "Elsewhere", "partner").reader
    database = site.database
    with database.writing() as connection:
        for name in ("live", "plays", "late"):
            add_hook(database, connection, SEAL, partner, f"https://b.example/{name}")
        for name, values in (("plays", {"live": False}), ("late", {"paused": True})):
            url = webhooks.c.url == f"https://b.example/{name}"
            connection.execute(webhooks.update().where(url).values(**values))
    hands.move(seconds=1)
    site.put("warning--1", "GREEN", exercise=True)
    site.put("warning--2", "GREEN")

    def round_() -> set[tuple[str, bytes]]:
        receiver.got.clear()
        with database.writing() as connection:
            enqueue(database, connection, {"Ben": partner}.get)
        send_due(database, client, SEAL, {"Ben": partner}.get, lambda _, row: row.id.encode())
        return {(one.url.path, one.content) for one in receiver.got}

    both = {("/plays", b"warning--1"), ("/plays", b"warning--2")}
    assert round_() == both | {("/live", b"warning--2")}
    with database.writing() as connection:
        connection.execute(webhooks.update().values(paused=False, live=True))
        connection.execute(deliveries.update().values(state="waiting", due=0))
    # One that became live after the exercise was queued is told nothing of it either.
    assert round_() == {(path, b"warning--2") for path in ("/live", "/plays", "/late")}
