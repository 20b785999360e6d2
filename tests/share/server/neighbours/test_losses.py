"""After a restore: a neighbour's loss is accepted by name, and nothing is cosigned unseen."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from share.server.conftest import Hands, Site
from tocsin.bench.share.server.ring import Member, hand_over
from tocsin.errors import TocsinError, UsageError
from tocsin.share.audit import write_checkpoint
from tocsin.share.audit.act import Act, read_public, record
from tocsin.share.audit.checkpoint import read_checkpoint
from tocsin.share.audit.note import PrivateKey, PublicKey, new_key, read_note
from tocsin.share.audit.proof import prove_cosigned
from tocsin.share.audit.sequencer import sequence_some
from tocsin.share.server.database.connection import SQLITE_FILE, Database, connect
from tocsin.share.server.database.outbound import neighbours, witnessed
from tocsin.share.server.database.tables import acts
from tocsin.share.server.neighbours import keeping, losses
from tocsin.share.server.neighbours.witness import ask

LOG, WITNESS, SOUTH = new_key("north"), new_key("south/witness", cosigner=True), new_key("south")


@pytest.fixture
def north(site: Site) -> Site:
    """A server with a log, whose neighbour cosigns it."""
    with site.database.writing() as connection:
        keeping.add(
            connection, "https://testserver", str(SOUTH.public), witness=str(WITNESS.public)
        )
    return site


@pytest.fixture
def south(fresh: Path, tmp_path: Path, hands: Hands) -> Iterator[Site]:
    """The server that cosigns."""
    found = Site(connect(_copy(fresh, tmp_path / "south"), clock=hands))
    found.service.witness = WITNESS
    with found.database.writing() as connection:
        keeping.add(connection, "https://north.example", str(LOG.public))
    yield found
    found.database.close()


def _copy(file: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(file, folder / SQLITE_FILE)
    return folder


def grow(site: Site, n: int, what: str = "b") -> None:
    with site.database.writing() as connection:
        for _ in range(n):
            record(connection, Act("read", "a", what), at=site.database.clock())
        sequence_some(connection)
        write_checkpoint(connection, LOG)


def restored(site: Site, folder: Path, hands: Hands) -> Site:
    """A server as it is restored from a copy of this moment."""
    folder.mkdir()
    _copy_database(site.database, folder)
    return Site(connect(folder, clock=hands))


def _copy_database(database: Database, folder: Path) -> None:
    with (
        closing(sqlite3.connect(str(database.engine.url.database))) as old,
        closing(sqlite3.connect(folder / SQLITE_FILE)) as new,
    ):
        old.backup(new)


def shown(site: Site, witness: PublicKey = WITNESS.public) -> dict[str, Any]:
    with site.database.reading() as connection:
        told: dict[str, Any] = json.loads(json.dumps(prove_cosigned(connection, witness)))
    return told


def known(site: Site) -> tuple[int, int]:
    """How much was cosigned of the log of north, and refused last."""
    with site.database.reading() as connection:
        found = losses.find_loss(connection, "north")
    return losses.size_of(found.cosigned), losses.size_of(found.refused)


@pytest.mark.slow
def test_a_loss_is_seen_accepted_with_a_reason_and_kept_for_ever(
    north: Site, south: Site, hands: Hands, tmp_path: Path
) -> None:
    grow(north, 3)
    assert ask(north.database, south.client(), "south") == 3
    again = restored(north, tmp_path / "again", hands)
    grow(north, 4)
    assert ask(north.database, south.client(), "south") == 7
    # The first server is lost. The restored one goes on, and its neighbour has seen more.
    grow(again, 1, "other")
    with pytest.raises(TocsinError, match="cosigned more"):
        ask(again.database, south.client(), "south")
    assert known(south) == (7, 4)
    grow(again, 9, "other")
    with pytest.raises(TocsinError, match="422"):
        ask(again.database, south.client(), "south")
    assert known(south) == (7, 13)
    with south.database.reading() as connection:
        found = losses.read_loss(connection, "north", shown(again), WITNESS.public)
    assert (found.missing, losses.size_of(found.left), losses.size_of(found.now)) == (4, 3, 13)
    told = found.as_dict()
    assert told["entries"] == {"cosigned": 7, "refused": 13, "left": 3, "now": 13}

    def accept(reason: str) -> None:
        with south.database.writing() as connection:
            losses.accept_loss(
                south.database, connection, found, reason=reason, organisation="South"
            )

    with pytest.raises(UsageError, match="Say why"):
        accept(" ")
    accept("The disk was lost; we saw it")
    assert known(south) == (13, 0)
    assert ask(again.database, south.client(), "south") == 13
    with south.database.writing() as connection:
        sequence_some(connection)
        ((_, public),) = read_public(connection, "accept loss")
        (act,) = connection.execute(select(acts).where(acts.c.verb == "accept loss")).all()
    assert (public["log"], public["missing"]) == ("north", 4)
    assert read_checkpoint(read_note(public["cosigned"])).size == 7
    assert act.reason == "The disk was lost; we saw it"
    again.database.close()


def test_what_is_shown_must_hold(north: Site, south: Site, hands: Hands, tmp_path: Path) -> None:
    grow(north, 3)
    ask(north.database, south.client(), "south")
    again = restored(north, tmp_path / "again", hands)
    grow(north, 2)
    ask(north.database, south.client(), "south")
    grow(again, 1, "other")
    right = shown(again)
    wrong: list[dict[str, Any]] = [
        {}, {"cosigned": right["cosigned"]}, right | {"checkpoint": right["cosigned"]},
        right | {"consistency": []}, right | {"cosigned": right["checkpoint"]},
        right | {"cosigned": "", "checkpoint": right["checkpoint"].replace("north\n", "east\n")},
    ]  # fmt: skip
    for one in wrong:
        with south.database.reading() as connection, pytest.raises(UsageError):
            losses.read_loss(connection, "north", one, WITNESS.public)
    stranger = shown(again, new_key("west/witness", cosigner=True).public)
    assert (stranger["cosigned"], stranger["first"]) == ("", 0)
    with south.database.writing() as connection:
        # Nothing of what we cosigned is left: all of it is lost.
        assert losses.read_loss(connection, "north", stranger, WITNESS.public).missing == 5
        whole = losses.read_loss(connection, "north", shown(north), WITNESS.public)
        with pytest.raises(UsageError, match="Nothing"):
            losses.accept_loss(south.database, connection, whole, reason="why", organisation="S")
        nothing = losses.find_loss(connection, "north")
        with pytest.raises(UsageError, match="nothing was shown"):
            losses.accept_loss(south.database, connection, nothing, reason="why", organisation="S")
        with pytest.raises(UsageError, match="no such neighbour"):
            losses.find_loss(connection, "west")
    again.database.close()


def test_who_only_lost_its_place_is_not_refused(north: Site, south: Site) -> None:
    grow(north, 3)
    ask(north.database, south.client(), "south")
    grow(north, 3)
    with north.database.writing() as connection:
        connection.execute(update(neighbours).values(cosigned=0))
    assert ask(north.database, south.client(), "south") == 6
    assert known(south) == (6, 0)


def client_of(site: Site, log: PrivateKey) -> httpx.Client:
    """Ask a server as its neighbour does."""
    site.account("exchange", "South office", "partner")
    with site.database.writing() as connection:
        keeping.add(connection, "https://s.example", str(new_key("s").public), account="exchange")
    grow_signed(site, log)
    return site.client("exchange")


def grow_signed(site: Site, key: PrivateKey) -> None:
    with site.database.writing() as connection:
        write_checkpoint(connection, key)


@pytest.mark.slow
def test_a_restored_witness_first_asks_what_it_cosigned(
    north: Site, south: Site, hands: Hands, tmp_path: Path
) -> None:
    """Else it would cosign a log that forks where it knows nothing of it any more."""
    grow(north, 3)
    ask(north.database, south.client(), "south")
    fork = restored(north, tmp_path / "fork", hands)
    old = restored(south, tmp_path / "old", hands)
    old.service.witness = WITNESS
    grow(north, 4)
    ask(north.database, south.client(), "south")
    with old.database.writing() as connection:
        losses.begin_unsure(old.database, connection, made="2026", organisation="South")
    grow(fork, 9, "other")
    with pytest.raises(TocsinError, match="503"):
        ask(fork.database, old.client(), "south")
    # A third server holds what south cosigned before it was restored, or what it cosigned itself.
    third = Site(connect(_copy(tmp_path / "south" / SQLITE_FILE, tmp_path / "third"), clock=hands))
    with south.database.reading() as connection:
        note = connection.execute(select(witnessed.c.note)).scalar_one()
    with third.database.writing() as connection:
        connection.execute(witnessed.delete())
        connection.execute(witnessed.insert().values(origin="north", note=note))
    others = {"third": client_of(third, new_key("third"))}
    with pytest.raises(TocsinError, match="third holds"):
        losses.learn(old.database, "north", client_of(fork, LOG), others, organisation="South")
    assert known(old) == (3, 0)
    # The log itself, which did not fork, continues what all of them hold.
    losses.learn(old.database, "north", client_of(north, LOG), others, organisation="South")
    assert known(old)[0] == 7
    grow(north, 2)
    assert ask(north.database, old.client(), "south") > 7
    for site in (fork, old, third):
        site.database.close()


def test_a_restored_witness_takes_its_own_cosignature_from_a_file(
    north: Site, south: Site, hands: Hands, tmp_path: Path
) -> None:
    """Where it has no token at a neighbour, its operator brings what the neighbour shows."""
    grow(north, 3)
    ask(north.database, south.client(), "south")
    old = restored(south, tmp_path / "old", hands)
    old.service.witness = WITNESS
    grow(north, 4)
    ask(north.database, south.client(), "south")
    with old.database.writing() as connection:
        losses.begin_unsure(old.database, connection, made="2026", organisation="South")
        found = losses.read_loss(connection, "north", shown(north), WITNESS.public)
        assert (found.missing, losses.size_of(found.left)) == (0, 7)
        losses.accept_loss(
            old.database, connection, found, reason="We were restored", organisation="South"
        )
    grow(north, 2)
    assert ask(north.database, old.client(), "south") == 9
    old.database.close()


@pytest.mark.slow
def test_what_a_restored_server_states_is_newer_than_all_that_neighbours_have(
    fresh: Path, tmp_path: Path, hands: Hands
) -> None:
    """Versions grow by chance, so that of two the lost one was the greater in half of all cases."""
    keys = {name: new_key(name) for name in ("north", "south")}
    public = {name: one.public for name, one in keys.items()}
    north, south = (
        Member(name, connect(_copy(fresh, tmp_path / name), clock=hands), keys[name])
        for name in keys
    )

    def tell(giver: Member) -> None:
        while hand_over(giver, south, public, random.Random(1)):
            pass

    before = [f"warning--{n}" for n in range(20)]
    for id in before:
        north.put(id, "CLEAR", b'{"n": 1}')
    tell(north)
    (tmp_path / "again").mkdir()
    _copy_database(north.database, tmp_path / "again")
    # What the first server does from here on is lost, but its neighbour has it.
    later = [f"warning--later-{n}" for n in range(20)]
    for id in (*before, *later):
        north.put(id, "CLEAR", b'{"n": 2}')
    north.change(before[0], "delete")
    tell(north)
    again = Member("north", connect(tmp_path / "again", clock=hands), keys["north"])
    with again.database.writing() as connection:
        losses.begin_unsure(again.database, connection, made="2026", organisation="North")
    hands.move(seconds=60)
    for id in (*before[1:10], *later):
        again.put(id, "CLEAR", b'{"n": 3}')
    tell(again)
    contents = [{id: held[:2] for id, held in one.holdings().items()} for one in (south, again)]
    assert contents[0] == contents[1]
    assert contents[0][before[0]] == (b'{"n": 1}', False)
    assert south.digest() == again.digest()
    for one in (north, south, again):
        one.database.close()
