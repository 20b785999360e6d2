"""Two servers, at each of which 'Ministry of Interior' is another body."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import insert

from share.server.conftest import Hands
from tocsin.bench.share.server.ring import Member
from tocsin.errors import UsageError
from tocsin.share.audit.note import new_key
from tocsin.share.server.access.decision import may_see
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import reader
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.database.objects import Draft, Object
from tocsin.share.server.database.tables import accounts
from tocsin.share.server.neighbours.feed import read_feed
from tocsin.share.server.neighbours.following import take_in
from tocsin.share.server.neighbours.names import at, coming
from tocsin.share.server.neighbours.proposals import accept, propose

HOME = "Ministry of Interior"
HEALTH = "Ministry of Health"
PEOPLE = {"north": [HOME, HEALTH], "south": [HOME, HEALTH, "South office"]}


@pytest.fixture
def pair(fresh: Path, tmp_path: Path, hands: Hands) -> Iterator[tuple[Member, Member]]:
    with ExitStack() as stack:
        found = []
        for name, organisations in PEOPLE.items():
            folder = tmp_path / name
            folder.mkdir()
            shutil.copy(fresh, folder / SQLITE_FILE)
            database = connect(folder, clock=hands)
            stack.callback(database.close)
            other = "South office" if name == "north" else "North office"
            rows = [(one, "analyst") for one in organisations] + [(other, "partner")]
            with database.writing() as connection:
                for organisation, role in rows:
                    id = f"{name} {organisation}"[:32]
                    values = {"id": id, "name": id, "organisation": organisation, "role": role}
                    connection.execute(insert(accounts).values(**values, password="", created=0))
            found.append(Member(name, database, new_key(name)))
        yield found[0], found[1]


def write(server: Member, level: str, *recipients: str) -> None:
    marking = Marking(level, HOME, recipients=frozenset(recipients))
    with server.database.writing() as connection:
        draft = Draft("warning--1", "warning", HOME, Audience.of(marking), b'{"n": 1}')
        objects.put(server.database, connection, draft)


def hand(giver: Member, taker: Member, organisation: str) -> None:
    partner = reader("exchange", organisation, "partner")
    with giver.database.writing() as connection:
        page = read_feed(giver.database, connection, partner, giver.key)
    keys = {one.name: one.key.public for one in (giver, taker)}
    with taker.database.writing() as connection:
        found = take_in(taker.database, connection, page.entries, me=taker.name, keys=keys)
    assert found.refused == ()


def held(server: Member, id: str = "warning--1") -> tuple[Object, Audience]:
    with server.database.reading() as connection:
        row = objects.newest(connection, id)
        assert row is not None
        return row, audience_of(connection, row.audience)


@pytest.mark.parametrize("level", ["AMBER", "AMBER+STRICT"])
def test_a_namesake_of_the_owner_is_not_the_owner(pair: tuple[Member, Member], level: str) -> None:
    north, south = pair
    write(north, level, "South office")
    hand(north, south, "South office")
    row, audience = held(south)
    assert row.owner == "Ministry of Interior (north)"
    assert not may_see(reader("Ama", HOME, "analyst"), audience)
    assert may_see(reader("Kofi", "South office", "analyst"), audience)
    assert may_see(reader("Ama", HOME, "analyst"), held(north)[1])


def test_a_namesake_of_a_recipient_is_not_the_recipient(pair: tuple[Member, Member]) -> None:
    north, south = pair
    write(north, "AMBER+STRICT", "South office", HEALTH)
    hand(north, south, "South office")
    assert may_see(reader("Ama", HEALTH, "analyst"), held(north)[1])
    assert not may_see(reader("Ama", HEALTH, "analyst"), held(south)[1])


def test_a_recipient_may_be_said_with_its_server(pair: tuple[Member, Member]) -> None:
    north, south = pair
    write(north, "AMBER+STRICT", "South office", at(HEALTH, "south"))
    hand(north, south, "South office")
    assert not may_see(reader("Ama", HEALTH, "analyst"), held(north)[1])
    assert may_see(reader("Ama", HEALTH, "analyst"), held(south)[1])


def test_a_proposal_comes_home_to_the_owner(pair: tuple[Member, Member]) -> None:
    north, south = pair
    write(north, "AMBER", "South office", "North office")
    hand(north, south, "South office")
    kofi, ama = reader("Kofi", "South office", "analyst"), reader("Ama", HOME, "analyst")
    with south.database.writing() as connection:
        made = propose(south.database, connection, kofi, "warning--1", b'{"n": 2}', reason="typo")
    hand(south, north, "North office")
    row, audience = held(north, made.id)
    assert row.owner == "South office (south)"
    assert may_see(ama, audience)
    with north.database.writing() as connection:
        accept(north.database, connection, ama, made.id)
    assert held(north)[0].payload == b'{"n": 2}'


def test_nobody_poses_as_a_body_of_this_server() -> None:
    told = Audience.of(Marking("AMBER", "X", recipients=frozenset({" (south)", "Y (south)"})))
    (one,) = coming(told, "north", "south", {"north"}).markings
    assert (one.owner, one.recipients) == ("X (north)", frozenset({" (south)", "Y"}))
    assert at("X (north)", "north") == "X (north)"
    assert at("", "north") == ""
    with pytest.raises(UsageError, match="too long"):
        at("X" * 195, "north")


def test_an_account_of_the_same_name_is_not_the_one_that_red_names(
    pair: tuple[Member, Member],
) -> None:
    """South's server asks at north as the account 'exchange', to which RED must be given, too."""
    north, south = pair
    named = frozenset({"exchange", "Ama", "Kofi (south)"})
    with north.database.writing() as connection:
        red = Audience.of(Marking("RED", HOME, readers=named))
        objects.put(north.database, connection, Draft("note--1", "note", HOME, red, b"{}"))
    hand(north, south, "South office")
    (_, at_home), (_, here) = held(north, "note--1"), held(south, "note--1")
    for name in ("exchange", "Ama"):
        for organisation in (HOME, "South office"):
            assert may_see(reader(name, organisation, "analyst"), at_home)
            assert not may_see(reader(name, organisation, "analyst"), here)
    assert may_see(reader("Kofi", "South office", "analyst"), here)
    assert not may_see(reader("Kofi", HOME, "analyst"), at_home)


def test_what_is_said_of_red_comes_home_to_whom_red_names(pair: tuple[Member, Member]) -> None:
    north, south = pair
    with north.database.writing() as connection:
        named = frozenset({"exchange", "Ama", "Kofi (south)", "exchange (south)"})
        red = Audience.of(Marking("RED", HOME, readers=named))
        objects.put(north.database, connection, Draft("note--1", "note", HOME, red, b"{}"))
    hand(north, south, "South office")
    kofi, ama = reader("Kofi", "South office", "analyst"), reader("Ama", HOME, "analyst")
    with south.database.writing() as connection:
        made = propose(south.database, connection, kofi, "note--1", b'{"n": 2}', reason="typo")
    assert not may_see(ama, held(south, made.id)[1])
    hand(south, north, "North office")
    assert may_see(ama, held(north, made.id)[1])
    assert not may_see(reader("Kofi", HOME, "analyst"), held(north, made.id)[1])
