"""`tocsin observe` with a mapping, from the draft to the rows."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from command import tocsin

SPECIMENS = Path(str(files("tocsin.observe") / "specimens"))


@pytest.mark.slow
def test_from_the_draft_of_a_mapping_to_the_rows(tmp_path: Path) -> None:
    log, draft, region = SPECIMENS / "incidentes.csv", tmp_path / "log.toml", tmp_path / "w"
    drafted = tocsin("observe", "--suggest-mapping", log)
    assert drafted.returncode == 0
    draft.write_text(drafted.stdout, encoding="utf-8")
    assert tomllib.loads(drafted.stdout)["columns"]["date"] == "Fecha del evento"
    tocsin("init", region)
    for mapping in (draft, SPECIMENS / "incidentes.toml"):
        done = tocsin("observe", log, "--mapping", mapping, "-w", region, "--json")
        [fate] = json.loads(done.stdout)
        assert (fate["rows"], fate["accepted"], fate["quarantined"]) == (5, 5, 0)
    # The second mapping gave the data set another name; what the first left is gone.
    [read] = json.loads(tocsin("observe", "--list", "-w", region, "--json").stdout)
    assert read["source"] == "Registro inventado 2026"


@pytest.mark.slow
def test_wrong_mappings_are_wrong_commands(tmp_path: Path) -> None:
    tocsin("init", tmp_path / "w")
    wrong = tmp_path / "m.toml"
    wrong.write_text("source = 'x'\n[columns]\nsky = 'blue'\n")
    log = SPECIMENS / "incidentes.csv"
    assert tocsin("observe", log, "--mapping", wrong, "-w", tmp_path / "w").returncode == 2
    assert tocsin("observe", "--suggest-mapping", log, log).returncode == 2
    assert tocsin("observe", "--suggest-mapping", tmp_path / "nowhere.csv").returncode == 2


@pytest.mark.slow
def test_a_file_of_which_much_was_refused_is_a_failure_that_keeps_what_is_good(
    tmp_path: Path,
) -> None:
    tocsin("init", tmp_path / "w")
    counts = tmp_path / "counts.csv"
    counts.write_text("country,month,n\nMali,2021-10,3\nMali,2021-11,-1\nAtlantis,2021-11,1\n")
    done = tocsin("observe", counts, "-w", tmp_path / "w")
    assert done.returncode == 1
    assert "66.7% of the rows were refused, more than 10%; the others are kept" in done.stderr
    assert "for example line 3" in done.stderr
    easy = tocsin("observe", counts, "-w", tmp_path / "w", "--tolerate", "0.7", "--json")
    assert easy.returncode == 0
    [fate] = json.loads(easy.stdout)
    assert (fate["accepted"], fate["commonest"]["rule"]) == (1, "negative")


@pytest.mark.slow
def test_a_file_is_listed_forgotten_and_brought_back(tmp_path: Path) -> None:
    region = tmp_path / "w"
    tocsin("init", region)
    log = tmp_path / "counts.csv"
    log.write_text("country,month,n\nMali,2021-10,3\n")
    tocsin("observe", log, "-w", region)
    assert "counts.csv" in tocsin("observe", "--list", "-w", region).stdout
    gone = tocsin("observe", "--forget", log, "-w", region)
    assert "--undo" in gone.stdout
    assert json.loads(tocsin("observe", "--list", "-w", region, "--json").stdout) == []
    assert tocsin("observe", "--forget", "counts.csv", "-w", region).returncode == 2
    assert "Brought back: counts.csv" in tocsin("observe", "--undo", "-w", region).stdout
    assert tocsin("observe", "-w", region).returncode == 2
