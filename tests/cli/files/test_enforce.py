"""`tocsin enforce`: the published case from a file to a frontier and its picture."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app

EDGES = """source,target,capacity,lawful,illicit,cost,length
S,B,10,1,,1,10
S,C,70,5,,1,2
C,B,30,2,,1,2
B,E,100,3,,1,1
C,D,40,1,,1,7
D,E,50,1,,1,8
"""


@pytest.mark.slow
def test_the_published_case(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text(EDGES)
    out = tmp_path / "found"
    command = ["enforce", str(tmp_path / "edges.csv"), "--from", "S", "--to", "E", "--budget", "2"]
    done = CliRunner().invoke(app, [*command, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert [row["left"] for row in told["frontier"]] == [80, 10, 0]
    assert pl.read_csv(out / "frontier.csv")["controls"].to_list() == [0, 1, 2]
    assert {path.name for path in out.iterdir()} == {
        "frontier.csv", "burden.csv", "flows.csv", "frontier.svg",
    }  # fmt: skip
    assert "<svg" in (out / "frontier.svg").read_text()


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text(EDGES)
    command = ["enforce", str(tmp_path / "edges.csv"), "--from", "S", "--to", "X", "--budget", "2"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code != 0
    assert "no place 'X'" in str(done.exception)
