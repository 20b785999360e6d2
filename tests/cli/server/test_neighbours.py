"""`tocsin neighbours`: added with files that fit, listed without secrets, paused and removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tocsin
from tocsin.share.audit import Act, cosign, record, write_checkpoint
from tocsin.share.audit.checkpoint import keep_cosignature, read_checkpoint
from tocsin.share.audit.note import Note, new_key
from tocsin.share.audit.sequencer import sequence_some
from tocsin.share.server.database.connection import Database
from tocsin.share.server.neighbours import keeping
from tocsin.share.server.neighbours.witness import keep_witnessed
from tocsin.share.server.running.backup import backup, restore
from tocsin.share.server.running.logbook import keep_log, open_key
from tocsin.share.server.running.opening import open_folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    open_folder(tmp_path / "server")[0].close()
    return tmp_path / "server"


@pytest.mark.slow
def test_a_neighbour_from_its_adding_to_its_removal(data: Path, tmp_path: Path) -> None:
    key, witness, token = (tmp_path / name for name in ("log.pub", "witness.pub", "token"))
    key.write_text(f"{new_key('south').public}\n")
    witness.write_text(f"{new_key('south/w', cosigner=True).public}\n")
    token.write_text("tocsin_secret")
    added = tocsin("neighbours", "add", "https://s.example", "--key", key, "--witness", witness,
                   "--token-file", token, "--plays", "--data", data)  # fmt: skip
    assert (added.returncode, added.stdout) == (0, "Added: south.\n")
    assert tocsin("neighbours", "pause", "south", "--data", data).returncode == 0
    listed = tocsin("neighbours", "list", "--data", data).stdout
    assert "south  https://s.example; cosigned 0 entries; paused; plays" in listed
    assert "The log: 0 entries" in listed
    told = json.loads(tocsin("neighbours", "list", "--data", data, "--json").stdout)
    assert "secret" not in str(told)
    assert told["neighbours"][0]["paused"] is True
    assert tocsin("neighbours", "resume", "south", "--data", data).returncode == 0
    gone = tocsin("neighbours", "remove", "south", "--data", data, "--json")
    assert json.loads(gone.stdout) == {"removed": "south"}
    assert "no neighbours" in tocsin("neighbours", "list", "--data", data).stdout


@pytest.mark.slow
def test_a_loss_from_its_proof_to_the_log_that_keeps_it(data: Path, tmp_path: Path) -> None:
    """The neighbour's log was cosigned at 5 entries and at 7, and is back with 6."""
    north = tmp_path / "north"
    database, settings = open_folder(north)
    log = open_key(north, settings.organisation)
    ours = open_key(data, "South", witness=True)

    def grow(place: Database, n: int) -> Note:
        with place.writing() as connection:
            for _ in range(n):
                record(connection, Act("read", "a", "b"), at=place.clock())
            sequence_some(connection)
            return write_checkpoint(connection, log)

    note = grow(database, 5)
    with database.writing() as connection:
        keep_cosignature(connection, cosign(note, ours, log=log.public), ours.public)
    backup(north, tmp_path / "north.tar")
    lost = grow(database, 2)
    database.close()
    restore(tmp_path / "north.tar", tmp_path / "again", takes_over=True)
    database, _ = open_folder(tmp_path / "again")
    assert read_checkpoint(grow(database, 0)).size == 6
    database.close()
    database, _ = open_folder(data)
    with database.writing() as connection:
        keeping.add(connection, "https://n.example", str(log.public))
        keep_witnessed(connection, lost)
    database.close()
    proved = tocsin("audit", "prove", tmp_path / "again", "--cosigned-by", ours.public)
    (tmp_path / "proof.json").write_text(proved.stdout)
    name = log.public.name
    seen = tocsin("neighbours", "loss", name, tmp_path / "proof.json", "--data", data)
    assert "Of these, 2 are lost" in seen.stdout
    assert "Nothing is changed" in seen.stdout
    before = tocsin("audit", "verify", data, "--json")
    assert json.loads(before.stdout)["losses"] == []
    done = tocsin("neighbours", "loss", name, tmp_path / "proof.json", "--reason", "Disk lost",
                  "--data", data, "--json")  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["accepted"], told["missing"]) == (True, 2)
    database, _ = open_folder(data)
    keep_log(database, open_key(data, "South"))
    database.close()
    said = tocsin("audit", "verify", data)
    assert "lost 2 entries that were cosigned" in said.stdout
    assert str(lost).splitlines()[2] in said.stdout
    (kept,) = json.loads(tocsin("audit", "verify", data, "--json").stdout)["losses"]
    assert (kept["act"], kept["cosigned"]) == ("accept loss", str(lost))
    again = tocsin("audit", "verify", tmp_path / "again")
    assert "Restored on" in again.stdout
    wrong = tocsin("audit", "prove", tmp_path / "again", "--cosigned-by", log.public)
    assert (wrong.returncode, "--cosigned-by" in wrong.stderr) == (2, True)


@pytest.mark.slow
def test_what_is_refused(data: Path, tmp_path: Path) -> None:
    for words in (["pause", "south"], ["add", "https://s.example", "--key", tmp_path / "none"]):
        done = tocsin("neighbours", *words, "--data", data)
        assert done.returncode == 2
    done = tocsin("neighbours", "list", "--data", tmp_path / "none")
    assert (done.returncode, (tmp_path / "none").exists()) == (2, False)
