"""`tocsin actors`: look up, assert, withdraw, in a workspace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tocsin
from tocsin.observe import example_files


@pytest.mark.slow
def test_a_decision_goes_round(tmp_path: Path) -> None:
    [listed] = [path for path in example_files() if "actor" in path.name]
    place = ("-w", tmp_path / "w")
    tocsin("init", tmp_path / "w")
    tocsin("observe", listed, *place)
    signed = ("--by", "desk", "--reason", "for the test", "--json")
    made = json.loads(
        tocsin("actors", "HTS", "--assert", "alias", "--of", "Nusra", *signed, *place).stdout
    )
    found = json.loads(tocsin("actors", "Nusra", "--json", *place).stdout)
    assert found["views"]["all views"][0]["actor"] == "HTS"
    assert found["views"]["desk"] != []
    tocsin("actors", "--withdraw", made["statement_id"], *signed, *place)
    found = json.loads(tocsin("actors", "Nusra", "--json", *place).stdout)
    assert found["views"]["all views"] == []
    wrong = tocsin("actors", "UPC", "--assert", "alias", "--of", "X", *signed, *place)
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["remedy"]
    assert tocsin("actors", *place).returncode == 0
    for option in (("--source", "UCPD"), ("--on", "2021-01-01"), ("--territory", "Mali")):
        assert tocsin("actors", *option, *place).returncode == 2, option


@pytest.mark.slow
def test_names_of_one_organisation_are_listed_accepted_and_parted(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    names = ("NPA", "New People's Army", "HF", "Hill Front")
    rows = [f"2024-0{at + 1}-03,Philippines,{name},8.1,125.1,1" for at, name in enumerate(names)]
    log.write_text("\n".join(["date,country,group,latitude,longitude,killed", *rows]))
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'source = "log"\n[columns]\ndate = "date"\ncountry = "country"\nactor_b = "group"\n'
        'latitude = "latitude"\n'
        'longitude = "longitude"\ndeaths_best = "killed"\n[constants]\nevent_type = "state-based"\n'
    )
    place = ("-w", tmp_path / "w")
    tocsin("init", tmp_path / "w", "--region", "Philippines", "--name", "P")
    done = tocsin("observe", log, "--mapping", mapping, *place)
    assert done.returncode == 0, done.stdout + done.stderr
    tocsin("assess", *place)

    def matches() -> dict[str, tuple[str, str]]:
        told = json.loads(tocsin("actors", "--matches", "--json", *place).stdout)
        return {row["verdict"]: (row["statement_id"], row["related"]) for row in told}

    def held(name: str) -> int:
        return len(json.loads(tocsin("incidents", "--actor", name, "--json", *place).stdout))

    found = matches()
    assert set(found) == {"same", "likely"}
    assert (held("NPA"), held("HF")) == (2, 1)
    signed = ("--by", "desk", "--reason", "for the test", "--json")
    assert tocsin("actors", "--accept", found["likely"][0], *signed, *place).returncode == 0
    assert tocsin("actors", "--withdraw", found["same"][0], *signed, *place).returncode == 0
    assert tocsin("actors", "--accept", "m-none", *signed, *place).returncode == 2
    tocsin("assess", *place)
    assert "same" not in matches()
    assert held("New People") == 1
    listed = json.loads(tocsin("incidents", "--json", *place).stdout)
    assert len({row["actor_b"] for row in listed}) == 3
