"""`tocsin plan futures` says before anything is played where nothing can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import StageNotReady, UsageError
from tocsin.workspace.store import Workspace


@pytest.mark.slow
def test_without_forecasts_or_a_folder_to_write_to_it_says_so(tmp_path: Path) -> None:
    Workspace.init(tmp_path / "region").close()
    asked = ["plan", "futures", "--workspace", str(tmp_path / "region"), "--out"]
    found = CliRunner().invoke(app, [*asked, str(tmp_path / "f.nc")])
    assert isinstance(found.exception, StageNotReady)
    gone = CliRunner().invoke(app, [*asked, str(tmp_path / "no" / "f.nc")])
    assert isinstance(gone.exception, UsageError)
    assert not (tmp_path / "f.nc").exists()
