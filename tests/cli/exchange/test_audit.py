"""`tocsin audit`: exit codes, words and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tocsin.bench.share.tampering import fill
from tocsin.cli import app
from tocsin.errors import UsageError
from tocsin.share.audit import write_checkpoint
from tocsin.share.audit.note import new_key
from tocsin.share.audit.tables import create_tables

run = CliRunner().invoke


@pytest.mark.slow
def test_verify_prove_and_check(tmp_path: Path) -> None:
    key = new_key("a.example/log")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'server.db'}")
    with engine.begin() as connection:
        create_tables(connection)
    (event, *_) = fill(engine, 5)
    with engine.begin() as connection:
        held = tmp_path / "held.txt"
        held.write_text(str(write_checkpoint(connection, key)))
    fill(engine, 4, first=5)
    with engine.begin() as connection:
        write_checkpoint(connection, key)
    place, public = str(tmp_path), str(key.public)

    told = run(app, ["audit", "verify", place, "--key", public, "--held", str(held)])
    assert told.exit_code == 0, told.output
    assert "The log is whole: 9 entries" in told.output
    assert "Covered by checkpoints of others (1 held checkpoint): the first 5 of 9" in told.output
    assert "Not covered: 4 entries, the first made at 2026-11-01 00:00:05 UTC" in told.output
    as_json = json.loads(run(app, ["audit", "verify", place, "--json"]).output)
    assert (as_json["whole"], as_json["entries"], as_json["covered"]) == (True, 9, None)
    assert as_json["looked_at"] == {"own_signatures": False, "checkpoints_of_others": False}
    alone = run(app, ["audit", "verify", place])
    assert alone.exit_code == 0
    assert "The log agrees with itself: 9 entries" in alone.output
    assert "overed by" not in alone.output  # Nobody was asked, which is not the same as none.
    assert "Not looked at: the log's own signatures." in alone.output
    assert "Not looked at: checkpoints that others hold or cosigned." in alone.output

    proof = tmp_path / "proof.json"
    proof.write_text(run(app, ["audit", "prove", place, event, "--open"]).output)
    checked = run(app, ["audit", "check", str(proof), "--key", public])
    assert checked.exit_code == 0, checked.output
    assert "subject: account-0" in checked.output
    proof.write_text(run(app, ["audit", "prove", place, "--since", str(held)]).output)
    grown = run(app, ["audit", "check", str(proof), "--key", public, "--held", str(held), "--json"])
    assert json.loads(grown.output) == {"holds": True, "why": "", "first": 5, "second": 9}
    other = str(new_key("a.example/log").public)
    assert run(app, ["audit", "check", str(proof), "--key", other]).exit_code == 1

    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_log WHERE position = 2")
    broken = run(app, ["audit", "verify", place, "--key", public, "--held", str(held)])
    assert broken.exit_code == 1
    assert "The log is NOT whole" in broken.output
    assert "entry 2 is missing before it" in broken.output
    engine.dispose()


def test_a_log_is_held_to_the_keys_that_were_given(tmp_path: Path) -> None:
    key, witness = new_key("a.example/log"), new_key("b.example/witness", cosigner=True)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'server.db'}")
    with engine.begin() as connection:
        create_tables(connection)
    fill(engine, 2)
    with engine.begin() as connection:
        write_checkpoint(connection, key)
    engine.dispose()
    place = str(tmp_path)
    asked = run(app, ["audit", "verify", place, "--partner", str(witness.public)])
    assert asked.exit_code == 0, asked.output
    assert "Covered by checkpoints of others (1 partner's key): the first 0 of 2" in asked.output
    assert "The log agrees with itself: 2 entries" in asked.output
    assert "No checkpoint in the log is cosigned with a key that was given." in asked.output
    swapped = ["--partner", str(key.public)], ["--key", str(witness.public)]
    for one in swapped:
        assert isinstance(run(app, ["audit", "verify", place, *one]).exception, UsageError)


def test_commands_that_are_wrong(tmp_path: Path) -> None:
    assert run(app, ["audit", "verify", str(tmp_path / "none.db")]).exit_code != 0
    assert run(app, ["audit", "prove", str(tmp_path / "none.db")]).exit_code != 0
    for days in (["2026-02-30", "2026-03-01"], ["2026-03-02", "2026-03-01"]):
        told = run(app, ["audit", "report", str(tmp_path), "--from", days[0], "--to", days[1]])
        assert told.exit_code != 0
