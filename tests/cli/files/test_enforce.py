"""`tocsin enforce`: the published case from a file to a frontier and its picture."""

from __future__ import annotations

import json
import subprocess
import sys
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
    assert {row["cost"] for row in told["burden"]} <= {row["cost"] for row in told["frontier"]}
    assert all(row["lawful_lost"] > 0 for row in told["burden"])
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


CHATTY = """source,target,capacity,lawful,cost
p0,p4,15,0,2
p1,p2,13,7,0
p1,p3,6,7,
p2,p0,2,7,2
p2,p4,10,0,2
p2,p5,8,0,3
p3,p1,9,3,2
p3,p2,13,3,0
p3,p4,6,0,
"""
"""For this network HiGHS 1.8 to 1.12 prints a line of its own."""


@pytest.mark.slow
def test_what_the_solver_prints_by_itself_is_not_among_the_json(tmp_path: Path) -> None:
    (tmp_path / "ways.csv").write_text(CHATTY)
    asked = ["ways.csv", "--from", "p0", "--to", "p3", "--budget", "6", "--undirected", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "tocsin", "enforce", *asked],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["before"] == 17.0


@pytest.mark.slow
def test_flow_may_begin_and_end_at_several_places(tmp_path: Path) -> None:
    (tmp_path / "ways.csv").write_text(
        "source,target,capacity,lawful,cost\na,m,5,0,1\nb,m,4,2,1\na,b,9,0,1\nm,x,3,0,1\nm,y,8,1,1\n"
    )
    words = ["--from", "a", "--from", "b", "--to", "x", "--to", "y", "--budget", "1", "--json"]
    done = CliRunner().invoke(
        app, ["enforce", str(tmp_path / "ways.csv"), *words, "--out", str(tmp_path / "o")],
        catch_exceptions=False,
    )  # fmt: skip
    told = json.loads(done.output)
    assert {row["cost"] for row in told["burden"]} <= {row["cost"] for row in told["frontier"]}
    assert all(row["lawful_lost"] > 0 for row in told["burden"])
    assert told["before"] == 9.0
    assert [(one["cost"], one["left"]) for one in told["frontier"]] == [(0.0, 9.0), (1.0, 3.0)]
    assert "The flow may begin at any of a, b, which count as one place." in told["assumed"]
