"""What is done at the server stands in the log that others can check."""

from __future__ import annotations

from pathlib import Path

from share.server.conftest import Site
from tocsin.share.audit import entries, erase, verify
from tocsin.share.server.running.logbook import Keeper, keep_log, open_key


def test_acts_stand_in_the_log_and_a_name_that_is_erased_leaves_it_valid(
    site: Site, tmp_path: Path
) -> None:
    key = open_key(tmp_path, "Ministry of Health, Mali")
    assert key.public.name == "Ministry-of-Health-Mali"
    assert open_key(tmp_path, "other") == key
    assert (tmp_path / "log.key").stat().st_mode & 0o077 == 0
    signed = site.account("Ama")
    body = {"type": "note", "payload": {}, "markings": [{"level": "AMBER"}]}
    ama = site.client("Ama")
    id = ama.post("/api/objects", json=body).json()["id"]
    ama.get(f"/api/objects/{id}")
    assert keep_log(site.database, key) == 2
    with site.database.reading() as connection:
        opened = [one.act for one in entries(connection) if one.act]
    told = {(one.kind, one.subject, one.about) for one in opened}
    assert told == {("write", signed.account, id), ("read", signed.account, id)}
    with site.database.writing() as connection:
        assert erase(connection, signed.account, by="somebody") == 2
    keep_log(site.database, key)
    with site.database.reading() as connection:
        found = verify(connection, key=key.public)
    assert found.whole, found.findings
    assert (found.size, found.erased, found.waiting) == (3, 2, 0)


def test_the_keeper_ends_with_everything_in_its_place(site: Site, tmp_path: Path) -> None:
    keeper = Keeper(site.database, open_key(tmp_path, "Health"))
    keeper.start()
    site.account("Ama")
    body = {"type": "note", "payload": {}, "markings": [{"level": "GREEN"}]}
    assert site.client("Ama").post("/api/objects", json=body).status_code == 201
    keeper.stop()
    with site.database.reading() as connection:
        assert [one.kind for one in entries(connection)] == ["write"]
