"""`tocsin neighbours`: added with files that fit, listed without secrets, paused and removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tocsin
from tocsin.share.audit.note import new_key
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


def test_what_is_refused(data: Path, tmp_path: Path) -> None:
    for words in (["pause", "south"], ["add", "https://s.example", "--key", tmp_path / "none"]):
        done = tocsin("neighbours", *words, "--data", data)
        assert done.returncode == 2
    done = tocsin("neighbours", "list", "--data", tmp_path / "none")
    assert (done.returncode, (tmp_path / "none").exists()) == (2, False)
