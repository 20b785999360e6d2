"""Cosignatures by C2SP tlog-witness: given only to a log that grew, and never rolled back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from share.server.conftest import Hands, Site
from tocsin.errors import TocsinError
from tocsin.share.audit import verify, write_checkpoint
from tocsin.share.audit.act import Act, record
from tocsin.share.audit.checkpoint import read_checkpoint
from tocsin.share.audit.coverage import read_coverage
from tocsin.share.audit.note import new_key, read_note, sign
from tocsin.share.audit.sequencer import read_tree, sequence_some
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.neighbours import keeping
from tocsin.share.server.neighbours.witness import PATH, SIZE, ask, write_request

LOG, WITNESS = new_key("north"), new_key("south/witness", cosigner=True)
SOUTH = new_key("south")


@pytest.fixture
def north(site: Site) -> Site:
    """A server with a log, which knows a neighbour who cosigns."""
    with site.database.writing() as connection:
        keeping.add(
            connection, "https://testserver", str(SOUTH.public), witness=str(WITNESS.public)
        )
    return site


@pytest.fixture
def south(fresh: Path, tmp_path: Path, hands: Hands) -> Iterator[Site]:
    """A server that cosigns the log of the other."""
    (tmp_path / "south").mkdir()
    shutil.copy(fresh, tmp_path / "south" / SQLITE_FILE)
    found = Site(connect(tmp_path / "south", clock=hands))
    found.service.witness = WITNESS
    with found.database.writing() as connection:
        keeping.add(connection, "https://north.example", str(LOG.public))
    yield found
    found.database.close()


def grow(site: Site, n: int = 3) -> None:
    with site.database.writing() as connection:
        for _ in range(n):
            record(connection, Act("read", "a", "b"), at=site.database.clock())
        sequence_some(connection)
        write_checkpoint(connection, LOG)


def test_a_neighbour_covers_the_log_as_it_grows(north: Site, south: Site, hands: Hands) -> None:
    client = south.client()
    assert ask(north.database, client, "south") == 0
    for n in (1, 2, 3):
        grow(north, n)
        hands.move(seconds=30)
        assert ask(north.database, client, "south") == n * (n + 1) // 2
    with north.database.reading() as connection:
        found = verify(connection, key=LOG.public, partners=[WITNESS.public])
        told = read_coverage(connection, [WITNESS.public])
    assert found.whole
    assert (found.covered, told.covered, told.by) == (6, 6, ("south/witness",))
    assert told.as_dict(hands())["uncovered_seconds"] == 0
    grow(north, 1)
    hands.move(seconds=20)
    with north.database.writing() as connection:
        told = read_coverage(connection, [WITNESS.public])
        assert told.as_dict(hands())["uncovered_seconds"] == 20
        record(connection, Act("read", "a", "b"), at=hands())
        assert read_coverage(connection, []).as_dict(hands())["uncovered_seconds"] == 110
    # One that lost its place asks with an old size, and learns the right one.
    with north.database.writing() as connection:
        connection.execute(keeping.neighbours.update().values(cosigned=2))
    assert ask(north.database, client, "south") == 7


def test_what_the_protocol_refuses(north: Site, south: Site) -> None:
    client = south.client()
    grow(north, 4)
    with north.database.reading() as connection:
        short = read_tree(connection, 4).consistency(2)
        note = write_checkpoint(connection, LOG)

    def status(body: str) -> tuple[int, str]:
        found = client.post(PATH, content=body.encode())
        return found.status_code, found.text if found.status_code == 409 else ""

    for wrong in ("", "old x\n\n", "old 00\n\n" + str(note), "old -1\n\n" + str(note),
                  "old 0\n!\n\n" + str(note), "old 0\n\nnothing"):  # fmt: skip
        assert status(wrong) == (400, "")
    stranger = sign(type(note)(note.text.replace("north", "west")), new_key("west"))
    assert status(write_request(0, [], stranger)) == (404, "")
    forged = sign(type(note)(note.text), new_key("north"))
    assert status(write_request(0, [], forged)) == (403, "")
    assert status(write_request(5, [], note)) == (400, "")
    assert status(write_request(2, [], note)) == (409, "0\n")
    assert status(write_request(0, [b"\0" * 32], note)) == (422, "")
    assert status(write_request(0, [], note)) == (200, "")
    assert status(write_request(0, [], note)) == (409, "4\n")
    assert client.post(PATH, content=write_request(0, [], note)).headers["content-type"] == SIZE
    assert status(write_request(4, [], note)) == (200, "")
    said = read_checkpoint(note)
    rewritten = sign(type(note)(f"north\n{said.size}\n{'A' * 43}=\n"), LOG)
    assert status(write_request(4, [], rewritten)) == (409, "4\n")
    grow(north, 2)
    with north.database.reading() as connection:
        later, proof = write_checkpoint(connection, LOG), read_tree(connection, 6).consistency(4)
    assert status(write_request(4, proof[:-1], later)) == (422, "")
    assert status(write_request(4, short, later)) == (422, "")
    assert status(write_request(4, proof, later)) == (200, "")


def test_a_neighbour_that_answers_something_else_is_told_of(north: Site) -> None:
    grow(north)
    answers = [(500, ""), (409, "many"), (409, "9"), (200, "— south/witness AAAA\n"), (200, "x")]
    for status, text in answers:
        transport = httpx.MockTransport(lambda _, s=status, t=text: httpx.Response(s, text=t))
        client = httpx.Client(transport=transport, base_url="https://south.example")
        with pytest.raises(TocsinError):
            ask(north.database, client, "south")


def test_a_partner_gives_a_cosignature_back_itself(north: Site) -> None:
    north.account("south", "Interior", "partner")
    grow(north)
    with north.database.writing() as connection:
        note = write_checkpoint(connection, LOG)
    partner, body = north.client("south"), {"checkpoint": str(sign(note, WITNESS))}
    assert partner.post("/api/log/cosignatures", json=body).status_code == 403
    with north.database.writing() as connection:
        keeping.add(connection, "https://s.example", str(SOUTH.public), account="south",
                    witness=str(WITNESS.public))  # fmt: skip
    assert partner.post("/api/log/cosignatures", json=body).json() == {"size": 3}
    kept = read_note(partner.get("/api/log/checkpoint").text)
    assert len(kept.signatures) == 2
    assert partner.get("/api/log/coverage").json()["covered"] == 3
    assert "tocsin_log_uncovered_seconds 0.0" in _metrics(north)
    wrong = {"checkpoint": str(note)}
    assert partner.post("/api/log/cosignatures", json=wrong).status_code == 422


def _metrics(site: Site) -> str:
    site.account("Oma", role="administrator")
    return site.client("Oma").get("/metrics").text
