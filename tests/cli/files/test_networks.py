"""`tocsin networks`: three tables in any order, losses by layer and district out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import SourceRefused

NODES = "id,layer,district,people,backup_hours\ns,power,N,100,\nt,power,S,80,\np,water,S,50,4\n"


@pytest.mark.slow
def test_from_tables_to_losses(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(NODES)
    (tmp_path / "l.csv").write_text("source,target,capacity\ns,t,\n")
    (tmp_path / "d.csv").write_text("needs,needed\np,s\n")
    files = [str(tmp_path / name) for name in ("d.csv", "l.csv", "c.csv")]
    command = ["networks", *files, "--out", str(tmp_path / "o"), "--draws", "5", "--share", "0.5"]
    done = CliRunner().invoke(app, [*command, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["hazard"]["hours"] == 336
    assert {(row["layer"], row["district"]) for row in told["losses"]} == {
        ("power", "N"), ("power", "S"), ("water", "S"),
    }  # fmt: skip
    assert {row["protection"] for row in told["saved"]} >= {"twice the crews"}
    assert (tmp_path / "o" / "losses.csv").exists()


def test_a_dangling_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(NODES)
    (tmp_path / "l.csv").write_text("source,target\ns,zz\n")
    done = CliRunner().invoke(app, ["networks", str(tmp_path / "c.csv"), str(tmp_path / "l.csv")])
    assert done.exit_code != 0
    assert "no component 'zz'" in str(done.exception)
    assert "l.csv, row 2" in str(done.exception)


@pytest.mark.slow
def test_other_forms_side_by_side_with_what_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(NODES)
    (tmp_path / "l.csv").write_text("source,target,capacity\ns,t,\n")
    point = {"type": "Point", "coordinates": [1, 2]}
    held = {"type": "Feature", "geometry": point, "properties": {"id": "m", "supply": True}}
    (tmp_path / "masts.geojson").write_text(json.dumps({"features": [held]}))
    (tmp_path / "where.csv").write_text("id,district\nm,N\n")
    files = [str(tmp_path / name) for name in ("c.csv", "masts.geojson", "l.csv", "where.csv")]
    command = ["networks", *files, "--couple", "masts:power", "--add", "health", "--draws", "2"]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "o"), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["hazard"]["hours"] == 336
    assert {row["layer"] for row in told["losses"]} == {"power", "water", "masts", "health"}
    assert sum("made up" in line for line in told["assumed"]) == 2
    wrong = CliRunner().invoke(app, [*command, "--couple", "water", "--out", str(tmp_path / "o")])
    assert "no pair of layers" in str(wrong.exception)


def test_a_map_may_end_in_json(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [1, 2]}
    held = {"type": "Feature", "geometry": point, "properties": {"id": "m", "people": 10}}
    (tmp_path / "masts.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": [held]})
    )
    command = ["networks", str(tmp_path / "masts.json"), "--draws", "1", "--json"]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "o")])
    assert done.exit_code == 0, done.output
    assert {row["layer"] for row in json.loads(done.output)["losses"]} == {"masts"}


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("grid.graphml", "two CSVs"), ("case9.M", "from_mpc"), ("lines.shp", "as GeoJSON")],
)
def test_a_form_that_is_not_read_is_refused_with_the_way_out(
    tmp_path: Path, name: str, remedy: str
) -> None:
    (tmp_path / name).write_text("<graphml/>")
    done = CliRunner().invoke(app, ["networks", str(tmp_path / name)])
    assert isinstance(done.exception, SourceRefused)
    assert remedy in str(done.exception)
    assert name in str(done.exception)
