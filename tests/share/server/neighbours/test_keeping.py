"""Neighbours are added with keys that fit, paused, and never listed with their tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from share.server.conftest import Site
from tocsin.errors import UsageError
from tocsin.share.audit.note import new_key
from tocsin.share.server.desk.covering import witnesses
from tocsin.share.server.neighbours import keeping

KEY, WITNESS = str(new_key("south").public), str(new_key("south/w", cosigner=True).public)
URL = "https://south.example/"


def test_added_changed_paused_and_removed(site: Site, tmp_path: Path) -> None:
    token = tmp_path / "token.txt"
    token.write_text("tocsin_secret")
    site.account("south", "Interior", "partner")
    with site.database.writing() as connection:
        assert keeping.add(connection, URL, KEY, token_file=token, account="south") == "south"
        assert witnesses(connection) == []
        assert not keeping.plays(connection, "south")
        keeping.add(connection, URL, KEY, witness=WITNESS, account="south", live=False)
        assert keeping.plays(connection, "south")
        assert [str(one) for one in witnesses(connection)] == [WITNESS]
        keeping.pause(connection, "south", paused=True)
        (row,) = keeping.names_and_keys(connection)
        told = keeping.as_dict(site.database, row)
        assert (told["url"], told["paused"], told["live"]) == ("https://south.example", True, False)
        assert "token" not in json.dumps(told)
        keeping.remove(connection, "south")
        for call in (keeping.remove, lambda c, n: keeping.pause(c, n, paused=True)):
            with pytest.raises(UsageError, match="no such neighbour"):
                call(connection, "south")


def test_what_does_not_fit_is_refused(site: Site, tmp_path: Path) -> None:
    site.account("Ama")
    with site.database.writing() as connection:
        for url in ("http://south.example", "south.example", "file:///x"):
            with pytest.raises(UsageError, match="not protected"):
                keeping.add(connection, url, KEY)
        keeping.add(connection, "http://127.0.0.1:8001", KEY)
        with pytest.raises(UsageError, match="no key to sign"):
            keeping.add(connection, URL, WITNESS)
        with pytest.raises(UsageError, match="no key to cosign"):
            keeping.add(connection, URL, KEY, witness=KEY)
        with pytest.raises(UsageError, match="no such file"):
            keeping.add(connection, URL, KEY, token_file=tmp_path / "none")
        with pytest.raises(UsageError, match="partner"):
            keeping.add(connection, URL, KEY, account="Ama")
