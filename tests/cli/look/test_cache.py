"""`tocsin cache`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tocsin.base import cache
from tocsin.cli import app


@pytest.mark.slow
def test_what_is_kept_is_told_and_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    cache.remember("fits", {"a": 1}, lambda: {"weights": np.zeros(9)})
    told = json.loads(CliRunner().invoke(app, ["cache", "--json"]).stdout)
    assert told["folder"] == str(tmp_path)
    assert told["kinds"]["fits"]["entries"] == 1
    cleared = CliRunner().invoke(app, ["cache", "--clear"])
    assert cleared.exit_code == 0
    assert "Freed" in cleared.stdout
    assert cache.sizes()["fits"]["entries"] == 0


def test_without_a_cache_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "off")
    assert "nothing is kept" in CliRunner().invoke(app, ["cache"]).stdout
