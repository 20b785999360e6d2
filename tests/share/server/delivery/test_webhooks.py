"""Webhooks: signed as the standard signs, with secrets that change and are sealed."""

from __future__ import annotations

import httpx
import pytest

from share.server.conftest import Hands, Site
from share.server.delivery.test_sending import SEAL, Receiver
from tocsin.errors import UsageError
from tocsin.share.server.database.outbound import webhooks
from tocsin.share.server.delivery.sending import enqueue, send_due
from tocsin.share.server.delivery.webhooks import (
    add_hook,
    list_hooks,
    rotate_secret,
    seal_secrets,
    sign,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_of_the_standard() -> None:
    """The example with which implementations of the standard are tested."""
    made = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    with pytest.raises(UsageError):
        sign("whsec_!", "a", 1, b"")


def test_two_secrets_sign_while_receivers_change_over(site: Site, hands: Hands) -> None:
    receiver = Receiver()
    client = httpx.Client(transport=httpx.MockTransport(receiver))
    partner = site.account("Ben", "Elsewhere", "partner").reader
    database = site.database
    with database.writing() as connection:
        old = add_hook(database, connection, SEAL, partner, "https://b.example/hook")
        (hook,) = list_hooks(connection)
        new = rotate_secret(database, connection, SEAL, hook["id"], overlap=2)
        assert list_hooks(connection)[0]["two_secrets_until"] == "2026-11-26T10:00:00+00:00"
        for wrong in (-1.0, 721.0, float("nan")):
            with pytest.raises(UsageError, match="no such overlap"):
                rotate_secret(database, connection, SEAL, hook["id"], overlap=wrong)

    def signed_by() -> list[str]:
        hands.move(seconds=1)
        site.put("warning--1", "GREEN", payload=str(hands.now).encode())
        with database.writing() as connection:
            enqueue(database, connection, {"Ben": partner}.get)
        send_due(database, client, SEAL, {"Ben": partner}.get, lambda _, row: row.payload)
        request = receiver.got[-1]
        id, second = request.headers["webhook-id"], int(request.headers["webhook-timestamp"])
        found = request.headers["webhook-signature"].split(" ")
        known = {"old": old, "new": new}
        return [name for one in found for name, secret in known.items()
                if one == sign(secret, id, second, request.content)]  # fmt: skip

    assert signed_by() == ["new", "old"]
    hands.move(hours=2)
    assert signed_by() == ["new"]
    with database.writing() as connection:
        last = rotate_secret(database, connection, SEAL, hook["id"], overlap=0)
        row = connection.execute(webhooks.select()).one()
    assert (row.secret_before, SEAL.open(row.secret)) == ("", last)


def test_secrets_of_earlier_versions_are_sealed_once(site: Site) -> None:
    partner = site.account("Ben", "Elsewhere", "partner").reader
    with site.database.writing() as connection:
        secret = add_hook(site.database, connection, SEAL, partner, "https://b.example/hook")
        connection.execute(webhooks.update().values(secret=secret))
    assert [seal_secrets(site.database, SEAL) for _ in range(2)] == [1, 0]
    with site.database.reading() as connection:
        kept = connection.execute(webhooks.select()).one().secret
    assert secret not in kept
    assert SEAL.open(kept) == secret
