"""Proposals reach the owner, who decides; nothing is overwritten."""

from __future__ import annotations

import base64

import pytest

from share.server.conftest import Site
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.neighbours.proposals import _changes, accept, propose, said_of


def test_a_proposal_changes_nothing_until_the_owner_accepts(site: Site) -> None:
    site.put("warning--1", "GREEN", payload=b'{"a": 1}')
    partner = site.account("Ben", "Interior", "partner").reader
    owner, other = site.account("Ama").reader, site.account("Cid", "Interior").reader
    database = site.database
    with database.writing() as connection:
        asked = propose(database, connection, partner, "warning--1", b'{"a": 2}', reason="a typo")
        kept = objects.newest(connection, "warning--1")
        assert kept is not None
        assert kept.payload == b'{"a": 1}'
        markings = audience_of(connection, asked.audience)
        assert markings.is_no_laxer_than(audience_of(connection, kept.audience))
        with pytest.raises(NotAllowed, match="another's"):
            accept(database, connection, other, asked.id)
        assert accept(database, connection, owner, asked.id).payload == b'{"a": 2}'
        with pytest.raises(NotAllowed, match="changed since"):
            accept(database, connection, owner, asked.id)


def test_what_one_does_not_see_one_does_not_propose_on(site: Site) -> None:
    site.put("warning--1", "AMBER+STRICT")
    partner = site.account("Ben", "Interior", "partner").reader
    owner = site.account("Ama").reader
    watcher = site.account("Eve", "Health", "oversight").reader
    database = site.database
    with database.writing() as connection:
        for id in ("warning--1", "warning--2"):
            with pytest.raises(NoObject):
                propose(database, connection, partner, id, b"{}", reason="why")
        with pytest.raises(NotAllowed, match="may not propose"):
            propose(database, connection, watcher, "warning--1", b"{}", reason="why")
        with pytest.raises(NoObject):
            accept(database, connection, owner, "warning--1")


def test_what_a_neighbour_sends_as_a_proposal_is_no_fault(site: Site) -> None:
    site.put("warning--1", "GREEN", payload=b"{}")
    owner = site.account("Ama").reader
    odd = [b"", b"[]", b'{"about": "warning--1"}', b"[" * 9999,
           b'{"about": "warning--1", "based_on": 1, "reason": "x"}']  # fmt: skip
    right = b'{"about": "warning--1", "based_on": "x", "reason": "so", "payload": "\xc3\xb4"}'
    for n, payload in enumerate([*odd, right]):
        site.put(f"proposal--{n}", "GREEN", owner="South", payload=payload)
    with site.database.writing() as connection:
        kept = objects.newest(connection, "warning--1")
        assert kept is not None
        (said,) = said_of(site.database, connection, owner, kept)
        assert (said.reason, said.changes, said.can_accept) == ("so", (), False)
        for n in range(len(odd)):
            with pytest.raises(NoObject):
                accept(site.database, connection, owner, f"proposal--{n}")
        with pytest.raises(NotAllowed, match="cannot be read"):
            accept(site.database, connection, owner, f"proposal--{len(odd)}")


def test_the_same_content_in_another_order_is_no_change() -> None:
    now = b'{"record": {"hits": 2, "misses": 1}, "level": "watch", "gone": 1}'
    proposed = b'{"level": "warning", "record": {"misses": 1, "hits": 2}}'
    told = _changes(now, base64.b64encode(proposed).decode())
    assert told == (("gone", "1", "null"), ("level", '"watch"', '"warning"'))
