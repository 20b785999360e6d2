"""A digest is mailed once a local day, over both changes of the clock, by one of two processes."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from share.server.conftest import Hands, Site
from tocsin.errors import TocsinError, UsageError
from tocsin.share.server.accounts import people
from tocsin.share.server.database.connection import connect
from tocsin.share.server.database.tables import acts
from tocsin.share.server.delivery.mailing import AGAIN, by_smtp, send_due, subscribe, subscription
from tocsin.share.server.settings import MailSettings


@pytest.fixture
def other(site: Site, tmp_path: Path, hands: Hands) -> Iterator[Site]:
    found = Site(connect(tmp_path, clock=hands))
    yield found
    found.database.close()


def subscribed(site: Site, zone: str = "Europe/Paris", hour: int = 7) -> str:
    signed = site.account("Ama")
    with site.database.writing() as connection:
        subscribe(site.database, connection, signed.account, address="ama@h.example", hour=hour,
                  zone=zone)  # fmt: skip
    return signed.account


def sent(site: Site, box: list[EmailMessage]) -> int:
    return send_due(
        site.database, box.append, address="https://h.example", sender="tocsin@h.example"
    )


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Europe/Paris", "Australia/Lord_Howe", "Africa/Cairo"])
@pytest.mark.parametrize("first", [(2026, 3, 27), (2026, 10, 23)])
def test_once_a_day_over_the_changes_of_the_clock_by_two_processes(
    site: Site, other: Site, hands: Hands, zone: str, first: tuple[int, int, int]
) -> None:
    hands.now = datetime(*first, 12, tzinfo=UTC)
    subscribed(site, zone, 2)
    box: list[EmailMessage] = []
    assert sent(site, box) == 0
    for _ in range(5 * 48):
        hands.move(minutes=30)
        sent(site, box)
        sent(other, box)
    days = [str(one["Subject"]) for one in box]
    assert days == sorted(set(days))
    assert len(days) == 5


def test_what_a_killed_process_had_in_hand_is_sent_by_another_under_the_same_id(
    site: Site, other: Site, hands: Hands
) -> None:
    account = subscribed(site)
    site.put("warning--1", "AMBER", payload=b'{"territory": "Mali"}')
    hands.move(days=1)
    seen: list[EmailMessage] = []

    def die(message: EmailMessage) -> None:
        seen.append(message)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(site.database, die, address="https://h.example", sender="t@h.example")
    box: list[EmailMessage] = []
    assert sent(other, box) == 0
    hands.move(seconds=AGAIN / 1e6)
    assert sent(other, box) == 1
    assert sent(site, box) == 0
    assert box[0]["Message-ID"] == seen[0]["Message-ID"]
    assert "Mali" in box[0].get_content()
    with site.database.reading() as connection:
        read = [row.verb for row in connection.execute(select(acts)).all()]
    assert "read" in read
    # Who left gets none.
    with site.database.writing() as connection:
        people.disable(connection, account)
    hands.move(days=1)
    assert sent(site, box) == 0


def test_a_mail_server_that_refuses_is_tried_again(site: Site, hands: Hands) -> None:
    subscribed(site)
    hands.move(days=1)

    def refuse(_message: EmailMessage) -> None:
        raise TocsinError("no")

    with pytest.raises(TocsinError, match="no"):
        send_due(site.database, refuse, address="https://h.example", sender="t@h.example")
    hands.move(seconds=AGAIN / 1e6)
    assert sent(site, []) == 1


def test_what_is_no_address_hour_or_zone(site: Site) -> None:
    account = subscribed(site)
    good = {"address": "a@b.example", "hour": 7, "zone": "UTC"}
    wrong: list[dict[str, Any]] = [
        {"address": "a"}, {"address": "a@b"}, {"address": "a@b.example, c@d.example"},
        {"address": "a\n@b.example"}, {"hour": 24}, {"zone": "Mars"},
    ]  # fmt: skip
    for one in wrong:
        with pytest.raises(UsageError), site.database.writing() as connection:
            subscribe(site.database, connection, account, **(good | one))
    with site.database.writing() as connection:
        assert subscription(connection, account) == {
            "address": "ama@h.example", "hour": 7, "zone": "Europe/Paris",
        }  # fmt: skip
        subscribe(site.database, connection, account, **(good | {"address": ""}))
        assert subscription(connection, account) is None


def test_a_password_crosses_no_network_without_tls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []

    class Server:
        def __init__(self, host: str, port: int, **_more: object) -> None:
            said.append(f"{host}:{port}")

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def starttls(self, context: object) -> None:
            said.append("tls")

        def login(self, user: str, password: str) -> None:
            said.append(f"{user} {password}")

        def send_message(self, message: EmailMessage) -> None:
            said.append("sent")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    password = tmp_path / "password"
    password.write_text("secret\n")
    settings = MailSettings(server="mail.example", user="u", password_file=str(password))
    by_smtp(settings)(EmailMessage())
    assert said == ["mail.example:587", "tls", "u secret", "sent"]
    monkeypatch.setattr(smtplib, "SMTP", None)
    password.unlink()
    with pytest.raises((TocsinError, TypeError)):
        by_smtp(settings)(EmailMessage())
