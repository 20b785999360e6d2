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
