"""A region of one's own is what was asked for, and never silently the example's."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import UsageError
from tocsin.workspace.store import Workspace

SAHEL = "Mali, Burkina Faso, Niger, Nigeria, Chad"


def _init(*words: str) -> str:
    done = CliRunner().invoke(app, ["init", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("text", [SAHEL, "MLI,BFA,NER,NGA,TCD", "432, 439, 436, 475, 483"])
def test_the_region_is_the_one_that_was_named(tmp_path: Path, text: str) -> None:
    said = _init(str(tmp_path / "w"), "--region", text, "--name", "Sahel")
    with Workspace.open(tmp_path / "w") as workspace:
        region = workspace.settings.region
    assert region.name == "Sahel"
    assert region.territories == {"Sahel": [432, 439, 436, 475, 483]}
    assert "Burkina Faso" in said
    assert "Levant" not in said


@pytest.mark.slow
def test_a_file_of_groups_is_a_region(tmp_path: Path) -> None:
    listed = tmp_path / "lakes.txt"
    listed.write_text("Inland: Rwanda, Burundi\nCoast: Kenya, Tanzania\n", encoding="utf-8")
    _init(str(tmp_path / "w"), "--region", str(listed))
    with Workspace.open(tmp_path / "w") as workspace:
        region = workspace.settings.region
    assert (region.name, list(region.territories)) == ("lakes", ["Inland", "Coast"])


@pytest.mark.slow
def test_who_touches_no_other_is_said(tmp_path: Path) -> None:
    said = " ".join(
        _init(str(tmp_path / "w"), "--region", "Haiti, Cuba, Dominican Republic").split()
    )
    assert "Without a land border to another of these: Cuba. What spills over" in said


def test_what_lies_apart_is_refused_unless_it_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Peru lies more than 2,000 km from Kenya") as caught:
        CliRunner().invoke(
            app, ["init", str(tmp_path / "w"), "--region", "Kenya, Peru"], catch_exceptions=False
        )
    assert not (tmp_path / "w" / "tocsin.toml").exists()
    meant = caught.value.remedy.split('"')[1]
    assert meant == "Part 1: Kenya; Part 2: Peru"
    assert "Without a land border" in _init(str(tmp_path / "w"), "--region", meant)


def test_the_example_region_is_said_to_be_one(tmp_path: Path) -> None:
    assert "This is the example's region" in _init(str(tmp_path / "w"))


@pytest.mark.slow
def test_another_region_is_refused_where_there_is_one(tmp_path: Path) -> None:
    _init(str(tmp_path), "--region", SAHEL, "--name", "Sahel")
    before = (tmp_path / "tocsin.toml").read_bytes()
    _init(str(tmp_path), "--region", SAHEL, "--name", "Sahel")
    with pytest.raises(UsageError, match="'Sahel'; nothing was changed"):
        CliRunner().invoke(
            app, ["init", str(tmp_path), "--region", "Ghana"], catch_exceptions=False
        )
    assert (tmp_path / "tocsin.toml").read_bytes() == before


def test_a_name_alone_makes_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a region"):
        CliRunner().invoke(
            app, ["init", str(tmp_path / "w"), "--name", "Sahel"], catch_exceptions=False
        )
    assert not (tmp_path / "w").exists()
