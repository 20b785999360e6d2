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
        {"row": 41, "column": "time", "value": "soon", "reason": "no time can be read", "line": 42}
    ]


def test_cascades_in_the_text_of_netinf_are_the_same(cascades: Path, tmp_path: Path) -> None:
    """Its program writes a list of nodes, an empty line, and a line for each cascade."""
    text = "0,a\n1,b\n\n" + "\n".join(f"0,0;1,{1 + c / 20}" for c in range(20)) + "\n"
    (tmp_path / "cascades.txt").write_text(text)
    tables = []
    for path in (cascades, tmp_path / "cascades.txt"):
        told = _run("--infer-ties", "--adoptions", path, "--horizon", 10, "--out", tmp_path / "o")
        tables.append(pl.read_csv(tmp_path / "o" / "edges.csv").rows())
    assert tables[0] == tables[1]
    assert told["notes"] == [
        "cascades.txt has no header: columns were taken to be cascade, node, time."
    ]


@pytest.mark.slow
def test_edges_by_their_gain(cascades: Path, tmp_path: Path) -> None:
    words = ["--infer-ties", "--adoptions", cascades, "--out", tmp_path, "--method", "netinf"]
    _run(*words, "--edges", 3)
    assert pl.read_csv(tmp_path / "edges.csv").columns == ["source", "target", "gain", "volume"]
    with pytest.raises(UsageError, match="how many edges"):
        _run(*words)


@pytest.mark.slow
def test_wrong_commands_say_what_is_wrong(cascades: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        _run("--infer-ties", "--adoptions", tmp_path / "none.csv", "--out", tmp_path)
    with pytest.raises(UsageError, match="no method"):
        _run("--infer-ties", "--adoptions", cascades, "--out", tmp_path, "--method", "guess")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceRefused, match="no column 'cascade'"):
        _run("--infer-ties", "--adoptions", tmp_path / "other.csv", "--out", tmp_path)


@pytest.mark.slow
def test_the_answer_is_written_with_the_columns_that_are_promised(tmp_path: Path) -> None:
    adoptions, ties = _chain(tmp_path)
    # The fast fit: that the other is chosen, and what it finds, is tested where it is made.
    words = ["--adoptions", adoptions, "--ties", ties, "--undirected", "--fit", "gibbs"]
    sizes = [f"{name}{i},{i * i}" for name, many in (("g", 12), ("h", 6)) for i in range(many)]
    (tmp_path / "sizes.csv").write_text("\n".join(["actor,size", *sizes]))
    words += ["--covariates", tmp_path / "sizes.csv"]
    told = _run(*words, "--out", tmp_path / "o")
    shares = pl.read_csv(tmp_path / "o" / "shares.csv")
    assert shares.columns == ["technology", "channel", "mean", "low", "high"]
    assert set(shares["channel"]) == {"alliance", "not by network"}
    following = pl.read_csv(tmp_path / "o" / "next.csv")
    assert following.columns == ["actor", "technology", "months", "probability", "low", "high"]
    assert set(following["months"]) == {3, 6, 12, 24}
    assert "from" in pl.read_csv(tmp_path / "o" / "hazards.csv").columns
    effects = pl.read_csv(tmp_path / "o" / "covariates.csv")
    assert effects.columns == ["technology", "covariate", "scale", "mean", "low", "high"]
    assert effects["covariate"].to_list() == ["size"]
    assert told["covariates"] == [one | {"beta": one["mean"]} for one in effects.to_dicts()]
    assert json.loads((tmp_path / "o" / "diffuse.json").read_text()) == told
    assert str(told["verdict"]).startswith("The data ")
    assert next(iter(told)) == "verdict"


def test_a_table_is_read_as_an_office_keeps_it(cascades: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    text = cascades.read_text().replace(",", ";").replace(".", ",")
    text = text.replace("cascade;node;time", "Cascade ID;Organisation;Time")
    other.write_bytes(text.replace(";a;", ";Ségou;").encode("cp1252"))
    told = _run("--infer-ties", "--adoptions", other, "--horizon", 10, "--out", tmp_path / "o")
    edges = pl.read_csv(tmp_path / "o" / "edges.csv")
    assert edges.rows()[0][:2] == ("Ségou", "b")
    assert told["cascades"] == 20
    assert "Decimals have a comma in the table of cascades." in told["notes"]


def test_ties_or_their_inference_not_both(cascades: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="either"):
        _run("--adoptions", cascades, "--out", tmp_path)


def _chain(folder: Path) -> tuple[Path, Path]:
    """Twelve groups in a ring; a first use goes round it, and six others never take it up."""
    lines = ["actor,technology,time,territory"]
    lines += [f"g{i},cyber,{1 + i},north" for i in range(12)]
    lines += [f"h{i},cyber,,south" for i in range(6)]
    adoptions = folder / "adoptions.csv"
    adoptions.write_text("\n".join(lines))
    ties = folder / "ties.csv"
    joined = [f"g{i},g{i + 1},alliance" for i in range(11)] + ["g0,h0,alliance", "h1,h1,alliance"]
    ties.write_text("\n".join(["source,target,channel", *joined, "g1,nobody,alliance"]))
    return adoptions, ties
