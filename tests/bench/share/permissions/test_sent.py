"""What is sent by itself is looked at, and a leak in it is found out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tocsin.bench.share.permissions.people import OTHER, OWNER, list_askers
from tocsin.bench.share.permissions.sent import PLACES, sent_to
from tocsin.bench.share.permissions.world import World
from tocsin.share.server.access.marking import Marking
from tocsin.share.server.database.tables import objects
from tocsin.share.server.delivery import digest, sending, webhooks
from tocsin.share.server.neighbours import feed

ASKER = next(one for one in list_askers() if one.role == "partner" and one.organisation == OTHER)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A few objects, of which the asker sees some."""
    levels = [Marking(one, OWNER) for one in ("GREEN", "RED", "AMBER")]
    found = World(tmp_path, [frozenset({one}) for one in levels], [ASKER])
    yield found
    found.close()


def leaks(world: World) -> set[str]:
    """The places at which something shows that the asker may not see."""
    hidden = {one.number for one in world.things if not ASKER.sees(one.markings, one.type)}
    assert hidden
    found = dict(sent_to(world, ASKER))
    assert tuple(found) == PLACES
    # A place that told nothing would hide nothing, either.
    assert all(found.values())
    return {place for place, names in found.items() if names & hidden}


@pytest.mark.slow
def test_nothing_hidden_is_sent_and_a_leak_is_found_out_at_each_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaks(world) == set()
    for module in (sending, webhooks, digest):
        monkeypatch.setattr(module, "select_visible", lambda *_: select(objects))
    everything = list(range(10_000))
    monkeypatch.setattr(feed, "visible", lambda *_: everything)
    assert leaks(world) == set(PLACES)


@pytest.mark.slow
def test_nobody_known_gets_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, [], [])
    nobody = next(one for one in list_askers() if not one.role)
    assert dict(sent_to(world, nobody)) == {place: set() for place in PLACES}
    world.close()
