"""`tocsin observe` with a mapping, from the draft to the rows."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

SPECIMENS = Path(str(files("tocsin.observe") / "specimens"))


def tocsin(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tocsin", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


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
        assert (fate["rows"], fate["accepted"], fate["quarantined"]) == (5, 4, 1)
    # The second mapping gave the data set another name; what the first left is gone.
    aside = json.loads(tocsin("quarantine", "-w", region, "--json").stdout)
    assert [row["source"] for row in aside] == ["Registro inventado 2026"]


def test_wrong_mappings_are_wrong_commands(tmp_path: Path) -> None:
    tocsin("init", tmp_path / "w")
    wrong = tmp_path / "m.toml"
    wrong.write_text("source = 'x'\n[columns]\nsky = 'blue'\n")
    log = SPECIMENS / "incidentes.csv"
    assert tocsin("observe", log, "--mapping", wrong, "-w", tmp_path / "w").returncode == 2
    assert tocsin("observe", "--suggest-mapping", log, log).returncode == 2
    assert tocsin("observe", "--suggest-mapping", tmp_path / "nowhere.csv").returncode == 2
