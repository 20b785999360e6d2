"""`tocsin webhooks`: the secret is shown once, and what is there is listed without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tocsin
from tocsin.share.server.accounts import people
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.running.opening import open_folder


@pytest.mark.slow
def test_a_webhook_from_its_adding_to_its_removal(tmp_path: Path) -> None:
    database, _ = open_folder(tmp_path)
    with database.writing() as connection:
        people.add(database, connection, "Ben", Place("Elsewhere", "partner"), "-")
    database.close()
    data = ("--data", tmp_path)
    for words in (["Zoe", "https://b.example/hook"], ["Ben", "http://b.example/hook"]):
        assert tocsin("webhooks", "add", *words, *data).returncode == 2
    made = tocsin("webhooks", "add", "Ben", "https://b.example/hook", *data, "--json")
    secret = json.loads(made.stdout)["secret"]
    assert secret.startswith("whsec_")
    (one,) = json.loads(tocsin("webhooks", "list", *data, "--json").stdout)["webhooks"]
    assert secret not in str(one)
    assert tocsin("webhooks", "pause", one["id"], *data).returncode == 0
    assert "Ben  https://b.example/hook; paused; no" in tocsin("webhooks", "list", *data).stdout
    assert tocsin("webhooks", "resume", one["id"], *data).returncode == 0
    rotated = tocsin("webhooks", "rotate", one["id"], *data).stdout
    assert "whsec_" in rotated
    assert secret not in rotated
    assert "two secrets sign until" in tocsin("webhooks", "list", *data).stdout
    assert secret.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert tocsin("webhooks", "remove", one["id"], *data).returncode == 0
    assert tocsin("webhooks", "rotate", one["id"], *data).returncode == 2
    assert "no webhooks" in tocsin("webhooks", "list", *data).stdout
