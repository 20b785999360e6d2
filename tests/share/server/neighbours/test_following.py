"""A ring of servers with partitions, repeats and disorder ends alike, and loosens nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from share.server.conftest import Hands
from tocsin.bench.share.server.ring import (
    LEVELS,
    NAMES,
    Member,
    hand_over,
    heal,
    keys_of,
)
from tocsin.share.audit.note import Note, PublicKey, new_key, sign
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.tables import objects as kept
from tocsin.share.server.neighbours.feed import read_feed
from tocsin.share.server.neighbours.following import Followed, take_in
from tocsin.share.server.neighbours.names import coming
from tocsin.share.server.neighbours.statements import Entry, newest

Keys = dict[str, PublicKey]


@pytest.fixture
def ring(fresh: Path, tmp_path: Path, hands: Hands) -> Iterator[list[Member]]:
    with ExitStack() as stack:
        servers = []
        for name in NAMES:
            folder = tmp_path / name
            folder.mkdir()
            shutil.copy(fresh, folder / SQLITE_FILE)
            database = connect(folder, clock=hands)
            stack.callback(database.close)
            servers.append(Member(name, database, new_key(name)))
        yield servers


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_ring_with_partitions_ends_alike(ring: list[Member], hands: Hands, seed: int) -> None:
    rng, keys = random.Random(seed), keys_of(ring)
    own: dict[str, list[str]] = {one.name: [] for one in ring}
    down: set[int] = set()
    for step in range(60):
        hands.move(seconds=1)
        server = rng.choice(ring)
        mine = own[server.name]
        verb = rng.choice(["put", "put", "change", "mark", "release", "delete"])
        if verb == "put" or not mine:
            id = f"warning--{server.name}-{step}"
            parent = rng.choice(mine) if mine and rng.random() < 0.3 else None
            server.put(id, rng.choice(LEVELS), b'{"n": %d}' % step, parent)
            mine.append(id)
        elif verb == "change":
            id = rng.choice(mine)
            server.put(id, "CLEAR", b'{"changed": %d}' % step)
        else:
            server.change(rng.choice(mine), verb, rng.choice(LEVELS))
        if step % 6 == 0:
            down = set(rng.sample(range(len(ring)), 2))
        n = rng.randrange(len(ring))
        if n not in down:
            one, other = ring[n], ring[(n + 1) % len(ring)]
            hand_over(one, other, keys, rng)
            hand_over(other, one, keys, rng)
    assert heal(ring, rng)
    assert len({one.digest() for one in ring}) == 1
    for owner in ring:
        truth = {id: owner.holdings()[id] for id in own[owner.name]}
        for other in ring:
            for id, (payload, deleted, audience) in truth.items():
                if deleted and id not in other.holdings():
                    continue
                theirs = other.holdings()[id]
                assert theirs[1] == deleted, (owner.name, other.name, id)
                if not deleted:
                    assert theirs[0] == payload
                    home = other.name == owner.name
                    assert theirs[2] == (
                        audience if home else coming(audience, owner.name, other.name, keys)
                    )


def follow(giver: Member, taker: Member, keys: Keys) -> None:
    while hand_over(giver, taker, keys, random.Random(0)):
        pass


def test_what_is_marked_more_strictly_is_withdrawn_and_comes_back(ring: list[Member]) -> None:
    north, east, south, *_ = ring
    keys = keys_of(ring)
    north.put("warning--1", "GREEN", b'{"secret": 1}')
    follow(north, east, keys)
    follow(east, south, keys)
    assert south.holdings()["warning--1"][0] == b'{"secret": 1}'
    with north.database.writing() as connection:
        row = objects.newest(connection, "warning--1")
        assert row is not None
        strict = Audience.of(Marking("RED", row.owner, readers=frozenset({"Ama"})))
        objects.mark(north.database, connection, row, strict)
    follow(north, east, keys)
    follow(east, south, keys)
    for server in (east, south):
        payload, deleted, _ = server.holdings()["warning--1"]
        assert (payload, deleted) == (b"{}", True)
        with server.database.reading() as connection:
            rows = connection.execute(select(kept.c.payload)).scalars().all()
        assert set(rows) == {b"{}"}
    for one in (*north.sent["east"], *east.sent["south"]):
        assert b"Ama" not in one.head.encode() + one.body
    north.change("warning--1", "release", "GREEN")
    follow(north, east, keys)
    follow(east, south, keys)
    payload, deleted, audience = south.holdings()["warning--1"]
    assert (payload, deleted, audience.level) == (b'{"secret": 1}', False, "GREEN")


def test_a_stricter_parent_makes_its_parts_stricter_elsewhere(ring: list[Member]) -> None:
    north, east, *_ = ring
    keys = keys_of(ring)
    north.put("warning--1", "GREEN", b"{}")
    north.put("warning--2", "GREEN", b'{"part": 1}', "warning--1")
    follow(north, east, keys)
    north.change("warning--1", "mark", "AMBER+STRICT")
    follow(north, east, keys)
    assert east.holdings()["warning--2"][2].level == "AMBER+STRICT"


def test_what_a_neighbour_may_not_see_it_hears_nothing_of(ring: list[Member]) -> None:
    north, east, *_ = ring
    north.put("warning--1", "GREEN", b"{}")
    with north.database.writing() as connection:
        page = read_feed(north.database, connection, east.account, north.key)
        before = (len(page.entries), page.more)
        hidden = Audience.of(Marking("AMBER", "Office north"))
        draft = Draft("warning--2", "warning", "Office north", hidden, b"{}")
        objects.put(north.database, connection, draft)
        again = read_feed(north.database, connection, east.account, north.key)
    assert (len(again.entries), again.more) == before
    assert again == page


@pytest.mark.slow
@pytest.mark.parametrize("gone", ["marked", "deleted"])
def test_of_what_is_hidden_by_now_a_neighbour_hears_once(ring: list[Member], gone: str) -> None:
    """How often a hidden object changes is no matter of who had it before."""
    north, east, *_ = ring
    for id in ("warning--1", "warning--2"):
        north.put(id, "GREEN", b'{"a": 1}')

    def heard(after: int = 0, limit: int = 500) -> list[tuple[int, bytes]]:
        with north.database.writing() as connection:
            page = read_feed(north.database, connection, east.account, north.key,
                             after=after, limit=limit)  # fmt: skip
        return [(page.next, one.head.encode() + one.body) for one in page.entries]

    before = heard()
    red = Audience.of(Marking("RED", "Office north", readers=frozenset({"Ama"})))

    def write(**more: Any) -> None:
        with north.database.writing() as connection:
            row = objects.newest(connection, "warning--1")
            assert row is not None
            if "release" in more:
                row = objects.release(north.database, connection, row, more.pop("release"))
            draft = replace(objects.draft_of(connection, row), **more)
            objects.put(north.database, connection, draft)

    write(**({"audience": red} if gone == "marked" else {"payload": b"", "deleted": True}))
    first = heard(before[-1][0])
    assert len(first) == 1
    assert heard(before[-1][0]) == first
    again = heard()
    for n in range(5):
        write(payload=b'{"n": %d}' % n, audience=red, deleted=n == 4)
        assert heard(first[-1][0]) == []
        # Who asks for everything from the beginning hears the same, too.
        assert heard() == again
        assert heard(limit=1) == [(heard(limit=1)[0][0], again[0][1])]
    write(release=Audience.of(Marking("GREEN", "Office north")), payload=b'{"b": 2}', deleted=False)
    back = heard(first[-1][0])
    assert len(back) == 1
    assert b"payload" in back[0][1]
    assert len(heard()) == 2


def test_nobody_between_changes_a_word(ring: list[Member]) -> None:
    north, east, south, *_ = ring
    keys = keys_of(ring)
    north.put("warning--1", "AMBER", b'{"a": 1}')
    with north.database.writing() as connection:
        (entry,) = read_feed(north.database, connection, east.account, north.key).entries
    forged = [
        replace(entry, body=entry.body.replace(b"AMBER", b"CLEAR")),
        replace(entry, body=b"{}"),
        replace(entry, head=entry.head.replace('"version":', '"version":9')),
        replace(entry, head="x"),
    ]
    with south.database.writing() as connection:
        found = take_in(south.database, connection, forged, me="south", keys=keys)
        assert (found.written, len(found.refused)) == (0, 4)
        # A server that is not known here, and one that speaks of another's object.
        keys_of_some = {"east": east.key.public}
        assert take_in(south.database, connection, [entry], me="south", keys=keys_of_some).refused
        assert take_in(south.database, connection, [entry], me="south", keys=keys).written == 1
    south.put("warning--3", "GREEN", b"{}")
    east.put("warning--3", "GREEN", b'{"not": "yours"}')
    with east.database.writing() as connection:
        page = read_feed(east.database, connection, south.account, east.key)
    with south.database.writing() as connection:
        found = take_in(south.database, connection, page.entries, me="south", keys=keys)
    assert found.refused == ("The object belongs to another server.",)
    assert south.holdings()["warning--3"][0] == b"{}"


@pytest.mark.parametrize(
    "told",
    [{"type": "x" * 61}, {"owner": "a\0b"}, {"payload": "AAAA" * 700_000}, {"created": str(2**63)},
     {"jurisdiction": "\ud800"}, {"parent": "p" * 251}],
)  # fmt: skip
def test_one_statement_that_cannot_be_kept_holds_up_no_other(
    ring: list[Member], told: dict[str, str]
) -> None:
    north, south = ring[:2]
    north.put("warning--1", "GREEN", b"{}")
    north.put("warning--2", "GREEN", b"{}")
    with north.database.writing() as connection:
        page = read_feed(north.database, connection, south.account, north.key)
    first, second = page.entries
    body = json.dumps(json.loads(first.body) | told).encode()
    head = json.loads(first.head.split("\n")[0]) | {"body": hashlib.sha256(body).hexdigest()}
    bad = Entry(str(sign(Note(json.dumps(head) + "\n"), north.key)), body)
    with south.database.writing() as connection:
        found = take_in(
            south.database, connection, [bad, second], me=south.name, keys=keys_of(ring)
        )
    assert (found.written, found.refused) == (1, ("The body cannot be read.",))


def test_an_exercise_goes_only_to_who_plays_along_and_is_marked_there(ring: list[Member]) -> None:
    north, south = ring[:2]
    keys = keys_of(ring)
    north.database.exercise = True
    north.put("warning--1", "GREEN", b"{}")

    def given(*, exercises: bool) -> list[Entry]:
        with north.database.writing() as connection:
            page = read_feed(
                north.database, connection, south.account, north.key, exercises=exercises
            )
        return list(page.entries)

    assert given(exercises=False) == []
    entries = given(exercises=True)
    assert given(exercises=False) == []
    for plays in (False, True):
        with south.database.writing() as connection:
            found = take_in(
                south.database, connection, entries, me=south.name, keys=keys, exercises=plays
            )
            row = objects.newest(connection, "warning--1")
        assert (found.written, len(found.refused)) == (int(plays), int(not plays))
    assert row is not None
    assert row.exercise


class World:
    """An owner's server and one that wants to be, two takers, and all that was said so far."""

    def __init__(self, ring: list[Member]) -> None:
        self.owner, self.rival, *self.takers = ring[:4]
        self.keys = keys_of(ring)
        self.said: list[Entry] = []

    def say(self) -> None:
        """Note what the owner and the rival now say to the takers."""
        for giver in (self.owner, self.rival):
            with giver.database.writing() as connection:
                page = read_feed(
                    giver.database, connection, self.takers[0].account, giver.key, exercises=True
                )
            self.said += [one for one in page.entries if one not in self.said]

    def take_in(self, taker: Member, entries: list[Entry]) -> Followed:
        with taker.database.writing() as connection:
            return take_in(taker.database, connection, entries, me=taker.name, keys=self.keys)

    def kept(self, taker: Member) -> tuple[object, ...]:
        with taker.database.reading() as connection:
            stated = newest(connection, ["warning--0", "warning--1", "warning--2"])
        # What was gone before it came need not be known as gone.
        return {id: one for id, one in taker.holdings().items() if not one[1]}, stated


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_page_is_taken_in_as_its_entries_one_by_one(
    ring: list[Member], hands: Hands, seed: int
) -> None:
    """Versions that skip, repeats, two servers that claim one id, exercises and broken entries."""
    rng, world = random.Random(seed), World(ring)
    for _ in range(12):
        hands.move(seconds=1)
        server = rng.choice([world.owner, world.owner, world.rival])
        server.database.exercise = rng.random() < 0.1
        id = f"warning--{rng.randrange(3)}"
        there = id in server.holdings()
        verb = rng.choice(["put", "mark", "release", "delete"]) if there else "put"
        with contextlib.suppress(NotAllowed):
            if verb == "put":
                server.put(id, rng.choice(LEVELS), b'{"n": %d}' % rng.randrange(9))
            else:
                server.change(id, verb, rng.choice(LEVELS))
        world.say()
    pages = [rng.choices(world.said, k=8) for _ in range(4)]
    pages[0] += [replace(pages[0][0], body=b"{}"), replace(pages[0][0], head="x")]
    together, singly = world.takers
    for page in pages:
        rng.shuffle(page)
        whole = world.take_in(together, page)
        parts = [world.take_in(singly, [one]) for one in page]
        assert whole.refused == sum(parts, Followed()).refused
        assert whole.written + whole.withdrawn + whole.known + len(whole.refused) == len(page)
        assert world.kept(together) == world.kept(singly)
