"""`tocsin diffuse`."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import SourceRefused, UsageError


def _run(*words: object) -> dict[str, object]:
    done = CliRunner().invoke(app, ["diffuse", *map(str, words), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))


@pytest.fixture
def cascades(tmp_path: Path) -> Path:
    rows = [f"{c},{n},{t}" for c in range(20) for n, t in (("a", 0), ("b", 1 + c / 20))]
    path = tmp_path / "cascades.csv"
    path.write_text("\n".join(["cascade,node,time", *rows, "20,a,soon"]))
    return path


def test_rates_of_ties(cascades: Path, tmp_path: Path) -> None:
    told = _run("--infer-ties", "--adoptions", cascades, "--horizon", 10, "--out", tmp_path / "o")
    edges = pl.read_csv(tmp_path / "o" / "edges.csv")
    assert edges.columns == ["source", "target", "rate"]
    assert edges.rows()[0][:2] == ("a", "b")
    assert told["cascades"] == 20
    assert told["refused"] == [
        {"row": 41, "column": "time", "value": "soon", "reason": "no time can be read"}
    ]


def test_edges_by_their_gain(cascades: Path, tmp_path: Path) -> None:
    words = ["--infer-ties", "--adoptions", cascades, "--out", tmp_path, "--method", "netinf"]
    _run(*words, "--edges", 3)
    assert pl.read_csv(tmp_path / "edges.csv").columns == ["source", "target", "gain", "volume"]
    with pytest.raises(UsageError, match="how many edges"):
        _run(*words)


def test_wrong_commands_say_what_is_wrong(cascades: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        _run("--infer-ties", "--adoptions", tmp_path / "none.csv", "--out", tmp_path)
    with pytest.raises(UsageError, match="no method"):
        _run("--infer-ties", "--adoptions", cascades, "--out", tmp_path, "--method", "guess")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceRefused, match="no column 'cascade'"):
        _run("--infer-ties", "--adoptions", tmp_path / "other.csv", "--out", tmp_path)
